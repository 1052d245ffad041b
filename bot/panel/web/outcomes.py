"""What came of an action, said to the agent as it is."""

from __future__ import annotations

from bot.panel.web.pages import NoticeKind
from bot.panel.web.texts import N_, Say
from bot.tools.ledger import AuditLine
from bot.tools.values import Done, Outcome, RefusalReason, Refused

DONE = {
    "restart": N_("The restart was accepted. That does not show that the charger works: it is watched now."),
    "stop_session": N_("The session was stopped."),
    "unlock_connector": N_("The unlock was accepted. Ask the driver whether the cable is out."),
    "unlock_charger": N_("The unlock was accepted. Ask the driver whether the cable is out."),
}
FILED = N_("Ticket %(ticket)s is filed. The driver is told how it goes on.")
UNSURE = N_("Nobody can tell whether it happened. It is not sent again: ask the driver what they see.")
REFUSED = {
    RefusalReason.IN_USE: N_("Refused: somebody is charging there. Nothing happened."),
    RefusalReason.NOT_CONNECTED: N_("Refused: it is not connected. Nothing happened."),
    RefusalReason.NOT_AVAILABLE: N_("Refused: that system cannot do this. Nothing happened."),
    RefusalReason.NOT_RUNNING: N_("Refused: no session is running. Nothing happened."),
    RefusalReason.NOT_ALLOWED: N_("Refused: that system does not allow it. Nothing happened."),
    RefusalReason.COOLDOWN: N_("Refused: it was done a short while ago. Wait a few minutes. Nothing happened."),
    RefusalReason.UNKNOWN_TARGET: N_("Refused: that system does not know it. Check the number. Nothing happened."),
    RefusalReason.UNREACHABLE: N_("That system cannot be reached. Nothing happened; try again later."),
    RefusalReason.OTHER: N_("Refused, without a reason. Nothing happened."),
}
DANGER = N_("Danger was reported here, so nothing is restarted: see that people are safe first.")
STALE = N_("Something was done since this page was loaded. Load it again, then decide.")


def detail(line: AuditLine, say: Say) -> str:
    """What a line of the audit log adds to its step: the ticket that was filed, or why it was refused."""
    if line.step == "refused":
        return say(REFUSED[Refused.model_validate_json(line.detail).reason])
    return (Done.model_validate_json(line.detail).reference or "") if line.step == "done" else ""


def told(action: str, outcome: Outcome, say: Say) -> tuple[str, NoticeKind]:
    """The sentence, and whether it went well."""
    if isinstance(outcome, Done):
        return (say(DONE[action]) if action in DONE else say(FILED, ticket=outcome.reference or "")), "done"
    if isinstance(outcome, Refused):
        return say(REFUSED[outcome.reason]), "failed"
    return say(UNSURE), "failed"
