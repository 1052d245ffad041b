"""The texts of the bot in all languages: gettext catalogues, read from the .po files themselves."""

from __future__ import annotations

import re
from collections.abc import Collection
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import CodeType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

LOCALES = Path(__file__).with_name("locales")
TEMPLATES = Path(__file__).with_name("templates")
_SPACES = re.compile(r"[ \t\n]+")
SOURCE_LANGUAGE = "en"
"""The language that the texts are written in where they stand in code and templates."""


def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    return compiled_catalogue(LOCALES / language / "LC_MESSAGES" / "plugdesk.po", language)


def compiled_catalogue(path: Path, language: str) -> GNUTranslations:
    """The translations of a .po file."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


class CompiledOnce(BytecodeCache):
    """Lets environments that differ in nothing but their catalogue share what they compile, in memory.

    Texts are looked up when a template is rendered, so its code is the same in every language.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code, if one of the environments has compiled it."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code that one of them has compiled."""
        self._known[bucket.key, bucket.checksum] = bucket.code


class Templates:
    """Renders the templates and single texts of the bot in any of its languages."""

    def __init__(self, languages: Collection[str], folder: Path = TEMPLATES, kind: str = "txt") -> None:
        self.languages = tuple(languages)
        self._kind = kind
        self._environments = {}
        compiled = CompiledOnce()
        for language in self.languages:
            # Plain text goes into JSON and terminals; clients put it into documents as text, never as markup.
            environment = Environment(
                loader=FileSystemLoader(folder),
                extensions=["jinja2.ext.i18n"],
                undefined=StrictUndefined,
                autoescape=kind == "html",
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
                bytecode_cache=compiled,
            )
            environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
            self._environments[language] = environment

    def paragraphs(self, template: str, language: str, **values: object) -> list[str]:
        """The paragraphs of a template, empty ones left out."""
        text = self._environments[language].get_template(f"{template}.{self._kind}.j2").render(values)
        # Not str.split: it would take the no-break spaces of French for line breaks.
        return [_SPACES.sub(" ", part.strip()) for part in text.split("\n\n") if part.strip()]

    def page(self, template: str, language: str, **values: object) -> str:
        """A template with its line breaks, outer space trimmed."""
        return self._environments[language].get_template(f"{template}.{self._kind}.j2").render(values).strip()
