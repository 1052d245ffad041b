"""What ``plugdesk connector check FILE`` tells those who write a connector's file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import click

from bot.adapters.http.answers import Misfit, Said, Unfit
from bot.adapters.http.calls import CALLS, PORTS, needed
from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.spec import ConnectorSpec, read_spec
from bot.adapters.http.templates import Arguments
from bot.errors import NotFound, Unavailable
from bot.tools.values import Refused

SHOWN = 400
"""Characters of what an expression found."""


def checked(
    file: Path, environ: Mapping[str, str], call: str | None = None, given: Sequence[str] = (), really: bool = False
) -> Iterator[str]:
    """Lines on whether the file can be used, which ports it serves, which variables it needs, and what a call gave.

    Args:
        file: the connector's file.
        environ: where the secrets are.
        call: a call to make, such as ``accounts.account``.
        given: its arguments, NAME=VALUE each.
        really: make it even if it is a command.

    Raises:
        SettingsError: for a file that cannot be used, or a variable that the call needs.
        click.ClickException: for a call that cannot be made, or that went wrong.
    """
    spec = read_spec(file)
    yield from _told(spec, environ)
    if call is None:
        return
    if call not in spec.calls:
        raise click.UsageError(f"{file} has no call {call}. It has {', '.join(spec.calls)}.")
    arguments = _arguments(call, given)
    if CALLS[call].command and not really:
        raise click.UsageError(f"{call} is a command and changes something at {spec.name}. Add --really to send it.")
    connector = HttpConnector(spec, environ)
    try:
        yield f"{call}: {_shown(connector.ask(call, arguments))}"
    except NotFound as error:
        yield f"{call}: {error}"
    except Unfit as error:
        raise click.ClickException("\n".join([f"{spec.name} {error}", *map(_misfit, error.misfits)])) from None
    except Unavailable as error:
        sent = "" if error.sent else " Nothing was sent."
        raise click.ClickException(f"{spec.name} {error.reason}.{sent}") from None
    finally:
        connector.close()


def _told(spec: ConnectorSpec, environ: Mapping[str, str]) -> Iterator[str]:
    yield f"{spec.name} can be used."
    yield "Ports:"
    for port in PORTS:
        calls = [call for call in spec.calls if call.startswith(f"{port}.")]
        lacking = [call for call in needed(port) if call not in spec.calls]
        if calls:
            yield f"  {port}: {', '.join(calls)}" + (f"; cannot serve without {', '.join(lacking)}" if lacking else "")
    if spec.variables:
        yield "Variables of the environment:"
    for variable in dict.fromkeys(spec.variables):
        yield f"  {variable}: {'set' if environ.get(variable, '').strip() else 'missing'}"
    address = spec.base_url if isinstance(spec.base_url, str) else environ.get(spec.base_url.env, "")
    if spec.auth and urlsplit(address).scheme == "http":
        yield "Warning: the address begins with http, so that the secret travels in the clear. Use https."


def _arguments(call: str, given: Sequence[str]) -> Arguments:
    """The call's arguments; a key that nobody gave is made anew."""
    known = CALLS[call].arguments
    arguments = {"key": f"check-{uuid4()}"} if "key" in known else {}
    arguments |= dict(text.partition("=")[::2] for text in given)
    if unknown := [name for name in arguments if name not in known]:
        raise click.UsageError(f"{call} has no argument {unknown[0]!r}. Use {', '.join(known)}.")
    if missing := [name for name in known if name not in arguments]:
        raise click.UsageError(f"{call} needs --with {missing[0]}=…")
    return arguments


def _shown(said: Said) -> str:
    if said is None:
        return "there is none (none_when)"
    if isinstance(said, Refused):
        return f"refused: {said.reason} (refused_when)"
    return json.dumps(said.model_dump(mode="json"), ensure_ascii=False, indent=2)


def _misfit(misfit: Misfit) -> str:
    found = json.dumps(misfit.given, ensure_ascii=False)
    cut = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
    return f"  {misfit.field}: {misfit.problem}\n    {misfit.expression}\n    gave {cut}"
