"""The tour's pictures show what drivers and agents see today; tests/browser/tour.py takes them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.served import Served
from tests.browser.chat import World
from tests.browser.tour import LARGEST, PICTURES, SCENES, Stage, picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_goes_as_the_tour_tells_it(name: str, browser: Browser, server: Served, world: World) -> None:
    page = SCENES[name](Stage(browser, server.url))
    assert len(picture(page)) < LARGEST
    page.context.close()


def test_the_pictures_are_those_of_the_scenes_and_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in PICTURES.glob("*.webp")}
    assert set(sizes) == set(SCENES)
    assert max(sizes.values()) < LARGEST
