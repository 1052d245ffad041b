"""Replies that people send again and again, ready in every language; some of them do something once they are sent."""

from bot.panel.canned.actions import Action, run
from bot.panel.canned.fill import Filled, blanks_of, filled, fitting
from bot.panel.canned.replies import CannedReplies, CannedReply

__all__ = ["Action", "CannedReplies", "CannedReply", "Filled", "blanks_of", "filled", "fitting", "run"]
