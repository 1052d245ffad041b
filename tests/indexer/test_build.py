"""Builds: only what changed is done again, and an index serves only while it is whole and fits the model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexer.build import KEPT_BUILDS, BuildReport, adopt, build_index, changed_sources, is_current, roll_back
from indexer.chunking import passages_of
from indexer.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnusable, KnowledgeError
from indexer.knowledge import read_knowledge
from indexer.manifest import FORMAT, builds, current_build, point_to, read_manifest
from indexer.search import open_index
from tests.doubles import BrokenEmbedder, HeardProgress, LetterEmbedder
from tests.small_kb import edit, write_small_kb

COMMAND = "plugdesk index"
FILES = (
    "contents.json",
    "vectors.npy",
    "vectors.faiss",
    "learnt/classifier.npz",
    "learnt/neighbours.npz",
    "lexical/en/analyser.json",
)
STEP = ("Unlock the car with the key.", "Unlock the car with its app.")


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine")
    build_index(write_small_kb(folder / "kb"), folder / "index", LetterEmbedder())
    return folder / "index"


@pytest.fixture
def root(pristine: Path, tmp_path: Path) -> Path:
    """An index of the small knowledge base, of this test alone."""
    return Path(shutil.copytree(pristine, tmp_path / "index"))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


damages = pytest.mark.parametrize("damage", [Path.unlink, truncate, flip_a_bit, empty])


def test_the_first_build_does_everything(small_kb: Path, tmp_path: Path) -> None:
    embedder = LetterEmbedder()
    report = build_index(small_kb, tmp_path / "index", embedder)
    assert report.articles == 15
    assert report.embedded == len(embedder.embedded) == report.passages
    assert report.classifier_trained


def test_the_report_names_the_build_that_serves(small_kb: Path, tmp_path: Path) -> None:
    report = build_index(small_kb, tmp_path / "index", LetterEmbedder())
    assert current_build(tmp_path / "index").name == report.build
    assert open_index(tmp_path / "index", LetterEmbedder()).manifest.build == report.build


def test_without_a_change_nothing_is_embedded_or_trained(small_kb: Path, root: Path) -> None:
    embedder = LetterEmbedder()
    report = build_index(small_kb, root, embedder)
    assert (report.embedded, report.classifier_trained) == (0, False)
    assert embedder.embedded == []


def test_one_edited_article_embeds_its_changed_passage_alone(small_kb: Path, root: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    embedder = LetterEmbedder()
    report = build_index(small_kb, root, embedder)
    assert report.embedded == 1
    assert STEP[1] in embedder.embedded[0]
    assert not report.classifier_trained


def test_a_new_title_embeds_the_passages_of_that_article_alone(small_kb: Path, root: Path) -> None:
    path = "articles/en/cable-stuck.md"
    edit(small_kb / path, "title: The charging cable cannot be removed", "title: The cable does not come out")
    embedder = LetterEmbedder()
    build_index(small_kb, root, embedder)
    (article,) = [
        each for each in read_knowledge(small_kb).articles if (each.language, each.id) == ("en", "cable-stuck")
    ]
    assert set(embedder.embedded) <= {passage.text for passage in passages_of(article)}
    assert "The cable does not come out" in embedder.embedded


def test_a_changed_fact_embeds_the_sections_that_show_it(small_kb: Path, root: Path) -> None:
    edit(small_kb / "vendors/eponet.yaml", '"50.00"', '"75.00"')
    embedder = LetterEmbedder()
    report = build_index(small_kb, root, embedder)
    assert report.embedded == 5
    assert all("75" in text for text in embedder.embedded)


def test_a_new_utterance_trains_again_and_embeds_no_passage(small_kb: Path, root: Path) -> None:
    edit(small_kb / "utterances/en/thanks.txt", "thank you", "many thanks")
    report = build_index(small_kb, root, LetterEmbedder())
    assert (report.embedded, report.classifier_trained) == (0, True)


def test_another_model_embeds_and_trains_everything_again(small_kb: Path, root: Path) -> None:
    report = build_index(small_kb, root, LetterEmbedder(version="2"))
    assert report.embedded == report.passages
    assert report.classifier_trained


def test_vectors_kept_from_the_last_build_are_those_of_a_fresh_one(small_kb: Path, root: Path, tmp_path: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    build_index(small_kb, root, LetterEmbedder())
    build_index(small_kb, tmp_path / "fresh", LetterEmbedder())
    kept, fresh = (np.load(current_build(each) / "vectors.npy") for each in (root, tmp_path / "fresh"))
    np.testing.assert_array_equal(kept, fresh)


def test_the_new_text_is_found_after_the_build(small_kb: Path, root: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    build_index(small_kb, root, LetterEmbedder())
    article = open_index(root, LetterEmbedder()).article("cable-stuck", "en")
    assert STEP[1] in str(article)


def test_progress_announces_as_much_as_is_done(small_kb: Path, tmp_path: Path) -> None:
    progress = HeardProgress()
    report = build_index(small_kb, tmp_path / "index", LetterEmbedder(), progress)
    assert progress.totals["embedding passages"] == report.embedded
    assert progress.done == progress.totals


def spoil_article(kb: Path) -> None:
    edit(kb / "articles/de/cable-stuck.md", " {#next}", "")


def spoil_vendor(kb: Path) -> None:
    edit(kb / "vendors/eponet.yaml", "facts:", "fact:")


def spoil_topics(kb: Path) -> None:
    (kb / "topics.yaml").write_text("groups: [", encoding="utf-8")


def spoil_utterance(kb: Path) -> None:
    edit(kb / "utterances/en/thanks.txt", "thank you", "")


def spoil_languages(kb: Path) -> None:
    (kb / "languages.yaml").write_text("en: English\n", encoding="utf-8")


def spoil_language_of_an_article(kb: Path) -> None:
    german = (kb / "articles/de/cable-stuck.md").read_text(encoding="utf-8")
    (kb / "articles/nb/cable-stuck.md").write_text(german.replace("language: de", "language: nb"), encoding="utf-8")


@pytest.mark.parametrize(
    "spoil",
    [spoil_article, spoil_vendor, spoil_topics, spoil_utterance, spoil_languages, spoil_language_of_an_article],
)
def test_a_broken_file_stops_the_build_and_the_old_index_goes_on(
    small_kb: Path, root: Path, spoil: Callable[[Path], None]
) -> None:
    before = current_build(root)
    spoil(small_kb)
    with pytest.raises(KnowledgeError):
        build_index(small_kb, root, LetterEmbedder())
    assert current_build(root) == before
    assert builds(root) == [before.name]
    assert open_index(root, LetterEmbedder()).rank("cable stuck", "en").best.id == "cable-stuck"


@pytest.mark.parametrize("task", ["passages", "queries"])
def test_a_failing_model_leaves_no_half_of_a_build(small_kb: Path, root: Path, task: str) -> None:
    before = [path.name for path in (root / "builds").iterdir()]
    with pytest.raises(MemoryError):
        build_index(small_kb, root, BrokenEmbedder(task, version="2"))
    assert [path.name for path in (root / "builds").iterdir()] == before == [current_build(root).name]


def test_without_a_build_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=COMMAND):
        open_index(tmp_path, LetterEmbedder())


@pytest.mark.parametrize("other", [LetterEmbedder(version="2"), LetterEmbedder(dimension=32)])
def test_an_index_of_another_model_is_refused(root: Path, other: LetterEmbedder) -> None:
    with pytest.raises(IndexMismatch, match=COMMAND) as caught:
        open_index(root, other)
    assert LetterEmbedder().fingerprint in str(caught.value)
    assert other.fingerprint in str(caught.value)


def test_an_index_of_another_format_is_refused(root: Path) -> None:
    edit(current_build(root) / "manifest.json", f'"format": {FORMAT}', '"format": 99')
    with pytest.raises(IndexMismatch, match=f"format 99.*{COMMAND}"):
        open_index(root, LetterEmbedder())


def test_a_newer_manifest_with_more_in_it_is_another_format_and_no_damage(root: Path) -> None:
    path = current_build(root) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"format": 99, "reranker": "x"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(IndexMismatch, match="format 99"):
        open_index(root, LetterEmbedder())


@damages
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_with_the_command(root: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(current_build(root) / name)
    with pytest.raises(IndexDamaged, match=f"{name}.*{COMMAND}"):
        open_index(root, LetterEmbedder())


@pytest.mark.parametrize("damage", [Path.unlink, truncate, empty])
def test_a_damaged_manifest_is_named_with_the_command(root: Path, damage: Callable[[Path], None]) -> None:
    damage(current_build(root) / "manifest.json")
    with pytest.raises(IndexDamaged, match=f"manifest.json.*{COMMAND}"):
        open_index(root, LetterEmbedder())


@pytest.mark.parametrize("text", ["20200101T000000-aaaaaa\n", "", "\n"])
def test_a_pointer_to_no_build_is_explained(root: Path, text: str) -> None:
    (root / "CURRENT").write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamaged, match=f"CURRENT.*{COMMAND}"):
        open_index(root, LetterEmbedder())


@damages
@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_the_named_command_repairs_a_damaged_index(
    small_kb: Path, root: Path, name: str, damage: Callable[[Path], None]
) -> None:
    wanted = np.load(current_build(root) / "vectors.npy")
    damage(current_build(root) / name)
    build_index(small_kb, root, LetterEmbedder())
    index = open_index(root, LetterEmbedder())
    assert index.rank("cable stuck", "en").best.id == "cable-stuck"
    np.testing.assert_array_equal(np.load(current_build(root) / "vectors.npy"), wanted)


def test_a_pointer_to_no_build_is_repaired_by_a_build(small_kb: Path, root: Path) -> None:
    (root / "CURRENT").write_text("gone\n", encoding="utf-8")
    report = build_index(small_kb, root, LetterEmbedder())
    assert current_build(root).name == report.build


def older(root: Path, name: str) -> str:
    """A copy of the serving build under another name: as if it had been built at that time."""
    folder = Path(shutil.copytree(current_build(root), root / "builds" / name))
    edit(folder / "manifest.json", current_build(root).name, name)
    return name


def test_rolling_back_lets_the_build_before_serve(root: Path) -> None:
    older(root, "20200101T000000-ffffff")
    before = older(root, "20200102T000000-aaaaaa")
    assert roll_back(root) == before
    assert open_index(root, LetterEmbedder()).manifest.build == before


def test_rolling_back_twice_goes_back_two_builds(root: Path) -> None:
    first = older(root, "20200101T000000-ffffff")
    older(root, "20200102T000000-aaaaaa")
    roll_back(root)
    assert roll_back(root) == first
    assert current_build(root).name == first


def test_rolling_back_without_an_earlier_build_changes_nothing(root: Path) -> None:
    before = current_build(root)
    with pytest.raises(IndexUnusable, match="no earlier build"):
        roll_back(root)
    assert current_build(root) == before


def test_rolling_back_passes_over_what_a_killed_build_left(root: Path) -> None:
    before = older(root, "20200101T000000-aaaaaa")
    half = root / "builds" / "20200102T000000-bbbbbb"
    half.mkdir()
    (half / "contents.json").write_text("{", encoding="utf-8")
    assert roll_back(root) == before


def test_rolling_back_passes_over_a_damaged_build_and_refuses_to_serve_it(root: Path) -> None:
    first = older(root, "20200101T000000-aaaaaa")
    damaged = older(root, "20200102T000000-bbbbbb")
    (root / "builds" / damaged / "vectors.npy").write_bytes(b"")
    with pytest.raises(IndexUnusable, match="damaged"):
        roll_back(root, damaged)
    assert roll_back(root) == first


def test_a_build_from_elsewhere_serves_under_a_new_name(small_kb: Path, root: Path, tmp_path: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    build_index(small_kb, tmp_path / "beside", LetterEmbedder())
    before = current_build(root).name
    name = adopt(root, current_build(tmp_path / "beside"), LetterEmbedder())
    assert name > before
    index = open_index(root, LetterEmbedder())
    assert (index.manifest.build, STEP[1] in str(index.article("cable-stuck", "en"))) == (name, True)
    assert roll_back(root) == before


def test_a_damaged_build_from_elsewhere_does_not_serve(small_kb: Path, root: Path, tmp_path: Path) -> None:
    build_index(small_kb, tmp_path / "beside", LetterEmbedder())
    (current_build(tmp_path / "beside") / "vectors.npy").write_bytes(b"")
    before = current_build(root)
    with pytest.raises(IndexUnusable, match="damaged"):
        adopt(root, current_build(tmp_path / "beside"), LetterEmbedder())
    assert current_build(root) == before
    assert len(list((root / "builds").iterdir())) == 1


def test_a_build_after_rolling_back_serves_again(small_kb: Path, root: Path) -> None:
    older(root, "20200101T000000-aaaaaa")
    roll_back(root)
    report = build_index(small_kb, root, LetterEmbedder())
    assert current_build(root).name == report.build


def test_old_builds_are_forgotten(small_kb: Path, root: Path) -> None:
    serving = current_build(root).name
    for day in range(1, 6):
        older(root, f"2020010{day}T000000-aaaaaa")
    report = build_index(small_kb, root, LetterEmbedder())
    assert set(builds(root)) == {"20200105T000000-aaaaaa", serving, report.build}
    assert len(list((root / "builds").iterdir())) == KEPT_BUILDS


def test_the_new_build_serves_even_if_the_clock_was_set_back(small_kb: Path, root: Path) -> None:
    for day in range(1, 4):
        older(root, f"2999010{day}T000000-aaaaaa")
    report = build_index(small_kb, root, LetterEmbedder())
    assert current_build(root).name == report.build


def test_builds_in_quick_succession_are_kept_in_their_order(small_kb: Path, root: Path) -> None:
    made = [build_index(small_kb, root, LetterEmbedder()).build for _ in range(8)]
    assert builds(root) == made[-KEPT_BUILDS:]


def test_two_builds_at_once_take_turns(small_kb: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"

    def build(_: int) -> BuildReport:
        return build_index(small_kb, root, LetterEmbedder())

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(build, range(2)))
    assert sorted(report.embedded for report in reports) == [0, reports[0].passages]
    assert sorted(report.classifier_trained for report in reports) == [False, True]
    assert current_build(root).name in {report.build for report in reports}
    open_index(root, LetterEmbedder())


def test_a_fresh_index_has_no_changed_sources(small_kb: Path, root: Path) -> None:
    assert changed_sources(small_kb, root) == []


def test_changed_sources_are_the_edited_added_and_removed_files(small_kb: Path, root: Path) -> None:
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    (small_kb / "utterances/pl/greeting.txt").write_text("cześć\n", encoding="utf-8")
    (small_kb / "pictures/release-cable.svg").unlink()
    (small_kb / "notes.tmp").write_text("not a source", encoding="utf-8")
    assert changed_sources(small_kb, root) == [
        "articles/en/cable-stuck.md", "pictures/release-cable.svg", "utterances/pl/greeting.txt",
    ]  # fmt: skip


def test_an_index_is_current_until_a_source_the_model_or_a_file_of_it_changes(small_kb: Path, root: Path) -> None:
    assert is_current(small_kb, root, LetterEmbedder())
    assert not is_current(small_kb, root, LetterEmbedder(version="2"))
    edit(small_kb / "articles/en/cable-stuck.md", *STEP)
    assert not is_current(small_kb, root, LetterEmbedder())


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_index_is_not_current(small_kb: Path, root: Path, name: str) -> None:
    (current_build(root) / name).unlink()
    assert not is_current(small_kb, root, LetterEmbedder())


def test_changed_sources_need_an_index(small_kb: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=COMMAND):
        changed_sources(small_kb, tmp_path)


def test_pointing_leaves_no_other_file_behind(root: Path) -> None:
    before = {path.name for path in root.iterdir()}
    point_to(root, current_build(root).name)
    assert {path.name for path in root.iterdir()} == before


def test_the_manifest_says_what_the_index_was_made_of(small_kb: Path, root: Path) -> None:
    manifest = read_manifest(current_build(root))
    assert (manifest.model, manifest.dimension) == ("letters", 64)
    assert "articles/en/cable-stuck.md" in manifest.sources
    assert set(FILES) <= manifest.files.keys()
