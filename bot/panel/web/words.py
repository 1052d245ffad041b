"""What conversations and their values are called in the panel; templates say them by ``slot_name`` and its like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.care import Stage
from bot.panel.web.texts import N_, Say

SLOTS = {
    "account": N_("Account"),
    "station": N_("Station"),
    "charger": N_("Charger"),
    "pass": N_("Pass"),
    "contract": N_("Contract"),
    "rfid": N_("RFID"),
    "report": N_("Report"),
    "amount": N_("Amount"),
    "error_code": N_("Error code"),
    "symptom": N_("Symptom"),
    "location": N_("Location"),
    "vendor": N_("Provider"),
}
SYMPTOMS = {
    "no_power": N_("no power"),
    "display_dark": N_("dark display"),
    "reader_dead": N_("the reader does not react"),
    "light_red": N_("red light"),
    "light_off": N_("no light"),
    "cable_damaged": N_("damaged cable"),
    "plug_stuck": N_("stuck plug"),
    "plug_damaged": N_("damaged plug"),
    "cannot_start": N_("does not start"),
    "stops_early": N_("stops too early"),
    "slow": N_("charges slowly"),
    "app_error": N_("error in the app"),
    "payment_error": N_("payment error"),
    "noise": N_("noise"),
    "vandalism": N_("vandalism"),
    "blocked_by_car": N_("a car is in the way"),
    "offline": N_("offline"),
    "screen_error": N_("error on the screen"),
}
TOOLS = {
    "accounts.account": N_("Account"),
    "sessions.active": N_("Session of the account"),
    "stations.station": N_("Station"),
    "chargers.charger": N_("Charger"),
    "chargers.role": N_("Role at the charger"),
    "status.status": N_("Status page of the provider"),
    "desk.ticket": N_("Ticket"),
    "desk.of_user": N_("Tickets of the driver"),
}
"""What is looked up, by the call that does it."""
HAZARDS = {
    "fire": N_("fire or smoke"),
    "shock": N_("electric shock"),
    "bare": N_("bare wires or an open housing"),
    "water": N_("water in the station or the plug"),
    "crash": N_("a station that was hit"),
    "heat": N_("a hot or molten plug"),
}
CHANNELS = {"email": N_("E-mail"), "matrix": "Matrix", "telegram": "Telegram", "whatsapp": "WhatsApp"}
"""The messengers that ship; an integrator's own is called as it is."""
STAGE_NAMES: dict[Stage, str] = {
    "bot": N_("With the assistant"),
    "waiting": N_("Waiting for a person"),
    "person": N_("With a person"),
    "snoozed": N_("Snoozed"),
    "closed": N_("Closed"),
}
DECISIONS = {
    "answer": N_("an answer on its topic"),
    "choices": N_("topics to choose from"),
    "none": N_("no article fits"),
    "greeting": N_("a greeting"),
    "thanks": N_("thanks"),
    "unreadable": N_("not understood, ask again"),
    "danger": N_("danger: what to do now comes first"),
    "consent": N_("a yes or no to a proposal"),
    "command": N_("a word about the conversation itself"),
    "inform": N_("an answer to the open question"),
    "flow": N_("look things up and go on step by step"),
}
"""The kinds of bot.types.Decision."""


def slot_name(slot: str, say: Say) -> str:
    """What a slot is called."""
    return say(SLOTS.get(slot, slot))


def slot_value(slot: str, value: str, say: Say, vendors: Mapping[str, str]) -> str:
    """A slot's value as people write it: codes in words, everything else as it is. ``vendors``: names by id."""
    if slot == "vendor":
        return vendors.get(value, value)
    return say(SYMPTOMS[value]) if slot == "symptom" and value in SYMPTOMS else value


def looked_up(tool: str, arguments: Iterable[str], say: Say, vendors: Mapping[str, str]) -> str:
    """What was looked up, such as ``Account 40711``. ``vendors``: names by id."""
    told = (vendors.get(each, each) if tool == "status.status" else each for each in arguments)
    return f"{say(TOOLS.get(tool, tool))} {', '.join(told)}".strip()


def dangers(hazards: Iterable[str], say: Say) -> str:
    """Kinds of danger, such as ``fire or smoke, electric shock``."""
    return ", ".join(say(HAZARDS.get(hazard, hazard)) for hazard in hazards)


def channel_name(channel: str | None, say: Say) -> str:
    """By what the driver writes; the chat of the app or page where it is no messenger."""
    return say(CHANNELS.get(channel, channel)) if channel else say(N_("Chat"))
