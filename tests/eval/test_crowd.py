"""What ``python -m eval.crowd`` calls lost, doubled, misdirected and out of order."""

from __future__ import annotations

import pytest

from eval.crowd_log import CrowdLog, Heard, Line, Verdict, judged, marks_in


class Talk:
    """Two conversations, in each of which the driver and an agent said something; both are kept and were heard."""

    def __init__(self) -> None:
        self.log = CrowdLog()
        self.kept: dict[str, list[Line]] = {}
        for talk in ("a", "b"):
            texts = [f"hello {self.log.mark(talk, 'driver')}", "I do not know.", f"Hei {self.log.mark(talk, 'agent')}"]
            self.kept[talk] = [Line(number, text) for number, text in zip((2, 5, 9), texts, strict=True)]
        self.stream = list(self.kept["a"])
        self.until: int | None = None

    @property
    def verdict(self) -> Verdict:
        heard = [Heard("stream", "a", self.stream, self.until), Heard("stream", "b", self.kept["b"])]
        return judged(self.log, self.kept, heard)

    @property
    def wrong(self) -> set[str]:
        return {kind for kind, found in vars(self.verdict).items() if found}


def test_what_came_once_in_order_where_it_belongs_is_well() -> None:
    talk = Talk()
    assert talk.verdict.well
    assert len({mark for lines in talk.kept.values() for line in lines for mark in marks_in(line.text)}) == 4


def test_a_line_that_did_not_come_is_lost() -> None:
    talk = Talk()
    talk.stream.pop(1)
    assert talk.wrong == {"lost"}


def test_who_left_earlier_has_lost_nothing_that_came_later() -> None:
    talk = Talk()
    talk.stream.pop()
    talk.until = 5
    assert talk.verdict.well


def test_a_line_that_came_twice_is_doubled() -> None:
    talk = Talk()
    talk.stream.append(talk.stream[-1])
    assert talk.wrong == {"doubled"}


def test_lines_that_came_in_another_order_are_out_of_order() -> None:
    talk = Talk()
    talk.stream.reverse()
    assert talk.wrong == {"disordered"}


def test_a_text_of_another_conversation_is_misdirected() -> None:
    talk = Talk()
    talk.stream[1] = Line(5, talk.kept["b"][0].text)
    assert talk.wrong == {"misdirected"}


def test_a_line_that_the_conversation_has_not_is_misdirected() -> None:
    talk = Talk()
    talk.stream.append(Line(12, "who is this?"))
    assert talk.wrong == {"misdirected"}


@pytest.mark.parametrize(
    ("text", "wrong"), [("", {"lost"}), ("{own} {own}", {"doubled"}), ("{own} {other}", {"misdirected"})]
)
def test_the_store_is_judged_too(text: str, wrong: set[str]) -> None:
    talk = Talk()
    own, other = talk.kept["a"][2], talk.kept["b"][2]
    line = Line(9, text.format(own=own.text, other=other.text))
    talk.kept["a"][2] = talk.stream[2] = line
    assert talk.wrong == wrong


def test_what_somebody_waited_for_in_vain_is_lost() -> None:
    talk = Talk()
    talk.log.waited.append("no answer came")
    assert talk.wrong == {"lost"}
