"""What agents are offered to send: is the first suggestion about the question, and is nothing offered where nothing
fits?"""

from __future__ import annotations

import numpy as np

from bot.panel.suggestions import Suggester
from bot.panel.suggestions.suggest import SuggestionRules
from bot.panel.values import PanelLanguage
from bot.replies.catalogues import Templates
from bot.staff import Staff
from eval.questions import own_questions
from eval.suggestions import Outcome, run
from eval.suite import Line, Measured, Metric, Setting, Suite

AGENT_LANGUAGE: PanelLanguage = "nb"


def _line(outcome: Outcome) -> Line:
    question = outcome.question
    marks = {"unwanted": bool(outcome.topics)} if question.out_of_scope else {"suggested": bool(outcome.topics)}
    if outcome.topics and not question.out_of_scope:
        marks |= {"first": outcome.first_right, "any": outcome.any_right}
    note = ", ".join(topic or "a canned reply" for topic in outcome.topics) or "nothing"
    return Line(question.id, question.language, question.topics[0], question.text, marks, note)


def _suggestions(setting: Setting) -> Measured:
    services = setting.services
    talks = services.conversations
    templates = Templates(services.knowledge.current().languages)
    suggester = Suggester(talks, templates, SuggestionRules.load())
    questions = setting.some(own_questions(), lambda each: each.language, 6, 60)
    staff = Staff(talks, templates, services.notifier)
    outcomes = run(setting.track(questions, "suggestions"), suggester, staff, AGENT_LANGUAGE)
    p50, p95 = np.percentile([each.took_ms for each in outcomes], [50, 95])
    return Measured(
        tuple(map(_line, outcomes)), {"milliseconds": {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}}
    )


SUGGESTIONS = Suite(
    "suggestions",
    (
        Metric("suggested", "there is a suggestion for what a topic answers"),
        Metric("first", "the first suggestion is about the question"),
        Metric("any", "one of the suggestions is about the question"),
        Metric("unwanted", "there is a suggestion for what no topic answers", lower_is_better=True),
    ),
    _suggestions,
)
