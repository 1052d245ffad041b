"""What is left of a mail once quotes and signatures are cut."""

from __future__ import annotations

import pytest

from bot.channels.messengers.mail.quotes import Quotes

INTRODUCTIONS = {
    "en": "On Wed, 25 Nov 2026 at 10:12, Charging help <help@example.com> wrote:",
    "en, broken": "On Wed, 25 Nov 2026 at 10:12 Charging help <\nhelp@example.com> wrote:",
    "fr": "Le mer. 25 nov. 2026 à 10:12, Aide <help@example.com> a écrit\N{NO-BREAK SPACE}:",
    "de": "Am Mi., 25. Nov. 2026 um 10:12 Uhr schrieb Hilfe <help@example.com>:",
    "de, broken": "Am Mi., 25. Nov. 2026 um 10:12 Uhr schrieb Hilfe <\nhelp@example.com>:",
    "it": "Il giorno mer 25 nov 2026 alle ore 10:12 Aiuto <\nhelp@example.com> ha scritto:",
    "nb": "ons. 25. nov. 2026 kl. 10:12 skrev Hjelp <help@example.com>:",
    "nb, a program on a Mac": "25. nov. 2026 kl. 10:12 skrev Hjelp <help@example.com>:",
    "da": "Den ons. 25. nov. 2026 kl. 10.12 skrev Hjælp <help@example.com>:",
    "sv": "Den ons 25 nov. 2026 kl 10:12 skrev Hjälp <help@example.com>:",
    "es": "El mié, 25 nov 2026 a las 10:12, Ayuda (<help@example.com>) escribió:",
    "nl": "Op wo 25 nov 2026 om 10:12 schreef Hulp <help@example.com>:",
    "pl": "śr., 25 lis 2026 o 10:12 Pomoc <help@example.com> napisał(a):",
    "pt": "Em qua., 25 de nov. de 2026 às 10:12, Ajuda <help@example.com> escreveu:",
}
HEADERS = {
    "en": "From: Help\nSent: Wednesday, 25 November 2026 10:12\nTo: Ane\nSubject: Re: 4521",
    "fr": "De : Aide\nEnvoyé : mercredi 25 novembre 2026 10:12\nÀ : Ane\nObjet : Re: 4521",
    "de": "Von: Hilfe\nGesendet: Mittwoch, 25. November 2026 10:12\nAn: Ane\nBetreff: Re: 4521",
    "it": "Da: Aiuto\nInviato: mercoledì 25 novembre 2026 10:12\nA: Ane\nOggetto: Re: 4521",
    "nb": "Fra: Hjelp\nSendt: onsdag 25. november 2026 10:12\nTil: Ane\nEmne: Re: 4521",
    "en, in bold": "*From:* Help\n*Sent:* Wednesday\n*To:* Ane\n*Subject:* 4521",
    "es": "De: Ayuda\nEnviado: miércoles\nPara: Ane\nAsunto: Re: 4521",
    "nl": "Van: Hulp\nVerzonden: woensdag\nAan: Ane\nOnderwerp: Re: 4521",
    "sv": "Från: Hjälp\nSkickat: onsdag\nTill: Ane\nÄmne: Re: 4521",
    "pl": "Od: Pomoc\nWysłano: środa\nDo: Ane\nTemat: Re: 4521",
    "pt": "De: Ajuda\nEnviada em: quarta-feira\nPara: Ane\nAssunto: Re: 4521",
}


@pytest.fixture(scope="module")
def quotes() -> Quotes:
    return Quotes.load()


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS.keys())
def test_a_quote_below_the_words_is_cut(quotes: Quotes, introduction: str) -> None:
    assert quotes.own(f"4521 lädt nicht\n{introduction}\n\n> Was sehen Sie?\n> Und wo?\n") == "4521 lädt nicht"


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS.keys())
def test_a_quote_without_marks_is_cut_to_the_end(quotes: Quotes, introduction: str) -> None:
    assert quotes.own(f"Ja\n\n{introduction}\nWas sehen Sie?\n\nUnd wo?\n") == "Ja"


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_a_mail_quoted_whole_is_cut(quotes: Quotes, headers: str) -> None:
    assert quotes.own(f"Ja\n\n{'_' * 32}\n{headers}\n\nWas sehen Sie?") == "Ja"


def test_answers_between_and_below_the_quotes_stay(quotes: Quotes) -> None:
    text = f"{INTRODUCTIONS['en']}\n> Which station?\n4521\n> What do you see?\n\nA red light"
    assert quotes.own(text) == "4521\n\nA red light"


def test_a_mail_that_only_quotes_says_nothing(quotes: Quotes) -> None:
    assert quotes.own(f"{INTRODUCTIONS['fr']}\n> Quelle borne ?\n") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it still smells burnt",
        "Warning: there is smoke",
        "On the display it says:\nError 5",
        "The app wrote: error 5. What does that mean?",
        "To: the station at the lake\nDate: yesterday",
        "What helps:\n- unplugging\n- waiting",
        "Regards the cable: it is stuck",
        "Am Display steht um 10:12:\nFehler 5",
    ],
)
def test_what_only_looks_like_a_program_stays(quotes: Quotes, text: str) -> None:
    assert quotes.own(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAne Berg\nTel. 079 123 45 67",
        "--\nAne",
        "Mit freundlichen Grüßen\nAne Berg\n079 123 45 67",
        "Cordialement,\n\nAne",
        "Med vennlig hilsen\nAne",
        "Sent from my phone",
        "Von meinem Telefon gesendet",
        "Envoyé de mon téléphone",
        "Inviato da un telefono",
        "Sendt fra telefonen min",
    ],
)
def test_a_signature_is_cut(quotes: Quotes, signature: str) -> None:
    assert quotes.own(f"Das Kabel klemmt\n\n{signature}\n") == "Das Kabel klemmt"


def test_an_afterthought_below_the_signature_stays(quotes: Quotes) -> None:
    assert quotes.own("Kabel klemmt\n\nViele Grüße\nAne\n\nPS: Es raucht!").endswith("PS: Es raucht!")


def test_a_greeting_alone_is_what_was_said(quotes: Quotes) -> None:
    assert quotes.own("Saluti") == "Saluti"


@pytest.mark.parametrize("line", ["On " * 3_000, "From: " * 3_000, "> " * 5_000, "_" * 10_000, "1:" * 5_000])
def test_hostile_lines_take_no_longer_than_others(quotes: Quotes, line: str) -> None:
    """A pattern that goes back and forth would not come to an end here."""
    assert quotes.own(f"Hilfe\n{line}\n" * 10).startswith("Hilfe")
