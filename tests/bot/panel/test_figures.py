"""The page of figures and its export, as browsers get them; tests/eval has what they count."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape

import pytest

from bot.panel.web.charts import columns
from eval.figures_log import Talk
from tests.bot.panel.browsers import Browser, PanelWorld

PAGE = "/agent/figures?from=2026-03-27&to=2026-03-28"
Keep = Callable[..., None]


@pytest.fixture
def lead(world: PanelWorld) -> Browser:
    return world.browser("lead")


@pytest.fixture
def keep(world: PanelWorld) -> Keep:
    """Let these conversations have happened, and be counted."""

    def keep(*talks: Talk) -> None:
        for talk in talks:
            talk.keep(world.panel.conversations.store)
        while world.panel.figures.follower.catch_up():
            pass

    return keep


def shown(page: str) -> dict[str, str]:
    """The counts of a page by their names."""
    found = re.findall(r"<div><dt>(.*?)</dt><dd><strong>(.*?)</strong>", page)
    return {unescape(name): value for name, value in found}


def test_a_lead_sees_how_conversations_ended(lead: Browser, keep: Keep) -> None:
    keep(Talk("a").asks("stuck").says("works"), Talk("b").asks("stuck").calls(), Talk("c").asks("stuck").says("works"))
    page = lead.get(PAGE)
    assert page.status_code == 200
    counts = shown(page.text)
    assert (counts["Conversations"], counts["Confirmed"], counts["Handed over"]) == ("3", "2", "1")
    assert page.text.count('class="of-confirmed"') > 1
    assert "What the numbers mean" in page.text


def test_an_agent_does_not(world: PanelWorld) -> None:
    assert {world.browser("agent").get(path).status_code for path in (PAGE, "/agent/figures.csv")} == {403}


def test_without_conversations_the_page_says_so(lead: Browser) -> None:
    assert "No conversation began" in lead.get(PAGE).text


def test_the_filters_are_in_the_address(lead: Browser, keep: Keep) -> None:
    keep(Talk("a", language="fr").asks("bloqué"), Talk("b").asks("stuck"))
    page = lead.get(f"{PAGE}&language=fr").text
    assert shown(page)["Conversations"] == "1"
    assert "language=fr" in re.findall(r'href="(/agent/figures.csv[^"]*)"', page)[0]


@pytest.mark.parametrize("query", ["from=x&to=99", "from=9999-12-31", "to=0001-01-01", "from=2026-03-28&to=2026-03-27"])
def test_days_that_there_are_not_do_no_harm(lead: Browser, query: str) -> None:
    assert lead.get(f"/agent/figures?{query}").status_code == 200
    assert lead.get(f"/agent/figures.csv?{query}").status_code == 200


def test_an_unanswered_question_is_text_and_leads_to_its_conversation(lead: Browser, keep: Keep) -> None:
    keep(Talk("a/b").asks("<script>tea</script>?", "", "none"))
    page = lead.get(PAGE).text
    assert "&lt;script&gt;tea&lt;/script&gt;?" in page
    assert "<script>tea" not in page
    assert 'href="/agent/c/a%2Fb"' in page


def test_the_table_has_a_row_for_each_day_and_group(lead: Browser, keep: Keep) -> None:
    keep(Talk("a").asks("stuck").says("works"))
    answer = lead.get(PAGE.replace("figures?", "figures.csv?"))
    assert 'filename="figures-2026-03-27-2026-03-28.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert [(row["group"], row["value"], row["confirmed"]) for row in rows] == [
        ("all", "", "1"), ("channel", "", "1"), ("language", "en", "1"), ("topic", "cable-stuck", "1"),
        ("vendor", "", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_table_is_a_formula(lead: Browser, keep: Keep, formula: str) -> None:
    keep(Talk("a", vendor=formula).asks("stuck"))
    rows = csv.DictReader(lead.get(PAGE.replace("?", ".csv?")).content.decode("utf-8-sig").splitlines())
    assert [row["value"] for row in rows if row["group"] == "vendor"] == [f"'{formula}"]


@pytest.mark.parametrize("highest", [0, 1, 5, 6, 9, 49, 100, 12_345])
def test_every_column_fits_into_its_plot(highest: int) -> None:
    plot = columns([("1", {"confirmed": highest, "rest": 0}), ("2", {"confirmed": 0})])
    assert all(piece.y >= 0 and piece.y + piece.height <= plot.height for piece in plot.pieces)
    assert len(plot.beside) <= 6
    assert sum(piece.value for piece in plot.pieces) == highest
