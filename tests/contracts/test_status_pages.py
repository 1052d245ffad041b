"""What every source of platform status must do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import NotFound, Unavailable
from bot.tools.ports import StatusPages
from tests.contracts.backends import STATUS_PAGES

VENDORS = ["chargepoint", "enelx", "eponet", "mbrella", "wallbox"]


@pytest.fixture(params=sorted(STATUS_PAGES))
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pages(backend: str, tmp_path: Path) -> Iterator[StatusPages]:
    with STATUS_PAGES[backend](tmp_path, True) as port:
        yield port


@pytest.fixture
def silent(backend: str, tmp_path: Path) -> Iterator[StatusPages]:
    with STATUS_PAGES[backend](tmp_path, False) as port:
        yield port


@pytest.mark.parametrize("vendor", VENDORS)
def test_all_is_well_in_the_beginning(pages: StatusPages, vendor: str) -> None:
    found = pages.status(vendor)
    assert (found.vendor, found.indicator, found.incidents) == (vendor, "none", ())
    assert found.operational


@pytest.mark.parametrize("vendor", VENDORS)
def test_components_have_names_and_are_operational(pages: StatusPages, vendor: str) -> None:
    assert {each.status for each in pages.status(vendor).components} == {"operational"}


def test_looking_again_reads_anew(pages: StatusPages) -> None:
    before = pages.status("eponet").read_at
    assert pages.status("eponet", again=True).read_at > before


@pytest.mark.parametrize("vendor", ["nobody", "", "EPONET", "../eponet"])
def test_a_vendor_without_a_page_is_not_found(pages: StatusPages, vendor: str) -> None:
    with pytest.raises(NotFound):
        pages.status(vendor)


def test_a_page_that_does_not_answer_is_unavailable_and_never_all_fine(silent: StatusPages) -> None:
    with pytest.raises(Unavailable):
        silent.status("eponet")


def test_what_was_read_cannot_be_changed(pages: StatusPages) -> None:
    found = pages.status("eponet")
    with pytest.raises(ValidationError, match="frozen"):
        found.indicator = "none"
