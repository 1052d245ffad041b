"""Waiting for the result of a command."""

from __future__ import annotations

import threading

import pytest

from bot.adapters.ocpi.results import CommandResults


@pytest.fixture
def results() -> CommandResults:
    return CommandResults()


def test_a_result_that_came_before_is_there(results: CommandResults) -> None:
    command = results.expect()
    assert results.arrived(command, "ACCEPTED")
    assert results.wait(command, 0) == "ACCEPTED"


def test_a_result_that_comes_meanwhile_ends_the_waiting(results: CommandResults) -> None:
    command = results.expect()
    timer = threading.Timer(0.02, results.arrived, (command, "FAILED"))
    timer.start()
    assert results.wait(command, 5) == "FAILED"
    timer.join()


def test_a_result_that_does_not_come_is_none(results: CommandResults) -> None:
    assert results.wait(results.expect(), 0) is None


def test_a_second_result_is_not_taken(results: CommandResults) -> None:
    command = results.expect()
    results.arrived(command, "REJECTED")
    assert not results.arrived(command, "ACCEPTED")
    assert results.wait(command, 0) == "REJECTED"


def test_a_late_result_is_not_taken(results: CommandResults) -> None:
    command = results.expect()
    results.wait(command, 0)
    assert not results.arrived(command, "ACCEPTED")


def test_a_result_for_nobody_is_not_taken(results: CommandResults) -> None:
    assert not results.arrived("guessed", "ACCEPTED")


def test_results_do_not_mix(results: CommandResults) -> None:
    one, other = results.expect(), results.expect()
    results.arrived(other, "FAILED")
    results.arrived(one, "ACCEPTED")
    assert (results.wait(one, 0), results.wait(other, 0)) == ("ACCEPTED", "FAILED")
