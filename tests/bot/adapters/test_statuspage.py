"""Status pages over real HTTP, from well-behaved to hostile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from bot.adapters.statuspage import SUMMARY, StatusPage
from bot.errors import NotFound, SettingsError, Unavailable
from bot.tools.values import Component, Incident
from tests.contracts.summaries import PageServer, a_component, an_event, as_json, page_server, summary, told

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Ticking:
    """A monotonic clock that tests move on."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def server() -> Iterator[PageServer]:
    with page_server() as served:
        served.answers[SUMMARY] = as_json(summary())
        yield served


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def pages(server: PageServer, ticking: Ticking) -> Iterator[StatusPage]:
    """Reads the server's page for ``eponet``: all of it; for ``payments``: that component only."""
    opened = StatusPage(
        {"eponet": server.url + "/", "payments": server.url},
        {"payments": ("Payments",)},
        timeout=timedelta(seconds=0.5),
        now=lambda: NINE,
        monotonic=ticking,
    )
    yield opened
    opened.close()


def test_a_page_is_read(pages: StatusPage) -> None:
    found = pages.status("eponet")
    assert (found.vendor, found.indicator, found.read_at) == ("eponet", "none", NINE)
    assert found.components == tuple(Component(name=each, status="operational") for each in ("Portal", "Payments"))
    assert found.operational


def test_an_incident_is_read(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(
        summary(
            status={"indicator": "major"},
            components=[a_component("Portal"), a_component("Payments", "partial_outage")],
            incidents=[an_event("Payments delayed", "identified", "major", ("Payments",))],
        )
    )
    found = pages.status("eponet")
    assert (found.indicator, found.components[1].status, found.operational) == ("major", "partial_outage", False)
    assert found.incidents == (
        Incident(name="Payments delayed", status="identified", impact="major", updated_at=NINE),
    )  # fmt: skip


def test_what_is_monitored_is_not_fixed(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(summary(incidents=[an_event("Payments delayed", "monitoring", "none")]))
    assert not pages.status("eponet").operational


@pytest.mark.parametrize("status", ["resolved", "postmortem"])
def test_what_is_over_is_not_told(server: PageServer, pages: StatusPage, status: str) -> None:
    server.answers[SUMMARY] = as_json(summary(incidents=[an_event("Payments delayed", status)]))
    assert pages.status("eponet").incidents == ()


@pytest.mark.parametrize(("status", "told_as"), [("in_progress", "identified"), ("verifying", "monitoring")])
def test_a_maintenance_that_goes_on_is_an_incident(
    server: PageServer, pages: StatusPage, status: str, told_as: str
) -> None:
    server.answers[SUMMARY] = as_json(summary(scheduled_maintenances=[an_event("New servers", status, "critical")]))
    (incident,) = pages.status("eponet").incidents
    assert (incident.name, incident.status, incident.impact) == ("New servers", told_as, "maintenance")


@pytest.mark.parametrize("status", ["scheduled", "completed"])
def test_a_maintenance_that_lies_ahead_or_is_over_is_none(server: PageServer, pages: StatusPage, status: str) -> None:
    server.answers[SUMMARY] = as_json(summary(scheduled_maintenances=[an_event("New servers", status)]))
    assert pages.status("eponet").operational


def test_a_heading_over_components_is_none_itself(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(
        summary(components=[a_component("Europe", "major_outage", group=True), a_component("Portal")])
    )
    assert [each.name for each in pages.status("eponet").components] == ["Portal"]


# By component


def test_only_the_components_that_matter_are_told(server: PageServer, pages: StatusPage) -> None:
    assert [each.name for each in pages.status("payments").components] == ["Payments"]


def test_an_outage_of_another_component_is_none(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(
        summary(
            status={"indicator": "critical"},
            components=[a_component("Portal", "major_outage"), a_component("Payments")],
            incidents=[an_event("Portal down", "investigating", "critical", ("Portal",))],
        )
    )
    found = pages.status("payments")
    assert (found.indicator, found.incidents, found.operational) == ("none", (), True)


@pytest.mark.parametrize(
    ("status", "indicator"),
    [
        ("under_maintenance", "maintenance"),
        ("degraded_performance", "minor"),
        ("partial_outage", "major"),
        ("major_outage", "critical"),
    ],
)
def test_an_outage_of_the_component_counts(server: PageServer, pages: StatusPage, status: str, indicator: str) -> None:
    server.answers[SUMMARY] = as_json(summary(components=[a_component("Portal"), a_component("Payments", status)]))
    assert pages.status("payments").indicator == indicator


@pytest.mark.parametrize("touched", [(), ("Payments",), ("Portal", "Payments")])
def test_an_incident_that_may_concern_the_component_counts(
    server: PageServer, pages: StatusPage, touched: tuple[str, ...]
) -> None:
    server.answers[SUMMARY] = as_json(summary(incidents=[an_event("Trouble", "investigating", "major", touched)]))
    found = pages.status("payments")
    assert ([each.name for each in found.incidents], found.indicator) == (["Trouble"], "major")


def test_a_component_that_the_page_does_not_have_is_unknown_and_not_fine(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(summary(components=[a_component("Portal")]))
    with pytest.raises(Unavailable, match="has no component Payments, but Portal"):
        pages.status("payments")


# Caching


def test_a_fresh_reading_is_told_again_without_looking(server: PageServer, pages: StatusPage, ticking: Ticking) -> None:
    first = pages.status("eponet")
    ticking.seconds += 14
    assert pages.status("eponet") == first
    assert server.asked == [SUMMARY]


def test_a_reading_that_is_no_longer_fresh_is_made_anew(
    server: PageServer, pages: StatusPage, ticking: Ticking
) -> None:
    pages.status("eponet")
    ticking.seconds += 15
    pages.status("eponet")
    assert server.asked == [SUMMARY] * 2


def test_a_driver_who_asks_to_look_again_gets_a_new_reading(server: PageServer, pages: StatusPage) -> None:
    pages.status("eponet")
    server.answers[SUMMARY] = as_json(summary(status={"indicator": "major"}))
    assert pages.status("eponet", again=True).indicator == "major"
    assert pages.status("eponet").indicator == "major"


def test_an_old_reading_is_not_told_when_looking_again_fails(server: PageServer, pages: StatusPage) -> None:
    pages.status("eponet")
    server.answers[SUMMARY] = told(b"", status=503)
    with pytest.raises(Unavailable):
        pages.status("eponet", again=True)


def test_a_failure_is_not_kept(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = told(b"", status=503)
    with pytest.raises(Unavailable):
        pages.status("eponet")
    server.answers[SUMMARY] = as_json(summary())
    assert pages.status("eponet").operational


# Pages that fail


def test_a_vendor_without_a_page_is_not_found(pages: StatusPage) -> None:
    with pytest.raises(NotFound, match="No status page of nobody is known"):
        pages.status("nobody")


@pytest.mark.parametrize("status", [204, 304, 404, 429, 500, 503])
def test_another_answer_than_200_is_unavailable(server: PageServer, pages: StatusPage, status: int) -> None:
    server.answers[SUMMARY] = told(b"", status=status)
    with pytest.raises(Unavailable, match=f"answered {status}"):
        pages.status("eponet")


def test_a_page_that_nobody_serves_is_unavailable(pages: StatusPage) -> None:
    nobody = StatusPage({"eponet": "http://127.0.0.1:9"}, {}, timeout=timedelta(seconds=0.5))
    with pytest.raises(Unavailable, match="cannot be reached"):
        nobody.status("eponet")
    nobody.close()


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Sign in</title>",
        b"",
        b"null",
        b"[]",
        b'"operational"',
        b"{}",
        b'{"status": {"indicator": "none"}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_what_is_no_summary_is_unavailable(server: PageServer, pages: StatusPage, body: bytes) -> None:
    server.answers[SUMMARY] = told(body)
    with pytest.raises(Unavailable, match="answered no summary of the v2 form"):
        pages.status("eponet")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"status": {"indicator": "splendid"}}, "indicator"),
        ({"status": {}}, "status.indicator"),
        ({"status": None}, "status"),
        ({"components": None}, "components"),
        ({"components": [a_component("Portal", "splendid")]}, "status"),
        ({"components": [{"name": "Portal"}]}, "components.0.status"),
        ({"incidents": "none"}, "incidents"),
        ({"incidents": [an_event("Trouble", "splendid")]}, "status"),
        ({"incidents": [an_event("Trouble", "investigating", "huge")]}, "impact"),
    ],
)
def test_a_word_that_the_form_does_not_have_is_unavailable_and_not_fine(
    server: PageServer, pages: StatusPage, changes: dict[str, Any], where: str
) -> None:
    server.answers[SUMMARY] = as_json(summary(**changes))
    with pytest.raises(Unavailable, match=rf"\({where}: "):
        pages.status("eponet")


def test_a_maintenance_in_a_state_that_the_form_does_not_have_is_unavailable(
    server: PageServer, pages: StatusPage
) -> None:
    server.answers[SUMMARY] = as_json(summary(scheduled_maintenances=[an_event("New servers", "splendid")]))
    with pytest.raises(Unavailable, match="unknown state, 'splendid'"):
        pages.status("eponet")


def test_an_answer_of_a_megabyte_is_read(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(summary(padding="x" * 990_000))
    assert pages.status("eponet").operational


def test_a_longer_answer_is_unavailable(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = as_json(summary(padding="x" * 1_000_000))
    with pytest.raises(Unavailable, match="more than 1000000 bytes"):
        pages.status("eponet")


def test_a_compressed_answer_is_not_unfolded(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = told(b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(Unavailable, match="compressed"):
        pages.status("eponet")


def test_a_page_that_says_nothing_is_unavailable(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = lambda handler: time.sleep(0.7)
    with pytest.raises(Unavailable, match=r"no answer within 0\.5 s"):
        pages.status("eponet")


def test_a_page_that_trickles_is_unavailable(server: PageServer, pages: StatusPage) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            for _ in range(50):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)

    server.answers[SUMMARY] = trickle
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"no answer within 0\.5 s"):
        pages.status("eponet")
    assert time.monotonic() - began < 1.5


def test_a_page_that_hangs_up_midway_is_unavailable(server: PageServer, pages: StatusPage) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    server.answers[SUMMARY] = hang_up
    with pytest.raises(Unavailable, match="cannot be reached"):
        pages.status("eponet")


# Redirects


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_page_that_has_moved_on_its_host_is_followed(server: PageServer, pages: StatusPage, status: int) -> None:
    server.answers[SUMMARY] = told(b"", status=status, Location="/moved.json")
    server.answers["/moved.json"] = as_json(summary())
    assert pages.status("eponet").operational


def test_another_host_is_not_asked(server: PageServer, pages: StatusPage) -> None:
    with page_server() as other:
        other.answers[SUMMARY] = as_json(summary())
        elsewhere = other.url.replace("127.0.0.1", "localhost") + SUMMARY
        server.answers[SUMMARY] = told(b"", status=302, Location=elsewhere)
        with pytest.raises(Unavailable, match="sends on to another host"):
            pages.status("eponet")
        assert other.asked == []


@pytest.mark.parametrize(
    "elsewhere", ["http://127.0.0.1:1/x", "//example.com/x", "file:///etc/passwd", "ftp://127.0.0.1/"]
)
def test_neither_another_port_nor_another_way_is_followed(
    server: PageServer, pages: StatusPage, elsewhere: str
) -> None:
    server.answers[SUMMARY] = told(b"", status=302, Location=elsewhere)
    with pytest.raises(Unavailable, match="sends on to another host"):
        pages.status("eponet")


def test_a_page_that_sends_in_circles_is_unavailable(server: PageServer, pages: StatusPage) -> None:
    server.answers[SUMMARY] = told(b"", status=302, Location=SUMMARY)
    with pytest.raises(Unavailable, match="sends on more than 3 times"):
        pages.status("eponet")
    assert len(server.asked) == 4


# Addresses


@pytest.mark.parametrize("url", ["https://status.example.com", "http://status.example.com/x"])
def test_drivers_are_told_the_address_that_the_page_gives(server: PageServer, pages: StatusPage, url: str) -> None:
    server.answers[SUMMARY] = as_json(summary(page={"url": url}))
    assert pages.status("eponet").page == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "status",
        "",
        None,
        "https://",
        "https://a@b.com",
        "http://[",
    ],
)
def test_an_address_that_is_none_is_replaced_by_the_known_one(
    server: PageServer, pages: StatusPage, url: str | None
) -> None:
    server.answers[SUMMARY] = as_json(summary(page={"url": url}))
    assert pages.status("eponet").page == server.url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "status.example.com",
        "ftp://status.example.com",
        "https://",
        "https://user:pw@example.com",
        "https://a.b/?q=1",
        "https://[",
        "https://a.b:99999999",
    ],
)
def test_a_page_must_have_an_address(url: str) -> None:
    with pytest.raises(SettingsError, match=r"status page of eponet cannot be used. Write one such as https://"):
        StatusPage({"eponet": url}, {})
