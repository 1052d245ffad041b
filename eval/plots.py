"""Plots as shapes, drawn by the report's template as SVG: places and sizes in units of a drawing 360 wide, which a
phone shows at about one pixel a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 360
LABELS = 132
"""Room for the names of rows."""
ROW = 20
HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 10, 34
FEWEST_TRENDS = 2


@dataclass(frozen=True)
class Bar:
    """A row: its name, the bar's length, the ends of the interval where there is one, and what it says."""

    name: str
    y: float
    length: float
    low: float
    high: float
    says: str


@dataclass(frozen=True)
class Bars:
    """Rows below one another; bars begin at ``left``."""

    rows: tuple[Bar, ...]
    height: float
    left: int = LABELS
    width: int = WIDTH


def bars(rows: Iterable[tuple[str, Sequence[float]]], room: float = WIDTH - LABELS - 44, most: float = 1.0) -> Bars:
    """Shares as they stand in a results file, each of a name; ``most`` fills the whole room."""
    found = []
    for number, (name, (lines, value, low, high)) in enumerate(rows):
        length, left, right = (_place(room * each / most) for each in (value, low, high))
        says = f"{value:.2f} ({low:.2f} to {high:.2f}), {int(lines)} lines"
        found.append(Bar(name, number * ROW, length, left, right, says))
    return Bars(tuple(found), len(found) * ROW + 4)


@dataclass(frozen=True)
class Tick:
    """A number on an axis and where it stands."""

    text: str
    at: float


@dataclass(frozen=True)
class Dot:
    """A point, its size, and what it says."""

    x: float
    y: float
    size: float
    says: str


@dataclass(frozen=True)
class Graph:
    """Lines and dots over two axes. ``lines``: by name, places as SVG's polyline takes them."""

    lines: Mapping[str, str]
    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Axes:
    """The span of values that a graph shows, from the left and from below."""

    left: float
    right: float
    low: float
    high: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is drawn."""
        across = (x - self.left) / (self.right - self.left) if self.right > self.left else 0.5
        up = (y - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return (
            _place(LEFT + across * (WIDTH - LEFT - RIGHT)),
            _place(HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)),
        )

    def polyline(self, points: Iterable[tuple[float, float]]) -> str:
        """Places of a line."""
        return " ".join(f"{x},{y}" for x, y in (self.place(*each) for each in points))

    def ticks(self, across: Sequence[float], up: Sequence[float]) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
        """Numbers for both axes."""
        return (
            tuple(Tick(f"{value:g}", self.place(value, self.low)[0]) for value in across),
            tuple(Tick(f"{value:g}", self.place(self.left, value)[1]) for value in up),
        )


def risk_coverage(points: Sequence[Mapping[str, float]], used: float) -> Graph:
    """Share answered against share of all lines answered wrongly; the dot is the threshold in use."""
    highest = _tenth_above(max((each["wrong"] for each in points), default=0.0))
    axes = Axes(0.0, 1.0, 0.0, highest)
    line = axes.polyline((each["answered"], each["wrong"]) for each in points)
    dots = tuple(
        Dot(*axes.place(each["answered"], each["wrong"]), 5,
            f"at {used:.2f}: {each['answered']:.3f} answered, {each['wrong']:.3f} of all lines wrong")
        for each in points if abs(each["threshold"] - used) < 0.005
    )  # fmt: skip
    return Graph({"wrong": line}, dots, *axes.ticks((0, 0.25, 0.5, 0.75, 1), (0, highest / 2, highest)))


def reliability(bins: Sequence[Mapping[str, float]]) -> Graph:
    """Confidence against the share that was right; on the diagonal the bot is as sure as it should be."""
    axes, most = Axes(0.0, 1.0, 0.0, 1.0), max((each["lines"] for each in bins), default=1)
    dots = tuple(
        Dot(*axes.place(each["confidence"], each["right"]), _place(3 + 6 * (each["lines"] / most) ** 0.5),
            f"confidence {each['confidence']:.2f}: {each['right']:.2f} right, {int(each['lines'])} lines")
        for each in bins
    )  # fmt: skip
    lines = {
        "diagonal": axes.polyline([(0, 0), (1, 1)]),
        "right": axes.polyline((each["confidence"], each["right"]) for each in bins),
    }
    return Graph(lines, dots, *axes.ticks((0, 0.25, 0.5, 0.75, 1), (0, 0.5, 1)))


def trend(runs: Sequence[Mapping[str, float]], metrics: Sequence[str]) -> Graph | None:
    """Metrics from the oldest run to the newest; None with fewer than two runs."""
    if len(runs) < FEWEST_TRENDS:
        return None
    axes = Axes(0, len(runs) - 1, 0.0, 1.0)
    lines = {name: axes.polyline((number, run[name]) for number, run in enumerate(runs)) for name in metrics}
    dots = tuple(
        Dot(*axes.place(number, run[name]), 3, f"{name} {run[name]:.3f}")
        for number, run in enumerate(runs)
        for name in metrics
    )
    return Graph(lines, dots, *axes.ticks((), (0, 0.25, 0.5, 0.75, 1)))


@dataclass(frozen=True)
class Cell:
    """A number of a table that is coloured by how far it lies below the first row's; ``depth`` from 0 to 4."""

    text: str
    depth: int
    says: str


def heat(ladder: Mapping[str, Mapping[str, Mapping[str, float]]], metric: str) -> dict[str, tuple[Cell, ...]]:
    """A metric in percent at each rung of the ladder, one cell a language; five points deepen the colour by one."""
    clean = next(iter(ladder.values()))
    return {
        rung: tuple(
            Cell(f"{row[metric] * 100:.0f}", _depth(clean[name][metric] - row[metric]), f"{rung}, {name}")
            for name, row in rows.items()
        )
        for rung, rows in ladder.items()
    }


def _depth(lost: float) -> int:
    return max(0, min(4, int(lost * 20 + 1e-9)))


def _tenth_above(value: float) -> float:
    return max(0.1, -(-value * 1000 // 100) / 10)


def _place(value: float) -> float:
    return round(value, 1)
