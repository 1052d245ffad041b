"""Tells mails that programs sent from those that somebody wrote: only the latter may be answered (RFC 3834, 2)."""

from __future__ import annotations

import re
from email.message import EmailMessage

BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
SUPPRESSED = frozenset({"all", "autoreply"})
"""Of X-Auto-Response-Suppress, which Exchange sends (MS-OXCMAIL, 2.2.3.2.14)."""
LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe")
"""RFC 2919 and RFC 2369."""
PROGRAM_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
_PROGRAMS = re.compile(
    r"(mailer-daemon|postmaster|(no|do-?not|ne-?pas)[-._]?(reply|respond|repondre))\b", re.IGNORECASE
)


def why_automatic(mail: EmailMessage, sender: str, own: str) -> str | None:
    """Why a mail is taken for a program's, for the log; None where somebody wrote it.

    Args:
        mail: its headers are enough, but for invitations.
        sender: the address that it is from, lower-cased.
        own: the channel's own address, lower-cased.
    """
    if sender == own:
        return "it is from the channel's own address"
    if _PROGRAMS.match(sender):
        return "its address is a program's"
    # RFC 3834, 5: whatever is not "no" was sent by a program; parameters may follow.
    submitted = _word(mail, "Auto-Submitted")
    if submitted not in ("", "no"):
        return "Auto-Submitted"
    if _word(mail, "Precedence") in BULK:
        return "Precedence"
    suppressed = {word.strip().lower() for word in str(mail.get("X-Auto-Response-Suppress", "")).split(",")}
    if suppressed & SUPPRESSED:
        return "X-Auto-Response-Suppress"
    if str(mail.get("Return-Path", "")).strip() == "<>":
        return "it has no return path"
    found = next((name for name in (*LIST_HEADERS, *PROGRAM_HEADERS) if name in mail), None)
    if found:
        return found
    if mail.get_content_type() == "multipart/report":
        return "it is a report of a mail server"
    return _invitation(mail)


def _word(mail: EmailMessage, header: str) -> str:
    return str(mail.get(header, "")).partition(";")[0].strip().lower()


def _invitation(mail: EmailMessage) -> str | None:
    """Calendars answer invitations (RFC 6047); a question does not come as one."""
    invites = any(part.get_content_type() == "text/calendar" and part.get_param("method") for part in mail.walk())
    return "it is an invitation" if invites else None
