"""Where Request Tracker is, from the settings."""

from __future__ import annotations

import pytest

from bot.adapters.desk.rt_connection import RtConnection
from bot.errors import SettingsError

SECRET = "hush-hush"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("rt+https://rt.example", "https://rt.example"),
        ("rt+https://rt.example/help/", "https://rt.example/help"),
        ("rt+http://127.0.0.1:8532/rt", "http://127.0.0.1:8532/rt"),
        ("rt+http://[::1]:8532", "http://[::1]:8532"),
    ],
)
def test_an_address_leads_to_the_pages(address: str, url: str) -> None:
    assert RtConnection.of(address, "Plugdesk", token=SECRET).url == url


def test_a_token_needs_no_user() -> None:
    connection = RtConnection.of("rt+https://rt.example", "Chargers", token=SECRET)
    assert (connection.queue, connection.user, connection.secret.get_secret_value()) == ("Chargers", None, SECRET)


def test_a_user_has_a_password() -> None:
    connection = RtConnection.of("rt+https://rt.example", "Plugdesk", user="plugdesk", password=SECRET)
    assert (connection.user, connection.secret.get_secret_value()) == ("plugdesk", SECRET)


def test_the_secret_does_not_show_where_it_is_printed() -> None:
    assert SECRET not in repr(RtConnection.of("rt+https://rt.example", "Plugdesk", token=SECRET))


@pytest.mark.parametrize(
    "address",
    [
        "https://rt.example",
        "rt+ftp://rt.example",
        "rt+https://",
        "rt+https://h:99999",
        "rt+https://h?queue=x",
        "rt",
        "",
    ],
)
def test_what_is_no_address_is_refused_with_what_it_may_be(address: str) -> None:
    with pytest.raises(SettingsError, match=r"PLUGDESK_DESK is no address.*rt\+https://HOST/PATH"):
        RtConnection.of(address, "Plugdesk", token=SECRET)


@pytest.mark.parametrize("address", [f"rt+https://{SECRET}@rt.example", f"rt+https://plugdesk:{SECRET}@rt.example"])
def test_credentials_in_the_address_are_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_DESK has credentials in it") as refused:
        RtConnection.of(address, "Plugdesk")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("token", "user", "password"),
    [("", "", ""), ("", "plugdesk", ""), ("", "", SECRET), (SECRET, "plugdesk", SECRET), (SECRET, "plugdesk", "")],
)
def test_too_few_or_too_many_credentials_are_refused_and_not_repeated(token: str, user: str, password: str) -> None:
    with pytest.raises(SettingsError, match="Set PLUGDESK_RT_TOKEN, or else PLUGDESK_RT_USER") as refused:
        RtConnection.of("rt+https://rt.example", "Plugdesk", token, user, password)
    assert SECRET not in str(refused.value)
