"""What agents answer with: suggestions, canned replies and macros, and translations where there is a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.care import Person, SuggestionUse
from bot.panel.canned import CannedReplies, CannedReply, Filled, blanks_of, filled, fitting, run
from bot.panel.suggestions import Suggester, distance
from bot.panel.suggestions.offers import Offer, Offers
from bot.panel.translations import Translations
from bot.panel.values import Agent
from bot.staff import Staff

CANNED = "canned"


@dataclass(frozen=True)
class Begun:
    """The text that an agent begins from, and what names it in the form that sends it."""

    text: str
    used: str
    macro: str = ""


@dataclass(frozen=True)
class Answers:
    """Safe to use from several threads.

    Every method raises UnknownConversation where there is none.
    """

    staff: Staff
    suggester: Suggester
    canned: CannedReplies
    offers: Offers
    translations: Translations | None
    """None: there is no service, and nothing of it is shown."""

    def offer(self, conversation: str, agent: Agent) -> Offer:
        """What is suggested now; it is kept, so that its use can be told."""
        found = self.suggester.suggest(conversation, agent.language, agent.name)
        return self.offers.keep(conversation, found.suggestions, self.suggester.talks.clock.now())

    def canned_for(self, conversation: str, agent: Agent) -> Sequence[Filled]:
        """The canned replies and macros that can be sent now."""
        talks = self.suggester.talks
        state = talks.state(conversation)
        blanks, driver = blanks_of(state, agent.name), talks.language(conversation)
        return fitting(self.canned, blanks, state.vendor, driver, agent.language)

    def begun(self, conversation: str, agent: Agent, used: str) -> Begun | None:
        """The text that ``used`` names: ``canned:NAME``, or ``OFFER.PLACE``; None where it is not known any more."""
        kind, _, name = used.partition(":")
        if kind == CANNED:
            reply = self.canned.of(name)
            ready = self._ready(conversation, agent, reply) if reply else None
            return Begun(ready.text, used, ready.name if ready.action else "") if ready else None
        found = self._used(conversation, used)
        return Begun(found[0].suggestions[found[1]].text, used) if found else None

    def say(
        self, conversation: str, agent: Agent, identity: str, text: str, offer: str = "", used: str = "",
        macro: CannedReply | None = None,
    ) -> None:  # fmt: skip
        """Send it, with what became of what was offered; then do what the macro does. What cannot be sent does nothing.

        Raises:
            NobodyThere: when the agent has not taken over.
            Occupied: when a colleague has.
        """
        by = Person(id=agent.id, name=agent.name)
        self.staff.say(conversation, by, identity, text, self._use(conversation, agent, offer, used, text))
        if macro is not None and macro.action is not None:
            run(macro.action, self.staff, conversation, by, self.suggester.talks.clock.now())

    def _use(self, conversation: str, agent: Agent, offer: str, used: str, text: str) -> SuggestionUse | None:
        shown = self.offers.of(offer, conversation)
        names = shown.names if shown else ()
        if (found := self._used(conversation, used)) is not None:
            began, place = found
            suggestion = began.suggestions[place]
            return SuggestionUse(offered=began.names, used=suggestion.id, distance=distance(suggestion.text, text))
        if used.startswith(f"{CANNED}:") and (begun := self.begun(conversation, agent, used)) is not None:
            return SuggestionUse(offered=names, used=used, distance=distance(begun.text, text))
        return SuggestionUse(offered=names) if names else None

    def _used(self, conversation: str, used: str) -> tuple[Offer, int] | None:
        offer, _, place = used.rpartition(".")
        found = self.offers.of(offer, conversation)
        if found is None or not (place.isascii() and place.isdigit()) or int(place) >= len(found.suggestions):
            return None
        return found, int(place)

    def _ready(self, conversation: str, agent: Agent, reply: CannedReply) -> Filled | None:
        talks = self.suggester.talks
        blanks = blanks_of(talks.state(conversation), agent.name)
        return filled(reply, blanks, talks.language(conversation), agent.language)
