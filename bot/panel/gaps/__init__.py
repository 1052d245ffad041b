"""Gaps of the knowledge base: what drivers asked and were not helped with, gathered by meaning across languages."""

from bot.panel.gaps.gaps import GapFinder
from bot.panel.gaps.rules import GapRules
from bot.panel.gaps.values import Gap, GapReason, GapReport, Missed

__all__ = ["Gap", "GapFinder", "GapReason", "GapReport", "GapRules", "Missed"]
