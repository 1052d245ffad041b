"""The entry of a number: what it takes, and what it says of what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messengers.config import read_channels
from bot.channels.messengers.whatsapp.messenger import WhatsApp
from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from tests.bot.channels.whatsapp.standin import APP_SECRET, NUMBER, TOKEN, VERIFY

GOOD = {"WA_TOKEN": TOKEN, "WA_APP_SECRET": APP_SECRET, "WA_VERIFY": VERIFY}
ENTRY = f"number: '{NUMBER}', token: WA_TOKEN, app_secret: WA_APP_SECRET, verify: WA_VERIFY"


def opened(tmp_path: Path, templates: Templates, entry: str, environ: dict[str, str]) -> WhatsApp:
    file = tmp_path / "channels.yaml"
    file.write_text(f"channels:\n  wa: {{kind: whatsapp, {entry}}}\n", encoding="utf-8")
    number = read_channels(file, environ, templates)["wa"]
    assert isinstance(number, WhatsApp)
    return number


def test_an_entry_opens_a_number(tmp_path: Path, templates: Templates) -> None:
    number = opened(tmp_path, templates, f"{ENTRY}, vendor: eponet", GOOD)
    assert (number.name, number.buttons, number.context.vendor) == ("wa", True, "eponet")
    api = number.receiver.api
    assert (api.base, api.media_hosts) == ("https://graph.facebook.com/v25.0", {"lookaside.fbsbx.com"})


def test_nothing_that_is_printed_tells_a_secret(tmp_path: Path, templates: Templates) -> None:
    told = repr(opened(tmp_path, templates, ENTRY, GOOD))
    assert not any(secret in told for secret in GOOD.values())


@pytest.mark.parametrize(
    ("entry", "environ", "told"),
    [
        (ENTRY.replace(NUMBER, "+41 79"), GOOD, "number"),
        (ENTRY, {**GOOD, "WA_TOKEN": ""}, "WA_TOKEN"),
        (ENTRY, {**GOOD, "WA_TOKEN": "two words of it, pasted"}, "developers.facebook.com"),
        (ENTRY, {**GOOD, "WA_APP_SECRET": "brief"}, "WA_APP_SECRET"),
        (ENTRY, {**GOOD, "WA_VERIFY": "brief"}, "WA_VERIFY"),
        (f"{ENTRY}, api: 'http://graph.facebook.com'", GOOD, "https://"),
        (f"{ENTRY}, media_hosts: ['https://lookaside.fbsbx.com']", GOOD, "media_hosts"),
        (ENTRY.replace("verify", "verfy"), GOOD, "verfy"),
    ],
)
def test_what_is_wrong_is_told_without_secrets(
    tmp_path: Path, templates: Templates, entry: str, environ: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        opened(tmp_path, templates, entry, environ)
    assert "wa" in str(caught.value)
    assert told in str(caught.value)
    assert not any(secret in str(caught.value) for secret in environ.values() if secret)
