"""What a filter of tickets means in SQL."""

from __future__ import annotations

from bot.adapters.desk.migrations import stamp
from bot.tools.values import TicketFilter


def listing(which: TicketFilter) -> tuple[str, list[str]]:
    """Conditions on the rows of tickets, with a question mark for each value, and the values."""
    conditions, values = ["1"], list[str]()
    if which.states:
        conditions.append(f"last.state in ({', '.join('?' * len(which.states))})")
        values += sorted(which.states)
    equal = {
        "ticket.kind": which.kind,
        "ticket.station": which.station,
        "incident.incident": which.incident,
    }
    for column, value in equal.items():
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    if which.filed_before is not None:
        conditions.append("ticket.filed_at < ?")
        values.append(stamp(which.filed_before))
    return " and ".join(conditions), values
