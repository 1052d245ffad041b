"""What fits together in a call, and what does not: the parts of a file that a schema of its keys cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from bot.adapters.http.calls import CALLS, CallKind
from bot.adapters.http.callspec import SAFE, Call
from bot.adapters.http.expressions import WordLists
from bot.adapters.http.templates import PLACE

KEY = "{key}"


def problems(name: str, call: Call, words: WordLists) -> Iterator[str]:
    """Everything that is wrong with a call, each with its key and what to write."""
    where = f"calls > {name}"
    kind = CALLS.get(name)
    if kind is None:
        yield f"{where}: there is no such call; use {', '.join(CALLS)}"
        return
    for found in (*_request(call, kind), *_answer(call, kind), *_words(call, words)):
        yield f"{where} > {found}"


def _request(call: Call, kind: CallKind) -> Iterator[str]:
    if kind.command and call.method in SAFE:
        yield f"method: a command changes something, which {call.method} must not; use POST, PUT, PATCH or DELETE"
    if call.body is not None and call.method in SAFE:
        yield f"body: {call.method} has none; use query, or another method"
    if call.idempotent and not (kind.command and any(KEY in value for value in call.headers.values())):
        yield f'idempotent: only for a command with {KEY} in a header, such as headers: {{Idempotency-Key: "{KEY}"}}'
    texts = {"path": call.path}
    texts |= {f"query > {key}": value for key, value in call.query.items()}
    texts |= {f"headers > {key}": value for key, value in call.headers.items()}
    for key, text in texts.items():
        for place in PLACE.findall(text):
            if place not in kind.arguments:
                known = ", ".join(f"{{{argument}}}" for argument in kind.arguments)
                yield f"{key}: there is no {{{place}}} here; use {known}"
    for unknown in sorted(call.body.fields - set(kind.arguments)) if call.body else ():
        known = ", ".join(kind.arguments)
        yield f"body: there is no {unknown!r} here; use {known}, and quotes for a text, as '{unknown}'"


def _answer(call: Call, kind: CallKind) -> Iterator[str]:
    known = kind.answers.model_fields
    for field in call.response:
        if field not in known:
            yield f"response: has no field {field!r}; use {', '.join(known)}"
    for field, info in known.items():
        if info.is_required() and field not in call.response:
            yield f"response: the field {field} is missing; write {field}: and where the answer holds it"
    if call.none_when and not kind.optional:
        yield "none_when: this call always finds something or nothing at all; use missing_when"
    if (call.refused_when or call.done_when) and not kind.command:
        commands = ", ".join(each for each, command in CALLS.items() if command.command)
        yield f"refused_when, done_when: only for {commands}; leave them out"


def _words(call: Call, words: WordLists) -> Iterator[str]:
    for key, expression in call.expressions():
        try:
            unknown = sorted(expression.word_lists - words.keys())
        except ValueError as error:
            yield f"{key}: {error}"
            continue
        if unknown:
            have = ", ".join(words) or "none"
            yield f"{key}: {expression.text!r} looks into {unknown[0]!r}; the lists under words are {have}"
