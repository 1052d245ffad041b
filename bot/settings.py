"""Settings come from a mapping, once; every value is typed and checked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError
from indexer.embedders.prefixes import Prefixes

HOME = Path(__file__).parents[1]


@dataclass(frozen=True)
class Settings:
    """How this process runs. The variable of each field is PLUGDESK_ and its name in capitals."""

    kb: Path
    """The knowledge base."""
    index: Path
    """Where builds of the index are kept."""
    conversations: str
    """URL of the conversation store: sqlite:///path or memory:"""
    model: str
    """Path or name of a sentence-transformers model; empty for the one that ships."""
    prefixes: Prefixes | None
    """What the model wants before queries and passages; None for what is known of it."""
    host: str
    port: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], home: Path = HOME) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: naming the variable, what it holds and what it may hold.
        """

        def text(name: str, default: str) -> str:
            return environ.get(f"PLUGDESK_{name}", default).strip()

        port = text("PORT", "8080")
        if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65_536:
            raise SettingsError(f"PLUGDESK_PORT is {port!r}. Use a number from 1 to 65535.")
        query, passage = environ.get("PLUGDESK_QUERY_PREFIX"), environ.get("PLUGDESK_PASSAGE_PREFIX")
        prefixes = None if query is None and passage is None else Prefixes(query or "", passage or "")
        return cls(
            kb=Path(text("KB", str(home / "kb"))),
            index=Path(text("INDEX", str(home / "var" / "index"))),
            conversations=text("CONVERSATIONS", f"sqlite:///{home / 'var' / 'plugdesk.db'}"),
            model=text("MODEL", ""),
            prefixes=prefixes,
            host=text("HOST", "127.0.0.1"),
            port=int(port),
        )
