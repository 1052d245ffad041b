"""The demo world as an OCPI party has it, changeable while it serves. Runs in the server's own environment."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FACTS = json.loads(Path(__file__).with_name("world.json").read_text(encoding="utf-8"))
Json = dict[str, Any]


def moment(minutes_ago: float = 0) -> str:
    found = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return found.isoformat(timespec="seconds").replace("+00:00", "Z")


def evse(facts: Json) -> Json:
    connectors = [
        {
            "id": each, "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
            "max_voltage": 400, "max_amperage": 32, "last_updated": moment(),
        }
        for each in facts["connectors"]
    ]  # fmt: skip
    return {**facts, "connectors": connectors, "last_updated": moment()}


def location(facts: Json) -> Json:
    return {**facts, "evses": [evse(each) for each in facts["evses"]], "last_updated": moment()}


def token(facts: Json) -> Json:
    return {
        **{name: value for name, value in facts.items() if name != "allowed"},
        "country_code": "CH", "party_id": "EPO", "type": "RFID", "issuer": "Eponet", "valid": True,
        "whitelist": "NEVER", "last_updated": moment(),
    }  # fmt: skip


def session(facts: Json) -> Json:
    of = next(each for each in FACTS["tokens"] if each["uid"] == facts["token"])
    started = moment(facts["minutes_ago"])
    return {
        "country_code": "CH", "party_id": "EPO", "id": facts["id"], "status": facts["status"],
        "start_date_time": started, "kwh": facts["kwh"], "auth_method": "AUTH_REQUEST", "connector_id": "1",
        "location_id": facts["location_id"], "evse_uid": facts["evse_uid"], "currency": "CHF",
        "cdr_token": {
            "country_code": "CH", "party_id": "EPO", "uid": of["uid"], "type": "RFID",
            "contract_id": of["contract_id"],
        },
        "total_cost": {"excl_vat": round(facts["incl_vat"] / 1.081, 2), "incl_vat": facts["incl_vat"]},
        "last_updated": started,
    }  # fmt: skip


class World:
    """What the party knows. ``commands`` says of each command what it answers at once and, later, as the result."""

    def __init__(self) -> None:
        self.client_token = ""
        self.reset()

    def reset(self) -> None:
        facts = copy.deepcopy(FACTS)
        self.locations = [location(each) for each in facts["locations"]]
        self.allowed = {each["uid"].lower(): each["allowed"] for each in facts["tokens"]}
        self.tokens = [token(each) for each in facts["tokens"]]
        self.sessions = [session(each) for each in facts["sessions"]]
        self.commands: dict[str, dict[str, str | None]] = {}
        self.received: list[Json] = []

    def set_status(self, uid: str, status: str) -> None:
        for each in self.locations:
            for found in each["evses"]:
                if found["uid"] == uid:
                    found["status"] = status

    def find(self, things: list[Json], name: str, field: str = "id") -> Json | None:
        return next((each for each in things if each[field].lower() == name.lower()), None)

    def respond(self, command: str, data: Json) -> str:
        """What the party answers at once."""
        self.received.append({"command": command, "data": data})
        if said := self.commands.get(command, {}).get("response"):
            return said
        if command == "STOP_SESSION":
            found = self.find(self.sessions, data["session_id"])
            if found is None:
                return "UNKNOWN_SESSION"
            return "ACCEPTED" if found["status"] == "ACTIVE" else "REJECTED"
        return "ACCEPTED"

    def result(self, command: str, data: Json) -> str | None:
        """What the charge point makes of it; None: it says nothing so far."""
        said = self.commands.get(command, {}).get("result", "ACCEPTED")
        if said == "ACCEPTED" and command == "STOP_SESSION" and (found := self.find(self.sessions, data["session_id"])):
            found["status"] = "COMPLETED"
        return said
