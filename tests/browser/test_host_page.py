"""What the app around the chat can ask of it, and what it is told (docs/widget.md)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.host import hosted
from tests.browser.watched import Watched

HEARD = """(names) => { window.heard = [];
  for (const name of names) Plugdesk.on(name, (detail) => void window.heard.push([name, detail])); }"""


def heard(chat: Chat, *names: str) -> Any:
    return chat.page.evaluate(HEARD, list(names))


def context_sent(chat: Chat, act: str) -> dict[str, Any]:
    with chat.page.expect_request("**/context") as told:
        chat.page.evaluate(act)
    return dict(told.value.post_data_json)


def test_the_page_opens_and_closes_it_and_is_told(page: Page, server: Served) -> None:
    chat = hosted(page, server.url, locale="en")
    heard(chat, "open", "close")
    page.evaluate("Plugdesk.open()")
    expect(chat.panel).to_be_visible()
    page.evaluate("Plugdesk.close()")
    expect(chat.panel).to_be_hidden()
    assert [name for name, _ in page.evaluate("heard")] == ["open", "close"]


def test_a_script_below_a_path_asks_there_for_everything(page: Page, server: Served) -> None:
    page.route(f"{server.url}/help/**", lambda route: route.continue_(url=route.request.url.replace("/help", "", 1)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server.url)))
    hosted(page, server.url, below="/help", locale="en", open="").ask("the cable is stuck")
    assert any(path.startswith("/help/v1/conversations") for path in asked)
    assert not any(path.startswith("/v1") for path in asked)


def test_calls_before_the_chat_is_there_are_kept(page: Page, server: Served) -> None:
    chat = hosted(page, server.url)
    expect(chat.root).to_have_count(0)
    page.evaluate("Plugdesk.open(); document.body.append(document.createElement('plugdesk-chat'))")
    expect(chat.panel).to_be_visible()


def test_one_global_and_nothing_else(page: Page, server: Served) -> None:
    page.add_init_script("window.before = Object.getOwnPropertyNames(window)")
    hosted(page, server.url, locale="en")
    added = page.evaluate("Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))")
    assert set(added) == {"before", "Plugdesk"}


def test_replies_and_what_is_unread_are_told(page: Page, server: Served) -> None:
    chat = hosted(page, server.url, locale="en", open="")
    heard(chat, "reply", "unread")
    chat.ask("hello")
    [[name, detail]] = page.evaluate("heard")
    assert (name, detail["urgent"]) == ("reply", False)
    assert detail["id"] == chat.kept.replies[0]["id"]
    page.evaluate("Plugdesk.close()")
    chat.kept.say("is station 4521 free?")
    expect(chat.badge).to_have_text("1")
    assert ["unread", {"count": 1}] in page.evaluate("heard")


def test_the_context_goes_with_the_first_message(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", vendor="chargepoint", country="IT", open="")
    page.evaluate("Plugdesk.setContext({stationId: '7781', screen: 'station'})")
    expect(chat.ask("is this station free?")).to_contain_text("7781")


def test_a_changed_context_is_told_and_what_is_left_out_is_forgotten(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", open="")
    chat.ask("hello")
    both = context_sent(chat, "Plugdesk.setContext({stationId: '7781', errorCode: 'E-12'})")
    assert (both["station_id"], both["error_code"]) == ("7781", "E-12")
    one = context_sent(chat, "Plugdesk.setContext({stationId: '4521'})")
    assert one == {"station_id": "4521"}
    assert chat.root.get_attribute("error-code") is None


def test_a_context_of_null_forgets_all_of_it(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", station_id="4521", error_code="E-12", open="")
    chat.ask("hello")
    context_sent(chat, "Plugdesk.setContext(null)")
    for name in ("station-id", "error-code", "screen"):
        assert chat.root.get_attribute(name) is None


def test_who_is_identified_is_asked_for_nothing(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", open="")
    page.evaluate("(token) => Plugdesk.identify(token)", world.token("ane"))
    chat.ask("restart charger 310244")
    expect(chat.card).to_contain_text("310244")


def test_what_was_written_before_signing_in_comes_along(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", open="")
    chat.field.fill("I was about to say")
    page.evaluate("(token) => Plugdesk.identify(token)", world.token("ane"))
    expect(chat.field).to_have_value("I was about to say")
    expect(chat.field).to_be_focused()


def test_what_waited_before_signing_in_is_sent_afterwards(
    page: Page, server: Served, world: World, watched: Watched
) -> None:
    watched.network_may_fail = True
    chat = hosted(page, server.url, locale="en", open="")
    page.route("**/v1/conversations", lambda route: route.abort())
    chat.say("hello")
    expect(chat.messages.last.locator(".meta")).to_have_text("Not sent")
    page.evaluate("(token) => Plugdesk.identify(token)", world.token("ane"))
    page.unroute("**/v1/conversations")
    expect(chat.replies).to_have_count(1)
    assert chat.kept.messages == ["hello"]


def test_signing_out_leaves_nothing_behind(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, locale="en", token=world.token("ane"), open="")
    chat.ask("hello")
    page.evaluate("Plugdesk.identify(null)")
    expect(chat.messages).to_have_count(0)
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "hello" not in kept


def test_a_token_that_is_no_longer_good_is_renewed(page: Page, server: Served, world: World, watched: Watched) -> None:
    watched.network_may_fail = True  # the server refuses the old one
    chat = hosted(page, server.url, locale="en", token="e30.e30.stale")
    page.evaluate("(token) => Plugdesk.on('token', async () => token)", world.token("ane"))
    page.evaluate("Plugdesk.open()")
    chat.ask("restart charger 310244")
    expect(chat.card).to_contain_text("310244")


def test_a_link_opens_the_chat_at_its_station(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, query="?plugdesk-station=CH*EPO*E4521", locale="en")
    expect(chat.panel).to_be_visible()
    expect(chat.ask("is this station free?")).to_contain_text("4521")


def test_a_hash_opens_it_as_well(page: Page, server: Served, world: World) -> None:
    chat = hosted(page, server.url, query="#plugdesk-station=7781", locale="en")
    expect(chat.panel).to_be_visible()
    expect(chat.ask("is this station free?")).to_contain_text("7781")


def test_an_inline_chat_fills_its_place_without_a_button(page: Page, server: Served) -> None:
    chat = hosted(page, server.url, locale="en", position="inline", heading="Ask us")
    expect(chat.panel).to_be_visible()
    expect(chat.launcher).to_have_count(0)
    expect(chat.panel.get_by_role("heading", name="Ask us")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_visible()


def test_times_are_written_as_in_the_drivers_region(page: Page, server: Served) -> None:
    """The page says only "en"; the browser is British."""
    chat = hosted(page, server.url, locale="en", open="")
    with page.expect_request("**/v1/conversations") as begun:
        chat.ask("hello")
    assert begun.value.post_data_json["locale"] == "en-GB"
