"""Secrets are masked at the door; numbers that only look like one stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.masking import Secret, mask

CARDS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("spacing", ["", " ", "-", ".", "\u00a0", "\n"])
def test_no_card_survives_whatever_its_spacing(card: str, spacing: str) -> None:
    written = spacing.join(card[place : place + 4] for place in range(0, len(card), 4))
    masked = mask(f"my card {written} was declined")
    assert masked.found == (Secret.CARD,)
    assert masked.text == "my card [card] was declined"


@pytest.mark.parametrize(
    ("text", "kept", "found"),
    [
        ("4111 1111 1111 1111 12/27 123", "[card] [cvv]", (Secret.CARD, Secret.CVV)),
        ("card4111111111111111", "card[card]", (Secret.CARD,)),
        ("４１１１ １１１１ １１１１ １１１１", "[card]", (Secret.CARD,)),
        ("4111111111111111, 5555555555554444", "[card], [card]", (Secret.CARD,)),
        ("41111111111111115555555555554444", "[card][card]", (Secret.CARD,)),
        ("12 4111 1111 1111 1111", "12 [card]", (Secret.CARD,)),
        ("CH93 0076 2011 6238 5295 7 bitte", "[iban] bitte", (Secret.IBAN,)),
        ("no93 8601 1117 947", "[iban]", (Secret.IBAN,)),
        ("cvv 123", "cvv [cvv]", (Secret.CVV,)),
        ("Sicherheitscode: 4321", "Sicherheitscode [cvv]", (Secret.CVV,)),
        ("my password is hunter2!", "my password [password]", (Secret.PASSWORD,)),
        ("mot de passe : soleil42", "mot de passe [password]", (Secret.PASSWORD,)),
        ("Passwort: hallo123", "Passwort [password]", (Secret.PASSWORD,)),
        ("passord er Sommer2024", "passord [password]", (Secret.PASSWORD,)),
        ("wachtwoord is geheim1", "wachtwoord [password]", (Secret.PASSWORD,)),
        ("contraseña: sol123", "contraseña [password]", (Secret.PASSWORD,)),
        ("hasło: kotek1", "hasło [password]", (Secret.PASSWORD,)),
        ("my pin is 4521", "my pin [password]", (Secret.PASSWORD,)),
    ],
)
def test_secrets_are_replaced_by_their_kind(text: str, kept: str, found: tuple[Secret, ...]) -> None:
    assert (mask(text).text, mask(text).found) == (kept, found)


@pytest.mark.parametrize(
    "text",
    [
        "account 40711, station CH*EPO*E4521", "NL-TNM-C00122045-K", "charger 310244", "report R-20418",
        "+41 44 123 45 67", "04:A2:2B:1C:5D:6E:80", "1234 5678 9012 3456", "0000 0000 0000 0000",
        "I forgot my password", "password reset does not work", "wrong password", "mot de passe oublié",
        "Passwort vergessen", "password dimenticata", "pass 70 1234 5678", "session 2026112612345678",
        "4521 " * 40,
    ],
)  # fmt: skip
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert mask(text).text == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once
