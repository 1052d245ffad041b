"""Signing in with an OpenID provider: a real one on this machine, and one that lies."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from bot.assembly import SystemClock
from bot.conversation import Conversations
from bot.panel.oidc import Provider
from bot.panel.panel import Panel
from bot.settings import OidcSettings
from tests.bot.panel.browsers import Browser, a_panel, an_app
from tests.doubles import SteppingClock
from tests.serving import until

AWAY = "/agent/sign-in/provider"
BACK = f"{AWAY}/back"
CLIENT = "plugdesk"
ISSUER = "https://id.example"
ROLES = {"support": "agent", "leads": "lead", "it": "admin"}
PEOPLE = [
    {"sub": "u-1", "email": "nina@example.org", "email_verified": True, "name": "Nina", "groups": ["support", "leads"]},
    {"sub": "u-2", "email": "otto@example.org", "email_verified": True, "name": "Otto", "groups": ["canteen"]},
]


@pytest.fixture(scope="module")
def real_issuer() -> Iterator[str]:
    """A provider that was written by others, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", *people]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"}) as process:
        issuer = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                return httpx2.get(f"{issuer}/.well-known/openid-configuration").is_success
            except httpx2.HTTPError:
                return False

        until(answers)
        yield issuer
        process.terminate()


@dataclass
class LyingProvider:
    """Does what a provider does (with PKCE looked at), but for ``claims`` and the ways in which it may lie."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing: Any = None
    algorithm: str = "RS256"
    issuer: str = ISSUER
    claims: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] | None = None
    down: bool = False
    asked: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if self.down:
            raise httpx2.ConnectError("down")
        match request.url.path:
            case "/.well-known/openid-configuration":
                found = {
                    "issuer": self.issuer,
                    **{name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")},
                }
                return httpx2.Response(200, json=found | ({"userinfo_endpoint": f"{ISSUER}/me"} if self.info else {}))
            case "/jwks_uri":
                return httpx2.Response(200, json={"keys": [self.key.as_dict(private=False)]})
            case "/me":
                return httpx2.Response(200, json=self.info)
            case _:
                return self._token(parse_qs(request.content.decode()))

    def _token(self, form: dict[str, list[str]]) -> httpx2.Response:
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != self.asked["code_challenge"] or form["redirect_uri"][0] != self.asked["redirect_uri"]:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        now = int(SystemClock().now().timestamp())
        usual = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.asked["nonce"], **PEOPLE[0]}
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        token = jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, self.signing or self.key, [self.algorithm])
        return httpx2.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": token})


@pytest.fixture
def panel(small_talks: Conversations) -> Panel:
    return a_panel(small_talks, SteppingClock())


@pytest.fixture
def lying() -> LyingProvider:
    return LyingProvider()


def settings(issuer: str = ISSUER, **changes: Any) -> OidcSettings:
    return replace(OidcSettings(issuer, CLIENT, "secret", ROLES), **changes)


def browser_at(panel: Panel, provider: Provider, kb: Path) -> Browser:
    with_provider = replace(panel, provider=provider)
    return Browser(TestClient(an_app(with_provider, panel.conversations, kb), raise_server_exceptions=False))


@pytest.fixture
def browser(panel: Panel, lying: LyingProvider, small_base: Path) -> Browser:
    """At a server whose provider may lie."""
    return browser_at(panel, Provider(settings(), SystemClock(), httpx2.MockTransport(lying)), small_base)


def away(browser: Browser, lying: LyingProvider) -> dict[str, str]:
    """Send the browser away; what the provider is asked for."""
    gone = browser.get(f"{AWAY}?next=/agent/account")
    assert gone.status_code == 303
    asked = {name: values[0] for name, values in parse_qs(urlsplit(gone.headers["Location"]).query).items()}
    lying.asked = asked
    return asked


def signed_in(browser: Browser, lying: LyingProvider) -> httpx2.Response:
    asked = away(browser, lying)
    return browser.get(BACK, params={"code": "c", "state": asked["state"]})


def test_somebody_signs_in_with_a_real_provider(panel: Panel, small_base: Path, real_issuer: str) -> None:
    browser = browser_at(panel, Provider(settings(real_issuer), SystemClock()), small_base)
    assert AWAY in browser.get("/agent/sign-in").text
    gone = browser.get(f"{AWAY}?next=/agent/account").headers["Location"]
    assert gone.startswith(f"{real_issuer}/oauth2/authorize?")
    sent_back = httpx2.post(gone, data={"sub": "u-1"}).headers["Location"]
    answer = browser.get(sent_back)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/agent/account")
    assert "Nina" in browser.get("/agent").text
    made = panel.agents.by_email("nina@example.org")
    assert made is not None
    assert (made.role, made.subject) == ("lead", f"{real_issuer}|u-1")


def test_who_is_in_no_group_gets_in_nowhere(panel: Panel, small_base: Path, real_issuer: str) -> None:
    browser = browser_at(panel, Provider(settings(real_issuer), SystemClock()), small_base)
    sent_back = httpx2.post(browser.get(AWAY).headers["Location"], data={"sub": "u-2"}).headers["Location"]
    assert browser.get(sent_back).status_code == 401
    assert panel.agents.by_email("otto@example.org") is None


def test_a_code_counts_once(panel: Panel, small_base: Path, real_issuer: str) -> None:
    browser = browser_at(panel, Provider(settings(real_issuer), SystemClock()), small_base)
    sent_back = httpx2.post(browser.get(AWAY).headers["Location"], data={"sub": "u-1"}).headers["Location"]
    assert [browser.get(sent_back).status_code for _ in range(2)] == [303, 401]


def test_the_provider_is_asked_with_pkce_state_and_nonce(browser: Browser, lying: LyingProvider) -> None:
    asked = away(browser, lying)
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["redirect_uri"] == f"http://testserver{BACK}"


def test_what_is_right_is_let_in(browser: Browser, lying: LyingProvider) -> None:
    assert signed_in(browser, lying).headers["Location"] == "/agent/account"
    assert browser.get("/agent").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", CLIENT]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"nonce": "replayed"},
        {"nonce": None},
        {"sub": None},
        {"groups": []},
        {"groups": "canteen"},
        {"email_verified": False},
        {"email_verified": "true"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_opens_nothing(
    browser: Browser, lying: LyingProvider, claims: dict[str, Any]
) -> None:
    lying.claims = claims
    assert signed_in(browser, lying).status_code == 401
    assert browser.get("/agent").status_code == 303


def test_a_token_that_somebody_else_signed_opens_nothing(browser: Browser, lying: LyingProvider) -> None:
    lying.signing = RSAKey.generate_key(2048, {"kid": "1"})
    assert signed_in(browser, lying).status_code == 401


def test_a_token_signed_with_the_clients_secret_opens_nothing(browser: Browser, lying: LyingProvider) -> None:
    lying.signing, lying.algorithm = OctKey.import_key("secret-of-the-client-long-enough"), "HS256"
    assert signed_in(browser, lying).status_code == 401


def test_a_provider_that_calls_itself_otherwise_is_not_gone_to(browser: Browser, lying: LyingProvider) -> None:
    lying.issuer = "https://evil.example"
    assert browser.get(AWAY).status_code == 401


def test_a_provider_that_is_down_leaves_the_password(browser: Browser, lying: LyingProvider) -> None:
    lying.down = True
    answer = browser.get(AWAY)
    assert answer.status_code == 401
    assert 'name="password"' in answer.text


@pytest.mark.parametrize(
    "given",
    [{"state": "planted"}, {"code": ""}, {"iss": "https://evil.example"}, {"error": "access_denied", "code": ""}],
    ids=str,
)
def test_what_comes_back_otherwise_than_asked_opens_nothing(
    browser: Browser, lying: LyingProvider, given: dict[str, str]
) -> None:
    asked = away(browser, lying)
    assert browser.get(BACK, params={"code": "c", "state": asked["state"]} | given).status_code == 401


def test_what_another_browser_began_opens_nothing(
    browser: Browser, lying: LyingProvider, panel: Panel, small_base: Path
) -> None:
    asked = away(browser, lying)
    other = browser_at(panel, Provider(settings(), SystemClock(), httpx2.MockTransport(lying)), small_base)
    assert other.get(BACK, params={"code": "c", "state": asked["state"]}).status_code == 401


def test_an_account_is_found_by_its_verified_address_and_its_role_follows(
    browser: Browser, lying: LyingProvider, panel: Panel
) -> None:
    lying.claims = {"email": "agent@example.org", "groups": ["it"]}
    assert signed_in(browser, lying).status_code == 303
    found = panel.agents.of("a-agent")
    assert (found.role, found.subject) == ("admin", f"{ISSUER}|u-1")


def test_an_address_that_is_bound_to_somebody_else_opens_nothing(
    browser: Browser, lying: LyingProvider, panel: Panel
) -> None:
    panel.agents.save(panel.agents.of("a-admin").model_copy(update={"subject": f"{ISSUER}|somebody-else"}))
    lying.claims = {"email": "admin@example.org"}
    assert signed_in(browser, lying).status_code == 401


def test_the_last_administrator_stays_one_whatever_the_groups_say(
    browser: Browser, lying: LyingProvider, panel: Panel
) -> None:
    lying.claims = {"email": "admin@example.org", "groups": ["support"]}
    assert signed_in(browser, lying).status_code == 303
    assert panel.agents.of("a-admin").role == "admin"


def test_a_locked_account_stays_shut(browser: Browser, lying: LyingProvider, panel: Panel) -> None:
    panel.accounts.lock(panel.agents.of("a-agent"), "test")
    lying.claims = {"email": "agent@example.org"}
    assert signed_in(browser, lying).status_code == 401


def test_what_the_token_does_not_tell_is_asked_for(browser: Browser, lying: LyingProvider) -> None:
    lying.claims = {"email": None, "groups": None}
    lying.info = PEOPLE[0]
    assert signed_in(browser, lying).status_code == 303


def test_what_is_told_of_somebody_else_opens_nothing(browser: Browser, lying: LyingProvider) -> None:
    lying.claims = {"email": None, "groups": None}
    lying.info = PEOPLE[0] | {"sub": "u-9"}
    assert signed_in(browser, lying).status_code == 401


def test_without_roles_of_groups_only_who_has_an_account_gets_in(
    panel: Panel, lying: LyingProvider, small_base: Path
) -> None:
    provider = Provider(settings(roles={}), SystemClock(), httpx2.MockTransport(lying))
    browser = browser_at(panel, provider, small_base)
    assert signed_in(browser, lying).status_code == 401
    lying.claims = {"email": "lead@example.org"}
    assert signed_in(browser, lying).status_code == 303
    assert panel.agents.of("a-lead").role == "lead"
