"""API keys in a SQLite file that all workers and the command share."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.keys.migrations import MIGRATIONS
from bot.adapters.sqlite import open_database
from bot.errors import UnknownKey
from bot.keys import Key, Scope, digest, id_of, new_secret
from bot.ports import Clock

NOTE_USE_EVERY = timedelta(minutes=1)
"""A write for each request would cost more than the request."""
NOBODYS = digest("")


class SqliteKeys:
    """Keeps digests alone, so that who reads the file can open nothing."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._guard = threading.RLock()
        self._database = open_database(path, MIGRATIONS, "PLUGDESK_KEYS")

    def add(self, name: str, scopes: tuple[Scope, ...]) -> tuple[Key, str]:
        """See :class:`bot.keys.Keys`."""
        identity, secret = new_secret()
        key = Key(id=identity, name=name, scopes=scopes, created_at=self._clock.now())
        made = {"scopes": " ".join(scopes), "digest": digest(secret), "created_at": key.created_at.isoformat()}
        with self._guard:
            self._database.table("key").insert({"id": identity, "name": name, **made})
        return key, secret

    def of(self, shown: str) -> Key | None:
        """See :class:`bot.keys.Keys`."""
        with self._guard:
            row = next(iter(self._database.table("key").rows_where("id = ?", [id_of(shown) or ""])), None)
        # Compared even where there is no such key, so that the time tells nothing of ids.
        same = secrets.compare_digest(digest(shown), row["digest"] if row else NOBODYS)
        if row is None or not same:
            return None
        key = _key(row)
        if key.revoked_at is not None:
            return None
        now = self._clock.now()
        if key.used_at is None or now - key.used_at >= NOTE_USE_EVERY:
            self._set(key.id, "used_at", now)
        return key

    def all(self) -> list[Key]:
        """See :class:`bot.keys.Keys`."""
        with self._guard:
            rows = list(self._database.table("key").rows_where(order_by="created_at"))
        return [_key(row) for row in rows]

    def revoke(self, key: str) -> Key:
        """See :class:`bot.keys.Keys`."""
        known = next((each for each in self.all() if each.id == key), None)
        if known is None:
            raise UnknownKey(f"There is no key {key!r}. See the ids with: plugdesk keys list")
        if known.revoked_at is None:
            now = self._clock.now()
            self._set(key, "revoked_at", now)
            known = known.model_copy(update={"revoked_at": now})
        return known

    def close(self) -> None:
        """See :class:`bot.keys.Keys`."""
        with self._guard:
            self._database.conn.close()

    def _set(self, key: str, column: str, at: datetime) -> None:
        with self._guard:
            self._database.table("key").update(key, {column: at.isoformat()})


def _key(row: dict[str, Any]) -> Key:
    known = {name: value for name, value in row.items() if name != "digest"}
    return Key.model_validate({**known, "scopes": row["scopes"].split()})
