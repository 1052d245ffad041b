"""What every messenger is tested with."""

from tests.bot.channels.messengers.conftest import connect, inbox, outbox, path, replies, rules

__all__ = ["connect", "inbox", "outbox", "path", "replies", "rules"]
