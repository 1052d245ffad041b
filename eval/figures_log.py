"""Conversations whose course is known, written as the events that they leave; for what counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.care import (
    Closed,
    Joined,
    Left,
    Merged,
    Notice,
    Person,
    PersonSaid,
    Reopened,
    SuggestionUse,
    TopicCorrected,
)
from bot.events import BotSaid, Decided, DriverSaid, Feedback, HandedOver, Happening, Rated, Started, Understood
from bot.ports import ConversationStore
from bot.types import (
    Choice,
    Context,
    Decision,
    Identity,
    Message,
    Reply,
    TemplateOrigin,
    TextPart,
    Topic,
    Understanding,
)

KARI = Person(id="kari", name="Kari")
ORIGIN = TemplateOrigin(template="care/joined", language="en")
NOTICE = Notice(text="Kari is here.", origin=ORIGIN)
FIRST_DAY = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""Three days before the clocks go forward in Zurich."""


@dataclass
class Talk:
    """One conversation, told step by step; time passes by :meth:`wait` alone."""

    id: str
    at: datetime = FIRST_DAY
    language: str = "en"
    vendor: str | None = None
    channel: str | None = None
    user: str | None = None
    log: list[tuple[datetime, Happening]] = field(default_factory=list)
    _messages: int = 0

    def __post_init__(self) -> None:
        """It begins."""
        identity = Identity(user=self.user) if self.user else None
        self._happens(
            Started(context=Context(locale=self.language, vendor=self.vendor, channel=self.channel, identity=identity))
        )

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> Self:
        """Time passes; negative where a clock is set back."""
        self.at += timedelta(seconds=seconds, minutes=minutes, hours=hours)
        return self

    def asks(
        self, text: str, topic: str = "cable-stuck", kind: str = "answer", expects: str | None = None, tap: bool = False
    ) -> Self:
        """The driver asks; the bot answers, or has nothing, or asks back."""
        found = (topic,) if kind in ("answer", "danger") else (topic, "lost-pass") if kind == "choices" else ()
        decision = Decision.model_validate({"kind": kind, "topics": found, "reason": "told so"})
        told = "answer" if kind in ("answer", "danger", "flow") else "choices" if kind == "choices" else "none"
        return self._turn(text, decision, told, topic, expects, Choice(kind="topic", value=topic) if tap else None)

    def says(self, command: str) -> Self:
        """The driver says something of the answer, such as ``works``."""
        return self._turn(command, Decision(kind="command", what=command, reason="told so"), "answer")

    def thanks(self) -> Self:
        """The driver says thank you."""
        return self._turn("thanks", Decision(kind="thanks", reason="told so"), "none")

    def greets(self) -> Self:
        """The driver says hello and nothing else."""
        return self._turn("hello", Decision(kind="greeting", reason="told so"), "none")

    def thumb(self, up: bool) -> Self:
        """Of the latest reply."""
        return self._happens(Feedback(reply=f"{self.id}-r{self._messages}", helped=up))

    def rates(self, stars: int) -> Self:
        """The driver rates it all."""
        return self._happens(Rated(stars=stars))

    def calls(self, urgent: bool = False) -> Self:
        """A person is asked for."""
        return self._happens(HandedOver(ticket=None, urgent=urgent, reason="asked for"))

    def joins(self) -> Self:
        """A person takes over."""
        return self._happens(Joined(by=KARI, notice=NOTICE))

    def writes(self, suggestion: SuggestionUse | None = None) -> Self:
        """The person writes to the driver."""
        said = f"p{len(self.log)}"
        return self._happens(PersonSaid(id=said, by=KARI, text="Here.", language="en", suggestion=suggestion))

    def leaves(self) -> Self:
        """The person hands back."""
        return self._happens(Left(by=KARI, why="handed_back", notice=NOTICE))

    def closes(self) -> Self:
        """The person says that it is done."""
        return self._happens(Closed(by=KARI, why="solved"))

    def reopens(self) -> Self:
        """It is not done after all."""
        return self._happens(Reopened(by=KARI))

    def merges(self, into: str) -> Self:
        """It goes on elsewhere."""
        self._happens(Merged(by=KARI, into=into))
        return self.closes()

    def corrects(self, topic: str | None) -> Self:
        """A person says what the latest message was about."""
        return self._happens(TopicCorrected(by=KARI, message_id=f"{self.id}-m{self._messages}", topic=topic))

    def keep(self, store: ConversationStore) -> None:
        """Let it have happened."""
        (began, start), *rest = self.log
        store.create(self.id, start, began)
        for number, (at, happening) in enumerate(rest, 1):
            store.append(self.id, [happening], at, number)

    def _turn(
        self, text: str, decision: Decision, told: str, topic: str = "", expects: str | None = None,
        choice: Choice | None = None,
    ) -> Self:  # fmt: skip
        self._messages += 1
        message = f"{self.id}-m{self._messages}"
        heard = Understanding(
            language=self.language, language_source="message", language_confidence=0.9,
            topics=(Topic(id=topic, score=0.9),) if topic else (), confidence=0.9, classes={}, vendor=None, passages=(),
        )  # fmt: skip
        reply = Reply.model_validate(
            {
                "id": f"{self.id}-r{self._messages}", "language": self.language, "decision": told, "topic": None,
                "confidence": 0.9, "parts": (TextPart(text="So.", origin=ORIGIN),), "quick_replies": (), "sources": (),
                "text": "So.", "expects": expects,
            }
        )  # fmt: skip
        self._happens(DriverSaid(message=Message(id=message, text=text, choice=choice)))
        self._happens(Understood(message_id=message, understanding=heard))
        self._happens(Decided(message_id=message, decision=decision))
        return self._happens(BotSaid(message_id=message, reply=reply))

    def _happens(self, happening: Happening) -> Self:
        self.log.append((self.at, happening))
        return self
