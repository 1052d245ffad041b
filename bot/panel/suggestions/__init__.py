"""What an agent might answer: from approved articles, templates and live results, never free text."""

from bot.panel.suggestions.suggest import Suggester
from bot.panel.suggestions.values import Suggestion, distance

__all__ = ["Suggester", "Suggestion", "distance"]
