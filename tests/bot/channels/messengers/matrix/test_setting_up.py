"""The entry of a homeserver, the registration that it is given, and the bot's user there."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml
from click.testing import CliRunner

from bot.channels.messengers.config import read_channels
from bot.channels.messengers.matrix import messenger
from bot.channels.messengers.matrix.commands import matrix as commands
from bot.channels.messengers.matrix.messenger import Matrix
from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from tests.bot.channels.messengers.matrix.doubles import AS_TOKEN, BASE, BOT, HS_TOKEN, HomeserverDouble, KeptIntake

TOKENS = {"MX_AS_TOKEN": AS_TOKEN, "MX_HS_TOKEN": HS_TOKEN, "BRIDGE_SECRET": "b" * 32}
ENTRY = {"kind": "matrix", "homeserver": f"{BASE}/", "user": BOT, "as_token": "MX_AS_TOKEN", "hs_token": "MX_HS_TOKEN"}


@pytest.fixture
def channels(tmp_path: Path) -> Path:
    """A file with one homeserver, and one messenger of another kind."""
    return written(tmp_path, mx=ENTRY, bridge={"url": "https://bridge.example", "secret": "BRIDGE_SECRET"})


def written(folder: Path, **entries: dict[str, Any]) -> Path:
    path = folder / "channels.yaml"
    path.write_text(yaml.safe_dump({"channels": entries}), encoding="utf-8")
    return path


def test_an_entry_is_a_messenger(channels: Path, templates: Templates) -> None:
    opened = read_channels(channels, TOKENS, templates)["mx"]
    assert isinstance(opened, Matrix)
    assert (opened.name, opened.buttons, opened.account.base, opened.account.localpart) == (
        "mx",
        False,
        BASE,
        "plugdesk",
    )
    assert AS_TOKEN not in repr(opened) and HS_TOKEN not in repr(opened)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"user": "plugdesk"}, "user"),
        ({"user": "@Plugdesk:matrix.example"}, "user"),
        ({"homeserver": "http://matrix.example"}, "homeserver"),
        ({"as_token": "not a variable"}, "as_token"),
        ({"token": "X"}, "token"),
        ({"display_name": ""}, "display_name"),
    ],
)
def test_an_entry_that_cannot_be_used_names_its_field(
    tmp_path: Path, templates: Templates, change: dict[str, str], where: str
) -> None:
    path = written(tmp_path, mx=ENTRY | change)
    with pytest.raises(SettingsError, match=rf"channels\.mx\.{where}"):
        read_channels(path, TOKENS, templates)


@pytest.mark.parametrize("token", ["as_token", "hs_token"])
def test_a_token_that_is_short_is_not_shown(channels: Path, templates: Templates, token: str) -> None:
    environ = TOKENS | {f"MX_{token.upper()}": "short-secret"}
    with pytest.raises(SettingsError, match=rf"channels\.mx\.{token}: MX_\w+ is not set or too short") as refused:
        read_channels(channels, environ, templates)
    assert "short-secret" not in str(refused.value)


def test_the_registration_tells_the_homeserver_all_it_needs(channels: Path) -> None:
    run = CliRunner(env=TOKENS).invoke(
        commands, ["registration", "mx", "--public", "https://help.example/plugdesk/"], obj=channels
    )
    registration = yaml.safe_load(run.stdout)
    (users,) = registration["namespaces"].pop("users")
    assert re.match(users["regex"], BOT) and not re.match(users["regex"], f"{BOT}x") and users["exclusive"]
    assert registration == {
        "id": "plugdesk-mx",
        "url": "https://help.example/plugdesk/v1/channels/mx",
        "as_token": AS_TOKEN,
        "hs_token": HS_TOKEN,
        "sender_localpart": "plugdesk",
        "rate_limited": False,
        "namespaces": {"aliases": [], "rooms": []},
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["registration", "bridge", "--public", "https://a.example"],
            "has no channel 'bridge' of kind matrix. It has mx.",
        ),
        (["registration", "mx", "--public", "http://a.example"], "use https://"),
        (["check", "nobody"], "has no channel 'nobody' of kind matrix"),
    ],
)
def test_a_command_says_what_is_wrong(channels: Path, arguments: list[str], said: str) -> None:
    run = CliRunner(env=TOKENS).invoke(commands, arguments, obj=channels)
    assert run.exit_code != 0
    assert said in run.output


def test_a_command_without_a_token_says_which(channels: Path) -> None:
    run = CliRunner(env=TOKENS | {"MX_HS_TOKEN": ""}).invoke(commands, ["check", "mx"], obj=channels)
    assert (run.exit_code, "MX_HS_TOKEN" in run.output, AS_TOKEN in run.output) == (1, True, False)


def test_the_bot_registers_itself(matrix: Matrix, homeserver: HomeserverDouble, intake: KeptIntake) -> None:
    homeserver.devices.clear()
    anyio.run(matrix.listen, intake)
    anyio.run(matrix.listen, intake)
    assert (homeserver.users, homeserver.devices) == ({"plugdesk"}, {"PLUGDESK"})


def test_a_homeserver_that_knows_no_devices_will_do(
    matrix: Matrix, homeserver: HomeserverDouble, intake: KeptIntake
) -> None:
    homeserver.users.add("plugdesk")
    homeserver.refusals = [(400, {"errcode": "M_USER_IN_USE"}), (404, {"errcode": "M_NOT_FOUND"})]
    anyio.run(matrix.listen, intake)
    assert homeserver.asked[-1] == f"PUT v3/profile/{BOT}/displayname"


def test_a_homeserver_that_does_not_let_it_in_yet_is_asked_again(
    matrix: Matrix, homeserver: HomeserverDouble, intake: KeptIntake, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(messenger, "SET_UP_EVERY_S", 0)
    homeserver.refusals = [(401, {"errcode": "M_UNKNOWN_TOKEN"})]
    with caplog.at_level(logging.WARNING):
        anyio.run(matrix.listen, intake)
    assert homeserver.users == {"plugdesk"}
    assert "plugdesk matrix registration mx" in caplog.text and AS_TOKEN not in caplog.text


def test_the_bot_speaks_the_language_of_the_channel(matrix: Matrix) -> None:
    assert "krypterte" in matrix._told("encrypted")
