"""The measure of importing sees what is lost and what is foreign."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from eval.importing import Expected, main, scored, together

WANTED = Expected(languages=("en",), keep=("Unlock the car.", "Then pull."), drop=("Share this page",))


def test_all_kept_and_nothing_foreign() -> None:
    score = scored(["Unlock the  car", "then pull!"], WANTED)
    assert (score.kept_share, score.foreign_share, score.passes) == (1.0, 0.0, True)


def test_a_lost_sentence_is_named() -> None:
    score = scored(["Unlock the car."], WANTED)
    assert (score.kept_share, score.lost) == (0.5, ("Then pull.",))


def test_text_that_nobody_listed_is_foreign_too() -> None:
    score = scored(["Unlock the car. Accept cookies. Then pull."], WANTED)
    assert (score.foreign, score.words, score.strange) == (2, 7, ("accept cookies",))
    assert not score.passes


def test_half_a_word_is_no_sentence() -> None:
    assert scored(["Unlock the cars. Then pull."], WANTED).lost == ("Unlock the car.",)


def test_scores_add_up() -> None:
    both = together([scored(["Unlock the car."], WANTED), scored(["Unlock the car. Then pull."], WANTED)])
    assert (both.sentences, both.kept, both.words) == (4, 3, 8)


def test_the_command_fails_below_the_bars(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(
        "<h1>Short</h1><p>This page has a sentence that nobody wanted to see at all.</p>"
    )
    (tmp_path / "one.yaml").write_text("languages: [en]\nkeep: [Something else.]\ndrop: [Share]\n")
    result = CliRunner().invoke(main, ["--pages", str(tmp_path)])
    assert (result.exit_code, "lost: Something else." in result.output) == (1, True)
