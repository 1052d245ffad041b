"""What keeps what the lead is shown."""

from __future__ import annotations

from typing import Protocol

from bot.panel.knowledge.values import Checked, Evaluation


class LastCheck(Protocol):
    """Keeps what the last check of the knowledge base found."""

    def keep(self, checked: Checked) -> None:
        """Keep it instead of the one before."""

    def read(self) -> Checked | None:
        """The last one; None: there was none, or a version of Plugdesk wrote it that is not this one's."""


class LastEvaluation(Protocol):
    """Knows where the evaluation leaves its results."""

    def read(self) -> Evaluation | None:
        """The newest one; None: there is none that can be read."""
