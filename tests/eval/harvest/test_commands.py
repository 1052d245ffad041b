"""From a correction to a line of the question set, with a person between."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.panel.review import Correction, ReviewFile
from eval.harvest.commands import harvest
from eval.harvest.sheet import read_sheet
from tests.small_kb import edit, line_of

TEXT = "the lead will not let go of my car"


class Desk:
    """A knowledge base, a question set, a review file of agents, and the sheet that is proposed from it."""

    def __init__(self, kb: Path, folder: Path) -> None:
        self.kb, self.questions, self.sheet = kb, folder / "questions", folder / "sheet.yaml"
        self.questions.mkdir()
        (self.questions / "en.tsv").write_text("topics\ttext\ncable-stuck\thow do i free the plug\n", encoding="utf-8")
        self.review = ReviewFile(folder / "review.jsonl")

    def corrected(self, text: str, topic: str | None = "cable-stuck", message: str = "m1") -> None:
        at = datetime(2026, 11, 27, tzinfo=UTC)
        self.review.add(
            Correction(
                at=at, by="a", conversation="c", message=message, language="en", text=text, was=None, topic=topic
            )
        )

    def propose(self) -> Result:
        return CliRunner().invoke(harvest, ["--out", str(self.sheet), "--into", str(self.questions)])

    def accept(self, *options: str) -> Result:
        return CliRunner().invoke(harvest, ["accept", str(self.sheet), "--into", str(self.questions), *options])

    def decide(self, keep: str = "yes") -> None:
        edit(self.sheet, "keep: null", f"keep: {keep}")

    @property
    def lines(self) -> list[str]:
        return (self.questions / "en.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def desk(small_kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PLUGDESK_KB", str(small_kb))
    monkeypatch.setenv("PLUGDESK_REVIEW", str(tmp_path / "review.jsonl"))
    monkeypatch.setenv("PLUGDESK_CONVERSATIONS", "memory:")
    return Desk(small_kb, tmp_path)


def test_a_correction_is_proposed_and_nothing_is_taken_over(desk: Desk) -> None:
    desk.corrected(TEXT)
    result = desk.propose()
    assert result.output.startswith("1 new candidates (1 corrected).")
    (case,) = read_sheet(desk.sheet)
    assert (case.text, case.topics, case.keep) == (TEXT, ("cable-stuck",), None)
    assert len(desk.lines) == 1


def test_others_on_the_machine_may_not_read_what_drivers_wrote(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    assert desk.sheet.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["Cable stuck!", "How do I free the plug?"])
def test_examples_and_questions_that_are_there_are_not_proposed(desk: Desk, text: str) -> None:
    desk.corrected(text)
    assert desk.propose().output == "0 new candidates.\n"


def test_what_is_kept_becomes_a_question(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    desk.decide()
    assert desk.accept().exit_code == 0
    assert desk.lines[-1] == f"cable-stuck\t{TEXT}"


@pytest.mark.parametrize("keep", ["no", "null"])
def test_what_is_not_kept_stays_out(desk: Desk, keep: str) -> None:
    desk.corrected(TEXT)
    desk.propose()
    desk.decide(keep)
    assert desk.accept().exit_code == 0
    assert len(desk.lines) == 1


def test_what_was_taken_over_is_not_taken_again(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    desk.decide()
    desk.accept()
    assert "0 taken over" in desk.accept().output
    assert len(desk.lines) == 2


def test_what_was_refused_is_not_proposed_again(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    desk.decide("no")
    desk.corrected("my invoice has another name on it", None, "m2")
    assert desk.propose().output.startswith("1 new candidates")
    assert [each.keep for each in read_sheet(desk.sheet)] == [False, None]


def test_a_kept_line_becomes_an_utterance_on_demand(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    desk.decide()
    assert desk.accept("--as", "utterance").exit_code == 0
    examples = (desk.kb / "utterances" / "en" / "cable-stuck.txt").read_text(encoding="utf-8").splitlines()
    assert examples[-1] == TEXT
    assert len(desk.lines) == 1


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ("account 40711 has no money on it", "'40711' may name somebody"),
        ("The plug does not come out.", "The line stands in kb/utterances"),
        ("HOW do I free the plug", "The line stands in an evaluation set"),
    ],
)
def test_a_line_that_must_not_go_in_stops_everything(desk: Desk, new: str, what: str) -> None:
    desk.corrected(TEXT)
    desk.corrected("my invoice has another name on it", None, "m2")
    desk.propose()
    desk.decide()
    edit(desk.sheet, TEXT, new)
    result = desk.accept()
    assert result.exit_code == 1
    assert f"{desk.sheet}:{line_of(desk.sheet, '- keep:')}: {what}" in result.output
    assert len(desk.lines) == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("- cable-stuck", "- cable-loose", "The topic 'cable-loose' does not exist"),
        ("language: en", "language: xx", "The language 'xx' is unknown"),
        ("keep: null", "keep: perhaps", "keep: Input should be a valid boolean"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(desk: Desk, old: str, new: str, what: str) -> None:
    desk.corrected(TEXT)
    desk.propose()
    edit(desk.sheet, old, new)
    if new != "keep: perhaps":
        desk.decide()
    result = desk.accept()
    assert result.exit_code == 1
    assert f"{desk.sheet}:{line_of(desk.sheet, '- keep:')}: {what}" in result.output


def test_a_case_without_a_topic_cannot_be_kept(desk: Desk) -> None:
    desk.corrected(TEXT)
    desk.propose()
    data = yaml.safe_load(desk.sheet.read_text(encoding="utf-8"))
    data["cases"][0] |= {"topics": [], "keep": True}
    desk.sheet.write_text(yaml.safe_dump(data), encoding="utf-8")
    assert "Nobody said what it is about" in desk.accept().output


def test_a_missing_review_file_says_how_to_make_one(desk: Desk) -> None:
    assert "Make one with: python -m eval.harvest" in desk.accept().output


def test_a_broken_line_of_the_agents_file_is_named(desk: Desk) -> None:
    desk.review.path.write_text("{}\n", encoding="utf-8")
    assert "PLUGDESK_REVIEW" in desk.propose().output
