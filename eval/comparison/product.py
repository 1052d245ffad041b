"""The whole product, from the line to the rendered answer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.assembly import open_services
from bot.settings import Settings
from bot.types import Context
from eval.bench import aside
from eval.comparison.ports import Document, Ranked
from eval.comparison.routed import SHOWN_TOPICS
from eval.questions import Question


class Product:
    """What ``plugdesk ask`` does; it finds out the language by itself, and may offer choices or decline."""

    abstains = True

    def __init__(self, opened: ExitStack) -> None:
        self._opened = opened

    def build(self, _documents: Sequence[Document], /) -> None:
        """Open the index that serves; it was built from the same articles and utterances."""
        folder = self._opened.enter_context(TemporaryDirectory())
        settings = Settings.from_environ({**os.environ, **aside(Path(folder)), "PLUGDESK_CONVERSATIONS": "memory:"})
        services = open_services(settings)
        self._opened.callback(services.close)
        self._talks = services.conversations
        self._talks.answer("warm up", Context())

    def ask(self, question: Question) -> Ranked:
        """Answer the line."""
        heard, reply = self._talks.answer(question.text)
        topics = tuple(topic.id for topic in heard.topics)[:SHOWN_TOPICS] or ("",)
        return Ranked(topics, heard.confidence, reply.decision, reply.language)
