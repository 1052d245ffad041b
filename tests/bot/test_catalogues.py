"""The catalogues of the bot's own texts are complete in every language, and templates render from them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import DictLoader, Environment

from bot.channels.messengers.mail.compose import TEMPLATES as MAILS
from bot.replies.catalogues import LOCALES, SOURCE_LANGUAGE, TEMPLATES, CompiledOnce, Templates
from indexer.knowledge import DRIVER_LANGUAGES

WIDGET = Path(__file__).parents[2] / "widget"
PAGES = (WIDGET / "plain", WIDGET / "demo", MAILS)
TRANSLATED = [language for language in DRIVER_LANGUAGES if language != SOURCE_LANGUAGE]
VALUES = {"topic": "T", "general": "112", "fire": None, "medical": None, "reference": "T-1", "station": "4521"}
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "plugdesk.po").open("rb") as file:
        return read_po(file, locale=language)


def used() -> set[str]:
    """Every message of the bot's templates and of the pages."""
    found: set[str] = set()
    for folder in (TEMPLATES, *PAGES):
        extracted = extract_from_dir(folder, [("**.j2", "jinja2")], {"**.j2": {"silent": "false"}})
        found |= {str(message) for _, _, message, _, _ in extracted}
    return found


def entries(language: str) -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in catalogue(language) if entry.id}


def test_each_translated_language_has_a_catalogue_and_no_other() -> None:
    assert sorted(path.name for path in LOCALES.iterdir() if path.is_dir()) == sorted(TRANSLATED)


def test_the_templates_and_the_page_have_messages() -> None:
    assert {"Talk to a person", "Send"} <= used()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_exactly_the_messages_that_are_used(language: str) -> None:
    assert entries(language).keys() == used()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    assert [message for message, translation in entries(language).items() if not translation.strip()] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    found = catalogue(language)
    assert not found.fuzzy
    assert [entry.id for entry in found if entry.id and entry.fuzzy] == []
    assert list(found.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for message, translation in entries(language).items():
        assert sorted(_PLACEHOLDER.findall(translation)) == sorted(_PLACEHOLDER.findall(message)), message
        assert "%" not in _PLACEHOLDER.sub("", translation), message


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_says_which_language_it_is(language: str) -> None:
    assert str(catalogue(language).locale) == language
    text = (LOCALES / language / "LC_MESSAGES" / "plugdesk.po").read_text(encoding="utf-8")
    assert f'"Language: {language}\\n"' in text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_plain_text(language: str) -> None:
    """The page puts translations into attributes, and newstyle gettext takes them for safe markup."""
    assert [each for each in entries(language).values() if re.search(r'[<>&"\x00-\x1f]', each)] == []


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
@pytest.mark.parametrize("template", sorted(path.name.removesuffix(".txt.j2") for path in TEMPLATES.glob("*.txt.j2")))
def test_every_template_renders_in_every_language(templates: Templates, template: str, language: str) -> None:
    text = templates.page(template, language, language_name="Norsk", parts=(), quick_replies=(), sources=(), **VALUES)
    assert "%(" not in text
    assert "{{" not in text


def test_a_template_is_rendered_in_the_language_asked_for(templates: Templates) -> None:
    assert templates.paragraphs("thanks", "en") == ["You are welcome. Have a good trip!"]
    assert templates.paragraphs("thanks", "nb") != templates.paragraphs("thanks", "en")
    assert len({templates.page("greeting", language) for language in DRIVER_LANGUAGES}) == len(DRIVER_LANGUAGES)


def test_paragraphs_are_single_lines(templates: Templates) -> None:
    assert len(templates.paragraphs("greeting", "de")) == 2
    assert not any("\n" in paragraph for paragraph in templates.paragraphs("greeting", "de"))


def test_what_is_filled_into_a_template_is_not_rendered_itself(templates: Templates) -> None:
    (notice,) = templates.paragraphs("other_language", "en", language_name="{{ 7 * 7 }} %(language)s")
    assert notice.endswith("{{ 7 * 7 }} %(language)s.")


def test_what_is_filled_into_a_page_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "index.html.j2").write_text('<p title="{{ name }}">{{ name }}</p>', encoding="utf-8")
    page = Templates(["en"], tmp_path, "html").page("index", "en", name='"><script>')
    assert "<script>" not in page


def test_a_template_is_compiled_once_for_all_languages_and_keeps_their_texts() -> None:
    compiled: list[str] = []

    class Counting(Environment):
        """Notes what it compiles."""

        def compile(self, source: str, *args: object, **options: object) -> object:
            compiled.append(source)
            return super().compile(source, *args, **options)

    shared, source = CompiledOnce(), "{{ word }}"
    environments = [Counting(loader=DictLoader({"t": source}), bytecode_cache=shared) for _ in range(2)]
    for environment, word in zip(environments, ("Kabel", "câble"), strict=True):
        environment.globals["word"] = word
    assert [environment.get_template("t").render() for environment in environments] == ["Kabel", "câble"]
    assert compiled == [source]


def test_french_never_breaks_a_line_before_its_punctuation() -> None:
    texts = json.loads((WIDGET / "src/texts/fr.json").read_text(encoding="utf-8"))
    said = [*entries("fr").values(), *map(str, texts.values())]
    assert [each for each in said if re.search(r" [:;?!»]|« ", each)] == []
