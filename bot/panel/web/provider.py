"""Signing in with the organisation's OpenID provider: away to it, and back."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import jwt
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from bot.panel.sign_in import SignInRefused
from bot.panel.values import Agent
from bot.panel.web import cookies
from bot.panel.web.access import address_of, anybody, panel_of
from bot.panel.web.login import let_in, sign_in_form, within_panel
from bot.panel.web.pages import HEADERS, language_for, say_to
from bot.panel.web.texts import N_

if TYPE_CHECKING:
    from bot.panel.oidc import Provider

AWAY = "/agent/sign-in/provider"
BACK = "/agent/sign-in/provider/back"
AWAY_FOR = timedelta(minutes=10)
ALGORITHM = "HS256"
Anybody = Annotated[Agent | None, Depends(anybody)]
Given = Annotated[str, Query(max_length=4000)]
Issuer = Annotated[str | None, Query(max_length=4000)]


def router() -> APIRouter:
    """Its routes; they exist where a provider is set."""
    routes, key = APIRouter(), secrets.token_bytes(32)

    @routes.get(AWAY)
    def away(request: Request, agent: Anybody, next: Given = "") -> Response:
        from bot.panel.oidc import ProviderRefused

        provider, wanted = _provider(request), within_panel(next)
        try:
            begun = provider.begin(_back(request))
        except ProviderRefused:
            return _failed(request, wanted)
        kept = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": wanted}
        signed = jwt.encode({**kept, "exp": datetime.now(UTC) + AWAY_FOR}, key, ALGORITHM)
        response = RedirectResponse(begun.url, 303, HEADERS)
        cookies.write("oidc", signed, request, response, int(AWAY_FOR.total_seconds()))
        return response

    @routes.get(BACK)
    def back(
        request: Request,
        agent: Anybody,
        code: Given = "",
        state: Given = "",
        iss: Issuer = None,
    ) -> Response:
        from bot.panel.membership import account_of
        from bot.panel.oidc import ProviderRefused

        provider, panel, kept = _provider(request), panel_of(request), _kept(request, key)
        wanted = within_panel(str(kept.get("next", "")))
        same = hmac.compare_digest(str(kept.get("state", "")).encode(), state.encode("utf-8", "replace"))
        if not (kept and same and code and provider.is_issuer(iss)):
            return _failed(request, wanted)
        try:
            known = provider.finish(_back(request), code, kept["nonce"], kept["verifier"])
            found = account_of(known, provider, panel.accounts, language_for(request))
            leaving = cookies.read("session", request)
            secret = panel.sign_in.enter(found, address_of(request), "OpenID", leaving)
        except (ProviderRefused, SignInRefused):
            return _failed(request, wanted)
        response = let_in(request, secret, wanted)
        cookies.drop("oidc", request, response)
        return response

    return routes


def _provider(request: Request) -> Provider:
    provider = panel_of(request).provider
    if provider is None:
        raise HTTPException(404, "No OpenID provider is set. The operator names one in PLUGDESK_OIDC_ISSUER.")
    return provider


def _back(request: Request) -> str:
    return str(request.base_url).rstrip("/") + BACK


def _kept(request: Request, key: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = jwt.decode(cookies.read("oidc", request) or "", key, [ALGORITHM])
    except jwt.InvalidTokenError:
        return {}
    return found


def _failed(request: Request, wanted: str) -> Response:
    told = say_to(request)(N_("Your organisation's sign-in did not work. Try again, or ask an administrator."))
    response = sign_in_form(request, 401, wanted, failed=told)
    cookies.drop("oidc", request, response)
    return response
