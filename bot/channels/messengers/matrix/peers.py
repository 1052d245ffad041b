"""Whom the bot talks to: one person in one room."""

from __future__ import annotations


def peer_of(user: str, room: str) -> str:
    """Names them as a sender.

    Both are needed. Replies go to the room; and who comes into a room after somebody else must not go on in their
    conversation, which knows their account.
    """
    return f"{user} {room}"


def room_of(peer: str) -> tuple[str, str]:
    """The user and the room; a user's id has no space in it (Matrix appendices, 'User identifiers')."""
    user, _, room = peer.partition(" ")
    return user, room
