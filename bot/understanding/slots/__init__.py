"""Values in a driver's message: numbers of accounts, stations and chargers, money, codes, symptoms, places.

``rules`` is the schema of rules.yaml, ``identifiers`` reads what has a fixed form, ``numbers`` decides what a bare
number is, ``finder`` joins them.
"""

from bot.understanding.slots.finder import SlotFinder
from bot.understanding.slots.rules import SlotRules
from bot.understanding.slots.values import Found, Slot

__all__ = ["Found", "Slot", "SlotFinder", "SlotRules"]
