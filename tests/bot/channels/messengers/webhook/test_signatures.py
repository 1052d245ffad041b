"""Who signed what, and when."""

from __future__ import annotations

import pytest

from bot.channels.messengers.webhook.signatures import SignatureRefused, check, signed

SECRET, BODY, NOW = b"s" * 32, b'{"text": "hei"}', 1_764_147_600
HEADER = signed(SECRET, BODY, NOW)
DIGEST = HEADER.partition(",v1=")[2]


def test_the_header_is_what_the_documentation_says() -> None:
    # Computed with: printf '1764147600.{"text": "hei"}' | openssl dgst -sha256 -hmac ssssssssssssssssssssssssssssssss
    assert HEADER == "t=1764147600,v1=97edf29f49f6a9fab61c8f3dd77a18ce20515f3df8ba02e21f21f90c260a255c"


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_it_is_good_within_the_window(late: int) -> None:
    check(HEADER, SECRET, BODY, NOW + late, 300)


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_it_is_not_good_outside_the_window(late: int) -> None:
    with pytest.raises(SignatureRefused, match="another time"):
        check(HEADER, SECRET, BODY, NOW + late, 300)


@pytest.mark.parametrize(
    ("header", "secret", "body"),
    [
        (HEADER, b"x" * 32, BODY),
        (HEADER, SECRET, BODY + b" "),
        (HEADER.replace("t=1764147600", "t=1764147601"), SECRET, BODY),
        (f"t={NOW},v1={'0' * 64}", SECRET, BODY),
    ],
    ids=["another secret", "another body", "another time", "made up"],
)
def test_what_does_not_fit_is_refused(header: str, secret: bytes, body: bytes) -> None:
    with pytest.raises(SignatureRefused, match="does not fit"):
        check(header, secret, body, NOW, 300)


@pytest.mark.parametrize("header", [None, ""])
def test_what_is_not_signed_is_refused(header: str | None) -> None:
    with pytest.raises(SignatureRefused, match="is missing"):
        check(header, SECRET, BODY, NOW, 300)


@pytest.mark.parametrize(
    "header",
    [
        "v1=" + DIGEST, f"t={NOW}", f"t={NOW},v2={DIGEST}", f"t=x,v1={DIGEST}", f"t=,v1={DIGEST}", f"t=²,v1={DIGEST}",
        f"t={NOW},v1=abc", f"t={NOW},v1={DIGEST.upper()}", f"t={NOW},t={NOW},v1={DIGEST}", f"t={'9' * 13},v1={DIGEST}",
        f"t=-1,v1={DIGEST}", f"t=1.5,v1={DIGEST}", "é", ",,,", "=",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(SignatureRefused, match="cannot be read"):
        check(header, SECRET, BODY, NOW, 300)


def test_of_several_digests_one_must_fit() -> None:
    check(f"t={NOW},v1={'0' * 64},v1={DIGEST}, v2=x", SECRET, BODY, NOW, 300)
