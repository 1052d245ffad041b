"""Photos and the place: every way in, nothing in the file that the driver did not mean to tell."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pillow_heif import from_pillow
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.watched import Watched

MODEL = "Secret Camera 3000"
RECORDER = """() => { const real = window.fetch; window.uploads = [];
  window.fetch = async (address, request) => {
    if (request?.body instanceof Blob) {
      const bytes = new Uint8Array(await request.body.arrayBuffer());
      const letters = Array.from(bytes, (each) => String.fromCharCode(each)).join("");
      window.uploads.push([request.headers["Content-Type"], btoa(letters)]);
    }
    return real(address, request);
  }; }"""
"""Keeps what the widget hands to the network: Chromium tells of no blob that is sent."""
INTO = """([kind, type, name, data]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type }));
  const root = document.querySelector("plugdesk-chat").shadowRoot;
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  root.querySelector(kind === "paste" ? "#text" : ".log").dispatchEvent(event);
}"""
"""What a browser does when a file is pasted into the field, or dropped on the conversation."""


def photo(size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A picture that says where it was taken, and with what."""
    exif = Image.Exif()
    exif[0x0110] = MODEL
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 0.0), 3: "E", 4: (8.0, 32.0, 0.0)})
    data = BytesIO()
    Image.new("RGB", size, "teal").save(data, "JPEG", exif=exif)
    assert MODEL.encode() in data.getvalue()
    return data.getvalue()


def heic() -> bytes:
    data = BytesIO()
    from_pillow(Image.new("RGB", (64, 64), "teal")).save(data)
    return data.getvalue()


def recorded(chat: Chat) -> Chat:
    chat.page.evaluate(RECORDER)
    return chat


def uploads(chat: Chat) -> list[tuple[str, bytes]]:
    return [(kind, base64.b64decode(data)) for kind, data in chat.page.evaluate("uploads")]


def choose(chat: Chat, name: str, kind: str, data: bytes) -> None:
    with chat.page.expect_file_chooser() as asked:
        chat.button("Add a photo").click()
    asked.value.set_files([{"name": name, "mimeType": kind, "buffer": data}])


def attached(chat: Chat) -> Any:
    return chat.composer.get_by_role("img", name="Your photo")


def test_a_chosen_photo_is_shrunk_and_stripped_before_it_is_sent(chat: Chat) -> None:
    choose(recorded(chat), "broken.jpg", "image/jpeg", photo())
    expect(attached(chat)).to_be_visible()
    [(kind, data)] = uploads(chat)
    with Image.open(BytesIO(data)) as sent:
        assert (kind, sent.format, sent.size) == ("image/jpeg", "JPEG", (1600, 800))
        assert dict(sent.getexif()) == {}
    assert MODEL.encode() not in data


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_photo_is_pasted_or_dropped(chat: Chat, kind: str) -> None:
    data = base64.b64encode(photo((200, 100))).decode()
    recorded(chat).page.evaluate(INTO, [kind, "image/jpeg", "screen.jpg", data])
    expect(attached(chat)).to_be_visible()
    assert MODEL.encode() not in uploads(chat)[0][1]
    chat.answered(chat.button("Send").click)
    shown = chat.messages.last.get_by_role("img", name="Your photo")
    expect(shown).to_have_js_property("naturalWidth", 200)


def test_a_heic_photo_goes_to_the_server_as_it_is(chat: Chat) -> None:
    data = heic()
    choose(recorded(chat), "IMG_1.HEIC", "image/heic", data)
    expect(attached(chat)).to_be_visible()
    assert uploads(chat) == [("image/heic", data)]
    chat.answered(chat.button("Send").click)
    expect(chat.messages.last.get_by_role("img", name="Your photo")).to_have_js_property("naturalWidth", 64)


def test_a_photo_is_taken_back(chat: Chat) -> None:
    choose(chat, "broken.jpg", "image/jpeg", photo((200, 100)))
    expect(attached(chat)).to_be_visible()
    chat.button("Cancel: Your photo").click()
    expect(attached(chat)).to_have_count(0)
    expect(chat.button("Send")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize(("name", "kind"), [("notes.pdf", "application/pdf"), ("broken.jpg", "image/jpeg")])
def test_what_is_no_photo_is_refused_with_what_may_be_sent(chat: Chat, name: str, kind: str) -> None:
    choose(chat, name, kind, b"%PDF-1.7 not a picture")
    expect(chat.notices).to_contain_text("At most 5 photos (JPEG, PNG, WebP, HEIC) of 10 MB.")
    expect(chat.status).to_contain_text("At most 5 photos")
    expect(attached(chat)).to_have_count(0)


def test_an_upload_that_the_network_broke_is_tried_again(chat: Chat, watched: Watched) -> None:
    watched.network_may_fail = True
    chat.page.route("**/photos", lambda route: route.abort())
    choose(chat, "broken.jpg", "image/jpeg", photo((200, 100)))
    expect(chat.button("Try again")).to_be_visible()
    chat.page.unroute("**/photos")
    chat.button("Try again").click()
    expect(attached(chat)).to_be_visible()
    expect(chat.composer.locator(".failed")).to_have_count(0)


def test_a_report_is_summed_up_with_its_photo(chat: Chat) -> None:
    chat.ask("I want to report that station 4521 has a broken screen")
    choose(chat, "broken.jpg", "image/jpeg", photo((200, 100)))
    expect(attached(chat)).to_be_visible()
    chat.answered(chat.button("Send").click)
    expect(chat.card).to_contain_text("4521")
    expect(chat.card).to_contain_text("Photos: 1")
    expect(chat.card.get_by_role("img", name="Your photo")).to_have_js_property("naturalWidth", 200)
    answer = chat.answered(chat.card.locator(".primary").click)
    expect(answer).to_contain_text("R-204")


def test_the_place_is_asked_for_on_a_tap_alone_and_goes_with_a_message(chat: Chat, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"], origin=chat.url)
    context.set_geolocation({"latitude": 45.4642, "longitude": 9.19})
    chat.page.evaluate(
        """() => { window.asked = 0; const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
             navigator.geolocation.getCurrentPosition = (...all) => { window.asked++; real(...all); }; }"""
    )
    chat.ask("station 7781 is dead, nothing happens")
    assert chat.page.evaluate("asked") == 0
    with chat.page.expect_request("**/messages") as sent:
        chat.button("Share my location").click()
    assert sent.value.post_data_json["position"] == {"latitude": 45.4642, "longitude": 9.19}


def test_who_does_not_share_the_place_is_told_what_to_write(chat: Chat) -> None:
    chat.button("Share my location").click()
    expect(chat.notices).to_contain_text("No location. Write the number on the station or the address.")
    expect(chat.button("Share my location")).to_be_enabled()
    expect(chat.messages).to_have_count(0)
