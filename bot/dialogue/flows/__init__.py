"""The flows, by the names that routes.yaml and the engine use."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.flows import account, people, report, restart, roaming, session, station, walkthrough
from bot.dialogue.flows.balance import balance
from bot.dialogue.flows.not_charging import not_charging
from bot.dialogue.flows.outage import outage
from bot.dialogue.flows.settled import action_settled
from bot.dialogue.replay import Flow

FLOWS: Mapping[str, Flow] = {
    "not_charging": not_charging,
    "balance": balance,
    "outage": outage,
    "station_status": station.station_status,
    "repair": station.repair,
    "roaming": roaming.roaming,
    "report": report.report,
    "photo": report.photo,
    "tracking": report.tracking,
    "ticket_changed": report.ticket_changed,
    "still": report.still,
    "restart": restart.restart,
    "restart_requirements": restart.restart_requirements,
    "restart_check": restart.restart_check,
    "charger_back": restart.charger_back,
    "charger_not_back": restart.charger_not_back,
    "cable": session.cable,
    "stop": session.stop,
    "refund": account.refund,
    "pass_refused": account.pass_refused,
    "lost_pass": account.lost_pass,
    "order_pass": account.order_pass,
    "my_data": account.my_data,
    "contact": people.contact,
    "person": people.person,
    "danger": people.danger,
    "maybe_danger": people.maybe_danger,
    "no_retry": people.no_retry,
    "walkthrough": walkthrough.walkthrough,
    "action_settled": action_settled,
}
