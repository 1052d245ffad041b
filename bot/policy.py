"""Decides what to do with a message. Pure; thresholds are named in policy.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.types import Decision, Understanding
from indexer.knowledge import GREETING, OUT_OF_SCOPE, THANKS

POLICY_FILE = Path(__file__).with_name("policy.yaml")
FEWEST_CHOICES = 2
"""Where one topic is likely and no other, the next best stands beside it: a single one would be no choice."""


class Policy(BaseModel):
    """The thresholds of policy.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_at: float
    second_problem_at: float
    choices_at: float
    choice_at: float
    most_choices: int
    out_of_scope_at: float
    small_talk_at: float
    language_sure_at: float
    language_flip_at: float
    language_guess_at: float

    @classmethod
    def load(cls, path: Path = POLICY_FILE) -> Policy:
        """Read the file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def decide(heard: Understanding, policy: Policy) -> Decision:
    """Answer, offer choices, or say honestly that no article fits."""
    if heard.classes.get(GREETING, 0.0) >= policy.small_talk_at:
        return Decision(kind="greeting", confidence=heard.classes[GREETING], reason="a greeting")
    if heard.classes.get(THANKS, 0.0) >= policy.small_talk_at:
        return Decision(kind="thanks", confidence=heard.classes[THANKS], reason="thanks or goodbye")
    best = heard.topics[0]
    if heard.confidence >= policy.answer_at:
        sure = heard.confidence
        return Decision(kind="answer", topics=(best.id,), confidence=sure, reason="one topic is likely enough")
    if heard.classes.get(OUT_OF_SCOPE, 0.0) >= policy.out_of_scope_at:
        return Decision(kind="none", confidence=heard.confidence, reason="most likely out of scope")
    nearest = heard.topics[: policy.most_choices]
    together = sum(topic.score for topic in nearest)
    if len(nearest) >= FEWEST_CHOICES and together >= policy.choices_at:
        topics = tuple(
            topic.id for place, topic in enumerate(nearest) if place < FEWEST_CHOICES or topic.score >= policy.choice_at
        )
        return Decision(kind="choices", topics=topics, confidence=together, reason="several topics are possible")
    return Decision(kind="none", confidence=heard.confidence, reason="no topic is likely enough")
