"""The safety lane: does a message tell of danger? Product.md 3.4; before everything else, in every language.

``words`` cuts a message into comparable words, ``lexicon`` reads what people call things, ``matcher`` finds those
words, ``rules`` says which of them together are danger, ``lane`` joins them.
"""

from bot.understanding.safety.hazards import HAZARDOUS_ERROR_CODES, Danger, Hazard
from bot.understanding.safety.lane import SafetyLane

__all__ = ["HAZARDOUS_ERROR_CODES", "Danger", "Hazard", "SafetyLane"]
