"""Agents look things up, act and file tickets from a conversation; each thing once, and told as it is."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from bot.adapters.demo.chargers import DemoChargers
from bot.events import Acted, Endangered, ToolRead
from bot.panel.panel import Panel
from bot.spoken import spoken
from bot.tools.ledger import AuditFilter
from bot.tools.values import Attachment, Done, ReportState, TicketDraft, TicketKind
from bot.types import Context, Identity
from bot.watching import Watcher
from tests.bot.panel.browsers import Browser, PanelWorld


@pytest.fixture
def agent(world: PanelWorld) -> Browser:
    return world.browser("agent")


@pytest.fixture
def talk(world: PanelWorld) -> str:
    return world.panel.conversations.start(Context(locale="en"))


def acts(panel: Panel, talk: str) -> list[Acted]:
    return [e.happening for e in panel.conversations.events(talk) if isinstance(e.happening, Acted)]


def reads(panel: Panel, talk: str) -> list[ToolRead]:
    return [e.happening for e in panel.conversations.events(talk) if isinstance(e.happening, ToolRead)]


def told(panel: Panel, talk: str) -> str:
    return " ".join(reply.text for event in panel.conversations.events(talk) if (reply := spoken(event)))


def look(agent: Browser, talk: str, kind: str, value: str) -> str:
    agent.post(f"/agent/c/{talk}/check", {"kind": kind, "value": value})
    return unescape(agent.fragment(f"/agent/c/{talk}", "desk").text)


def form_of(page: str) -> dict[str, str]:
    """The fields of the yes."""
    fields = re.findall(r'<input type="hidden" name="(action|target|number)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields}


def asked(agent: Browser, talk: str, action: str, target: str) -> dict[str, str]:
    page = agent.get(f"/agent/c/{talk}/do?action={action}&target={target}")
    assert page.status_code == 200
    return form_of(page.text)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("account", "40711", "CHF49.80"),
        ("station", "4521", "Verwaltung Seefeld AG"),
        ("charger", "310244", "Copper SB"),
        ("session", "20917", "S-50001"),
        ("status", "eponet", "Eponet"),
        ("station", "7781", "out of order (OUTOFORDER)"),
        ("station", "3002", "roaming partner"),
    ],
)
def test_a_check_shows_what_stands_there_and_who_looked(
    world: PanelWorld, agent: Browser, talk: str, kind: str, value: str, shown: str
) -> None:
    assert shown in look(agent, talk, kind, value).replace("\xa0", "")
    (read,) = reads(world.panel, talk)
    assert (read.by, read.outcome) == ("a-agent", "found")


def test_a_check_that_fails_says_so(world: PanelWorld, agent: Browser, talk: str) -> None:
    assert "nothing found" in look(agent, talk, "account", "99999")
    assert reads(world.panel, talk)[0].outcome == "missing"


def test_a_provider_is_chosen_by_name(agent: Browser, talk: str) -> None:
    page = agent.fragment(f"/agent/c/{talk}", "desk").text
    assert '<option value="eponet">Eponet</option>' in page


def test_a_check_needs_a_value(agent: Browser, talk: str) -> None:
    assert agent.post(f"/agent/c/{talk}/check", {"kind": "account", "value": " "}).status_code == 422


def test_what_an_agent_read_for_one_driver_is_nothing_that_the_bot_or_another_driver_has(
    world: PanelWorld, agent: Browser, talk: str
) -> None:
    other = world.panel.conversations.start(Context(locale="en"))
    look(agent, talk, "account", "40711")
    assert "40711" not in world.panel.conversations.state(talk).returned
    assert reads(world.panel, other) == []
    assert "49.80" not in agent.fragment(f"/agent/c/{other}", "desk").text
    assert "49.80" not in told(world.panel, talk)


def test_values_that_the_conversation_knows_stand_there_already(world: PanelWorld, agent: Browser) -> None:
    identity = Identity(user="ane", accounts=("40711",))
    talk = world.panel.conversations.start(Context(locale="en", identity=identity))
    assert 'value="40711"' in agent.fragment(f"/agent/c/{talk}", "desk").text


@pytest.mark.parametrize(
    ("action", "target", "done_to"),
    [
        ("restart", "310244", "310244"),
        ("unlock_charger", "310244", "310244"),
        ("unlock_connector", "4521", "4521"),
        ("stop_session", "20917", "S-50001"),
    ],
)
def test_an_action_runs_once_after_a_yes_and_is_written_down(
    world: PanelWorld, agent: Browser, talk: str, action: str, target: str, done_to: str
) -> None:
    fields = asked(agent, talk, action, target)
    assert acts(world.panel, talk) == []
    for _ in range(2):
        assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 303
    (act,) = acts(world.panel, talk)
    assert (act.action, act.by, act.outcome.kind) == (action, "a-agent", "done")
    lines = world.panel.conversations.dialogue.actions.ledger.audit(AuditFilter(target=done_to))
    assert [(line.step, line.who) for line in lines] == [("done", "a-agent"), ("begun", "a-agent")]


def test_two_tabs_and_two_clicks_at_once_run_it_once(world: PanelWorld, talk: str) -> None:
    browsers = [world.browser("agent") for _ in range(4)]
    forms = [asked(browser, talk, "restart", "310244") for browser in browsers]
    tokens = [browser.token() for browser in browsers]

    def send(number: int) -> int:
        fields = {"csrf": tokens[number], **forms[number]}
        return int(browsers[number].client.post(f"/agent/c/{talk}/do", data=fields, follow_redirects=False).status_code)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [303] * 4
    assert len(acts(world.panel, talk)) == 1
    lines = world.panel.conversations.dialogue.actions.ledger.audit(AuditFilter(action="restart"))
    assert [line.step for line in lines] == ["done", "begun"]


def test_a_form_that_is_sent_again_after_a_crash_finds_what_the_first_one_did(
    world: PanelWorld, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, talks = world.browser("agent"), world.panel.conversations
    fields = asked(agent, talk, "restart", "310244")
    with monkeypatch.context() as crash:

        def dies(*_: object) -> None:
            raise RuntimeError("the process ends here")

        crash.setattr(type(talks), "append", dies)
        assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 500
    assert acts(world.panel, talk) == []
    assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 303
    (act,) = acts(world.panel, talk)
    assert isinstance(act.outcome, Done)
    assert len(talks.dialogue.actions.ledger.audit(AuditFilter(action="restart"))) == 2


def test_a_form_of_a_round_that_there_never_was_does_nothing(world: PanelWorld, agent: Browser, talk: str) -> None:
    fields = asked(agent, talk, "restart", "310244") | {"number": "7"}
    assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 409
    assert acts(world.panel, talk) == []


def test_accepted_is_not_said_to_work_and_the_charger_is_watched(world: PanelWorld, agent: Browser, talk: str) -> None:
    answer = agent.post(
        f"/agent/c/{talk}/do", asked(agent, talk, "restart", "310244"), headers={"X-Fragment": "form"}
    ).json()
    assert "does not show that the charger works" in answer["notice"]
    (watched,) = world.panel.conversations.dialogue.watches.open()
    assert (watched.conversation, watched.kind, watched.target) == (talk, "charger", "310244")


def test_a_refusal_is_told_with_its_reason(agent: Browser, talk: str) -> None:
    fields = asked(agent, talk, "restart", "310246")
    answer = agent.post(f"/agent/c/{talk}/do", fields, headers={"X-Fragment": "form"}).json()
    assert (answer["kind"], "not connected" in answer["notice"]) == ("failed", True)


def test_nothing_is_restarted_in_danger(world: PanelWorld, agent: Browser, talk: str) -> None:
    fields = asked(agent, talk, "restart", "310244")
    world.panel.conversations.append(talk, lambda _: [Endangered(hazards=("smoke",))])
    assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 409
    assert agent.get(f"/agent/c/{talk}/do?action=restart&target=310244").status_code == 409
    assert acts(world.panel, talk) == []


def test_a_charger_that_reports_danger_itself_is_not_restarted(world: PanelWorld, agent: Browser, talk: str) -> None:
    chargers = world.panel.tools.chargers
    assert isinstance(chargers, DemoChargers)
    fields = asked(agent, talk, "restart", "310244")
    chargers._world.set_charger_status("310244", "Faulted", "GroundFailure")
    assert agent.post(f"/agent/c/{talk}/do", fields).status_code == 409
    assert acts(world.panel, talk) == []


def test_a_cable_can_be_freed_in_danger(world: PanelWorld, agent: Browser, talk: str) -> None:
    world.panel.conversations.append(talk, lambda _: [Endangered(hazards=("smoke",))])
    agent.post(f"/agent/c/{talk}/do", asked(agent, talk, "unlock_connector", "4521"))
    assert [act.outcome.kind for act in acts(world.panel, talk)] == ["done"]


def a_ticket(**changes: str) -> dict[str, str]:
    return {"kind": "fault", "id": "one", "station": "4521", "description": "no power"} | changes


def test_a_ticket_is_filed_once_and_shown_with_its_state(world: PanelWorld, agent: Browser, talk: str) -> None:
    for _ in range(2):
        assert agent.post(f"/agent/c/{talk}/ticket", a_ticket()).status_code == 303
    (act,) = acts(world.panel, talk)
    assert isinstance(act.outcome, Done)
    assert act.by == "a-agent"
    card = agent.fragment(f"/agent/c/{talk}", "desk").text
    assert f"/agent/tickets/{act.outcome.reference}" in card
    assert "Received" in card


def test_a_description_keeps_no_secrets(world: PanelWorld, agent: Browser, talk: str) -> None:
    agent.post(f"/agent/c/{talk}/ticket", a_ticket(description="card 4111 1111 1111 1111"))
    (act,) = acts(world.panel, talk)
    assert isinstance(act.outcome, Done)
    draft = world.panel.tools.desk.draft(act.outcome.reference)
    assert "4111" not in draft.summary
    assert "Kari Nordmann" in draft.summary


def test_only_photos_of_the_conversation_go_with_a_ticket(world: PanelWorld, agent: Browser, talk: str) -> None:
    agent.post(f"/agent/c/{talk}/ticket", a_ticket(photos="0" * 32))
    (act,) = acts(world.panel, talk)
    assert isinstance(act.outcome, Done)
    assert world.panel.tools.desk.draft(act.outcome.reference).photos == ()


@pytest.mark.parametrize("changes", [{"description": " "}, {"description": "x" * 5000}, {"kind": "urgent"}])
def test_a_ticket_that_cannot_be_filed_says_why(
    world: PanelWorld, agent: Browser, talk: str, changes: dict[str, str]
) -> None:
    assert agent.post(f"/agent/c/{talk}/ticket", a_ticket(**changes)).status_code == 422
    assert acts(world.panel, talk) == []


def test_a_linked_ticket_belongs_to_the_conversation(world: PanelWorld, agent: Browser, talk: str) -> None:
    assert agent.post(f"/agent/c/{talk}/link", {"ticket": " r-20418 "}).status_code == 303
    assert world.panel.conversations.state(talk).care.tickets == ("R-20418",)
    assert agent.post(f"/agent/c/{talk}/link", {"ticket": "R-99999"}).status_code == 404


def test_a_change_of_state_reaches_the_drivers_who_wait_for_it(world: PanelWorld, agent: Browser, talk: str) -> None:
    talks = world.panel.conversations
    agent.post(f"/agent/c/{talk}/link", {"ticket": "R-20418"})
    changed = agent.post("/agent/tickets/R-20418/state", {"state": "repair_planned", "repair_by": "2026-12-01"})
    assert changed.status_code == 303
    dialogue = talks.dialogue
    Watcher(talks, talks.reads.tools, dialogue.watches, dialogue.actions, world.clock).tick()
    assert "R-20418" in told(world.panel, talk)


@pytest.mark.parametrize("given", ["soon", "2026-13-01", "<b>2026-12-01</b>"])
def test_a_date_that_is_none_changes_nothing(world: PanelWorld, agent: Browser, given: str) -> None:
    before = world.panel.tools.desk.ticket("R-20418")
    answer = agent.post("/agent/tickets/R-20418/state", {"state": "repair_planned", "repair_by": given})
    assert answer.status_code == 422
    assert world.panel.tools.desk.ticket("R-20418") == before


def test_tickets_are_listed_by_what_is_asked_for(world: PanelWorld, agent: Browser) -> None:
    def shown(query: str) -> set[str]:
        return set(re.findall(r"/agent/tickets/(R-\d+)", agent.get(f"/agent/tickets?{query}").text))

    assert shown("") == {"R-20418"}
    assert shown("state=all") == {"R-20418", "R-20377"}
    assert shown("state=back_in_operation") == {"R-20377"}
    assert shown("state=all&station=4521") == {"R-20377"}
    assert shown("state=all&kind=refund") == set()
    assert shown("state=nonsense&kind=nonsense&age=nonsense") == {"R-20418", "R-20377"}


def test_an_incident_shows_who_else_reported(world: PanelWorld, agent: Browser) -> None:
    desk = world.panel.tools.desk
    draft = TicketDraft(kind=TicketKind.FAULT, language="en", summary="dead", station="4512")
    filed = [desk.file(draft.model_copy(update={"user": f"u{n}"}), f"k{n}").id for n in range(3)]
    page = agent.get(f"/agent/tickets/{filed[2]}").text
    assert all(ticket in page for ticket in filed)
    assert "I-" in page


class FilesDesk:
    """A desk whose tickets carry these files."""

    def __init__(self, files: dict[str, tuple[str, bytes]]) -> None:
        self._files = files

    def attachments(self, ticket: str) -> list[Attachment]:
        return [Attachment(id=each, name=name, type="image/png") for each, (name, _) in self._files.items()]

    def attachment(self, ticket: str, attachment: str) -> bytes:
        return self._files[attachment][1]


def test_an_image_is_shown_and_what_lies_about_being_one_is_only_saved(world: PanelWorld, agent: Browser) -> None:
    image = BytesIO()
    Image.new("RGB", (4, 4)).save(image, "PNG")
    html = b"<script>alert(1)</script>"
    desk = FilesDesk({"1": ("a.png", image.getvalue()), "2": ("b\r\n\"'.png", html)})
    tools = replace(world.panel.tools, desk=desk)
    world.app.state.panel = replace(world.panel, tools=tools)
    shown, saved = (agent.get(f"/agent/tickets/R-20418/files/{number}") for number in (1, 2))
    assert (shown.headers["content-type"], shown.headers["content-disposition"][:6]) == ("image/png", "inline")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''b%0D%0A%22%27.png"
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert agent.get("/agent/tickets/R-20418/files/3").status_code == 404


def test_leads_see_what_was_done_and_by_whom(world: PanelWorld, agent: Browser, talk: str) -> None:
    agent.post(f"/agent/c/{talk}/do", asked(agent, talk, "restart", "310244"))
    lead = world.browser("lead")
    page = lead.get("/agent/actions?target=310244&who=a-agent").text
    assert page.count("Kari Nordmann</td>") == 2
    assert "reference" not in page, "what is kept of an outcome is no text for people"
    assert "No line fits" in lead.get("/agent/actions?target=310245").text
    assert "No line fits" in lead.get("/agent/actions?step=unsure").text
    assert agent.get("/agent/actions").status_code == 403


def test_the_log_says_in_words_why_something_was_refused(world: PanelWorld, agent: Browser, talk: str) -> None:
    agent.post(f"/agent/c/{talk}/do", asked(agent, talk, "restart", "310246"))
    page = world.browser("lead").get("/agent/actions?target=310246").text
    assert "Refused: it is not connected. Nothing happened." in page
    assert "not_connected" not in page


def test_what_people_typed_is_text_and_never_markup(agent: Browser, talk: str) -> None:
    markup = "<script>alert(1)</script>"
    look(agent, talk, "station", markup)
    page = agent.fragment(f"/agent/c/{talk}", "desk").text
    assert markup not in page
    assert markup not in agent.get(f"/agent/tickets?station={markup}").text


def test_a_ticket_moves_on_to_every_state(world: PanelWorld, agent: Browser) -> None:
    for state in ReportState:
        agent.post("/agent/tickets/R-20418/state", {"state": state})
        assert world.panel.tools.desk.ticket("R-20418").state is state
