"""The knowledge base as one value: topics, vendors, articles, utterances, read from ``kb/`` and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from indexer.articles import read_articles
from indexer.errors import KnowledgeError, Problem
from indexer.types import Article
from indexer.utterances import Utterance, read_utterances

OUT_OF_SCOPE, GREETING, THANKS = "out-of-scope", "greeting", "thanks"
ARTICLE_LANGUAGES = ("en", "fr", "de", "it", "nb")
DRIVER_LANGUAGES = (*ARTICLE_LANGUAGES, "nl", "es", "sv", "da", "pt", "pl")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(_Data):
    """One topic: what belongs to it, what belongs to its neighbours, which vendor rules it carries."""

    id: str
    covers: str
    rules: tuple[str, ...] = ()


class Language(_Data):
    """``read``: article languages, best first; ``kin``: the article language with the most alike words."""

    name: str
    read: tuple[str, ...] = Field(min_length=1)
    kin: str


class MessageClass(_Data):
    """A kind of message that no article answers, such as a greeting."""

    id: str
    covers: str


class Vendor(_Data):
    """A source system. ``facts`` are rendered into articles; ``aliases`` are how drivers name it."""

    id: str
    name: str
    kind: str
    countries: tuple[str, ...]
    aliases: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the vendor's names as whole words, in any case."""
        names = "|".join(re.escape(alias) for alias in sorted(self.aliases, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Knowledge:
    """Everything under ``kb/``, valid as a whole."""

    topics: tuple[Topic, ...]
    classes: tuple[MessageClass, ...]
    languages: Mapping[str, Language]
    vendors: Mapping[str, Vendor]
    articles: tuple[Article, ...]
    utterances: tuple[Utterance, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What a line can be: the topics, then the classes."""
        return tuple(topic.id for topic in self.topics) + tuple(entry.id for entry in self.classes)


@dataclass(frozen=True)
class Frame:
    """What articles and utterances are written for: everything but themselves."""

    topics: tuple[Topic, ...]
    classes: tuple[MessageClass, ...]
    languages: Mapping[str, Language]
    vendors: Mapping[str, Vendor]

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """The facts of each vendor."""
        return {key: vendor.facts for key, vendor in self.vendors.items()}


def read_frame(folder: Path) -> Frame:
    """Read topics, classes, languages and vendors.

    Raises:
        KnowledgeError: where one of their files cannot be used.
    """
    topics, classes = _read_topics(folder / "topics.yaml")
    languages = _read_languages(folder / "languages.yaml")
    vendors = {vendor.id: vendor for vendor in _read_vendors(folder / "vendors")}
    return Frame(topics, classes, languages, vendors)


def read_knowledge(folder: Path) -> Knowledge:
    """Read and check the whole knowledge base.

    Raises:
        KnowledgeError: with every problem found, each with file, line and remedy.
    """
    problems: list[Problem] = []
    frame = read_frame(folder)
    topics, classes = frame.topics, frame.classes
    topic_ids = {topic.id for topic in topics}
    articles = read_articles(folder / "articles", topic_ids, frame.facts, problems)
    utterances = read_utterances(
        folder / "utterances", topic_ids | {entry.id for entry in classes}, DRIVER_LANGUAGES, problems
    )
    problems.extend(_missing_articles(folder / "articles", topics, articles, problems))
    if not utterances and not problems:
        problems.append(Problem(folder / "utterances", 1, "There are no utterances", "Write some for every topic."))
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(topics, classes, frame.languages, frame.vendors, tuple(articles), tuple(utterances))


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KnowledgeError([Problem(path, 1, "The file is missing", "Restore it from version control.")]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = Problem(path, line, f"This is not valid YAML ({error})".replace("\n", " "), "Correct this line.")
        raise KnowledgeError([problem]) from None


def _explained(path: Path, error: ValidationError) -> KnowledgeError:
    return KnowledgeError(
        [
            Problem(
                path,
                _line_of(path, each["loc"]),
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}",
                "Correct or remove this entry.",
            )
            for each in error.errors()
        ]
    )


def _line_of(path: Path, location: tuple[str | int, ...]) -> int:
    """The line of a top-level key, where the location begins with one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    key = f"{location[0]}:" if location else ""
    return next((number for number, line in enumerate(lines, start=1) if key and line.startswith(key)), 1)


def _read_topics(path: Path) -> tuple[tuple[Topic, ...], tuple[MessageClass, ...]]:
    data = _read_yaml(path)
    try:
        topics = tuple(
            Topic(id=entry["id"], covers=entry["covers"], rules=tuple(entry.get("rules", ())))
            for group in data["groups"]
            for entry in group["topics"]
        )
        classes = tuple(MessageClass.model_validate(entry) for entry in data["classes"])
    except ValidationError as error:
        raise _explained(path, error) from None
    except (KeyError, TypeError) as error:
        problem = Problem(path, 1, f"An entry is missing: {error}", "Each topic needs id and covers.")
        raise KnowledgeError([problem]) from None
    ids = [topic.id for topic in topics] + [entry.id for entry in classes]
    doubled = sorted({each for each in ids if ids.count(each) > 1})
    if doubled:
        problem = Problem(path, 1, f"The id {', '.join(doubled)} occurs twice", "Give each topic and class its own id.")
        raise KnowledgeError([problem])
    missing = sorted({OUT_OF_SCOPE, GREETING, THANKS} - {entry.id for entry in classes})
    if missing:
        problem = Problem(
            path, 1, f"The class {', '.join(missing)} is missing", "List it under classes; code needs it."
        )
        raise KnowledgeError([problem])
    return topics, classes


def _read_languages(path: Path) -> dict[str, Language]:
    try:
        languages = TypeAdapter(dict[str, Language]).validate_python(_read_yaml(path))
    except ValidationError as error:
        raise _explained(path, error) from None
    problems = [
        Problem(
            path, _line_of(path, (code,)), f"{code}: {other} has no articles", f"Use {', '.join(ARTICLE_LANGUAGES)}."
        )
        for code, language in languages.items()
        for other in (*language.read, language.kin)
        if other not in ARTICLE_LANGUAGES
    ]
    if sorted(languages) != sorted(DRIVER_LANGUAGES):
        problems.append(
            Problem(path, 1, "These are not the drivers' languages", f"List {', '.join(DRIVER_LANGUAGES)}.")
        )
    if problems:
        raise KnowledgeError(problems)
    return languages


def _read_vendors(folder: Path) -> Iterator[Vendor]:
    for path in sorted(folder.glob("*.yaml")):
        try:
            vendor = Vendor.model_validate(_read_yaml(path))
        except ValidationError as error:
            raise _explained(path, error) from None
        if vendor.id != path.stem:
            problem = Problem(path, 1, f"The id is {vendor.id!r}", f"Call the file {vendor.id}.yaml.")
            raise KnowledgeError([problem])
        yield vendor


def _missing_articles(
    folder: Path, topics: tuple[Topic, ...], articles: list[Article], known: list[Problem]
) -> Iterator[Problem]:
    """A topic without an article in one of the article languages, unless its file has a problem already."""
    present = {(article.language, article.id) for article in articles}
    broken = {problem.path for problem in known}
    for topic in topics:
        for language in ARTICLE_LANGUAGES:
            path = folder / language / f"{topic.id}.md"
            if (language, topic.id) not in present and path not in broken:
                yield Problem(
                    path, 1, "The topic has no article in this language", "Write it; see docs/writing-articles.md."
                )
