"""What a driver says about the conversation itself: yes, no, cancel, look again, a person (product.md 4).

``words`` makes messages and phrases comparable, ``phrases`` reads what people say, ``grammar`` reads a message in one
language, ``patterns`` finds what may stand inside a sentence, ``finder`` joins the languages.
"""

from bot.understanding.commands.finder import Commands
from bot.understanding.commands.phrases import Command, Said

__all__ = ["Command", "Commands", "Said"]
