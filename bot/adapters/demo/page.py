"""What the demo page may do: look at the demo world, change it with the commands of the terminal, sign in."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import jwt
import yaml
from pydantic import TypeAdapter

from bot.adapters.demo.commands import world as commands
from bot.adapters.demo.world import DemoWorld
from bot.errors import DemoRefused
from bot.identity import TokenReader
from bot.types import Identity

DRIVERS_FILE = Path(__file__).with_name("drivers.yaml")
ALGORITHM = "HS256"
AUDIENCE = "plugdesk-demo"
HOLDS = timedelta(hours=12)
_DRIVERS = TypeAdapter(dict[str, dict[str, Any]])


class DemoPage:
    """The demo world of a file, for its page; see :class:`bot.ports.Demo`.

    Tokens are signed with a key of this object's own: what anybody may have signed here is worth nothing elsewhere.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._world, self._key = path, DemoWorld(path), secrets.token_hex(32)
        given = _DRIVERS.validate_python(yaml.safe_load(DRIVERS_FILE.read_text(encoding="utf-8")))
        self._drivers = {user: Identity.model_validate({"user": user, **claims}) for user, claims in given.items()}

    @property
    def users(self) -> Sequence[Identity]:
        """See :class:`bot.ports.Demo`."""
        return tuple(self._drivers.values())

    @property
    def tokens(self) -> TokenReader:
        """What trusts the tokens of :meth:`token`."""
        return TokenReader(self._key, (ALGORITHM,), AUDIENCE, None, 0)

    def world(self) -> Mapping[str, Any]:
        """See :class:`bot.ports.Demo`."""
        return self._world.snapshot()

    def change(self, command: str) -> None:
        """See :class:`bot.ports.Demo`."""
        try:
            words = shlex.split(command)
            if not words:
                raise ValueError
            # No help: it would be printed where nobody reads it.
            group = commands.make_context("world", words, obj=self._path, help_option_names=[])
            with group:
                commands.invoke(group)
        except click.ClickException as error:
            raise DemoRefused(error.format_message()) from None
        except (ValueError, click.exceptions.Exit):
            raise DemoRefused(
                "The command cannot be read. Write it as behind plugdesk world, such as credit 40711 20.00"
            ) from None

    def token(self, user: str) -> str:
        """See :class:`bot.ports.Demo`."""
        driver = self._drivers.get(user)
        if driver is None:
            raise DemoRefused(f"The demo world has no driver {user!r}. Use one of {', '.join(self._drivers)}.")
        claims = driver.model_dump(mode="json", exclude={"user"}, exclude_none=True)
        claims |= {"sub": driver.user, "aud": AUDIENCE, "exp": datetime.now(UTC) + HOLDS}
        return jwt.encode(claims, self._key, ALGORITHM)

    def close(self) -> None:
        """Let go of the file."""
        self._world.close()
