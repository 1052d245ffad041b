"""The whole application with an address connected, and a server that takes its mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml

from bot.app import create_app
from bot.assembly import SystemClock
from bot.channels.clients import Clients
from bot.channels.messengers.config import read_channels
from bot.channels.messengers.mail.messenger import Mail
from bot.replies.catalogues import Templates
from tests.bot.channels.mail.mails import OWN
from tests.bot.channels.mail.smtp_server import Server
from tests.bot.channels.messengers.conftest import Connect
from tests.serving import served
from tests.talking import services_of

SECRETS = {"MAIL_PASSWORD": "words-of-the-tests"}


def entry(server: Server, **changed: object) -> dict[str, object]:
    """Of the file of channels."""
    usual: dict[str, object] = {
        "kind": "mail", "address": OWN, "name": "Charging help", "vendor": "eponet", "country": "CH",
        "imap": {"host": "127.0.0.1", "security": "none", "user": OWN, "password": "MAIL_PASSWORD"},
        "smtp": {"host": "127.0.0.1", "port": server.port or 25, "security": "none"},
    }  # fmt: skip
    return {**usual, **changed}


def connected(file: Path, texts: Templates, fields: dict[str, object]) -> Mail:
    """The messenger of an entry, by the way that an operator has."""
    file.write_text(yaml.safe_dump({"channels": {"mail": fields}}), encoding="utf-8")
    messenger = read_channels(file, SECRETS, texts)["mail"]
    assert isinstance(messenger, Mail)
    return messenger


@contextmanager
def talking(messenger: Mail, connect: Connect, kb: Path) -> Iterator[None]:
    """Serve the application until the end of the block."""
    post = connect(messenger)
    clock = SystemClock()
    replies = replace(post.replies, clock=clock, talks=replace(post.replies.talks, clock=clock))
    post = replace(post, reception=replace(post.reception, replies=replies))
    services = services_of(replies.talks)
    services.opened.pop_all()
    app = create_app(replace(services, clients=Clients(exchange=post.exchange(notifier=services.notifier))), kb)
    with served(app, services.notifier.close):
        yield
