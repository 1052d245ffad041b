"""What is pasted below a message is set aside, and nothing that people write."""

from __future__ import annotations

import pytest

from bot.understanding.pasted import own_words, without_pasted

QUESTION = "why does my pass not work here?"
PASTED = [
    '{"error": {"code": 403, "reasons": [], "detail": {"id": "x"}}}',
    "2026-05-02T08:11:59Z ERROR session manager could not restart the charger",
    "[08:11:59.120] the charger did not answer",
    "D/BluetoothGatt( 2201): close() called on the charger",
    "    at com.example.Charger.restart(Charger.java:71)",
    'Traceback (most recent call last):\n  File "/app/charger.py", line 7, in restart\nValueError: no such charger',
    "HTTP/2 502\nserver: nginx/1.25.3\nx-trace: 88f1c2d3a4b5",
    "deviceId=3fa85f64 fw=4.11.2-rc1 plug_state=0x3F",
]


@pytest.mark.parametrize("pasted", PASTED)
def test_what_a_machine_wrote_is_set_aside(pasted: str) -> None:
    assert without_pasted(f"{QUESTION}\n{pasted}") == QUESTION
    assert without_pasted(f"{pasted}\n{QUESTION}") == QUESTION


def test_json_within_a_sentence_is_set_aside() -> None:
    left = without_pasted('It says {"status": "E-12"} when I plug in')
    assert " ".join(left.split()) == "It says when I plug in"


@pytest.mark.parametrize(
    "text",
    [
        "Ladesäule 4521 geht nicht (siehe Foto)\nKonto: 20917",
        "Ça coûte 0.49 €/kWh ou 0.55 ?\nJe suis à la borne 7781",
        "Min konto er 40711.\nSaldo: 49,80 CHF, ikke 50!",
        "Salve, non parte.\n- ho riprovato due volte\n- ho cambiato cavo",
        "the app at home says: error (again)",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert without_pasted(text) == text


def test_a_log_alone_stays_since_there_is_nothing_else_to_go_by() -> None:
    assert without_pasted("help\n" + PASTED[1]) == "help\n" + PASTED[1]
    assert own_words("help\n" + PASTED[1]) == "help"
    assert own_words(PASTED[1]) == ""
