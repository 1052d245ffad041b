"""What can go wrong in a conversation. The knowledge base's and the index's errors stand in indexer/errors.py.

PlugdeskError               (indexer.errors)
├── SettingsError           an environment variable is wrong
├── UnknownKey              there is no API key of that id
├── UnknownDelivery         there is no delivery to a channel of that id
├── PanelError              something of the agents' panel cannot be done
│   ├── UnknownAgent            there is no such account
│   ├── AgentExists             the address is another account's
│   ├── LastAdmin               nobody would be left who manages accounts
│   ├── WeakPassword            a password is too short, or easy to guess
│   ├── DangerForbids           danger was told of, and what is wanted might make it worse
│   └── StaleForm               a form is older than what it wants to change
├── ToolError               a source system was asked in vain
│   ├── NotFound                it answers that there is no such thing
│   └── Unavailable             it does not answer, or answers nonsense
├── DemoRefused             the demo world cannot be changed like that
└── ConversationError
    ├── UnknownConversation
    ├── UnknownVendor           the client names a source system that there is not
    ├── IdentityRefused         a token is not to be trusted
    ├── AnotherDriver           a conversation is one driver's
    ├── ConversationConflict    somebody else appended first
    ├── PhotoRefused            a file is no photo, or too large a one
    ├── UnknownPhoto
    ├── UnknownReply            feedback names a reply that was not given
    ├── Occupied                a colleague talks with the driver
    ├── NobodyThere             a person writes who has not taken over
    └── StoreError              the store cannot be opened or was written by a newer version
"""

from __future__ import annotations

from typing import Literal

from indexer.errors import PlugdeskError


class SettingsError(PlugdeskError):
    """A setting has a value that cannot be used."""


class UnknownKey(PlugdeskError):
    """There is no API key of that id."""


class UnknownDelivery(PlugdeskError):
    """There is no delivery of that id."""


class PanelError(PlugdeskError):
    """Something of the agents' panel cannot be done."""


class UnknownAgent(PanelError):
    """There is no such account."""


class AgentExists(PanelError):
    """The address is another account's."""


class LastAdmin(PanelError):
    """Nobody would be left who manages accounts."""


class WeakPassword(PanelError):
    """A password is too short, or easy to guess. ``code`` says which, for pages that tell it in their language."""

    def __init__(self, code: Literal["short", "long", "easy"], told: str) -> None:
        super().__init__(told)
        self.code = code


class DangerForbids(PanelError):
    """Danger was told of, or a charger reports it: ``hazard``. Nothing was done."""

    def __init__(self, hazard: str) -> None:
        super().__init__(f"It is not done: danger was told of ({hazard}).")
        self.hazard = hazard


class StaleForm(PanelError):
    """A form asks for what stands otherwise by now; nothing was done."""


class ConversationError(PlugdeskError):
    """A turn could not be taken."""


class UnknownConversation(ConversationError):
    """There is no conversation of that id."""


class UnknownVendor(ConversationError):
    """The client names a vendor that the knowledge base does not have."""


class ConversationConflict(ConversationError):
    """Another process appended to the conversation since it was loaded."""


class StoreError(ConversationError):
    """The store of conversations cannot be used."""


class ToolError(PlugdeskError):
    """A source system was asked in vain."""


class NotFound(ToolError):
    """The system answers that there is no such account, station, charger, session or ticket."""


class Unavailable(ToolError):
    """The system does not answer, or answers nonsense.

    ``reason`` is a short English phrase for the operator; the driver is only told that it could not be read.
    ``sent`` says of a command whether it may have arrived: only what certainly did not may be tried again.
    """

    def __init__(self, reason: str, sent: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.sent = reason, sent


class IdentityRefused(ConversationError):
    """A token is not to be trusted; ``reason``: expired, audience, signature, algorithm, malformed,
    claims, or unwanted where this server takes no tokens."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class AnotherDriver(ConversationError):
    """The conversation belongs to another signed-in driver."""


class PhotoRefused(ConversationError):
    """A file is not kept; ``code``: empty, too_large (bytes), not_an_image, bomb or too_many_pixels."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownPhoto(ConversationError):
    """There is no photo of that id."""


class UnknownReply(ConversationError):
    """There is no reply of that id in the conversation."""


class Occupied(ConversationError):
    """A colleague talks with the driver: ``person`` is their id, ``name`` what they are called."""

    def __init__(self, person: str, name: str) -> None:
        super().__init__(f"{name} talks with this driver.")
        self.person, self.name = person, name


class NobodyThere(ConversationError):
    """A person wants to write who has not taken over, or is gone again."""


class DemoRefused(PlugdeskError):
    """The demo world cannot do that; the message says what it can."""
