"""Messages of OCPP 1.6, edition 2, chapter 6."""

from __future__ import annotations

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.datatypes import IdTagInfo
from ocpp.v16.enums import (
    Action as Message,
)
from ocpp.v16.enums import (
    AuthorizationStatus,
    MessageTrigger,
    RegistrationStatus,
    ResetType,
)

from bot.adapters.ocpp.links import Link
from bot.adapters.ocpp.orders import Action
from bot.tools.values import ConnectorStatus


class Link16(Link, ChargePoint):
    """A charger that speaks 1.6. Its connectors are EVSEs to us, each with one connector."""

    def request(self, action: Action, argument: str) -> object:
        """See :class:`Link`."""
        match action:
            case Action.RESET:
                return call.Reset(type=ResetType.soft)
            case Action.UNLOCK:
                return call.UnlockConnector(connector_id=int(argument))
            case Action.TRIGGER:
                return call.TriggerMessage(requested_message=MessageTrigger(argument))

    @on(Message.boot_notification)
    def on_boot(self, charge_point_vendor: str, charge_point_model: str, **_: object) -> object:
        """It started."""
        self.central.state.booted(self.id, charge_point_vendor, charge_point_model)
        return call_result.BootNotification(
            current_time=self.central.time(),
            interval=self.central.rules.heartbeat_s,
            status=RegistrationStatus.accepted,
        )

    @on(Message.heartbeat)
    def on_heartbeat(self) -> object:
        """It lives."""
        return call_result.Heartbeat(current_time=self.central.time())

    @on(Message.status_notification)
    def on_status(self, connector_id: int, error_code: str, status: str, **_: object) -> object:
        """How a connector is; 0 is the whole charger."""
        self.central.state.report(self.id, connector_id, 1, ConnectorStatus(status), error_code)
        return call_result.StatusNotification()

    @on(Message.authorize)
    def on_authorize(self, id_tag: str) -> object:
        """May this card charge?"""
        return call_result.Authorize(id_tag_info=self._told(id_tag))

    @on(Message.start_transaction)
    def on_start(self, connector_id: int, id_tag: str, meter_start: int, timestamp: str, **_: object) -> object:
        """A transaction began, maybe while it was offline, and maybe it says so again: that is the same one."""
        user = self.central.people.user_of(self.id, id_tag)
        reference = f"{connector_id} {timestamp} {meter_start}"
        number = self.central.state.started(self.id, reference, connector_id, user)
        return call_result.StartTransaction(transaction_id=number, id_tag_info=self._told(id_tag))

    @on(Message.stop_transaction)
    def on_stop(self, transaction_id: int, **_: object) -> object:
        """A transaction ended. One that we do not know is acknowledged, or it would be sent for ever (4.10)."""
        self.central.state.ended(self.id, transaction_id)
        return call_result.StopTransaction()

    @on(Message.meter_values)
    def on_meter(self, **_: object) -> object:
        """Not looked at, but it says that the charger lives."""
        return call_result.MeterValues()

    def _told(self, tag: str) -> IdTagInfo:
        known = self.central.people.user_of(self.id, tag) is not None
        return IdTagInfo(status=AuthorizationStatus.accepted if known else AuthorizationStatus.invalid)
