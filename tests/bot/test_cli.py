"""The plugdesk command, run as from a shell."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.conversation import Conversations
from indexer.build import build_index
from indexer.embedders import open_embedder
from tests.small_kb import write_small_kb
from tests.talking import services_of

Run = Callable[..., Result]


def run(*arguments: str, lines: str | bytes | None = None, **variables: str | Path) -> Result:
    """Run plugdesk with PLUGDESK_ variables and what stands on standard input."""
    environment = {f"PLUGDESK_{name}": str(value) for name, value in variables.items()}
    return CliRunner(env=environment).invoke(main, arguments, input=lines)


def assert_explained(result: Result, *words: str) -> None:
    """The command failed with a message that says these words, and no traceback."""
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in (1, 2)
    assert [word for word in words if word not in result.stderr] == []


@pytest.fixture(scope="module")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small knowledge base and its index, to be copied."""
    folder = tmp_path_factory.mktemp("small")
    build_index(write_small_kb(folder / "kb"), folder / "index", open_embedder())
    return folder


@pytest.fixture
def indexing(small_build: Path, tmp_path: Path) -> Run:
    """Runs the index command over a built small knowledge base in ``tmp_path``."""
    shutil.copytree(small_build, tmp_path, dirs_exist_ok=True)
    return lambda *arguments: run("index", *arguments, KB=tmp_path / "kb", INDEX=tmp_path / "index")


@pytest.fixture
def opened(talks: Conversations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares a test that asks much the second that opening model and index takes."""
    services = services_of(talks)
    monkeypatch.setattr("bot.channels.lines.open_services", lambda settings: services)
    monkeypatch.setattr("bot.channels.console.open_services", lambda settings: services)


def title_of(folder: Path, title: str) -> None:
    """Give the English article about stuck cables another title."""
    path = folder / "kb" / "articles" / "en" / "cable-stuck.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: The charging cable cannot be removed", f"title: {title}"), encoding="utf-8")


def test_a_question_is_answered_with_its_source(shipped_root: Path) -> None:
    result = run("ask", "das Ladekabel steckt fest und geht nicht raus", INDEX=shipped_root)
    assert result.exit_code == 0
    assert "1. " in result.stdout
    assert "Quelle: " in result.stdout
    assert "(3) Mit einem Menschen sprechen" in result.stdout


@pytest.mark.usefixtures("opened")
def test_a_question_without_a_language_is_answered_in_the_locale() -> None:
    assert "Parlare con una persona" in run("ask", "4521", "--locale", "it-CH").stdout


@pytest.mark.usefixtures("opened")
def test_ask_without_a_question_says_how_to_ask() -> None:
    assert_explained(run("ask"), "--jsonl", '"text"')


@pytest.mark.usefixtures("opened")
def test_lines_are_answered_in_order_each_with_its_id() -> None:
    lines = [
        '{"id": "a", "text": "the cable is stuck and I cannot remove it"}',
        "",
        '{"id": 7, "text": "Wie viel Guthaben brauche ich zum Laden?", "remark": "is ignored"}',
        '{"id": null, "text": "4521", "locale": "nb-NO"}',
        '{"id": "a", "text": ""}',
    ]
    result = run("ask", "--jsonl", lines="\n".join(lines))
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 7, None, "a"]
    assert [answer["language"] for answer in answers] == ["en", "de", "nb", "en"]
    assert [answer["decision"] for answer in answers[:2]] == ["answer", "answer"]
    assert [answer["topics"][0]["id"] for answer in answers[:2]] == ["cable-stuck", "minimum-balance"]
    assert all(answer["text"] for answer in answers)
    assert answers[0].keys() == {"id", "language", "decision", "topics", "text"}


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "line",
    [
        b"cable stuck",
        b"[]",
        b'"text"',
        b"{}",
        b'{"id": "1"}',
        b'{"text": "cable stuck"}',
        b'{"id": "1", "text": 4521}',
        b'{"id": "1", "text": null}',
        b'{"id": "1", "text": "cable stuck", "locale": 47}',
        b'{"id": "\xff", "text": "cable stuck"}',
        b"[" * 50_000,
    ],
    ids=lambda line: repr(line[:50]),
)
def test_a_bad_line_is_named_and_those_before_it_are_answered(line: bytes) -> None:
    good = b'{"id": "good", "text": "the cable is stuck"}\n'
    result = run("ask", "--jsonl", lines=good + b"\n" + line + b"\n" + good)
    assert_explained(result, "Line 3", '{"id": "1", "text": "…"')
    assert [json.loads(each)["id"] for each in result.stdout.splitlines()] == ["good"]


@pytest.mark.usefixtures("opened")
def test_an_id_that_cannot_be_written_does_not_end_the_command() -> None:
    lines = b'{"id": "\\ud800", "text": "the cable is stuck"}\n{"id": "2", "text": "the cable is stuck"}\n'
    result = run("ask", "--jsonl", lines=lines)
    assert json.loads(result.stdout.splitlines()[-1])["id"] == "2"


@pytest.mark.usefixtures("opened")
def test_no_lines_are_no_answers() -> None:
    result = run("ask", "--jsonl", lines="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_search_shows_the_nearest_passages_best_first(shipped_root: Path) -> None:
    result = run("search", "kabelen sitter fast", "--language", "nb", "--count", "3", INDEX=shipped_root)
    scores = [float(line.split()[0]) for line in result.stdout.splitlines()[::2]]
    assert result.stdout.splitlines()[0].split()[1].startswith("nb/cable-stuck#")
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_search_in_an_unknown_language_names_those_that_there_are(shipped_root: Path) -> None:
    assert_explained(run("search", "cable", "--language", "fi", INDEX=shipped_root), "'fi'", "en, fr, de")


@pytest.mark.parametrize("count", ["-1", "many"])
def test_search_for_a_number_of_passages_that_cannot_be_is_refused(shipped_root: Path, count: str) -> None:
    assert_explained(run("search", "cable", "--count", count, INDEX=shipped_root), "--count")


@pytest.mark.parametrize(
    "command", [("ask", "cable stuck"), ("ask", "--jsonl"), ("search", "cable"), ("chat",), ("serve",)], ids=" ".join
)
def test_without_an_index_every_command_says_how_to_build_one(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run(*command, lines="", INDEX=tmp_path / "index", CONVERSATIONS="memory:")
    assert_explained(result, str(tmp_path / "index"), "plugdesk index")


@pytest.mark.parametrize("command", [("ask", "cable stuck"), ("search", "cable"), ("index", "--check"), ("serve",)])
def test_a_wrong_setting_ends_every_command_with_the_variable_and_what_it_may_be(command: tuple[str, ...]) -> None:
    assert_explained(run(*command, PORT="eighty"), "PLUGDESK_PORT", "1 to 65535")


def test_an_unknown_store_of_conversations_is_refused_before_anything_is_served(shipped_root: Path) -> None:
    result = run("serve", INDEX=shipped_root, CONVERSATIONS="redis://localhost")
    assert_explained(result, "PLUGDESK_CONVERSATIONS", "redis://localhost", "sqlite:///", "memory:")


def test_a_file_of_conversations_that_cannot_be_opened_is_refused_with_its_path(
    shipped_root: Path, tmp_path: Path
) -> None:
    (tmp_path / "talks.db").write_text("Dear diary, " * 100)
    result = run("serve", INDEX=shipped_root, CONVERSATIONS=f"sqlite:///{tmp_path}/talks.db")
    assert_explained(result, str(tmp_path / "talks.db"), "PLUGDESK_CONVERSATIONS")


def test_building_says_what_was_done(indexing: Run, tmp_path: Path) -> None:
    title_of(tmp_path, "The cable does not come out")
    result = indexing()
    assert result.exit_code == 0
    assert "15 articles" in result.stdout
    assert "classifier unchanged" in result.stdout


def test_checking_an_index_that_is_up_to_date_says_so(indexing: Run) -> None:
    result = indexing("--check")
    assert result.exit_code == 0
    assert "15 articles" in result.stdout
    assert "up to date" in result.stdout


def test_checking_an_index_that_is_behind_names_the_file_and_builds_nothing(indexing: Run, tmp_path: Path) -> None:
    before = (tmp_path / "index" / "CURRENT").read_text()
    title_of(tmp_path, "The cable does not come out")
    result = indexing("--check")
    assert "articles/en/cable-stuck.md" in result.stdout
    assert "plugdesk index" in result.stdout
    assert (tmp_path / "index" / "CURRENT").read_text() == before


def test_checking_without_an_index_says_how_to_build_one(indexing: Run, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "index")
    assert_explained(indexing("--check"), "plugdesk index")


@pytest.mark.parametrize("arguments", [(), ("--check",)], ids=["build", "check"])
def test_a_broken_article_is_named_with_its_line_and_the_old_index_goes_on(
    indexing: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = (tmp_path / "index" / "CURRENT").read_text()
    title_of(tmp_path, "")
    assert_explained(indexing(*arguments), "articles/en/cable-stuck.md:4", "title")
    assert (tmp_path / "index" / "CURRENT").read_text() == before


def test_rolling_back_lets_the_build_before_serve(indexing: Run, tmp_path: Path) -> None:
    before = (tmp_path / "index" / "CURRENT").read_text()
    title_of(tmp_path, "The cable does not come out")
    indexing()
    assert (tmp_path / "index" / "CURRENT").read_text() != before
    result = indexing("--rollback")
    assert result.stdout.startswith(f"Now serving {before.strip()}.")
    assert (tmp_path / "index" / "CURRENT").read_text() == before


def test_rolling_back_says_which_files_would_be_live_again(indexing: Run, tmp_path: Path) -> None:
    title_of(tmp_path, "The cable does not come out")
    indexing()
    assert "1 files, such as articles/en/cable-stuck.md" in indexing("--rollback").stdout


def test_versions_are_listed_and_any_of_them_can_serve(indexing: Run, tmp_path: Path) -> None:
    first = (tmp_path / "index" / "CURRENT").read_text().strip()
    title_of(tmp_path, "The cable does not come out")
    indexing()
    last = (tmp_path / "index" / "CURRENT").read_text().strip()
    indexing("--rollback")
    assert indexing("--rollback", "--to", last).stdout.strip() == f"Now serving {last}."
    lines = run("kb", "versions", KB=tmp_path / "kb", INDEX=tmp_path / "index").stdout.splitlines()
    assert [line[:2] + line.split()[-1] for line in lines] == ["* serves", "  serve"]
    assert last in lines[0]
    assert first in lines[1]
    assert "1 files differ" in lines[1]


def test_a_version_that_there_is_not_is_refused(indexing: Run) -> None:
    assert_explained(indexing("--rollback", "--to", "nonsense"), "nonsense", "plugdesk kb versions")
    assert_explained(indexing("--to", "nonsense"), "--rollback")


def test_rolling_back_further_than_there_are_builds_is_refused(indexing: Run) -> None:
    assert_explained(indexing("--rollback"), "no earlier build", "plugdesk index")


def replies(result: Result) -> list[str]:
    """What the bot said after each prompt."""
    return [part.strip() for part in result.stdout.split("> ")[1:]]


@pytest.mark.usefixtures("opened")
def test_a_talk_in_the_terminal_goes_on_from_line_to_line() -> None:
    lines = "hur mycket pengar måste jag ha på kontot för att ladda?\n1\n"
    result = run("chat", lines=lines)
    first, second, end = replies(result)
    assert result.exit_code == 0
    assert "(1) English" in first
    assert "How much credit you need to start charging" in second
    assert "Källa: " in second
    assert end == ""


@pytest.mark.usefixtures("opened")
def test_a_talk_in_the_terminal_knows_what_the_options_say() -> None:
    options = ("--locale", "it", "--vendor", "chargepoint", "--country", "IT")
    result = run("chat", *options, lines="😀\ncome contatto l'assistenza?\n")
    first, second, _ = replies(result)
    assert "(1) Parlare con una persona" in first
    assert "39 (800) 168017" in second


@pytest.mark.usefixtures("opened")
def test_a_talk_in_the_terminal_shows_what_was_understood_and_decided_when_asked_to() -> None:
    result = run("chat", "--show-events", lines="the cable is stuck\n")
    events = dict(re.findall(r"^\s*(\w+): (\{.*\})$", result.stdout.replace("> ", ""), re.MULTILINE))
    assert json.loads(events["understood"])["understanding"]["language"] == "en"
    assert json.loads(events["decided"])["decision"]["topics"] == ["cable-stuck"]


def test_a_talk_in_the_terminal_is_not_kept(shipped_root: Path, tmp_path: Path) -> None:
    result = run(
        "chat", lines="the cable is stuck\n", INDEX=shipped_root, CONVERSATIONS=f"sqlite:///{tmp_path}/talks.db"
    )
    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("opened")
def test_an_empty_line_in_the_terminal_is_no_message_and_an_odd_one_is_answered() -> None:
    result = run("chat", lines="\n\x07\n")
    assert result.exit_code == 0
    assert result.stdout.count("(1) Talk to a person") == 1


def test_the_command_lists_what_it_can_do() -> None:
    help_text = run("--help").stdout
    assert [name for name in ("ask", "chat", "index", "search", "serve") if f"\n  {name} " not in help_text] == []
