"""Runs the checks over a knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from indexer.lint.base import Base, open_base
from indexer.lint.checks import examples, finding, form, reading, references, translations, vendors
from indexer.lint.exceptions import FILE, Excepted, read_exceptions
from indexer.lint.rules import Rules, shipped_rules
from indexer.lint.types import Finding, Found
from indexer.ports import Embedder

Check = Callable[[Base, Rules], Iterator[Found]]
MeaningCheck = Callable[[finding.Meanings, Rules], Iterator[Found]]

FORM, UNUSED = "form", "unused-exception"
CHECKS: Mapping[str, Check] = {
    FORM: form.form,
    "broken-template": form.broken_template,
    "leftover-markup": form.leftover_markup,
    "empty-section": form.empty_section,
    "empty-heading": form.empty_heading,
    "wrong-language": form.wrong_language,
    "missing-translation": translations.missing_translation,
    "older-translation": translations.older_translation,
    "sections-differ": translations.sections_differ,
    "facts-differ": translations.facts_differ,
    "names-differ": translations.names_differ,
    "steps-differ": translations.steps_differ,
    "literal-fact": vendors.literal_fact,
    "phone-country": vendors.phone_country,
    "other-vendor": vendors.other_vendor,
    "forbidden-words": vendors.forbidden_words,
    "dead-link": references.dead_link,
    "missing-picture": references.missing_picture,
    "picture-without-text": references.picture_without_text,
    "unused-picture": references.unused_picture,
    "overdue-review": references.overdue_review,
    "long-step": reading.long_step,
    "several-actions": reading.several_actions,
    "long-sentence": reading.long_sentence,
    "hard-to-read": reading.hard_to_read,
    "late-answer": reading.late_answer,
    "shared-utterance": examples.shared_utterance,
    "few-utterances": examples.few_utterances,
    "near-duplicate": examples.near_duplicate,
}
MEANING_CHECKS: Mapping[str, MeaningCheck] = {
    "unfound-article": finding.unfound_article,
    "confused-topics": finding.confused_topics,
}
NAMES = (*CHECKS, *MEANING_CHECKS, UNUSED)
"""The ids of all checks."""


def check(kb: Path, embedder: Embedder | None, today: date, rules: Rules | None = None) -> list[Finding]:
    """Everything that is wrong with the knowledge base, by file and line; exceptions of its own are left out.

    Without an embedder the checks that need one are not run.

    Raises:
        KnowledgeError: where topics, languages, vendors or exceptions cannot be read.
    """
    rules = rules or shipped_rules()
    base = open_base(kb, today)
    exceptions = read_exceptions(kb, NAMES)
    found = [_named(name, each, rules) for name, look in CHECKS.items() for each in look(base, rules)]
    if embedder is not None:
        meanings = finding.Meanings(base, embedder)
        found += [_named(name, each, rules) for name, look in MEANING_CHECKS.items() for each in look(meanings, rules)]
    kept = [each for each in _once(found) if not any(excepted.covers(each) for excepted in exceptions)]
    ran = {*CHECKS, *(MEANING_CHECKS if embedder is not None else ())}
    kept += [
        _named(UNUSED, each, rules)
        for each in _unused([excepted for excepted in exceptions if excepted.check in ran], found)
    ]
    return sorted(kept, key=lambda each: (each.path, each.line, each.check, each.what))


def _named(name: str, found: Found, rules: Rules) -> Finding:
    return Finding(name, rules.severities[name], found.path.as_posix(), found.line, found.what, found.remedy)


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """What a check of its own says better is not said again by ``form``."""
    found = list(found)
    told = {(each.path, each.line) for each in found if each.check != FORM}
    for each in dict.fromkeys(found):
        if each.check != FORM or (each.path, each.line) not in told:
            yield each


def _unused(exceptions: Iterable[Excepted], found: Iterable[Finding]) -> Iterator[Found]:
    """Exceptions of what no check finds any more: they would hide the next defect of the kind."""
    found = list(found)
    for each in exceptions:
        if not any(each.covers(one) for one in found):
            what = f"Nothing is found that the exception for {each.check} in {each.path} is about"
            yield Found(Path(FILE), 1, what, "Remove it.")
