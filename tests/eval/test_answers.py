"""Answer cases: the set is large, even and well formed; statements hold where they are true, and only there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.conversation import Conversations
from bot.replies.catalogues import TEMPLATES
from bot.state import ConversationState
from bot.types import ArticleOrigin, Reply, StepsPart, TemplateOrigin, TextPart
from eval.answer_cases import Case, Kind, Statement, Turn, answer_cases
from eval.answer_facts import Given, holds, leaks, stands, vendor_fact
from eval.answer_truths import truths, untrue
from eval.answers import LEAST_PRESENT, Answered, Result, measure
from eval.dialogues import staged
from indexer.knowledge import ARTICLE_LANGUAGES
from indexer.search import Index
from indexer.types import Article, StepsBlock
from tests.doubles import a_reply
from tests.eval.test_questions import TOPICS

CASES = answer_cases()
STATEMENTS = [
    (case, each) for case in CASES for turn in case.turns for each in (*turn.required, *turn.forbidden)
]  # fmt: skip
LEAST_OF_EACH = 12
"""Cases of a vendor's drivers in a language: 300 in all."""


def case_of(*turns: Turn, **changes: object) -> Case:
    """A case of an Eponet driver, but for ``changes``."""
    usual: dict[str, object] = {
        "id": "x", "language": "en", "vendor": "eponet", "topic": "minimum-balance", "country": "CH", "turns": turns,
    }  # fmt: skip
    return Case.model_validate(usual | changes)


def said(text: str, template: str = "none", tools: tuple[str, ...] = (), **changes: object) -> Reply:
    """A reply of one sentence of a template."""
    origin = TemplateOrigin(template=template, language="en", tools=tools)
    return a_reply(parts=(TextPart(text=text, origin=origin),), text=text, **changes)


def given(*replies: Reply) -> Given:
    return Given(replies, (), ConversationState())


def exists(statement: Statement, index: Index) -> bool:
    """Whether what the statement names is there at all; a slip of the pen would never hold."""
    name, _, rest = statement.what.partition("#")
    section, _, step = rest.partition("/")
    match statement.kind:
        case Kind.FACT:
            return bool(vendor_fact(statement.what, index.vendors, "en"))
        case Kind.ARTICLE:
            return index.article(name, "en") is not None
        case Kind.SECTION | Kind.STEP:
            articles = [index.article(name, language) for language in ARTICLE_LANGUAGES]
            return all(each and each.section(section) and step_exists(each, section, step) for each in articles)
        case Kind.SAYS:
            return (TEMPLATES / f"{statement.what}.txt.j2").exists()
        case _:
            return bool(statement.what)


def step_exists(article: Article, section: str, step: str) -> bool:
    found = article.section(section)
    steps = [block for block in found.blocks if isinstance(block, StepsBlock)] if found else []
    return not step or any(int(step) <= len(block.items) for block in steps)


def test_every_vendor_is_asked_about_evenly_in_every_language(shipped_index: Index) -> None:
    counts = Counter((case.language, case.vendor) for case in CASES)
    pairs = [(language, vendor) for language in ARTICLE_LANGUAGES for vendor in shipped_index.vendors]
    assert {pair: counts[pair] for pair in pairs if counts[pair] < LEAST_OF_EACH} == {}


def test_every_topic_is_asked_about() -> None:
    assert {case.topic for case in CASES} == TOPICS


def test_no_message_occurs_twice() -> None:
    opening = Counter((case.language, next(turn.driver for turn in case.turns if turn.driver)) for case in CASES)
    assert [text for text, count in opening.items() if count > 1] == []


def test_what_is_stated_exists(shipped_index: Index) -> None:
    named = [(case, each) for case, statement in STATEMENTS for each in statement.alternatives()]
    assert [f"{case.id}: {each}" for case, each in named if not exists(each, shipped_index)] == []


def test_the_world_can_deny_only_what_a_template_says() -> None:
    templates = [template for system in truths().values() for template in system]
    assert [each for each in templates if not (TEMPLATES / f"{each}.txt.j2").exists()] == []


def test_a_case_that_requires_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="requires nothing"):
        case_of(Turn(driver="hello"))


@pytest.mark.parametrize(
    ("value", "text", "there"),
    [
        ("50.00 CHF", "from 50.00 CHF on", True),
        ("50.00 CHF", "from 150.00 CHF on", False),
        ("4.5%", "it costs 4.5%, and", True),
        ("4.5%", "it costs 14.5%", False),
        ("CHF 50", "from CHF 50.00", False),
        ("4,5 %", "kostet 4,5\N{NO-BREAK SPACE}% und", True),
    ],
)
def test_a_number_is_found_as_a_whole(value: str, text: str, there: bool) -> None:
    assert stands(value, text) is there


def test_a_fact_is_looked_for_as_the_language_writes_it(shipped_index: Index) -> None:
    fact = Statement(kind=Kind.FACT, what="eponet.minimum_balance")
    assert holds(fact, given(said("Mindestens CHF 50,00.")), shipped_index, "de")
    assert not holds(fact, given(said("Mindestens CHF 50.00.")), shipped_index, "de")


def test_a_step_is_known_by_its_number(shipped_index: Index) -> None:
    origin = ArticleOrigin(article="remote-restart", language="en", section="wallbox")
    steps = StepsPart(items=("Choose the charger.", "Look at the icon."), first=2, origin=origin)
    shown = given(a_reply(parts=(steps,)))
    third, fourth = (Statement(kind=Kind.STEP, what=f"remote-restart#wallbox/{number}") for number in (3, 4))
    assert holds(third, shown, shipped_index, "en")
    assert not holds(fourth, shown, shipped_index, "en")


def test_a_fact_may_stand_in_either_place(shipped_index: Index) -> None:
    origin = ArticleOrigin(article="server-outage", language="en", section="enelx")
    shown = given(a_reply(parts=(TextPart(text="Not available meanwhile.", origin=origin),)))
    either = Statement(kind=Kind.SECTION, what="slow-charging#enelx | server-outage#enelx")
    neither = Statement(kind=Kind.SECTION, what="slow-charging#enelx | slow-charging#lead")
    assert holds(either, shown, shipped_index, "en")
    assert not holds(neither, shown, shipped_index, "en")


def test_a_number_of_another_vendor_leaks(shipped_index: Index) -> None:
    reply = given(said("Call 39 (800) 168017."))
    assert leaks(reply, shipped_index, "eponet", "CH", "en") == [
        "gives away chargepoint.support_phone.IT: 39 (800) 168017"
    ]
    assert leaks(reply, shipped_index, "chargepoint", "FR", "en") != []
    assert leaks(reply, shipped_index, "chargepoint", "IT", "en") == []


def test_a_section_of_another_vendor_leaks_even_without_a_number(shipped_index: Index) -> None:
    origin = ArticleOrigin(article="contact-support", language="en", section="eponet")
    reply = given(a_reply(parts=(TextPart(text="Help costs money.", origin=origin),)))
    assert leaks(reply, shipped_index, "wallbox", "CH", "en") == ["shows a section of eponet: contact-support#eponet"]


def test_another_language_leaks(shipped_index: Index) -> None:
    assert leaks(given(said("I do not know.")), shipped_index, "eponet", "CH", "fr") == [
        "is in en",
        "has a part in en",
    ]


def test_what_the_world_denies_is_untrue(talks: Conversations) -> None:
    reply = said("Station 7781 is free.", "station/available", ("stations.station(7781)",))
    with staged(talks) as stage:
        assert untrue([reply], stage.tools, lambda _: None) == [
            "says station/available of 7781, which is Faulted, OUTOFORDER, own"
        ]


def test_what_the_world_confirms_is_true(talks: Conversations) -> None:
    reply = said("Station 4521 is free.", "station/available", ("stations.station(4521)",))
    with staged(talks) as stage:
        assert untrue([reply], stage.tools, lambda _: None) == []


def test_a_case_goes_right_through_the_whole_product(talks: Conversations) -> None:
    low = Turn.model_validate({"driver": "is my balance enough? account 40711", "required": ["says account/low"]})
    credit = Turn(world="credit 40711 20.00")
    enough = Turn.model_validate({"tap": "again", "required": ["money 69.80 CHF"], "forbidden": ["says account/low"]})
    assert measure(talks, [case_of(low, credit, enough)]).passes()


def test_what_is_missing_and_what_is_wrong_is_told(talks: Conversations) -> None:
    turn = {
        "driver": "is my balance enough? account 40711",
        "required": ["money 1.00 CHF"],
        "forbidden": ["says account/low"],
    }
    (found,) = measure(talks, [case_of(Turn.model_validate(turn))]).answered
    assert (found.missing, found.wrong) == (("money 1.00 CHF",), ("holds: says account/low",))
    assert found.said[0] == "> is my balance enough? account 40711"


def test_what_comes_after_a_button_that_is_not_there_is_missing(talks: Conversations) -> None:
    turns = [
        Turn.model_validate({"driver": "is my balance enough? account 40711", "required": ["says account/low"]}),
        Turn.model_validate({"tap": "nowhere", "required": ["text anything"]}),
    ]
    (found,) = measure(talks, [case_of(*turns)]).answered
    assert found.missing == ("text anything",)


def an_answer(required: int, missing: int, wrong: int = 0) -> Answered:
    return Answered("x", "en", "eponet", "reservation", required, ("a",) * missing, ("b",) * wrong, ())


def test_the_bar_is_a_share_of_facts_and_nothing_wrong() -> None:
    assert LEAST_PRESENT == 0.95
    assert Result((an_answer(19, 0), an_answer(1, 1))).passes()
    assert not Result((an_answer(18, 0), an_answer(2, 2))).passes()
    assert not Result((an_answer(20, 0, wrong=1),)).passes()


def test_the_result_says_which_cases_are_not_right() -> None:
    written = Result((an_answer(2, 0), an_answer(2, 1))).as_json()
    assert written["all"] == {"cases": 2, "right": 1, "required": 4, "present": 3, "wrong": 0, "share": 0.75}
    failures = written["failures"]
    assert isinstance(failures, list)
    assert len(failures) == 1


def test_a_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    written = "country: CH\ncases:\n- topic: reservation\n  turns:\n  - {driver: hello, requires: [says greeting]}\n"
    (tmp_path / "en" / "eponet.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(ValidationError, match="requires"):
        answer_cases(tmp_path)
