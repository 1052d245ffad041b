"""How single things of the demo world change. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.demo.seed import Rules
from bot.adapters.demo.things import DemoCharger, Restarting
from bot.tools.values import (
    Charger,
    Component,
    Connector,
    ConnectorStatus,
    EvseStatus,
    Incident,
    PlatformStatus,
    Station,
)


def with_status(
    station: Station,
    status: EvseStatus,
    connector: ConnectorStatus | None,
    error: str | None,
    rules: Rules,
    now: datetime,
) -> Station:
    """The station in that status. A connector that is not named follows from it; UNKNOWN is not heard of again."""
    plugged = connector or rules.connector_of.get(status)
    return station.model_copy(
        update={
            "status": status,
            "connector": connector_in(plugged, error, rules, now) if plugged else None,
            "heard_at": now if status is EvseStatus.UNKNOWN else None,
        }
    )


def connector_in(status: ConnectorStatus, error: str | None, rules: Rules, now: datetime) -> Connector:
    """A connector in that status since now; an error that is not named follows from it."""
    return Connector(status=status, since=now, error=error or rules.error_of.get(status, "NoError"))


def heard(station: Station, now: datetime) -> Station:
    """The station as it is read: what has not fallen silent was heard of just now."""
    return station if station.heard_at else station.model_copy(update={"heard_at": now})


def seen(demo: DemoCharger, now: datetime) -> Charger:
    """The charger as it is read.

    A restart that was accepted takes it away until its BootNotification; only that and the status it reports then say
    that it is back (OCPP 1.6, 5.14 and 4.2).
    """
    charger, restarting = demo.charger, demo.restarting
    if restarting is None:
        return charger if charger.heard_at else charger.model_copy(update={"heard_at": now})
    if restarting.back_at is None or now < restarting.back_at:
        away = Connector(status=ConnectorStatus.UNAVAILABLE, since=restarting.accepted_at)
        return charger.model_copy(update={"connector": away, "heard_at": restarting.accepted_at})
    back = Connector(status=ConnectorStatus.AVAILABLE, since=restarting.back_at)
    return charger.model_copy(update={"connector": back, "booted_at": restarting.back_at, "heard_at": now})


def settled(demo: DemoCharger, now: datetime) -> DemoCharger:
    """The same charger, with a restart that is over made part of its state, so that it can be changed further."""
    restarting = demo.restarting
    if restarting is None or restarting.back_at is None or now < restarting.back_at:
        return demo
    charger = seen(demo, now).model_copy(update={"heard_at": None})
    return demo.model_copy(update={"charger": charger, "restarting": None})


def restarted(demo: DemoCharger, takes: timedelta, now: datetime) -> DemoCharger:
    """The charger after it accepted a restart."""
    back_at = None if demo.restart_fails else now + takes
    return settled(demo, now).model_copy(update={"restarting": Restarting(accepted_at=now, back_at=back_at)})


def connected(demo: DemoCharger, online: bool, now: datetime) -> DemoCharger:
    """The charger online or offline. A restart that is cut short ends when it comes online again."""
    now_so = settled(demo, now)
    charger, restarting = now_so.charger.model_copy(update={"connected": online}), now_so.restarting
    if not online:
        silent = charger.model_copy(update={"heard_at": now})
        endless = restarting.model_copy(update={"back_at": None}) if restarting else None
        return now_so.model_copy(update={"charger": silent, "restarting": endless})
    back = now_so.model_copy(update={"charger": charger.model_copy(update={"heard_at": None})})
    if restarting is None:
        return back
    return settled(back.model_copy(update={"restarting": restarting.model_copy(update={"back_at": now})}), now)


def with_incident(platform: PlatformStatus, incident: Incident, component: str | None, rules: Rules) -> PlatformStatus:
    """The page with the incident; one of the same name is replaced. A component that is named suffers from it."""
    others = tuple(each for each in platform.incidents if each.name != incident.name)
    status = rules.component_of[incident.impact]
    components = tuple(
        Component.model_validate({"name": each.name, "status": status}) if each.name == component else each
        for each in platform.components
    )
    incidents = (*others, incident)
    worst = max((each.impact for each in incidents), key=tuple(rules.component_of).index)
    return platform.model_copy(update={"indicator": worst, "incidents": incidents, "components": components})


def without_incidents(platform: PlatformStatus) -> PlatformStatus:
    """The page with nothing to report."""
    components = tuple(Component(name=each.name, status="operational") for each in platform.components)
    return platform.model_copy(update={"indicator": "none", "incidents": (), "components": components})
