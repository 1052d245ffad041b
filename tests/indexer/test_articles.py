"""Articles: what is wrong with a file is said with file, line and remedy; what is right becomes sections and blocks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.build import check_knowledge
from indexer.errors import KnowledgeError, Problem
from indexer.knowledge import read_knowledge
from indexer.types import Article, PictureBlock, StepsBlock, TextBlock
from tests.small_kb import ARTICLE_LANGUAGES, edit, line_of

CABLE = "articles/en/cable-stuck.md"
BALANCE = "articles/en/minimum-balance.md"
NINE_STEPS = "".join(f"{number}. Press the button.\n" for number in range(1, 10))


def problems_of(kb: Path) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        check_knowledge(kb)
    return caught.value.problems


def article_of(kb: Path, name: str) -> Article:
    language, topic = name.split("/")
    found = {(each.language, each.id): each for each in read_knowledge(kb).articles}
    return found[language, topic]


@dataclass(frozen=True)
class Slip:
    """One mistake of a writer's: ``old`` becomes ``new``; ``at`` stands in the line that should be named."""

    name: str
    file: str
    old: str
    new: str
    what: str
    remedy: str
    at: str = ""


SLIPS = (
    Slip(
        "no front matter", CABLE, "---\nid:", "id:", "does not begin with front matter", "two lines of ---",
        at="id: cable-stuck",
    ),
    Slip(
        "unquoted colon", CABLE, "title: The", "title: Cable: The", "not valid YAML", "Quote a value",
        at="title: Cable",
    ),
    Slip("field missing", CABLE, "owner: support-content\n", "", "owner: Field required", "docs/writing-articles.md"),
    Slip(
        "field unknown", CABLE, "owner:", "author: me\nowner:", "author: Extra inputs", "docs/writing-articles.md",
        at="author: me",
    ),
    Slip(
        "title too short", CABLE, "title: The charging cable cannot be removed", "title: Ab",
        "title: String should have at least 3 characters", "docs/writing-articles.md", at="title: Ab",
    ),
    Slip(
        "one alternative title", CABLE, "  - Cable is stuck\n", "",
        "alternative_titles: Tuple should have at least 2 items", "docs/writing-articles.md", at="alternative_titles:",
    ),
    Slip(
        "no date", CABLE, "updated: 2026-11-21", "updated: soon", "updated: Input should be a valid date",
        "docs/writing-articles.md", at="updated: soon",
    ),
    Slip(
        "impossible date", CABLE, "updated: 2026-11-21", "updated: 2026-13-21", "updated", "", at="updated: 2026-13",
    ),
    Slip(
        "language without articles", CABLE, "language: en", "language: es", "language: Input should be",
        "docs/writing-articles.md", at="language: es",
    ),
    Slip(
        "id of another topic", CABLE, "id: cable-stuck", "id: remote-restart", "says en/remote-restart",
        "Let folder and file name agree", at="id: remote-restart",
    ),
    Slip(
        "language of another folder", CABLE, "language: en", "language: fr", "says fr/cable-stuck",
        "Let folder and file name agree", at="language: fr",
    ),
    Slip(
        "vendor not listed", BALANCE, "vendors: [eponet]", "vendors: []", "the sections are for ['eponet']",
        "Make them agree", at="vendors:",
    ),
    Slip(
        "related to an unknown topic", CABLE, "related: [minimum-balance]", "related: [tyres]", "Unknown topic tyres",
        "ids of kb/topics.yaml", at="related:",
    ),
    Slip(
        "fact unknown", BALANCE, "eponet.minimum_balance", "eponet.minimal_balance", "cannot be shown",
        "Check the name in kb/vendors/", at="minimal_balance",
    ),
    Slip(
        "vendor of the fact unknown", BALANCE, "eponet.transfer_days", "epo.transfer_days", "'epo' is undefined",
        "Check the name in kb/vendors/", at="epo.transfer_days",
    ),
    Slip(
        "filter unknown", BALANCE, "| money", "| dollars", "No filter named 'dollars'", "{{ vendor.fact | filter }}",
        at="dollars",
    ),
    Slip(
        "filter for other facts", BALANCE, "transfer_days | span", "transfer_days | percent", "cannot be shown",
        "and the filter", at="| percent",
    ),
    Slip(
        "filter for numbers on a word", BALANCE, "minimum_balance | money", "minimum_balance.currency | percent",
        "cannot be shown", "and the filter", at="| percent",
    ),
    Slip(
        "fact of many parts without filter", BALANCE, "eponet.minimum_balance | money", "eponet.minimum_balance",
        "", "filter", at="eponet.minimum_balance",
    ),
    Slip(
        "braces left open", BALANCE, "| money }}", "| money", "cannot be read", "{{ vendor.fact | filter }}",
        at="| money",
    ),
    Slip(
        "heading without id", CABLE, " {#switzerland country=CH}", "", "'In Switzerland' has no id",
        "## Heading {#id}", at="## In Switzerland",
    ),
    Slip(
        "heading of the third level", CABLE, "## In Switz", "### In Switz", "has no id", "## Heading {#id}",
        at="### In Switzerland",
    ),
    Slip(
        "limited by something else", CABLE, "country=CH", "canton=ZH", "cannot be limited by 'canton'",
        "vendor=… or country=…", at="canton=ZH",
    ),
    Slip(
        "section of an unknown vendor", BALANCE, "vendor=eponet", "vendor=epo", "The vendor 'epo' is unknown",
        "Use one of eponet, wallbox", at="vendor=epo",
    ),
    Slip(
        "text beside a picture", CABLE, "![Drawing", "Look: ![Drawing", "shares its line with text",
        "a paragraph of its own", at="Look:",
    ),
    Slip(
        "picture missing", CABLE, "release-cable.svg", "free-cable.svg", "free-cable.svg is not in kb/pictures",
        "Add it or correct the name", at="free-cable.svg",
    ),
    Slip(
        "list in a list", CABLE, "2. Unlock the car with the key.", "2. Unlock the car:\n   - with the key",
        "A list stands inside a list", "a step of its own", at="2. Unlock the car:",
    ),
    Slip("rule", CABLE, "\n## In Switz", "\n***\n\n## In Switz", "contains hr", "paragraphs, lists", at="***"),
    Slip(
        "too many steps", CABLE, "1. End the charge in the app or with your pass.\n", NINE_STEPS, "has 11 steps",
        "Use 8 at most", at="1. Press the button.",
    ),
    Slip("section missing", CABLE, "{#next}", "{#after}", "{#next} is missing", "Add it"),
    Slip(
        "section twice", CABLE, "{#switzerland country=CH}", "{#steps country=CH}", "'steps' occurs twice",
        "its own id", at="## In Switzerland",
    ),
    Slip(
        "section empty", CABLE, "For the car, the garage is responsible; for the station, its operator.", "",
        "'next' is empty", "Write it or remove its heading", at="{#next}",
    ),
    Slip(
        "lead missing", CABLE,
        "End the charge, unlock the car, then pull the plug out straight. Never use force or tools.", "",
        "'lead' is empty", "Write it",
    ),
)  # fmt: skip


def named(slips: tuple[Slip, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("slip", slips, ids=[each.name.replace(" ", "-") for each in slips])


@named(SLIPS)
def test_a_slip_is_explained_with_a_remedy(small_kb: Path, slip: Slip) -> None:
    path = edit(small_kb / slip.file, slip.old, slip.new)
    (problem,) = problems_of(small_kb)
    assert problem.path == path
    assert slip.what in problem.what
    assert slip.remedy in problem.remedy


@named(tuple(each for each in SLIPS if each.at))
def test_a_slip_is_reported_at_its_line(small_kb: Path, slip: Slip) -> None:
    path = edit(small_kb / slip.file, slip.old, slip.new)
    assert problems_of(small_kb)[0].line == line_of(path, slip.at)


def test_a_file_in_another_encoding_is_named(small_kb: Path) -> None:
    path = small_kb / "articles/fr/cable-stuck.md"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    (problem,) = problems_of(small_kb)
    assert (problem.path, problem.line) == (path, 1)
    assert "Save it as UTF-8" in problem.remedy


def test_a_translation_with_other_sections_than_the_english_article_is_named(small_kb: Path) -> None:
    path = edit(small_kb / "articles/de/cable-stuck.md", "{#switzerland country=CH}", "{#switzerland}")
    (problem,) = problems_of(small_kb)
    assert problem.path == path
    assert "differ from the English" in problem.what
    assert "lead, steps, switzerland, next" in problem.remedy


def test_a_topic_without_an_article_in_one_language_is_named(small_kb: Path) -> None:
    path = small_kb / "articles/nb/remote-restart.md"
    path.unlink()
    (problem,) = problems_of(small_kb)
    assert problem.path == path
    assert "no article in this language" in problem.what


def test_an_article_of_no_topic_is_named(small_kb: Path) -> None:
    text = (small_kb / CABLE).read_text(encoding="utf-8")
    path = small_kb / "articles/en/tyres.md"
    path.write_text(text.replace("id: cable-stuck", "id: tyres"), encoding="utf-8")
    (problem,) = problems_of(small_kb)
    assert problem.path == path
    assert "Unknown topic tyres" in problem.what


def test_a_german_text_in_the_french_folder_is_noticed(small_kb: Path) -> None:
    german = (small_kb / "articles/de/remote-restart.md").read_text(encoding="utf-8")
    path = small_kb / "articles/fr/remote-restart.md"
    path.write_text(german.replace("language: de", "language: fr"), encoding="utf-8")
    (problem,) = problems_of(small_kb)
    assert problem.path == path
    assert "reads as 'de'" in problem.what
    assert "Write it in 'fr'" in problem.remedy


def test_the_problems_of_all_files_are_seen_at_once(small_kb: Path) -> None:
    edit(small_kb / CABLE, " {#next}", "")
    edit(small_kb / "articles/it/minimum-balance.md", "| money", "| euro")
    edit(small_kb / "utterances/en/thanks.txt", "thank you", "")
    names = {problem.path.relative_to(small_kb).as_posix() for problem in problems_of(small_kb)}
    assert names == {CABLE, "articles/it/minimum-balance.md", "utterances/en/thanks.txt"}


def test_every_wrong_fact_of_an_article_is_named(small_kb: Path) -> None:
    path = edit(small_kb / BALANCE, "{{ eponet.", "{{ epo.")
    lines = [problem.line for problem in problems_of(small_kb)]
    assert lines == [line_of(path, "epo.minimum_balance"), line_of(path, "epo.transfer_days")]


def test_a_problem_reads_as_file_line_defect_remedy(small_kb: Path) -> None:
    path = edit(small_kb / BALANCE, "vendor=eponet", "vendor=epo")
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(small_kb)
    line = line_of(path, "vendor=epo")
    assert str(caught.value) == f"{path}:{line}: The vendor 'epo' is unknown. Use one of eponet, wallbox."


def test_a_section_knows_for_whom_it_is(small_kb: Path) -> None:
    eponet = article_of(small_kb, "en/minimum-balance").section("eponet")
    swiss = article_of(small_kb, "en/cable-stuck").section("switzerland")
    assert eponet and (eponet.heading, eponet.vendor, eponet.country) == ("With Eponet", "eponet", None)
    assert swiss and (swiss.heading, swiss.vendor, swiss.country) == ("In Switzerland", None, "CH")


def test_steps_and_pictures_become_blocks(small_kb: Path) -> None:
    steps = article_of(small_kb, "en/cable-stuck").section("steps")
    assert steps
    assert steps.blocks == (
        PictureBlock("release-cable.svg", "Drawing: unlock the car first, then pull the plug out straight"),
        StepsBlock(
            (
                "End the charge in the app or with your pass.",
                "Unlock the car with the key.",
                "Pull the plug out by its handle.",
            )
        ),
    )


def test_bullets_stay_one_text(small_kb: Path) -> None:
    swiss = article_of(small_kb, "en/cable-stuck").section("switzerland")
    assert swiss
    first = "• In Switzerland, the breakdown service also comes for a stuck plug."
    assert swiss.blocks == (TextBlock(f"{first}\n• Tell them the number on the station."),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Press **START** now.", "Press START now."),
        ("One line\nand the next.", "One line and the next."),
        (r"2 \* 3 \# 4", "2 * 3 # 4"),
        ("Pay 100 % at < 5 kW.", "Pay 100 % at < 5 kW."),
    ],
    ids=["bold", "broken-line", "escaped", "signs"],
)
def test_text_is_read_without_its_markup(small_kb: Path, written: str, read: str) -> None:
    edit(small_kb / CABLE, "For the car, the garage is responsible; for the station, its operator.", written)
    section = article_of(small_kb, "en/cable-stuck").section("next")
    assert section and section.blocks == (TextBlock(read),)


def test_the_lead_comes_first_and_has_no_heading(small_kb: Path) -> None:
    for article in read_knowledge(small_kb).articles:
        assert (article.sections[0].id, article.sections[0].heading) == ("lead", "")


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
def test_a_changed_threshold_changes_the_article_of_every_language(small_kb: Path, language: str) -> None:
    edit(small_kb / "vendors/eponet.yaml", 'amount: "50.00"', 'amount: "75.50"')
    section = article_of(small_kb, f"{language}/minimum-balance").section("eponet")
    assert section and isinstance(section.blocks[0], TextBlock)
    assert "CHF 75" in section.blocks[0].text
    assert "50.00" not in section.blocks[0].text and "50,00" not in section.blocks[0].text


def test_an_amount_that_is_no_number_is_reported(small_kb: Path) -> None:
    edit(small_kb / "vendors/eponet.yaml", 'amount: "50.00"', 'amount: "50,00"')
    assert {problem.path.stem for problem in problems_of(small_kb)} <= {"minimum-balance", "eponet"}
