"""What drivers paste below their words: logs, traces, answers in JSON. It drowns what they wrote."""

from __future__ import annotations

import re

from bot.understanding.text import words_with_a_language

FEWEST_WORDS = 2
"""With fewer words of the driver's own left, what is pasted is all there is to go by."""
DEEPEST = 20
"""Blocks within blocks; what is nested deeper is left as it is."""
LONG = 8
"""Characters; shorter tokens such as 3/3 or 49.80 are people's too."""
_BLOCK = re.compile(r'\{[^{}]*["\']\s*:[^{}]*\}|\[\s*\]')
_BEGINS = re.compile(
    r"""\s*(?:
        [\[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d              # a moment, as logs begin with it
      | \[?\d\d:\d\d:\d\d[.,]\d+                        # the same without its day
      | [VDIWEF]/[\w.]+\s*\(\s*\d+\)                    # Android's log
      | (?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b[\s:\[\]|-]+\S*[.\[(/:]\S
      | HTTP/\d                                         # the head of an answer
      | at\s+[\w.$<>]+\(                                # frames of Java and JavaScript
      | File\s"[^"]+",\sline\s\d                        # and of Python
      | Traceback\s\(most
      | Caused\sby:\s
      | [\w.]+(?:Error|Exception):\s
    )""",
    re.VERBOSE,
)
_INNER_SIGN = re.compile(r"\w[._:=/\\$@+&?%-]+\w")
_EDGE = "()[]{}<>\"'.,;:!?…"


def own_words(text: str) -> str:
    """The text without blocks of JSON and lines that a machine wrote; empty where there is nothing else."""
    for _ in range(DEEPEST):
        text, count = _BLOCK.subn(" ", text)
        if not count:
            break
    return "\n".join(line for line in text.splitlines() if not _is_a_machines(line)).strip()


def without_pasted(text: str) -> str:
    """The driver's own words; the whole text where hardly a word would be left."""
    own = own_words(text)
    return own if len(words_with_a_language(own)) >= FEWEST_WORDS else text


def _is_a_machines(line: str) -> bool:
    """Whether the line begins as logs do, or has as many tokens of machines as words of people."""
    if _BEGINS.match(line):
        return True
    tokens = [token for token in (each.strip(_EDGE) for each in line.split()) if token]
    made = sum(map(_is_a_token, tokens))
    return made > 0 and made * 2 >= len(tokens)


def _is_a_token(token: str) -> bool:
    """A path, a key with its value, an id of letters and digits."""
    mixed = any(char.isdigit() for char in token) and any(char.isalpha() for char in token)
    return len(token) >= LONG and (mixed or (_INNER_SIGN.search(token) is not None and "-" not in token))
