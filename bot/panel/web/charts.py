"""Plots as shapes, drawn by templates as SVG: places and sizes in units of the drawing, colours by the style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 220
LEFT, BOTTOM, TOP = 44, 24, 8
MOST_LABELS = 8
STEPS = (1, 2, 5)
ROW_WIDTH, ROW_HEIGHT = 200, 14


@dataclass(frozen=True)
class Piece:
    """A rectangle of one series."""

    series: str
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """A word at a place."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Columns:
    """Stacked columns side by side, from left to right."""

    pieces: tuple[Piece, ...]
    below: tuple[Label, ...]
    beside: tuple[Label, ...]
    """Of the horizontal lines."""
    left: int = LEFT
    width: int = WIDTH
    height: int = HEIGHT


def columns(stacks: Sequence[tuple[str, Mapping[str, int]]]) -> Columns:
    """A plot of stacks, each with its label and what lies on one another from below; room for the highest."""
    room, highest = HEIGHT - TOP - BOTTOM, max((sum(stack.values()) for _, stack in stacks), default=0)
    step = _step(highest)
    top = max(step, -(-highest // step) * step)
    slot = (WIDTH - LEFT) / max(1, len(stacks))
    pieces, below = [], []
    every = -(-len(stacks) // MOST_LABELS)
    for number, (label, stack) in enumerate(stacks):
        x, foot = LEFT + number * slot, float(TOP + room)
        for series, value in stack.items():
            if value:
                tall = room * value / top
                foot -= tall
                pieces.append(
                    Piece(series, value, _place(x + slot * 0.12), _place(foot), _place(slot * 0.76), _place(tall))
                )
        if number % every == 0:
            below.append(Label(label, _place(x + slot / 2), HEIGHT - 6))
    beside = tuple(Label(str(n), LEFT - 8, _place(TOP + room * (1 - n / top))) for n in range(0, top + 1, step))
    return Columns(tuple(pieces), tuple(below), beside)


def row(stack: Mapping[str, int]) -> tuple[Piece, ...]:
    """One bar of the full width, divided by shares."""
    total, x, pieces = sum(stack.values()), 0.0, []
    for series, value in stack.items():
        if value:
            wide = ROW_WIDTH * value / total
            pieces.append(Piece(series, value, _place(x), 0, _place(wide), ROW_HEIGHT))
            x += wide
    return tuple(pieces)


def _step(highest: int) -> int:
    """Between two lines, so that there are at most five and their numbers are round."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * 5 >= highest:
                return step * power
        power *= 10


def _place(value: float) -> float:
    return round(value, 2)
