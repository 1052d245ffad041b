"""What is heard in a message besides its topic: danger, values, and what it says of the conversation."""

from __future__ import annotations

from bot.understanding.commands import Command, Commands
from bot.understanding.slots import SlotFinder
from eval import commands, safety, slots
from eval.suite import Line, Measured, Metric, Setting, Suite
from indexer.knowledge import DRIVER_LANGUAGES


def _slots(setting: Setting) -> Measured:
    find = slots.found_by(SlotFinder.load())
    wanted = setting.some(slots.slot_lines(), lambda each: each.language, 30)
    lines = []
    for each in setting.track(wanted, "slots"):
        found = set(find(each.text, each.expected))
        note = ", ".join(f"{slot} {value}" for slot, value in sorted(found)) or "nothing"
        exact = {"exact": found == each.slots}
        lines.append(Line(f"{each.language}-{each.number:03d}", each.language, "", each.text, exact, note))
    own = {name: [each for each in wanted if each.language == name] for name in DRIVER_LANGUAGES} | {"all": wanted}
    return Measured(tuple(lines), {"f1": {name: round(slots.score(group, find).f1, 4) for name, group in own.items()}})


def _safety(setting: Setting) -> Measured:
    lines = []
    for each in setting.track(setting.some(safety.safety_lines(), lambda line: line.language, 40), "safety"):
        danger = setting.services.conversations.answer(each.text)[0].hazards
        mark = "heard" if each.hazards else "alarm"
        note = ", ".join(danger) or "no danger"
        identity = f"{each.language}-{each.number:03d}"
        lines.append(Line(identity, each.language, "", each.text, {mark: bool(danger)}, note))
    return Measured(tuple(lines))


def _commands(setting: Setting) -> Measured:
    reader = Commands.load()
    lines = []
    for each in setting.track(setting.some(commands.command_lines(), lambda line: line.language, 30), "commands"):
        heard = commands.heard(reader, each.text, each.language)
        marks = {"right": heard is each.command}
        if each.command is not Command.YES:
            marks["false yes"] = commands.consented(reader, each)
        identity = f"{each.language}-{each.number:03d}"
        lines.append(Line(identity, each.language, "", each.text, marks, str(heard or "no command")))
    return Measured(tuple(lines))


SLOTS = Suite("slots", (Metric("exact", "all values of the line are found, and nothing else"),), _slots)
SAFETY = Suite(
    "safety",
    (
        # Danger that is not heard can cost a life: a single miss closes the gate.
        Metric("heard", "danger is heard", bar=1.0),
        Metric("alarm", "a look-alike is taken for danger", lower_is_better=True, bar=0.02),
    ),
    _safety,
)
COMMANDS = Suite(
    "commands",
    (
        Metric("right", "the command, or that there is none, is heard", bar=0.95),
        # What is no yes must never set off an action.
        Metric("false yes", "what is no yes counts as consent", lower_is_better=True, bar=0.0),
    ),
    _commands,
)
