"""The report: whole in one file, true to the results, and nothing in a message becomes markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html

from eval import plots, results
from eval.cli import main
from eval.metrics import Outcome, by_language
from eval.noise import LADDER
from eval.questions import Question
from eval.report import markdown, page, report
from eval.suite import Line, Measured
from eval.suites.hearing import SAFETY
from eval.suites.retrieval import LANGUAGE, RETRIEVAL, confusions, inside_lines, worst
from eval.suites.robustness import CLEAN, ROBUSTNESS
from eval.suites.speed import SPEED, latency

EVIL = "<img src=x onerror=alert(1)> & why?"


def outcome(number: int, language: str, right: bool) -> Outcome:
    found = ("a", "b") if right else ("b", "a")
    text = f"{EVIL} {number}"
    return Outcome(
        Question(f"{language}-{number}", language, text, ("a",)), found, 0.9, "answer", language, 4.0, ("p",)
    )


def run(misses: int = 2, deaf: bool = False, name: str = "abc1234", fast: bool = False) -> dict[str, Any]:
    outcomes = [outcome(number, code, number >= misses) for code in ("nb", "fr") for number in range(30)]
    curve = [{"threshold": 0.75, "answered": 0.8, "wrong": 0.05, "risk": 0.06}]
    bins = [{"lines": 60, "confidence": 0.9, "right": 0.95}]
    figures = {"confusions": confusions(outcomes), "worst": worst(outcomes), "risk_coverage": curve,
               "reliability": bins, "calibration_error": 0.05}  # fmt: skip
    rows = {code: {"top1": 0.9, "helped": 0.9, "wrong": 0.1, "language": 1.0} for code in ("nb", "fr", "all")}
    noisy = rows | {"nb": rows["nb"] | {"top1": 0.78}}
    danger = [Line(f"nb-{n}", "nb", "", "smoke", {"heard": not deaf or n > 0}) for n in range(5)]
    measured = [
        (RETRIEVAL, Measured(inside_lines(outcomes), figures)),
        (LANGUAGE, Measured(tuple(Line(e.question.id, "nb", "a", "t", {"language": True}) for e in outcomes))),
        (SAFETY, Measured(tuple(danger))),
        (ROBUSTNESS, Measured((), {"ladder": {CLEAN: rows, LADDER[0].name: noisy}})),
        (SPEED, Measured((), {"milliseconds": {"all": latency([4.0, 5.0, 200.0])}, "load": 0.1, "cores": 2})),
    ]
    return results.as_json(name, by_language(outcomes), {}, measured, fast)


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = page(run(), run(), [run(), run()])
    tree = html.fromstring(text)
    assert tree.xpath("//script | //link | //img | //iframe | //*[@src] | //*[@onerror]") == []
    assert re.findall(r"https?://|url\(|@import", text) == []
    assert len(tree.xpath("//svg")) >= 7


def test_what_a_driver_wrote_is_text() -> None:
    text = page(run(), run(), [])
    assert "<img" not in text
    assert html.fromstring(text).xpath(f"//div[@class='card']/b[starts-with(., {EVIL!r})]") != []


@pytest.mark.parametrize("make", [lambda now, was: page(now, was, []), markdown])
def test_it_says_whether_the_gate_is_open(make: Any) -> None:
    assert "The gate is open" in make(run(), run())
    closed = make(run(deaf=True), run())
    assert "The gate is closed" in closed
    assert "safety, heard is 0.800, must be at least 1.0" in closed


def test_what_keeps_a_suite_from_its_bar_is_shown() -> None:
    cards = html.fromstring(page(run(deaf=True), run(), [])).xpath("//div[@class='card' and b = 'safety, heard']")
    assert ["nb-0" in card.text_content() for card in cards] == [True]


@pytest.mark.parametrize("make", [lambda now, was: page(now, was, []), markdown])
def test_a_subset_is_not_judged(make: Any) -> None:
    assert "Not judged" in make(run(deaf=True, fast=True), run())


def test_the_summary_has_shares_intervals_and_what_changed() -> None:
    row = next(line for line in markdown(run(misses=3), run(misses=1)).splitlines() if "| top1 |" in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2] == "0.900"
    assert cells[4:] == ["60", "0 better, 4 worse"]


def test_a_rung_that_loses_much_is_dark() -> None:
    cells = plots.heat(run()["suites"]["robustness"]["figures"]["ladder"], "top1")[LADDER[0].name]
    assert [(cell.text, cell.depth) for cell in cells] == [("78", 2), ("90", 0), ("90", 0)]


def test_a_trend_needs_two_runs() -> None:
    assert plots.trend([{"top1": 0.5}], ["top1"]) is None
    found = plots.trend([{"top1": 0.0}, {"top1": 1.0}], ["top1"])
    assert found is not None
    ends = [tuple(map(float, place.split(","))) for place in found.lines["top1"].split()]
    assert ends == [(found.left, found.bottom), (found.right, found.top)]


def test_what_is_released_holds_no_texts_and_can_still_be_compared(tmp_path: Path) -> None:
    path = tmp_path / "released.json"
    results.release(run(), path)
    assert "why?" not in path.read_text(encoding="utf-8")
    assert "0 better, 2 worse" in markdown(run(misses=3), results.read(path))


def test_results_come_back_as_they_were_written_the_oldest_first(tmp_path: Path) -> None:
    for number, name in enumerate(("b", "a")):
        results.write(run(name=name) | {"measured": f"2026-01-0{number + 1}"}, tmp_path)
    results.write(run(name="c", fast=True), tmp_path)
    assert [each["commit"] for each in results.kept(tmp_path)] == ["b", "a"]


def test_the_command_writes_the_page_of_a_file(tmp_path: Path) -> None:
    path = results.write(run(name="feed123"), tmp_path)
    done = CliRunner().invoke(report, [str(path), "--output", str(tmp_path / "page.html")])
    assert done.exit_code == 0, done.output
    assert "Evaluation of feed123" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("less", [["--fast"], ["--suite", "slots"]])
@pytest.mark.parametrize("needs_all", ["--gate", "--release"])
def test_the_gate_does_not_judge_a_part(less: list[str], needs_all: str) -> None:
    done = CliRunner().invoke(main, [*less, needs_all])
    assert done.exit_code == 2
    assert "every line of every suite" in done.output


def test_calibrating_is_one_thing_at_a_time() -> None:
    done = CliRunner().invoke(main, ["calibrate"])
    assert done.exit_code == 2
    assert "either --wrong" in done.output
