"""The figures are those of a log whose counts are known, to the last one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.panel.figures.figures import Period
from bot.panel.figures.outcomes import outcome_of
from eval.figures import NOW, PERIOD, WANTED, counted, figures_over, the_log, utc
from eval.figures_log import Talk


@pytest.mark.parametrize("name", WANTED)
def test_a_figure_is_exact(name: str) -> None:
    assert counted(figures_over(*the_log()).summary(PERIOD))[name] == WANTED[name]


def test_every_conversation_has_the_outcome_that_its_name_says() -> None:
    figures = figures_over(*the_log())
    names = {"confirmed", "assumed", "abandoned", "running", "nothing", "merged"}
    for talk in the_log():
        (record,) = figures.records.of([talk.id]).values()
        if (said := talk.id.split("-")[0]) in names:
            assert outcome_of(record, NOW, figures.rules).split("_")[0] == said, talk.id


def test_who_came_back_is_known_by_name() -> None:
    figures = figures_over(*the_log())
    back = {record.conversation for record, _, ruler in figures._counted(PERIOD) if ruler.returns.came_back(record)}
    assert back == {"back-first", "back-not-too-late", "back-here"}


def test_a_record_is_the_same_told_at_once_or_event_by_event() -> None:
    for talk in the_log():
        figures = figures_over(talk)
        events = figures.follower.store.events(talk.id)
        (whole,) = figures.records.of([talk.id]).values()
        record = whole.model_validate({"conversation": talk.id})
        for event in events:
            record = record.after([event]).after([event])
        assert record == whole


def test_no_conversation_gives_no_figure() -> None:
    summary = figures_over().summary(PERIOD)
    total = summary.total
    assert (total.conversations, total.share("confirmed"), total.mean_stars, total.responses.p90_s) == (0,) + (
        None,
    ) * 3
    assert [sums.conversations for sums in summary.days.values()] == [0] * 7
    assert list(figures_over().by_day(PERIOD)) == []


def test_one_conversation_is_all_there_is() -> None:
    figures = figures_over(Talk("only", language="fr").asks("bloqué").says("works"))
    assert figures.summary(PERIOD).total.share("confirmed") == 1
    assert [(day.day, kind, value) for day, kind, value, _ in figures.by_day(PERIOD)] == [
        (27, "all", ""), (27, "channel", ""), (27, "language", "fr"), (27, "topic", "cable-stuck"), (27, "vendor", ""),
    ]  # fmt: skip


def test_the_days_of_a_table_sum_up_to_the_whole() -> None:
    figures = figures_over(*the_log())
    rows = [sums for _, kind, _, sums in figures.by_day(PERIOD) if kind == "all"]
    total = figures.summary(PERIOD).total
    assert sum(row.conversations for row in rows) == total.conversations
    assert sum((row.outcomes for row in rows), rows[0].outcomes - rows[0].outcomes) == total.outcomes


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [({"language": "fr"}, 1), ({"vendor": "eponet"}, 1), ({"channel": "tg"}, 1), ({"channel": ""}, 39),
     ({"topic": "lost-pass"}, 2)],
)  # fmt: skip
def test_a_filter_leaves_what_fits(limits: dict[str, str], wanted: int) -> None:
    period = Period(PERIOD.first, PERIOD.last, **limits)
    assert figures_over(*the_log()).summary(period).total.conversations == wanted


def test_who_came_back_after_the_period_came_back() -> None:
    talks = (Talk("a", utc(27, 10), user="ane").asks("stuck"), Talk("b", utc(28, 10), user="ane").asks("stuck"))
    day = Period(date(2026, 3, 27), date(2026, 3, 27))
    assert figures_over(*talks).summary(day).total.came_back == 1


def test_a_period_is_bounded_and_never_backwards() -> None:
    figures = figures_over()
    today = figures.today()
    assert figures.period(None, None) == (today - timedelta(days=29), today)
    assert figures.period(today, today - timedelta(days=1)) == (today - timedelta(days=1), today)
    first, last = figures.period(date.min, date.max)
    assert (last - first).days == figures.rules.most_days - 1
    assert figures.period(None, date.min)[1] == date.min


def test_a_question_that_was_answered_after_all_is_not_unanswered() -> None:
    talks = (
        Talk("chosen").asks("it", "payment-method", "choices").asks("Payment", "payment-method", tap=True),
        Talk("better").asks("stuck").thumb(up=False).thumb(up=True),
        Talk("corrected").asks("tea", "lost-pass").corrects(None),
    )
    clusters = figures_over(*talks).summary(PERIOD).unanswered
    assert [[each.conversation for each in cluster.examples] for cluster in clusters] == [["corrected"]]
