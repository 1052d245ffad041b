"""The panel's cookies: who is signed in, a form before that, a notice, the theme."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any, Literal

from fastapi import Request, Response

PATH = "/"
"""Where a name begins with __Host-, it has to be this one (RFC 6265bis, 4.1.3.2)."""
LONGEST_NOTICE = 600
NOTICE_S = 60
YEAR_S = 365 * 24 * 3600
Kind = Literal["session", "form", "notice", "theme", "oidc"]


def name_of(kind: Kind, request: Request) -> str:
    """The cookie's name: over https, one that no other host and no page without https can set."""
    return f"{'__Host-' if request.url.scheme == 'https' else ''}plugdesk-{kind}"


def read(kind: Kind, request: Request) -> str | None:
    """The cookie that the browser sent."""
    return request.cookies.get(name_of(kind, request)) or None


def write(kind: Kind, value: str, request: Request, response: Response, seconds: int | None = None) -> None:
    """Let the browser keep it, out of reach of scripts; without ``seconds`` until the browser ends."""
    secure = request.url.scheme == "https"
    response.set_cookie(
        name_of(kind, request), value, max_age=seconds, path=PATH, secure=secure, httponly=True, samesite="lax"
    )


def drop(kind: Kind, request: Request, response: Response) -> None:
    """Let the browser forget it."""
    secure = request.url.scheme == "https"
    response.delete_cookie(name_of(kind, request), path=PATH, secure=secure, httponly=True, samesite="lax")


def form_secret() -> str:
    """What binds the forms of a browser in which nobody is signed in yet."""
    return secrets.token_urlsafe(32)


def csrf_of(secret: str) -> str:
    """The token of all forms of one browser; the secret of its cookie cannot be told from it."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def same_csrf(given: str, secret: str) -> bool:
    """Whether a form came from this browser's own page, told in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), csrf_of(secret).encode())


def packed(values: dict[str, Any]) -> str:
    """Values as a cookie can hold them (RFC 6265, 4.1.1)."""
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode()


def unpacked(given: str | None) -> dict[str, Any]:
    """What was packed; nothing where it cannot be read."""
    try:
        found = json.loads(base64.urlsafe_b64decode((given or "").encode()))
    except (ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}
