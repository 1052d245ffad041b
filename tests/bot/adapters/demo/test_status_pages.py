from __future__ import annotations

import pytest

from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.tools.values import Incident, PlatformStatus
from tests.bot.adapters.demo.conftest import Hours


def read(world: DemoWorld, vendor: str = "eponet") -> PlatformStatus:
    return DemoStatusPages(world).status(vendor)


def components(world: DemoWorld) -> dict[str, str]:
    return {each.name: each.status for each in read(world).components}


def test_an_incident_shows(world: DemoWorld, hours: Hours) -> None:
    world.open_incident("eponet", "Payments delayed", "major")
    found = read(world)
    expected = Incident(name="Payments delayed", status="investigating", impact="major", updated_at=hours.now())
    assert (found.indicator, found.incidents, found.operational) == ("major", (expected,), False)


def test_an_incident_of_one_vendor_is_none_of_another(world: DemoWorld) -> None:
    world.open_incident("eponet", "Payments delayed")
    assert read(world, "wallbox").operational


@pytest.mark.parametrize(
    ("impact", "status"),
    [
        ("none", "operational"),
        ("maintenance", "under_maintenance"),
        ("minor", "degraded_performance"),
        ("major", "partial_outage"),
        ("critical", "major_outage"),
    ],
)
def test_a_component_suffers_as_the_impact_says(world: DemoWorld, impact: str, status: str) -> None:
    world.open_incident("eponet", "Payments delayed", impact, component="Payments")
    assert components(world) == {"Portal": "operational", "Payments": status, "Charging sessions": "operational"}


def test_news_of_an_incident_takes_its_place(world: DemoWorld) -> None:
    world.open_incident("eponet", "Payments delayed", "major")
    world.open_incident("eponet", "Payments delayed", "minor", status="monitoring")
    (incident,) = read(world).incidents
    assert (incident.status, read(world).indicator) == ("monitoring", "minor")


def test_what_is_monitored_is_not_fixed(world: DemoWorld) -> None:
    world.open_incident("eponet", "Payments delayed", "none", status="monitoring")
    assert not read(world).operational


def test_the_worst_of_several_incidents_counts(world: DemoWorld) -> None:
    world.open_incident("eponet", "Servers down", "critical")
    world.open_incident("eponet", "Portal moves", "maintenance")
    assert read(world).indicator == "critical"


def test_an_incident_that_is_resolved_is_gone(world: DemoWorld) -> None:
    world.open_incident("eponet", "Payments delayed", "critical", component="Payments")
    world.resolve_incident("eponet")
    assert read(world).operational
    assert read(world).incidents == ()


def test_a_reading_says_when_it_was_made(world: DemoWorld, hours: Hours) -> None:
    hours.pass_by(3600)
    assert read(world).read_at == hours.now()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"vendor": "nobody"}, "no platform 'nobody'. Use one of eponet, enelx, mbrella, chargepoint, wallbox"),
        ({"impact": "huge"}, "no impact 'huge'. Use one of none, maintenance, minor, major, critical"),
        ({"status": "open"}, "no incident status 'open'. Use one of investigating, identified"),
        ({"component": "Moon"}, "no component of eponet 'Moon'. Use one of Portal, Payments"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(
    world: DemoWorld, changes: dict[str, str], complaint: str
) -> None:
    with pytest.raises(WorldError, match=complaint):
        world.open_incident(**{"vendor": "eponet", "name": "Payments delayed"} | changes)
    assert read(world).operational


def test_the_incidents_of_nobody_cannot_be_resolved(world: DemoWorld) -> None:
    with pytest.raises(WorldError, match="no platform 'nobody'"):
        world.resolve_incident("nobody")
