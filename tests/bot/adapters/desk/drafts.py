"""What drivers report in these tests."""

from __future__ import annotations

from bot.tools.values import TicketDraft, TicketKind


def a_draft(**changes: object) -> TicketDraft:
    """A fault report, but for the changes."""
    usual = {
        "kind": TicketKind.FAULT, "language": "nb", "summary": "Driver's words: 'skjermen er svart'",
        "station": "4521", "user": "ane", "conversation": "c-1",
    }  # fmt: skip
    return TicketDraft.model_validate({**usual, **changes})
