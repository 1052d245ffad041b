"""Whether the receiving mail server vouches for a mail's sender (RFC 8601)."""

from __future__ import annotations

import re
from email.message import EmailMessage

HEADER = "Authentication-Results"
_STRINGS_AND_COMMENTS = re.compile(r'"(?:\\.|[^"\\])*"|\((?:\\.|[^()\\])*\)')
_PASSED = re.compile(r"\s*dmarc\s*=\s*pass(?![^\s])", re.IGNORECASE)
_FROM = re.compile(r"\sheader\.from\s*=\s*@?(?P<domain>\S+)", re.IGNORECASE)


def vouched(mail: EmailMessage, server: str, sender: str) -> bool:
    """Whether ``server`` found that the domain of ``sender`` sent the mail (DMARC, RFC 7489).

    Only the topmost header of that server counts: it puts its own above what came in, and should remove others that
    bear its name (RFC 8601, 5).
    """
    for given in mail.get_all(HEADER, ()):
        # Strings and comments hold what the sender wrote, which could look like a result.
        results = _STRINGS_AND_COMMENTS.sub(" ", str(given))
        name, *methods = results.split(";")
        if name.split()[:1] == [server]:
            return not set(results) & set('"()') and any(_passed(method, sender) for method in methods)
    return False


def _passed(method: str, sender: str) -> bool:
    """Whether one result says so, of the sender's domain; it is of that domain where it names none."""
    if not _PASSED.match(method):
        return False
    found = _FROM.search(method)
    return found is None or found["domain"].lower() == sender.rpartition("@")[2]
