"""Every written dialogue goes as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from eval.dialogues import staged
from eval.transcripts import SATURDAY, Play, Transcript, transcripts
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.search import Index
from tests.doubles import FixedIndex
from tests.talking import TIMEZONE, conversations

ALL = dict(transcripts())
RULES = Path(__file__).parents[1] / "docs" / "vendor-rules.md"


@pytest.mark.parametrize("transcript", ALL.values(), ids=ALL.keys())
def test_the_dialogue_goes_as_written(
    transcript: Transcript, shipped_index: Index, guesser: LanguageGuesser, templates: Templates
) -> None:
    talks = conversations(MemoryConversations(), FixedIndex(shipped_index), guesser, templates)
    with staged(talks, SATURDAY) as stage:
        if difference := Play(stage, transcript, TIMEZONE).run():
            pytest.fail(f"\n{difference}", pytrace=False)


def test_every_rule_of_every_vendor_is_played() -> None:
    written = set(re.findall(r"^\| ([A-Z]{2}[0-9]) \|", RULES.read_text(encoding="utf-8"), re.MULTILINE))
    played_rules = {rule for transcript in ALL.values() for rule in transcript.rules}
    assert len(written) > 30
    assert written - played_rules == set()


def test_each_main_flow_is_played_in_the_five_languages_of_the_articles() -> None:
    by_language = dict.fromkeys(ARTICLE_LANGUAGES, 0)
    for transcript in ALL.values():
        by_language[transcript.given.language] += 1
    assert min(by_language.values()) >= 25
