"""What the values of conversations are called in the panel; templates say them by ``slot_name`` and its like."""

from __future__ import annotations

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
    "payment_error": N_("error of the payment"),
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
}
"""What is looked up, by the call that does it."""


def slot_name(slot: str, say: Say) -> str:
    """What a slot is called."""
    return say(SLOTS.get(slot, slot))


def slot_value(slot: str, value: str, say: Say) -> str:
    """A slot's value as people write it: codes in words, everything else as it is."""
    return say(SYMPTOMS[value]) if slot == "symptom" and value in SYMPTOMS else value


def looked_up(tool: str, arguments: str, say: Say) -> str:
    """What was looked up, such as ``Account 40711``."""
    return f"{say(TOOLS.get(tool, tool))} {arguments}".strip()
