"""Cuts from a mail what its driver did not write: the mail that is quoted, the signature.

Only what is certain is cut. A danger may stand anywhere in a mail, so a sentence that merely begins like a closing
("Thanks, but it smokes") or like a disclaimer ("Warning: …") stays; libraries for this cut at such words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

QUOTES_FILE = Path(__file__).with_name("quotes.yaml")
WRAPPED = 3
"""Lines over which a program breaks the line above a quote."""
HEADER_LINES = 8
"""So many lines in a row are looked at for headers of a quoted mail."""
FEWEST_HEADERS = 2
"""Besides the sender's: a driver writes "To: …" at most by chance."""
LONGEST_LINE = 300
"""Of those that programs write; longer ones are the driver's."""
SIGNATURE_LINES = 12
_DATE_OR_ADDRESS = re.compile(r"@|\d{4}|\d[./-]\d|\d:\d\d")
_AFTERTHOUGHT = re.compile(r"p\.? ?s\b", re.IGNORECASE)


class _Headers(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]


class _Words(BaseModel):
    """quotes.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrote: tuple[str, ...]
    starts: tuple[str, ...]
    headers: _Headers
    separators: tuple[str, ...]
    forwarded: tuple[str, ...]
    answered: tuple[str, ...]
    sent_from: tuple[str, ...]
    closings: tuple[str, ...]


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@dataclass(frozen=True)
class Quotes:
    """Knows the words that mail programs use. Everything works line by line, in time that grows with the length."""

    wrote: re.Pattern[str]
    start: re.Pattern[str]
    sender: re.Pattern[str]
    header: re.Pattern[str]
    separator: re.Pattern[str]
    answer: re.Pattern[str]
    forward: re.Pattern[str]
    sent_from: re.Pattern[str]
    closing: re.Pattern[str]

    @classmethod
    def load(cls, path: Path = QUOTES_FILE) -> Quotes:
        """Read the file."""
        words = _Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        others = [name for names in words.headers.others for name in names]

        def pattern(text: str) -> re.Pattern[str]:
            return re.compile(text, re.IGNORECASE)

        return cls(
            wrote=pattern(rf"\b{_any(words.wrote)}(?!\w)"),
            start=pattern(rf"(?:{_any(words.starts)}[., ]|\d{{1,2}}[./ ])"),
            sender=pattern(rf"\*?{_any(words.headers.sender)}\*? ?:"),
            header=pattern(rf"\*?{_any(others)}\*? ?:"),
            separator=pattern(rf"-{{2,}} ?{_any(words.separators)} ?-{{2,}}$"),
            answer=pattern(rf"{_any(words.answered)}(?:\[\d+\])? ?:"),
            forward=pattern(rf"{_any(words.forwarded)} ?:"),
            sent_from=pattern(rf"{_any(words.sent_from)}\b"),
            closing=pattern(rf"{_any(words.closings)}[ ,.!]*$"),
        )

    def own(self, text: str) -> str:
        """What the driver wrote. Empty where everything is quoted."""
        # Programs put no-break spaces in front of French colons, and send lines with spaces at their ends.
        lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.splitlines()]
        return "\n".join(self._unsigned(self._unquoted(lines))).strip()

    def _unquoted(self, lines: Sequence[str]) -> list[str]:
        kept: list[str] = []
        at = 0
        while at < len(lines):
            introduced = self._introduced(lines, at)
            if introduced:
                if not self._marked(lines, at + introduced):
                    break
                at += introduced
            elif self.separator.match(lines[at]) or self._headers(lines, at):
                break
            else:
                if not lines[at].startswith(">"):
                    kept.append(lines[at])
                at += 1
        while kept and re.fullmatch(r"[_\s]*", kept[-1]):
            kept.pop()
        return kept

    def _introduced(self, lines: Sequence[str], at: int) -> int:
        """Over how many lines somebody's words are introduced ("On … wrote:"); 0 where they are not."""
        joined = ""
        for count, line in enumerate(lines[at : at + WRAPPED], 1):
            if not line or len(line) > LONGEST_LINE or (count > 1 and self.start.match(line)):
                return 0
            joined = f"{joined} {line}"
            if line.endswith(":") and self.wrote.search(joined):
                # A broken line begins as they do: what stands right above one is the driver's.
                whole = count == 1 or self.start.match(lines[at])
                return count if whole and _DATE_OR_ADDRESS.search(joined) else 0
        return 0

    @staticmethod
    def _marked(lines: Sequence[str], at: int) -> bool:
        """Whether the quote has marks of its own, so that what stands below it may be the driver's again."""
        following = next((line for line in lines[at:] if line), "")
        return following.startswith(">")

    def _headers(self, lines: Sequence[str], at: int) -> bool:
        if not self.sender.match(lines[at]):
            return False
        following = lines[at + 1 : at + HEADER_LINES]
        return sum(bool(self.header.match(line)) for line in following) >= FEWEST_HEADERS

    def _unsigned(self, lines: Sequence[str]) -> list[str]:
        kept = list(lines)
        for at, line in enumerate(lines):
            written = any(lines[:at])
            # RFC 3676, 4.3, as it arrives where spaces at the ends of lines got lost.
            if line == "--" and written:
                kept = list(lines[:at])
                break
            if self.closing.match(line) and written and sum(map(bool, lines[at:])) <= SIGNATURE_LINES:
                kept = [*lines[:at], *self._afterthought(lines[at:])]
                break
        return [line for line in kept if not (self.sent_from.match(line) and len(line) < LONGEST_LINE // 3)]

    @staticmethod
    def _afterthought(lines: Sequence[str]) -> Sequence[str]:
        starts = (at for at, line in enumerate(lines) if _AFTERTHOUGHT.match(line))
        return lines[next(starts, len(lines)) :]
