"""Values in a driver's message: numbers of accounts, stations and chargers, money, codes, symptoms, places.

``finder`` joins the parts: what has a form of its own (``evse``, ``contracts``, ``codes``, ``money``, ``places``), what
a bare ``numbers`` is and what it is ``otherwise``, ``symptoms``, and ``corrections``. ``rules`` is the schema of
rules.yaml and words/; ``reading`` is a message with the meaning of its words.
"""

from bot.understanding.slots.finder import SlotFinder
from bot.understanding.slots.rules import SlotRules
from bot.understanding.slots.values import NUMBERS, Found, Slot, Symptom

__all__ = ["NUMBERS", "Found", "Slot", "SlotFinder", "SlotRules", "Symptom"]
