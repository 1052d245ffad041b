"""``python -m handbook``: write the pages of the reference anew from the settings and the commands."""

from __future__ import annotations

from pathlib import Path

from handbook.commands import commands_page
from handbook.settings import settings_page

ROOT = Path(__file__).parents[1]
PAGES = {"settings": settings_page, "commands": commands_page}


def main() -> None:
    """Write them."""
    for name, page in PAGES.items():
        (ROOT / "docs" / "reference" / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
