"""Every sentence comes from where it says; what was planted is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation import Conversations
from bot.replies.catalogues import Templates
from bot.types import ArticleOrigin, Context, Part, Reply, StepsPart, TemplateOrigin, TextPart
from eval.dialogues import staged
from eval.given_values import known_to
from eval.groundedness import Judge, Result, Tally, Ungrounded, measure, written_dialogues
from eval.grounding import Finding, sentences, ungrounded, values_in
from indexer.search import Index
from tests.talking import TIMEZONE

ASKED = "is my balance enough? account 40711"


def changed(reply: Reply, change: Callable[[Part], Part]) -> Reply:
    return reply.model_copy(update={"parts": tuple(change(part) for part in reply.parts)})


def findings(talks: Conversations, asked: str, context: Context, change: Callable[[Part], Part]) -> list[Finding]:
    """What is found in the answer to a message, after its parts were changed."""
    index = talks.knowledge.current()
    with staged(talks) as stage:
        conversation = stage.talks.start(context)
        reply = stage.talks.turn(conversation, asked)
        events = stage.talks.events(conversation)
    assert reply
    return ungrounded(changed(reply, change), index.article, known_to(reply, events, index, TIMEZONE))


def same(part: Part) -> Part:
    return part


def with_text(old: str, new: str) -> Callable[[Part], Part]:
    """Writes something else into the texts."""

    def change(part: Part) -> Part:
        return part.model_copy(update={"text": part.text.replace(old, new)}) if isinstance(part, TextPart) else part

    return change


@pytest.mark.parametrize("asked", [ASKED, "can I reserve a charger?", "xyzzy", "there is smoke from the plug"])
def test_what_the_bot_says_is_grounded(talks: Conversations, asked: str) -> None:
    assert findings(talks, asked, Context(vendor="eponet", country="CH"), same) == []


def test_a_number_that_nobody_read_is_found(talks: Conversations) -> None:
    found = findings(talks, ASKED, Context(vendor="eponet"), with_text("CHF 0.20", "CHF 0.70"))
    assert [each.why for each in found] == ["nobody gave CHF 0.70"]


def test_a_sentence_that_stands_in_no_catalogue_is_found(talks: Conversations) -> None:
    found = findings(talks, ASKED, Context(vendor="eponet"), with_text("no charge can start", "you may charge"))
    assert [each.why for each in found] == ["it is no sentence of account/low"]


def test_a_sentence_that_stands_in_no_article_is_found(talks: Conversations) -> None:
    found = findings(talks, "can I reserve a charger?", Context(), with_text("You reserve", "You cannot reserve"))
    assert [each.why for each in found] == ["the section does not say that"]


def test_steps_in_another_order_are_found(talks: Conversations) -> None:
    def backwards(part: Part) -> Part:
        return part.model_copy(update={"items": part.items[::-1]}) if isinstance(part, StepsPart) else part

    found = findings(talks, "can I reserve a charger?", Context(), backwards)
    assert [each.why for each in found] == ["the section does not say that"]


def test_the_section_of_another_vendor_is_found(talks: Conversations) -> None:
    index = talks.knowledge.current()
    article = index.article("contact-support", "en")
    section = article.section("eponet") if article else None
    assert section
    origin = ArticleOrigin(article="contact-support", language="en", section="eponet")
    words = next(block.text for block in section.blocks if hasattr(block, "text"))

    def instead(part: Part) -> Part:
        return TextPart(text=words, origin=origin)

    found = findings(talks, "can I reserve a charger?", Context(vendor="wallbox"), instead)
    assert {each.why for each in found} == {"the section is for drivers of eponet"}


def test_a_title_keeps_its_no_break_space(talks: Conversations) -> None:
    title = "Y a-t-il une panne ou une maintenance en ce moment\N{NARROW NO-BREAK SPACE}?"
    origin = TemplateOrigin(template="also_now", language="fr")
    (sentence,) = sentences("also_now", "fr")

    def instead(part: Part) -> Part:
        return TextPart(text=sentence.replace("%(topic)s", title), origin=origin)

    assert findings(talks, "peut-on réserver une borne ?", Context(locale="fr"), instead) == []


def test_an_origin_that_does_not_exist_is_found(shipped_index: Index) -> None:
    origin = TemplateOrigin(template="account/made_up", language="en")
    reply = Reply(
        id="r", language="en", decision="none", topic=None, confidence=0, quick_replies=(), sources=(), text="Hi.",
        parts=(TextPart(text="Hi.", origin=origin),),
    )  # fmt: skip
    assert [each.why for each in ungrounded(reply, shipped_index.article)] == ["it is no sentence of account/made_up"]


def test_values_are_taken_out_of_a_sentence() -> None:
    assert values_in("From %(a)s to %(b)s, %(a)s.", "From 1 to 2, 1.") == {"a": "1", "b": "2"}
    assert values_in("From %(a)s to %(b)s, %(a)s.", "From 1 to 2, 3.") is None


def test_every_suite_is_looked_at(talks: Conversations, templates: Templates) -> None:
    index = talks.knowledge.current()
    judge = Judge(index, index.article, templates, TIMEZONE)
    result = measure(talks, judge, every=400)
    assert [each.ungrounded for each in result.tallies] == [()] * 5
    assert min(each.replies for each in result.tallies) > 0


def test_one_ungrounded_sentence_closes_the_gate() -> None:
    planted = Ungrounded("answers", "en-eponet-01", "It is free.", "{}", "the section does not say that")
    assert not Result((Tally("answers", 300, 10_000, (planted,)),)).passes()
    assert Result((Tally("answers", 300, 10_000, ()),)).passes()


def test_the_written_dialogues_are_all_there() -> None:
    assert len(list(written_dialogues())) >= 250
