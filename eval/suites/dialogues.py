"""Whole conversations: the written dialogues, the answer cases, and where every sentence of all replies comes from."""

from __future__ import annotations

from dataclasses import asdict

from bot.events import BotSaid
from bot.replies.catalogues import Templates
from eval import answers, groundedness
from eval.answer_cases import answer_cases
from eval.dialogues import staged
from eval.suite import ALL, Line, Measured, Metric, Setting, Suite
from eval.transcripts import SATURDAY, Play, transcripts

EVERY = 3
EVERY_IF_FAST = 60
"""Of the lines of other suites, so many are looked at for their sources; ``python -m eval.groundedness`` takes all."""


def _dialogues(setting: Setting) -> Measured:
    talks, lines = setting.services.conversations, []
    written = setting.some(list(transcripts()), lambda each: each[1].given.language, 4)
    for name, transcript in setting.track(written, "dialogues"):
        with staged(talks, SATURDAY) as stage:
            difference = Play(stage, transcript, setting.settings.timezone).run()
        language = transcript.given.language
        lines.append(Line(name, language, "", name, {"as written": difference is None}, difference or ""))
    return Measured(tuple(lines))


def _answers(setting: Setting) -> Measured:
    talks = setting.services.conversations
    index, lines, found = talks.knowledge.current(), [], []
    cases = setting.some(answer_cases(), lambda each: each.language, 5)
    for case in setting.track(cases, "answers"):
        each = answers.answered(talks, case, index)
        found.append(each)
        marks = {"complete": not each.missing, "untrue": bool(each.wrong)}
        asked = " / ".join(turn.driver for turn in case.turns if turn.driver)
        note = "\n".join((*each.said, *(f"missing: {fact}" for fact in each.missing), *each.wrong))
        lines.append(Line(each.case, each.language, each.topic, asked, marks, note))
    result = answers.Result(tuple(found))
    rows = {ALL: result.all} | result.by(lambda each: each.language) | result.by(lambda each: each.vendor)
    return Measured(tuple(lines), {"facts": {name: asdict(row) | {"share": row.share} for name, row in rows.items()}})


def _groundedness(setting: Setting) -> Measured:
    talks, settings = setting.services.conversations, setting.settings
    index = talks.knowledge.current()
    judge = groundedness.Judge(
        index, groundedness.articles_of(settings.kb), Templates(tuple(index.languages)), settings.timezone
    )
    lines, every = [], EVERY_IF_FAST if setting.fast else EVERY
    for suite in groundedness.SUITES:
        spoken = list(groundedness.conversations(suite, talks, every))
        for number, (asked, events) in enumerate(setting.track(spoken, suite)):
            for turn, event in enumerate(events, start=1):
                if not isinstance(event.happening, BotSaid):
                    continue
                reasons = "; ".join(each.why for each in judge.findings(suite, asked, events[:turn]))
                language = event.happening.reply.language
                marks = {"grounded": not reasons}
                lines.append(Line(f"{suite} {number} {turn}", language, suite, asked, marks, reasons))
    return Measured(tuple(lines))


DIALOGUES = Suite("dialogues", (Metric("as written", "the whole dialogue goes as it is written", bar=1.0),), _dialogues)
ANSWERS = Suite(
    "answers",
    (
        Metric("complete", "all facts that the question needs are said"),
        Metric("untrue", "something is said that is wrong here", lower_is_better=True, bar=0.0),
    ),
    _answers,
)
GROUNDEDNESS = Suite(
    "groundedness",
    (Metric("grounded", "every sentence of the reply comes from where it says", bar=1.0),),
    _groundedness,
    released=False,
)
