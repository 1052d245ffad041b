"""The page about the knowledge base and the articles that it leads to, as browsers get them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.conversation import Conversations
from bot.panel.knowledge.values import Checked, Defect
from bot.panel.values import PANEL_LANGUAGES, PanelLanguage
from eval.figures_log import Talk
from indexer.lint.types import Severity
from tests.bot.panel.browsers import Browser, PanelWorld, a_panel, an_app
from tests.doubles import SteppingClock

PAGE = "/agent/knowledge"


@pytest.fixture
def lead(world: PanelWorld) -> Browser:
    return world.browser("lead")


def test_an_agent_does_not_see_it(world: PanelWorld) -> None:
    agent = world.browser("agent")
    assert {agent.get(path).status_code for path in (PAGE, f"{PAGE}/cable-stuck/en")} == {403}
    assert PAGE not in agent.get("/agent").text
    assert f'href="{PAGE}"' in world.browser("lead").get("/agent").text


def test_every_article_is_there_in_every_language(lead: Browser) -> None:
    page = lead.get(PAGE)
    assert page.status_code == 200
    links = re.findall(rf'href="({PAGE}/[^"]+)"', page.text)
    assert len(set(links)) == 15
    assert {lead.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("language", PANEL_LANGUAGES)
def test_the_page_speaks_the_agents_language(world: PanelWorld, language: PanelLanguage) -> None:
    known = world.panel.agents.of("a-lead")
    world.panel.agents.save(known.model_copy(update={"language": language}))
    page = world.browser("lead").get(PAGE)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_gaps_are_text_without_numbers_and_lead_to_their_conversations(world: PanelWorld, lead: Browser) -> None:
    at = world.clock.now() - timedelta(days=1)
    for name in ("a/b", "c"):
        Talk(name, at).asks("<script>tea</script> at 4521?", "", "none").keep(world.panel.conversations.store)
    world.panel.gaps.catch_up()
    page = lead.get(PAGE).text
    assert "&lt;script&gt;tea&lt;/script&gt; at #?" in page
    assert "<script>tea" not in page
    assert "4521" not in page
    assert 'href="/agent/c/a%2Fb"' in page


def test_only_the_largest_gaps_are_on_the_page_and_the_rest_is_counted(
    small_talks: Conversations, small_base: Path, clock: SteppingClock
) -> None:
    panel = a_panel(small_talks, clock, kb=small_base)
    rules = panel.gaps.rules.model_copy(update={"most_on_page": 1})
    panel = replace(panel, gaps=replace(panel.gaps, rules=rules))
    at = clock.now() - timedelta(days=1)
    for number, text in enumerate(("tea please", "tea please", "a job offer", "a job offer", "tea please")):
        Talk(f"t{number}", at).asks(text, "", "none").keep(small_talks.store)
    panel.gaps.catch_up()
    world = PanelWorld(panel, app := an_app(panel, small_talks, small_base), clock, lambda: Browser(TestClient(app)))
    page = world.browser("lead").get(PAGE).text
    assert "tea please" in page
    assert "a job offer" not in page
    assert "not shown here: 1." in page


def test_what_was_found_is_text(world: PanelWorld, lead: Browser) -> None:
    defect = Defect(
        check="form", severity=Severity.ERROR, path="articles/de/<b>.md", line=3, what="<i>wrong</i>", remedy="Mend it."
    )
    world.panel.librarian.checks.keep(Checked(at=world.clock.now(), whole=False, sources="", defects=(defect,)))
    page = lead.get(PAGE).text
    assert "articles/de/&lt;b&gt;.md:3" in page
    assert "&lt;i&gt;wrong&lt;/i&gt;" in page
    assert "quick check" in page
    assert "has changed since" in page


def test_without_a_check_and_results_the_page_says_what_makes_them(lead: Browser) -> None:
    page = lead.get(PAGE).text
    assert "plugdesk kb check" in page
    assert "python -m eval" in page


def test_an_article_is_cut_to_the_vendor(lead: Browser) -> None:
    """The vendor's own section comes right after the lead where the vendor is known, as in a reply."""
    known = lead.get(f"{PAGE}/minimum-balance/de?vendor=eponet").text
    unknown = lead.get(f"{PAGE}/minimum-balance/de?vendor=nobody").text
    assert known.index("50,00") < known.index("<ol")
    assert unknown.index("50,00") > unknown.index("<ol")
    assert '<option value="eponet" selected>' in known
    assert "selected" not in unknown.split("<main")[1]


@pytest.mark.parametrize("path", ["nothing/en", "cable-stuck/pl", "%3Cscript%3E/en"])
def test_an_article_that_there_is_not_is_told(lead: Browser, path: str) -> None:
    answer = lead.get(f"{PAGE}/{path}")
    assert answer.status_code == 404
    assert "no such article" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")
