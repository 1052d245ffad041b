"""The plugdesk command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bot.channels.importing import import_
from bot.errors import SettingsError
from bot.settings import Settings
from indexer.errors import PlugdeskError


@contextmanager
def _explained() -> Iterator[None]:
    """Errors that a person can mend end the command with their message, not with a traceback."""
    try:
        yield
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None


class _Elsewhere(click.Group):
    """A group whose commands stand in a module of their own, loaded only when one of them is wanted.

    ``more``: modules of single commands, by name. Those that measure answers stand in eval, which is built on the bot;
    the bot imports nothing of it.
    """

    def __init__(self, *arguments: Any, module: str, more: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._module, self._more = module, more or {}

    @cached_property
    def _there(self) -> click.Group:
        found: click.Group = getattr(import_module(self._module), self.name or "")
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self._there.list_commands(ctx), *self._more])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._more:
            found: click.Command = getattr(import_module(self._more[cmd_name]), cmd_name)
            return found
        return self._there.get_command(ctx, cmd_name)


def _country(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An ISO 3166 code in capitals."""
    if value is not None and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise click.BadParameter("Give the two letters of a country, such as CH.", context, parameter)
    return value.upper() if value else None


@click.group()
@click.version_option(package_name="plugdesk")
@click.pass_context
def main(context: click.Context) -> None:
    """Support assistant for people who charge electric cars."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for talkative in ("faiss", "httpx", "sentence_transformers"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    with _explained():
        context.obj = Settings.from_environ(os.environ)


@main.command()
@click.option(
    "--check", is_flag=True, help="Check the knowledge base and whether the index is up to date; build nothing."
)
@click.option("--rollback", is_flag=True, help="Let the previous build serve again.")
@click.option("--to", metavar="BUILD", help="With --rollback: let this one serve; plugdesk kb versions lists them.")
@click.option("--if-changed", is_flag=True, help="Build only if files or model differ from the serving build's.")
@click.pass_obj
def index(settings: Settings, check: bool, rollback: bool, to: str | None, if_changed: bool) -> None:
    """Build the index from the knowledge base."""
    from bot.channels.indexing import build, check_base, go_back

    if to is not None and not rollback:
        raise click.UsageError("--to belongs to --rollback.")
    with _explained():
        if rollback:
            click.echo(go_back(settings, to))
        elif check:
            click.echo(check_base(settings))
        else:
            click.echo(build(settings, if_changed))


main.add_command(import_)


@main.group(
    cls=_Elsewhere,
    module="bot.channels.knowledge",
    more={"diff": "eval.diff.commands", "release": "eval.diff.commands"},
    help="The knowledge base: what is wrong in it, what it lacks, what an edit changes, which version serves.",
)
def kb() -> None:
    """Leave all to the commands of bot/channels/knowledge.py."""


@main.command()
@click.argument("query")
@click.option("--language", default="en", show_default=True, help="The language that the query is written in.")
@click.option("--count", default=5, show_default=True, type=click.IntRange(min=1))
@click.pass_obj
def search(settings: Settings, query: str, language: str, count: int) -> None:
    """Show the passages nearest to QUERY."""
    from indexer.embedders import open_embedder
    from indexer.search import open_index

    with _explained():
        opened = open_index(settings.index, open_embedder(settings.model, settings.prefixes))
        if language not in opened.languages:
            raise SettingsError(f"The language {language!r} is unknown. Use one of {', '.join(opened.languages)}.")
        for hit in opened.search(query, language, count):
            click.echo(f"{hit.score:6.3f}  {hit.passage.key}\n        {hit.passage.text[:160]}")


@main.command()
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help='Read {"id", "text", "locale"?} a line, write one answer a line.')
@click.option("--locale", help="The client's language, where the text does not tell.")
@click.option("--vendor", help="The source system that the driver uses.")
@click.pass_obj
def ask(settings: Settings, text: str | None, jsonl: bool, locale: str | None, vendor: str | None) -> None:
    """Answer one question, or one a line, without a server."""
    from bot.channels.lines import answer_lines, answer_text

    if not jsonl and text is None:
        raise click.UsageError(
            'Give a question, or --jsonl and lines such as {"id": "1", "text": "…"} on standard input.'
        )
    with _explained():
        if jsonl:
            for line in answer_lines(settings, sys.stdin.buffer):
                click.echo(line)
        else:
            click.echo(answer_text(settings, text or "", locale, vendor))


@main.command()
@click.option("--locale", help="Your language, until you write in one.")
@click.option("--vendor", help="The source system that you use.")
@click.option("--country", callback=_country, help="Where you are, such as CH.")
@click.option("--user", help="Be signed in as this user, such as ane.")
@click.option("--account", "accounts", multiple=True, help="An account of that user's; may be given several times.")
@click.option("--show-events", is_flag=True, help="Show what was understood, decided, read and done.")
@click.pass_obj
def chat(
    settings: Settings,
    locale: str | None,
    vendor: str | None,
    country: str | None,
    user: str | None,
    accounts: tuple[str, ...],
    show_events: bool,
) -> None:
    """Talk to the bot in the terminal. An empty line lets it look at what it watches."""
    from bot.channels.console import talk
    from bot.types import Context, Identity

    if accounts and user is None:
        raise click.UsageError("--account needs --user.")
    identity = Identity(user=user, accounts=accounts) if user else None
    with _explained():
        talk(settings, Context(locale=locale, vendor=vendor, country=country, identity=identity), show_events)


@main.group(
    cls=_Elsewhere,
    module="bot.adapters.demo.commands",
    help="Look at the demo world, and change it while conversations run.",
)
@click.pass_context
def world(context: click.Context) -> None:
    """Find the demo world's file for the commands of bot/adapters/demo/commands.py."""
    settings: Settings = context.obj
    url = settings.tools["stations"]
    if not url.startswith("demo:///"):
        raise click.ClickException(f"PLUGDESK_STATIONS is {url!r}: this is no demo world that could be changed.")
    context.obj = Path(url.removeprefix("demo:///"))


@main.group(cls=_Elsewhere, module="bot.adapters.desk.commands", help="Look at tickets, and move them on.")
@click.pass_context
def tickets(context: click.Context) -> None:
    """Open the desk for the commands of bot/adapters/desk/commands.py."""
    from bot.assembly import SystemClock, open_desk

    with _explained():
        context.obj = open_desk(context.obj, SystemClock(), context.call_on_close)


@main.group()
def connector() -> None:
    """Files that connect an account, station, session or charger API."""


@connector.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--call", help="Make this call, such as accounts.account, and show what was read.")
@click.option("--with", "given", multiple=True, metavar="NAME=VALUE", help="An argument of the call; repeat it.")
@click.option("--really", is_flag=True, help="Make the call even if it is a command: a restart or a stop.")
def check_connector(file: Path, call: str | None, given: tuple[str, ...], really: bool) -> None:
    """Check a connector's FILE: whether it can be used, which ports it serves, which variables it needs."""
    from bot.adapters.http.check import checked

    with _explained():
        for line in checked(file, os.environ, call, given, really):
            click.echo(line)


@main.group(
    cls=_Elsewhere,
    module="bot.adapters.ocpp.commands",
    help="Chargers that connect directly: the gateway, who may connect, what they report.",
)
@click.pass_context
def ocpp(context: click.Context) -> None:
    """Find the file of the chargers for the commands of bot/adapters/ocpp/commands.py."""
    settings: Settings = context.obj
    url = settings.tools["chargers"]
    if not url.startswith("ocpp:///"):
        raise click.ClickException(f"PLUGDESK_CHARGERS is {url!r}. Set it to ocpp:///path/to/ocpp.db")
    context.obj = Path(url.removeprefix("ocpp:///"))


@main.group(cls=_Elsewhere, module="bot.adapters.keys.commands", help="API keys: who may come in, and for what.")
@click.pass_context
def keys(context: click.Context) -> None:
    """Open the file of keys for the commands of bot/adapters/keys/commands.py."""
    from bot.assembly import SystemClock
    from bot.entry import open_keys

    with _explained():
        opened = open_keys(context.obj.clients.keys, SystemClock(), context.call_on_close)
    if opened is None:
        raise click.ClickException("PLUGDESK_KEYS is off. Set it to sqlite:///path/to/keys.db")
    context.obj = opened


@main.group(
    cls=_Elsewhere,
    module="bot.adapters.panel.commands",
    help="Accounts of the agents' panel: who may sign in, and what they may do there.",
)
@click.pass_context
def agents(context: click.Context) -> None:
    """Open the file of accounts for the commands of bot/adapters/panel/commands.py."""
    from bot.assembly import SystemClock
    from bot.entry import open_sign_in
    from bot.panel.accounts import Accounts

    with _explained():
        context.obj = Accounts(open_sign_in(context.obj.panel, SystemClock(), False, context.call_on_close))


@main.group(
    cls=_Elsewhere,
    module="bot.adapters.messengers.commands",
    help="Deliveries to messengers.",
)
@click.pass_context
def hooks(context: click.Context) -> None:
    """Open the outbox for the commands of bot/adapters/messengers/commands.py."""
    from bot.adapters.messengers.outbox import SqliteOutbox

    with _explained():
        context.obj = SqliteOutbox(context.obj.clients.outbox)
    context.call_on_close(context.obj.close)


@main.group(
    cls=_Elsewhere,
    module="bot.channels.messengers.telegram.commands",
    help="Telegram bots: where their news are posted.",
)
@click.pass_context
def telegram(context: click.Context) -> None:
    """Open the channels for the commands of bot/channels/messengers/telegram/commands.py."""
    from bot.channels.messengers.config import read_channels
    from bot.replies.catalogues import SOURCE_LANGUAGE, Templates

    settings: Settings = context.obj
    if settings.clients.channels is None:
        raise click.ClickException("PLUGDESK_CHANNELS is not set. Set it to the file of channels.")
    with _explained():
        context.obj = read_channels(settings.clients.channels, os.environ, Templates((SOURCE_LANGUAGE,)))


@main.group(
    cls=_Elsewhere, module="bot.adapters.panel.panel_commands", help="What the agents' panel keeps of conversations."
)
@click.pass_context
def panel(context: click.Context) -> None:
    """Open what keeps the cases for the commands of bot/adapters/panel/panel_commands.py."""
    from bot.assembly import SystemClock, open_store
    from bot.entry import open_cases, open_projector
    from bot.panel.news import InProcessNews

    settings: Settings = context.obj
    with _explained():
        store = open_store(settings.conversations)
        context.call_on_close(store.close)
        cases = open_cases(settings, context.call_on_close)
    context.obj = open_projector(settings, store, cases, SystemClock(), InProcessNews())


@main.group(
    cls=_Elsewhere,
    module="bot.channels.messengers.matrix.commands",
    help="Matrix: what a homeserver needs, and whether it is connected.",
)
@click.pass_context
def matrix(context: click.Context) -> None:
    """Find the file of channels for the commands of bot/channels/messengers/matrix/commands.py."""
    channels = context.obj.clients.channels
    if channels is None:
        raise click.ClickException("PLUGDESK_CHANNELS is not set. Let it name the file of channels.")
    context.obj = channels


@main.command("eval", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:
    """Measure how good the product is, per language and topic: the same as python -m eval."""
    import_module("eval.cli").main(arguments, prog_name="plugdesk eval")


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve the REST interface and the page."""
    from bot.app import create_app
    from bot.assembly import open_services
    from bot.serving import serve_app

    with _explained():
        services = open_services(settings)
        app = create_app(services, settings.kb)
    click.echo(f"Plugdesk serves on http://{settings.host}:{settings.port}")
    serve_app(app, settings.host, settings.port, services.hang_up)
