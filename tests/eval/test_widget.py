"""What counts as a message that arrived, and what a flapping connection is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from eval.flapping import FlappingProxy, Weather
from eval.widget import arrivals

WRITTEN = ["one", "two", "three"]


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says what it hears; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client:
                    while heard := client.recv(100):
                        client.sendall(heard)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def echoed(port: int) -> bytes:
    """What comes back; nothing where the connection was refused or cut."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        try:
            client.sendall(b"hello")
            return client.recv(100)
        except OSError:
            return b""


def test_all_once_and_in_order_is_well() -> None:
    assert arrivals(WRITTEN, [("a", "one"), ("b", "two"), ("c", "three")]).well


def test_what_is_missing_is_counted() -> None:
    found = arrivals(WRITTEN, [("a", "one"), ("c", "three")])
    assert (found.arrived, found.doubled, found.in_order, found.well) == (2, 0, True, False)


@pytest.mark.parametrize("again", [("b", "two"), ("d", "two")], ids=["same-id", "other-id"])
def test_what_came_twice_is_counted(again: tuple[str, str]) -> None:
    found = arrivals(WRITTEN, [("a", "one"), ("b", "two"), again, ("c", "three")])
    assert (found.arrived, found.doubled, found.well) == (3, 1, False)


def test_another_order_is_not_well() -> None:
    found = arrivals(WRITTEN, [("b", "two"), ("a", "one"), ("c", "three")])
    assert (found.in_order, found.well) == (False, False)


def test_a_calm_proxy_passes_everything_on(echo: int) -> None:
    with FlappingProxy(echo) as proxy:
        assert echoed(proxy.port) == b"hello"


def test_a_proxy_that_refuses_passes_nothing_on_and_counts_it(echo: int) -> None:
    with FlappingProxy(echo, Weather(refused=1)) as proxy:
        assert echoed(proxy.port) == b""
        assert (proxy.connections, proxy.broken) == (1, 1)


def test_what_is_down_comes_up_again(echo: int) -> None:
    with FlappingProxy(echo) as proxy:
        proxy.down()
        assert echoed(proxy.port) == b""
        proxy.up()
        assert echoed(proxy.port) == b"hello"
