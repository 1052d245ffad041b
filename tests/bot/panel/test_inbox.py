"""The inbox and the search as browsers get them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from bot.care import Assigned, Closed, Person, Snoozed, Tagged
from bot.events import Happening
from bot.panel.cases.targets import Targets
from bot.panel.web import inbox as inbox_module
from bot.types import Context, Identity
from tests.bot.panel.browsers import Browser, PanelWorld
from tests.bot.panel.events import answered, called, endangered, events, joined, learned, noted, said, understood, wrote

ME = Person(id="a-agent", name="Kari Nordmann")
OTHER = Person(id="a-lead", name="Maria Huber")
Keep = Callable[..., None]


@pytest.fixture
def agent(world: PanelWorld) -> Browser:
    return world.browser("agent")


@pytest.fixture
def keep(world: PanelWorld) -> Keep:
    """Let a conversation have happened until a moment ago, so many minutes ago, and be in the inbox."""

    def keep(conversation: str, *happenings: Happening, context: Context | None = None, minutes: float = 0) -> None:
        began = world.clock.now() - timedelta(minutes=minutes)
        log = events(*happenings, context=context, at=began, apart=timedelta(milliseconds=1))
        store = world.panel.conversations.store
        store.create(conversation, log[0].happening, log[0].at)
        for event in log[1:]:
            store.append(conversation, [event.happening], event.at, event.number - 1)
        while world.panel.projector.catch_up():
            pass

    return keep


def listed(page: Any) -> list[str]:
    """The conversations of a page, from top to bottom."""
    assert page.status_code == 200
    return [unescape(found) for found in re.findall(r'id="case-([^"]+)"', page.text)]


def text_of(page: Any) -> str:
    """What is read on a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def test_who_waits_is_shown_first_and_danger_above_all(agent: Browser, keep: Keep) -> None:
    keep("long", called(), minutes=10)
    keep("short", called(), minutes=5)
    keep("danger", called(urgent=True), minutes=1)
    keep("with the bot", said("hello"))
    page = agent.get("/agent")
    assert listed(page) == ["danger", "long", "short"]
    assert "Urgent" in text_of(page)
    assert "1 urgent" in text_of(page)


def test_who_waits_longer_than_the_target_is_overdue(agent: Browser, keep: Keep) -> None:
    targets = Targets.load()
    keep("late", called(), minutes=targets.other + 1)
    keep("not yet", called(), minutes=targets.other - 1)
    rows = agent.get("/agent").text.split("<li class=")
    overdue = {name: "Overdue" in row for row in rows for name in ("late", "not yet") if f'"case-{name}"' in row}
    assert overdue == {"late": True, "not yet": False}


def test_when_something_was_said_is_told_to_the_minute(agent: Browser, keep: Keep) -> None:
    keep("waits", called())
    (told,) = re.findall(r"<time [^>]*>([^<]*)</time>", agent.get("/agent").text)
    assert re.search(r"\d:\d\d\b", told)
    assert not re.search(r":\d\d:", told)


def test_each_view_shows_its_own(agent: Browser, keep: Keep) -> None:
    keep("waits", called())
    keep("mine", called(), joined(ME))
    keep("assigned", Assigned(by=OTHER, to=ME))
    keep("theirs", called(), joined(OTHER))
    keep("later", Snoozed(by=ME, until=None))
    keep("done", called(), Closed(by=ME, why="solved"))
    views = {view: set(listed(agent.get(f"/agent?view={view}"))) for view in ("mine", "closed", "all")}
    assert views["mine"] == {"mine", "assigned"}
    assert views["closed"] == {"done"}
    assert views["all"] == {"waits", "mine", "assigned", "theirs", "later", "done"}


def test_filters_stand_in_the_address(agent: Browser, keep: Keep) -> None:
    keep("a", understood(language="fr"), called(), context=Context(channel="matrix"))
    keep("b", understood(language="nb"), called(), Tagged(by=ME, tags=("vip & co",)))
    assert listed(agent.get("/agent?language=fr")) == ["a"]
    assert listed(agent.get("/agent?channel=matrix")) == ["a"]
    assert listed(agent.get("/agent?channel=-")) == ["b"]
    assert listed(agent.get("/agent?tag=vip+%26+co")) == ["b"]
    assert listed(agent.get("/agent?view=all&stage=waiting&assigned=-&language=nb")) == ["b"]
    page = agent.get("/agent?view=all&language=fr").text
    assert re.search(r'<option value="fr" selected>French</option>', page)
    assert "/agent?language=fr&amp;view=closed" in page


@pytest.mark.parametrize(
    "query",
    ["view=nonsense", "stage=nonsense", "after=nonsense", "after=1_9e99_1", "colour=red", "view=waiting&view=all",
     "language=", "after=0_" + "9" * 400 + "_1", "tag=%00", "language=%F0%28"],
)  # fmt: skip
def test_a_filter_that_there_is_not_does_no_harm(agent: Browser, keep: Keep, query: str) -> None:
    keep("c", called())
    assert agent.get(f"/agent?{query}").status_code == 200


def test_a_value_that_nothing_has_shows_nothing_and_can_be_taken_back(agent: Browser, keep: Keep) -> None:
    keep("c", called())
    page = agent.get('/agent?vendor="><script>x')
    assert listed(page) == []
    assert "No conversation fits these filters." in page.text
    assert "Clear filters" in page.text
    assert "<script>x" not in page.text


def test_pages_go_on_where_the_last_one_ended(agent: Browser, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "ON_A_PAGE", 2)
    for number in range(5):
        keep(f"c{number}", called(), minutes=60 - number)
    seen, path = [], "/agent?view=waiting"
    while path:
        page = agent.get(path)
        seen.append(listed(page))
        further = re.search(r'href="([^"]+)" data-key="n"', page.text)
        path = unescape(further[1]) if further else ""
    assert seen == [["c0", "c1"], ["c2", "c3"], ["c4"]]


def test_words_are_found_and_marked(agent: Browser, keep: Keep) -> None:
    keep("c", said("kabelen sitter fast"), answered("Trykk på håndtaket."), noted("ringte tilbake"))
    for words in ("kabelen", "håndtak", "ringte KABEL"):
        assert listed(agent.get("/agent/search", params={"q": words})) == ["c"]
    assert "<mark>kabelen</mark> sitter fast" in agent.get("/agent/search?q=kabelen").text
    assert "Nothing was found" in agent.get("/agent/search?q=sitronkake").text


@pytest.mark.parametrize(
    "words", ["* ) OR", '"', "a" * 5000, "NEAR(", "\x00", "<script>x</script>", "  ", "'; drop table inbox"]
)
def test_whatever_is_searched_for_is_text(agent: Browser, keep: Keep, words: str) -> None:
    keep("c", said("hello"))
    page = agent.get("/agent/search", params={"q": words})
    assert page.status_code == 200
    assert "<script>x" not in page.text
    assert listed(agent.get("/agent/search?q=hello")) == ["c"]


def test_nothing_that_anybody_wrote_is_markup(agent: Browser, keep: Keep) -> None:
    bad = "<img src=x onerror=alert(1)>\"'"
    identity = Identity(user=bad, accounts=(bad,), vendor=None)
    person = Person(id="p", name=bad)
    everywhere = (
        said(bad), learned(station=bad, charger=bad), called(ticket=bad), Tagged(by=person, tags=(bad,)),
        joined(person), wrote(bad, person), noted(bad, person),
    )  # fmt: skip
    keep("c", *everywhere, context=Context(identity=identity, channel=bad[:64], vendor=bad))
    for path in ("/agent?view=all", "/agent/search?q=img", f"/agent?view=all&tag={bad}"):
        page = agent.get(path)
        assert listed(page) == ["c"]
        assert "<img src=x" not in page.text
        assert "&lt;img src=x" in page.text


def test_the_badge_tells_how_many_wait(agent: Browser, keep: Keep) -> None:
    keep("a", called())
    keep("b", called(urgent=True))
    assert agent.fragment("/agent/waiting", "waiting").json() == {"waiting": 2, "urgent": 1}
    assert 'data-waiting="2" data-urgent="1"' in agent.get("/agent/search").text


@pytest.mark.parametrize("name", ["cases", "tabs"])
def test_the_parts_that_change_come_alone(agent: Browser, keep: Keep, name: str) -> None:
    keep("c", called())
    text = agent.fragment("/agent?view=mine", name).text
    assert f'data-fragment="{name}"' in text
    assert "cases-mine-a-agent" in text
    assert "<html" not in text


def test_the_inbox_speaks_the_agents_language(world: PanelWorld, agent: Browser, keep: Keep) -> None:
    keep("c", understood(language="fr"), endangered("fire", "heat"), called(urgent=True), minutes=7)
    known = world.panel.agents.of("a-agent")
    world.panel.agents.save(known.model_copy(update={"language": "nb"}))
    read = text_of(agent.get("/agent"))
    assert "Over fristen: 7 min" in read
    assert "fransk" in read
    assert "1 haster" in read
    assert "Fare: brann eller røyk, varmt eller smeltet støpsel" in read


def test_who_is_in_no_danger_has_no_topic_until_one_is_known(agent: Browser, keep: Keep) -> None:
    keep("c", called())
    assert "No topic yet" in text_of(agent.get("/agent"))


def test_why_it_was_closed_and_by_what_the_driver_writes_are_said_in_words(agent: Browser, keep: Keep) -> None:
    keep("c", Closed(by=ME, why="no_answer"), context=Context(channel="email"))
    read = text_of(agent.get("/agent?view=closed"))
    assert "Closed: The driver does not answer" in read
    assert "E-mail" in read
