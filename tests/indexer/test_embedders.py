"""Embedding models: the shipped static one, any other by path, prefixes, and what is said when one cannot be loaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from indexer.embedders import SHIPPED_MODEL, open_embedder
from indexer.embedders.prefixes import Prefixes, known_prefixes
from indexer.embedders.static import StaticEmbedder, is_static
from indexer.errors import ModelError
from indexer.ports import Embedder, Vectors

LINES = (
    "the charging cable is stuck in my car",
    "Das Ladekabel lässt sich nicht abziehen!",
    "le câble est coincé à la borne",
    "il cavo non si stacca",
    "får ikke ut kabelen på ladestasjonen",
    "kabel utknął w ładowarce",
    "balance too low",
    "Guthaben zu niedrig",
    "saldo for lav",
    "restart my charger",
    "WALLBOX NEU STARTEN",
    "4521",
    "ok 👍",
    "???",
    "word " * 2_000,
)

# The reference computes in the weights' sixteen bits.
ROUNDING = 1e-3


@pytest.fixture(scope="module")
def shipped() -> StaticEmbedder:
    return StaticEmbedder(SHIPPED_MODEL)


@pytest.fixture(scope="module")
def reference() -> Vectors:
    """What sentence-transformers makes of the lines with the shipped model."""
    model = SentenceTransformer(str(SHIPPED_MODEL), device="cpu")
    return np.asarray(model.encode(list(LINES), show_progress_bar=False), np.float32)


@pytest.fixture(scope="module")
def tiny_e5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer with random weights whose folder bears the name of a model that wants prefixes."""
    folder = tmp_path_factory.mktemp("models")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "query", "passage", "ask", "cable", "stuck", "car"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"))
    model = SentenceTransformer(modules=[words, Pooling(words.get_embedding_dimension())], device="cpu")
    model.save(str(folder / "tiny-e5-small"))
    return folder / "tiny-e5-small"


@pytest.fixture(scope="module")
def encoded(tiny_e5: Path) -> Callable[[str], Vectors]:
    """Encodes a text with the tiny model as it stands, without any prefix."""
    model = SentenceTransformer(str(tiny_e5), device="cpu")

    def encode(text: str) -> Vectors:
        return np.asarray(model.encode([text], normalize_embeddings=True, show_progress_bar=False), np.float32)

    return encode


@pytest.mark.parametrize("row", range(len(LINES)))
def test_the_shipped_model_gives_the_vectors_of_sentence_transformers(
    shipped: StaticEmbedder, reference: Vectors, row: int
) -> None:
    (vector,) = shipped.passages([LINES[row]])
    np.testing.assert_allclose(vector, reference[row], atol=ROUNDING)
    assert float(vector @ reference[row]) >= 0.999


def test_the_shipped_model_ranks_as_sentence_transformers_does(shipped: StaticEmbedder, reference: Vectors) -> None:
    vectors = shipped.passages(LINES)
    mine, theirs = vectors @ vectors.T, reference @ reference.T
    # For each line, the difference of every two others: whatever is clearly nearer there is nearer here.
    clearly = theirs[:, :, None] - theirs[:, None, :] > ROUNDING
    assert (mine[:, :, None] > mine[:, None, :])[clearly].all()


def test_an_empty_text_is_near_to_nothing(shipped: StaticEmbedder) -> None:
    assert not shipped.queries([""]).any()


def test_the_shipped_model_embeds_queries_and_passages_alike(shipped: StaticEmbedder) -> None:
    np.testing.assert_array_equal(shipped.queries(LINES), shipped.passages(LINES))


def test_the_shipped_model_is_the_one_that_opens_by_default(shipped: StaticEmbedder) -> None:
    assert open_embedder().fingerprint == shipped.fingerprint


def test_a_static_model_elsewhere_is_read_the_same_way(shipped: StaticEmbedder, tmp_path: Path) -> None:
    copy = shutil.copytree(SHIPPED_MODEL, tmp_path / "mine")
    embedder = open_embedder(str(copy))
    assert isinstance(embedder, StaticEmbedder)
    assert (embedder.name, embedder.fingerprint) == ("mine", shipped.fingerprint)


@pytest.fixture(params=["static", "transformer"])
def embedder(request: pytest.FixtureRequest, shipped: StaticEmbedder, tiny_e5: Path) -> Embedder:
    return shipped if request.param == "static" else open_embedder(str(tiny_e5))


@pytest.mark.parametrize("texts", [[], ["cable"], ["cable stuck", "car", "cable stuck in car"]])
def test_vectors_have_one_row_a_text(embedder: Embedder, texts: list[str]) -> None:
    for vectors in (embedder.queries(texts), embedder.passages(texts)):
        assert vectors.shape == (len(texts), embedder.dimension)
        assert vectors.dtype == np.float32


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    lengths = np.linalg.norm(embedder.passages(["cable", "cable stuck", "stuck in the car"]), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-5)


def test_a_text_gets_the_same_vector_in_any_company(embedder: Embedder) -> None:
    alone = embedder.passages(["cable"])[0]
    np.testing.assert_allclose(embedder.passages(["stuck in a car, a long text", "cable"])[1], alone, atol=1e-5)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("intfloat/multilingual-e5-small", Prefixes("query: ", "passage: ")),
        ("/models/Multilingual-E5-Base/", Prefixes("query: ", "passage: ")),
        ("BAAI/bge-small-en-v1.5", Prefixes("Represent this sentence for searching relevant passages: ", "")),
        ("BAAI/bge-m3", Prefixes()),
        ("nomic-ai/nomic-embed-text-v1.5", Prefixes("search_query: ", "search_document: ")),
        ("Snowflake/snowflake-arctic-embed-m", Prefixes("query: ", "")),
        ("sentence-transformers/all-MiniLM-L6-v2", Prefixes()),
        ("indexer/model", Prefixes()),
    ],
)
def test_prefixes_are_known_by_the_model_s_name(model: str, expected: Prefixes) -> None:
    assert known_prefixes(model) == expected


def test_an_instructed_model_wants_an_instruction_before_queries_alone() -> None:
    prefixes = known_prefixes("intfloat/multilingual-e5-large-instruct")
    assert prefixes.query.startswith("Instruct: ")
    assert prefixes.query.endswith("Query: ")
    assert prefixes.passage == ""


def test_queries_and_passages_get_the_prefixes_of_the_model(tiny_e5: Path, encoded: Callable[[str], Vectors]) -> None:
    embedder = open_embedder(str(tiny_e5))
    np.testing.assert_allclose(embedder.queries(["cable stuck"]), encoded("query: cable stuck"), atol=1e-5)
    np.testing.assert_allclose(embedder.passages(["cable stuck"]), encoded("passage: cable stuck"), atol=1e-5)


def test_the_prefix_makes_a_difference(tiny_e5: Path, encoded: Callable[[str], Vectors]) -> None:
    embedder = open_embedder(str(tiny_e5))
    query, passage, bare = embedder.queries(["cable"]), embedder.passages(["cable"]), encoded("cable")
    assert np.abs(query - passage).max() > 1e-3
    assert np.abs(query - bare).max() > 1e-3


def test_prefixes_that_are_given_override_the_known_ones(tiny_e5: Path, encoded: Callable[[str], Vectors]) -> None:
    embedder = open_embedder(str(tiny_e5), Prefixes(query="ask: "))
    np.testing.assert_allclose(embedder.queries(["cable"]), encoded("ask: cable"), atol=1e-5)
    np.testing.assert_allclose(embedder.passages(["cable"]), encoded("cable"), atol=1e-5)


def test_prefixes_can_be_switched_off(tiny_e5: Path, encoded: Callable[[str], Vectors]) -> None:
    np.testing.assert_allclose(open_embedder(str(tiny_e5), Prefixes()).queries(["cable"]), encoded("cable"), atol=1e-5)


def test_the_fingerprint_is_that_of_the_content(tiny_e5: Path) -> None:
    assert open_embedder(str(tiny_e5)).fingerprint == open_embedder(str(tiny_e5)).fingerprint


def test_other_prefixes_make_another_fingerprint(tiny_e5: Path) -> None:
    assert open_embedder(str(tiny_e5)).fingerprint != open_embedder(str(tiny_e5), Prefixes("ask: ", "")).fingerprint


def test_a_model_trained_further_has_another_fingerprint(tiny_e5: Path, tmp_path: Path) -> None:
    model = SentenceTransformer(str(tiny_e5), device="cpu")
    next(model.parameters()).data.add_(0.01)
    model.save(str(tmp_path / "tiny-e5-small"))
    assert open_embedder(str(tmp_path / "tiny-e5-small")).fingerprint != open_embedder(str(tiny_e5)).fingerprint


def test_other_weights_make_another_fingerprint_of_a_static_model(shipped: StaticEmbedder, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SHIPPED_MODEL, tmp_path / "model"))
    data = bytearray((copy / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (copy / "model.safetensors").write_bytes(data)
    assert StaticEmbedder(copy).fingerprint != shipped.fingerprint


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def leave_a_pointer(path: Path) -> None:
    """As a checkout without Git LFS would."""
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", encoding="utf-8")


damages = pytest.mark.parametrize("damage", [remove, truncate, leave_a_pointer])


@damages
@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_damaged_static_model_says_how_to_repair_it(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    copy = Path(shutil.copytree(SHIPPED_MODEL, tmp_path / "model"))
    damage(copy / name)
    with pytest.raises(ModelError, match="Restore the folder from version control"):
        StaticEmbedder(copy)


@pytest.mark.parametrize(
    ("name", "named"),
    [("model.safetensors", "model.safetensors"), ("tokenizer.json", "tokenizer"), ("modules.json", "modules.json")],
)
def test_a_missing_file_of_a_static_model_is_named(tmp_path: Path, name: str, named: str) -> None:
    copy = Path(shutil.copytree(SHIPPED_MODEL, tmp_path / "model"))
    (copy / name).unlink()
    with pytest.raises(ModelError, match=named):
        StaticEmbedder(copy)


# Without its modules.json or tokenizer.json the library falls back on defaults, so that these count only when damaged.
@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("model.safetensors", remove),
        ("model.safetensors", truncate),
        ("model.safetensors", leave_a_pointer),
        ("config.json", remove),
        ("config.json", truncate),
        ("config.json", leave_a_pointer),
        ("tokenizer.json", truncate),
        ("tokenizer.json", leave_a_pointer),
        ("modules.json", truncate),
        ("modules.json", leave_a_pointer),
    ],
)
def test_a_damaged_transformer_says_what_to_do(
    tiny_e5: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    copy = Path(shutil.copytree(tiny_e5, tmp_path / "model"))
    damage(copy / name)
    with pytest.raises(ModelError, match="PLUGDESK_MODEL"):
        open_embedder(str(copy))


@pytest.mark.parametrize("model", ["/nowhere/model", "nobody/no-such-model"])
def test_a_model_that_is_not_on_this_machine_is_named(model: str) -> None:
    with pytest.raises(ModelError, match=f"(?s){model}.*PLUGDESK_MODEL"):
        open_embedder(model)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="PLUGDESK_MODEL"):
        open_embedder(str(tmp_path))


def test_a_transformer_is_not_taken_for_a_static_model(tiny_e5: Path) -> None:
    assert is_static(SHIPPED_MODEL)
    assert not is_static(tiny_e5)
