"""JMESPath with one function more: ``word('list', value)`` looks a value up in a list of words of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from jmespath import exceptions, functions
from jmespath.parser import ParsedResult

WORD = "word"
OTHERWISE = "*"
"""Stands in a list of words for all that it does not name."""
LONGEST_SHOWN = 40
WordLists = Mapping[str, Mapping[str, str]]


class _Functions(functions.Functions):
    """JMESPath's own functions, and ours."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    @functions.signature({"types": ["string"]}, {"types": ["string", "number", "boolean", "null"]})
    def _func_word(self, name: str, value: str | float | bool | None) -> str | None:
        if value is None:
            return None
        words = self._words[name]
        # A key of the file is text, and JSON spells true and false in small letters.
        said = str(value).lower() if isinstance(value, bool) else str(value)
        if said not in words and OTHERWISE not in words:
            raise ValueError(f"words > {name} does not have {said[:LONGEST_SHOWN]!r}")
        return words.get(said, words.get(OTHERWISE))


@dataclass(frozen=True)
class Expression:
    """A JMESPath expression that was understood."""

    text: str
    _parsed: ParsedResult = field(compare=False, repr=False)

    @classmethod
    def of(cls, text: Any) -> Expression:
        """Understand one.

        Raises:
            ValueError: saying what is wrong with it.
        """
        if not isinstance(text, str) or not text.strip():
            raise ValueError("must be a JMESPath expression, such as account.balance or 'a constant'")
        try:
            parsed = jmespath.compile(text)
        except exceptions.JMESPathError as error:
            problem = " ".join(str(error).split())
            raise ValueError(f"{text!r} is no JMESPath expression: {problem}") from None
        expression = cls(text, parsed)
        for called in expression._named("function_expression"):
            if called["value"] not in _Functions.FUNCTION_TABLE:
                known = ", ".join(sorted(_Functions.FUNCTION_TABLE))
                raise ValueError(f"{text!r} calls {called['value']}(), which there is not; use one of {known}")
        return expression

    def value(self, data: Any, words: WordLists) -> Any:
        """What it finds in the data; None where it finds nothing.

        Raises:
            ValueError: when it cannot be applied to them.
        """
        try:
            return self._parsed.search(data, jmespath.Options(custom_functions=_Functions(words)))
        except exceptions.JMESPathTypeError as error:
            # The message of the library quotes the value, which may be somebody's name or money.
            expected = " or ".join(error.expected_types)
            raise ValueError(f"{error.function_name}() takes {expected}, not {error.actual_type}") from None
        except (exceptions.JMESPathError, ArithmeticError, RecursionError) as error:
            raise ValueError(f"cannot be applied ({type(error).__name__})") from None

    @property
    def word_lists(self) -> frozenset[str]:
        """The lists of words that it looks into.

        Raises:
            ValueError: when a list's name is not written out.
        """
        found = set()
        for called in self._named("function_expression"):
            if called["value"] == WORD:
                name = called["children"][0] if called["children"] else {}
                if name.get("type") != "literal" or not isinstance(name["value"], str):
                    raise ValueError(f"{self.text!r}: write the list's name in quotes, such as word('states', state)")
                found.add(name["value"])
        return frozenset(found)

    @property
    def fields(self) -> frozenset[str]:
        """The names of all fields that it takes from anything."""
        return frozenset(node["value"] for node in self._named("field"))

    def _named(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (node for node in _nodes(self._parsed.parsed) if node["type"] == kind)


def _nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree
    for child in tree["children"]:
        if isinstance(child, dict):
            yield from _nodes(child)
