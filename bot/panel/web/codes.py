"""What the codes of source systems are called: those of OCPI 2.2.1, OCPP 1.6 and the Statuspage form (product.md, 7).

The words say what people at the station see or may do, and promise no more than the code does.
"""

from __future__ import annotations

from bot.panel.web.texts import N_, Say

NAMES = {
    # OCPI 2.2.1, EVSE status
    "AVAILABLE": N_("free"),
    "BLOCKED": N_("access blocked"),
    "CHARGING": N_("charging"),
    "INOPERATIVE": N_("switched off or in maintenance"),
    "OUTOFORDER": N_("out of order"),
    "PLANNED": N_("not in operation yet"),
    "REMOVED": N_("taken away"),
    "RESERVED": N_("reserved"),
    "UNKNOWN": N_("no live data"),
    # OCPP 1.6, status of a connector
    "Available": N_("free"),
    "Preparing": N_("plugged in, not charging yet"),
    "Charging": N_("charging"),
    "SuspendedEVSE": N_("held back by the station"),
    "SuspendedEV": N_("the car takes no power"),
    "Finishing": N_("ended, the cable is still in"),
    "Reserved": N_("reserved"),
    "Unavailable": N_("switched off or in maintenance"),
    "Faulted": N_("defect"),
    # OCPI 2.2.1, status of a session
    "ACTIVE": N_("running"),
    "COMPLETED": N_("ended"),
    "INVALID": N_("invalid"),
    "PENDING": N_("starting"),
    "RESERVATION": N_("reserved"),
    # A pass
    "active": N_("active"),
    "inactive": N_("not activated"),
    "blocked": N_("blocked"),
    "expired": N_("expired"),
    # A status page: its indicator, components and incidents
    "none": N_("no problem reported"),
    "minor": N_("small problem"),
    "major": N_("big problem"),
    "critical": N_("very big problem"),
    "maintenance": N_("maintenance"),
    "operational": N_("works"),
    "degraded_performance": N_("slow"),
    "partial_outage": N_("partly down"),
    "major_outage": N_("down"),
    "under_maintenance": N_("in maintenance"),
    "investigating": N_("cause being looked for"),
    "identified": N_("cause found"),
    "monitoring": N_("a fix is being watched"),
    "resolved": N_("over"),
    "postmortem": N_("over, being reviewed"),
    # A ticket
    "received": N_("Received"),
    "owner_contacted": N_("Owner contacted"),
    "repair_planned": N_("Repair planned"),
    "back_in_operation": N_("Back in operation"),
    "closed": N_("Ticket closed"),
    # Whose network a station belongs to
    "own": N_("own network"),
    "partner": N_("roaming partner"),
    # A user's role for a charger, in the words of the portal
    "super-administrator": N_("super-administrator"),
    "administrator": N_("administrator"),
    "user": N_("user"),
}
TECHNICAL = frozenset(
    {"AVAILABLE", "BLOCKED", "INOPERATIVE", "OUTOFORDER", "PLANNED", "REMOVED", "UNKNOWN", "Preparing",
     "SuspendedEVSE", "SuspendedEV", "Finishing", "Unavailable", "Faulted"}
)  # fmt: skip
"""Shown with their words: an operator or electrician who is called asks for them."""


def code_name(code: str, say: Say) -> str:
    """A code in words, such as ``out of order (OUTOFORDER)``; what is no code as it is."""
    if code not in NAMES:
        return code
    return f"{say(NAMES[code])} ({code})" if code in TECHNICAL else say(NAMES[code])
