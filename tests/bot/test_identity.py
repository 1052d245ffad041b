"""A driver is who a valid token says, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.errors import IdentityRefused, SettingsError
from bot.identity import TokenReader

SECRET = "a" * 32
READER = TokenReader(SECRET, ("HS256",), "plugdesk", issuer=None, leeway_s=0)


def claims(**changes: Any) -> dict[str, Any]:
    usual = {"sub": "ane", "aud": "plugdesk", "exp": datetime.now(UTC) + timedelta(hours=3), "accounts": ["40711"]}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def signed(key: Any = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm)


@pytest.fixture(scope="module")
def keys() -> tuple[rsa.RSAPrivateKey, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key, public.decode()


def test_a_valid_token_says_who_the_driver_is() -> None:
    identity = READER.read(signed(role="admin", locale="nb-NO", vendor="eponet"))
    assert identity.model_dump() == {
        "user": "ane", "accounts": ("40711",), "role": "admin", "locale": "nb-NO", "vendor": "eponet",
    }  # fmt: skip


def test_an_rsa_token_is_verified_by_the_public_key(keys: tuple[rsa.RSAPrivateKey, str]) -> None:
    reader = TokenReader(keys[1], ("RS256",), "plugdesk", issuer=None, leeway_s=0)
    assert reader.read(signed(keys[0], "RS256")).user == "ane"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(exp=datetime.now(UTC) - timedelta(minutes=1)), "expired"),
        (signed(aud="another"), "audience"),
        (signed(key="b" * 32), "signature"),
        (signed(exp=None), "claims"),
        (signed(accounts="40711"), "claims"),
        (signed(role={"nested": ["junk"]}), "claims"),
        (jwt.encode(claims(), key="", algorithm="none"), "algorithm"),
        ("no token", "malformed"),
        ("x" * 9_000, "malformed"),
    ],
)
def test_what_is_not_to_be_trusted_is_refused_and_says_why(token: str, reason: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        READER.read(token)
    assert refused.value.reason == reason
    assert token not in str(refused.value)


def test_a_public_key_is_never_taken_for_a_shared_secret(keys: tuple[rsa.RSAPrivateKey, str]) -> None:
    with pytest.raises(SettingsError, match="RS256"):
        TokenReader(keys[1], ("HS256",), "plugdesk", issuer=None, leeway_s=0)


def test_a_short_secret_is_refused_with_a_remedy() -> None:
    with pytest.raises(SettingsError, match="openssl rand"):
        TokenReader("secret", ("HS256",), "plugdesk", issuer=None, leeway_s=0)
