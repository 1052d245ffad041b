"""Every written dialogue goes as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.conversations.memory import MemoryConversations
from bot.replies.catalogues import Templates
from bot.understanding.language import LanguageGuesser
from indexer.search import Index
from tests.doubles import FixedIndex
from tests.play import Play, Transcript, transcripts
from tests.talking import played

ALL = dict(transcripts())


@pytest.mark.parametrize("transcript", ALL.values(), ids=ALL.keys())
def test_the_dialogue_goes_as_written(
    transcript: Transcript, shipped_index: Index, guesser: LanguageGuesser, templates: Templates, tmp_path: Path
) -> None:
    bot = played(tmp_path, MemoryConversations(), FixedIndex(shipped_index), guesser, templates)
    if difference := Play(bot, transcript).run():
        pytest.fail(f"\n{difference}", pytrace=False)
