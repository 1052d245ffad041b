"""Messages of OCPP 2.0.1, part 2."""

from __future__ import annotations

from typing import Any

from ocpp.routing import on
from ocpp.v201 import ChargePoint, call, call_result
from ocpp.v201.datatypes import IdTokenInfoType
from ocpp.v201.enums import (
    Action as Message,
)
from ocpp.v201.enums import (
    AuthorizationStatusEnumType,
    IdTokenEnumType,
    MessageTriggerEnumType,
    RegistrationStatusEnumType,
    ResetEnumType,
    TransactionEventEnumType,
)

from bot.adapters.ocpp.links import Link
from bot.adapters.ocpp.orders import Action
from bot.adapters.ocpp.state import NO_ERROR
from bot.tools.values import ConnectorStatus

OCCUPIED, DEFECT = "Occupied", "OtherError"


class Link201(Link, ChargePoint):
    """A charger that speaks 2.0.1. "Occupied" is one status there; transactions tell what it means."""

    def request(self, action: Action, argument: str) -> object:
        """See :class:`Link`."""
        match action:
            case Action.RESET:
                return call.Reset(type=ResetEnumType.on_idle)
            case Action.UNLOCK:
                return call.UnlockConnector(evse_id=int(argument), connector_id=1)
            case Action.TRIGGER:
                return call.TriggerMessage(requested_message=MessageTriggerEnumType(argument))

    @on(Message.boot_notification)
    def on_boot(self, charging_station: dict[str, Any], **_: object) -> object:
        """It started."""
        self.central.state.booted(self.id, charging_station["vendor_name"], charging_station["model"])
        return call_result.BootNotification(
            current_time=self.central.time(),
            interval=self.central.rules.heartbeat_s,
            status=RegistrationStatusEnumType.accepted,
        )

    @on(Message.heartbeat)
    def on_heartbeat(self, **_: object) -> object:
        """It lives."""
        return call_result.Heartbeat(current_time=self.central.time())

    @on(Message.status_notification)
    def on_status(self, connector_status: str, evse_id: int, connector_id: int, **_: object) -> object:
        """How a connector is. It names no error; "Occupied" tells no more than a transaction has told already."""
        if connector_status == OCCUPIED:
            before = self.central.state.connectors(self.id, evse_id).get(connector_id)
            status = before if before in self.central.rules.occupied else ConnectorStatus.PREPARING
        else:
            status = ConnectorStatus(connector_status)
        error = DEFECT if status is ConnectorStatus.FAULTED else NO_ERROR
        self.central.state.report(self.id, evse_id, connector_id, status, error)
        return call_result.StatusNotification()

    @on(Message.transaction_event)
    def on_transaction(
        self,
        event_type: str,
        seq_no: int,
        transaction_info: dict[str, Any],
        offline: bool = False,
        evse: dict[str, Any] | None = None,
        id_token: dict[str, Any] | None = None,
        **_: object,
    ) -> object:
        """A transaction goes on. Only the first events need to name EVSE and card."""
        state, given, ended = self.central.state, evse or {}, event_type == TransactionEventEnumType.ended
        user = self.central.people.user_of(self.id, id_token["id_token"]) if id_token else None
        number = state.started(self.id, transaction_info["transaction_id"], given.get("id", 0), user)
        place = state.progressed(self.id, number, seq_no, given.get("id", 0), user, ended)
        # What happened while it was offline says nothing of how the connector is now.
        if place and not offline:
            self._move(place, given.get("connector_id"), transaction_info.get("charging_state"), ended)
        return call_result.TransactionEvent(id_token_info=self._told(id_token) if id_token else None)

    @on(Message.authorize)
    def on_authorize(self, id_token: dict[str, Any], **_: object) -> object:
        """May this card charge?"""
        return call_result.Authorize(id_token_info=self._told(id_token))

    @on(Message.meter_values)
    def on_meter(self, **_: object) -> object:
        """Not looked at, but it says that the charger lives."""
        return call_result.MeterValues()

    @on(Message.notify_event)
    def on_event(self, **_: object) -> object:
        """Not looked at."""
        return call_result.NotifyEvent()

    @on(Message.security_event_notification)
    def on_security(self, **_: object) -> object:
        """Not looked at."""
        return call_result.SecurityEventNotification()

    def _move(self, evse: int, connector: int | None, charging: str | None, ended: bool) -> None:
        """Let the connector that the transaction uses follow it; reports of defects and the like stand above it."""
        rules, before = self.central.rules, self.central.state.connectors(self.id, evse)
        place = connector or next((each for each, status in before.items() if status in rules.occupied), 1)
        status = before.get(place, ConnectorStatus.AVAILABLE)
        after = ConnectorStatus.FINISHING if ended else rules.charging_states.get(charging or "")
        if after and (status in rules.occupied or (status is ConnectorStatus.AVAILABLE and not ended)):
            self.central.state.report(self.id, evse, place, after)

    def _told(self, token: dict[str, Any]) -> IdTokenInfoType:
        known = self.central.people.user_of(self.id, token["id_token"]) is not None
        # A charger that is set to ask nobody says so (2.33, IdTokenEnumType); it would charge anyway.
        known = known or token["type"] == IdTokenEnumType.no_authorization
        accepted, invalid = AuthorizationStatusEnumType.accepted, AuthorizationStatusEnumType.invalid
        return IdTokenInfoType(status=accepted if known else invalid)
