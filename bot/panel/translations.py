"""What drivers and agents write, in the other's language, by a service that the operator has chosen."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from bot.panel.ports import Translator
from bot.understanding.masking import mask
from bot.understanding.text import storable

MOST = 5_000


@dataclass(frozen=True)
class Translations:
    """Remembers what was translated, so that the service is asked once for each text. Safe to use from threads."""

    translator: Translator
    _guard: Lock = field(default_factory=Lock, repr=False)
    _known: OrderedDict[tuple[str, str, str], str] = field(default_factory=OrderedDict, repr=False)

    def of(self, text: str, source: str, target: str) -> str:
        """The text in the language ``target``; secrets in it are masked before it leaves.

        Raises:
            Unavailable: when the service does not answer, or has no such languages.
        """
        written = mask(storable(text)).text
        key = (written, source, target)
        with self._guard:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        said = self.translator.translate(written, source, target)
        with self._guard:
            self._known[key] = said
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return said
