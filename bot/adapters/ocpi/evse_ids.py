"""EVSE ids in every spelling that systems send."""

from __future__ import annotations

import re

_EVSE_ID = re.compile(r"([A-Z]{2})\*?([A-Z0-9]{3})\*?(E[A-Z0-9][A-Z0-9*]{0,30})")


def canonical(evse_id: str) -> str:
    """In capitals and with its stars, such as CH*EPO*E4521; what is no EVSE id only in capitals."""
    written = evse_id.strip().upper()
    found = _EVSE_ID.fullmatch(written.replace("-", "*"))
    return "*".join(found.groups()) if found else written


def compact(evse_id: str) -> str:
    """For comparing: without what some leave out."""
    return re.sub(r"[*\-\s]", "", evse_id).upper()
