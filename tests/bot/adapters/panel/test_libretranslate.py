"""The adapter to a translation service, against a server that takes only what LibreTranslate's API page describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot.adapters.panel.libretranslate import LibreTranslate
from bot.entry import open_translations
from bot.errors import SettingsError, Unavailable
from bot.settings import Settings, TranslatorSettings

WORDS = {("fr", "nb", "câble"): "kabel", ("en", "fr", "cable"): "câble"}
KEY = "k-1"
FIELDS = {"q", "source", "target", "format", "api_key"}


class Service(ThreadingHTTPServer):
    """Knows three languages and a few words; ``answer``, where it is set, is what it says to everything."""

    answer: tuple[int, bytes] | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"libretranslate+http://127.0.0.1:{self.server_port}/mt"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, said = self.server.answer or self._answer(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _answer(self, body: bytes) -> tuple[int, bytes]:
        if self.path != "/mt/translate":
            return 404, b'{"error": "not found"}'
        if self.headers["Content-Type"] != "application/json":
            return 400, b'{"error": "form fields expected"}'
        given = json.loads(body)
        self.server.asked.append(given)
        if given.get("api_key") != KEY:
            return 403, b'{"error": "Invalid API key"}'
        if set(given) != FIELDS or given["format"] != "text":
            return 400, b'{"error": "Invalid request"}'
        word = WORDS.get((given["source"], given["target"], given["q"]))
        if word is None:
            return 400, b'{"error": "is not supported"}'
        return 200, json.dumps({"translatedText": word}).encode()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def translator(service: Service) -> Iterator[LibreTranslate]:
    translator = LibreTranslate(service.url, KEY)
    yield translator
    translator.close()


def test_a_text_comes_back_in_the_other_language(translator: LibreTranslate, service: Service) -> None:
    assert translator.translate("câble", "fr", "nb") == "kabel"
    assert service.asked == [{"q": "câble", "source": "fr", "target": "nb", "format": "text", "api_key": KEY}]


@pytest.mark.parametrize("words", [("Kabel", "de", "nb"), ("cable", "xx", "fr")])
def test_what_it_cannot_translate_is_not_made_up(translator: LibreTranslate, words: tuple[str, str, str]) -> None:
    with pytest.raises(Unavailable, match="answered 400"):
        translator.translate(*words)


def test_a_wrong_key_is_told_and_not_shown(service: Service) -> None:
    translator = LibreTranslate(service.url, "wrong-one")
    with pytest.raises(Unavailable, match="answered 403") as refused:
        translator.translate("cable", "en", "fr")
    assert "wrong-one" not in str(refused.value)
    translator.close()


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"[]", b"{}", b'{"translatedText": null}', b'{"translatedText": " "}', b'{"translatedText": 7}'],
)
def test_an_answer_of_another_form_is_no_translation(
    translator: LibreTranslate, service: Service, answer: bytes
) -> None:
    service.answer = 200, answer
    with pytest.raises(Unavailable):
        translator.translate("cable", "en", "fr")


def test_a_service_that_is_not_there_is_unavailable(service: Service, translator: LibreTranslate) -> None:
    service.server_close()
    with pytest.raises(Unavailable, match="cannot be reached"):
        LibreTranslate("libretranslate+http://127.0.0.1:9", KEY).translate("cable", "en", "fr")


@pytest.mark.parametrize(
    "url",
    ["on", "https://translate.example", "libretranslate+ftp://translate.example", "libretranslate+https://",
     "libretranslate+https://user:hush@translate.example", "libretranslate+https://host:port", "deepl+https://x.example"],
)  # fmt: skip
def test_a_setting_that_names_no_service_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_TRANSLATOR is no such address") as refused:
        open_translations(TranslatorSettings(url), lambda close: None)
    assert "hush" not in str(refused.value)


def test_it_is_off_unless_the_settings_name_one() -> None:
    assert open_translations(Settings.from_environ({}).translator, lambda close: None) is None


def test_the_settings_open_it(service: Service) -> None:
    closing: list[Any] = []
    given = Settings.from_environ({"PLUGDESK_TRANSLATOR": service.url, "PLUGDESK_TRANSLATOR_KEY": KEY}).translator
    translations = open_translations(given, closing.append)
    assert translations is not None
    assert translations.of("cable", "en", "fr") == "câble"
    assert KEY not in repr(given)
    for close in closing:
        close()
