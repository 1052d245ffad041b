"""Pages of help centres become clean articles, or are skipped with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.importing import drafts_of, lines_of, read_pages, scored, together
from indexer.importers.blocks import plain
from indexer.importers.pages import extract_page
from indexer.importers.rules import shipped_rules
from indexer.importers.types import Bullets, Extract, Heading, Paragraph, Skipped, Steps, words_of
from tests.indexer.importers.builders import ARTICLE, document, only, reason

RULES = shipped_rules()
PAGES = read_pages()
SCORES = {page.name: scored(lines_of(drafts_of(page, RULES)), page.expected) for page in PAGES}
FILLER = "<p>Plug in, wait until the light turns blue, and lock the car as you always do.</p>"


def article(page: str) -> Extract:
    return only(extract_page(document(page), RULES))


def skipped(page: str | bytes) -> str:
    return reason(extract_page(document(page), RULES))


def text(extract: Extract) -> str:
    return " | ".join(plain(words_of(block)) for block in extract.blocks)


def test_the_set_is_large_and_in_five_languages() -> None:
    assert len(PAGES) >= 25
    assert {language for page in PAGES for language in page.expected.languages} == {"en", "de", "fr", "it", "nb"}


def test_all_pages_together_hold_the_bars() -> None:
    whole = together(list(SCORES.values()))
    assert whole.kept_share >= 0.98
    assert whole.foreign_share <= 0.02


@pytest.mark.parametrize("page", [page for page in PAGES if not page.held_out], ids=lambda page: page.name)
def test_each_page_holds_the_bars(page) -> None:
    score = SCORES[page.name]
    assert (score.lost, score.strange) == ((), ())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_languages_are_detected(page) -> None:
    assert {draft.language for draft in drafts_of(page, RULES)} == {*page.expected.languages}


def test_a_page_in_two_languages_becomes_two_articles() -> None:
    page = next(page for page in PAGES if page.name == "07-de-fr-both")
    german, french = sorted(drafts_of(page, RULES), key=lambda draft: draft.language)
    assert (german.title, french.title) == ("Wo finde ich meine Rechnung?", "Où se trouve ma facture ?")
    assert any("several languages" in note for note in german.notes)


def test_text_in_another_language_is_dropped_with_a_note() -> None:
    page = next(page for page in PAGES if page.name == "08-it-english-bits")
    (draft,) = drafts_of(page, RULES)
    assert any("another language (en)" in note for note in draft.notes)


def test_a_question_stays_with_its_answer_when_it_is_a_button() -> None:
    found = article(
        "<h1>Fees</h1><div class=q1><button>What does a reservation cost?</button>"
        "<div hidden>The operator sets the price, and you see it before you confirm.</div></div>" + FILLER
    )
    assert found.blocks[:2] == (
        Heading("What does a reservation cost?", 3),
        Paragraph("The operator sets the price, and you see it before you confirm."),
    )


def test_buttons_that_open_nothing_go() -> None:
    assert "Share" not in text(article(f"<h1>Fees</h1>{FILLER}<button>Share this page</button>"))


def test_hidden_text_that_nothing_opens_goes() -> None:
    found = article(f"<h1>Fees</h1>{FILLER}<div style='display:none'>cheap watches cheap watches cheap watches</div>")
    assert "watches" not in text(found)


def test_steps_that_all_begin_at_one_are_one_list() -> None:
    lists = "<ol><li>Plug in.</li></ol><p>Tip: car first.</p><ol><li>Tap start.</li></ol>"
    found = article(f"<h1>Start</h1>{lists}{FILLER}")
    assert found.blocks[0] == Steps(("Plug in. Tip: car first.", "Tap start."))


def test_two_whole_lists_stay_two() -> None:
    found = article("<h1>A</h1><ol><li>One.</li><li>Two.</li></ol><ol><li>Red.</li><li>Blue.</li></ol>" + FILLER)
    assert found.blocks[:2] == (Steps(("One.", "Two.")), Steps(("Red.", "Blue.")))


def test_lists_under_different_headings_stay_apart() -> None:
    found = article("<h1>A</h1><h2>One</h2><ol><li>Do it.</li></ol><h2>Two</h2><ol><li>Do that.</li></ol>" + FILLER)
    assert [block for block in found.blocks if isinstance(block, Steps)] == [Steps(("Do it.",)), Steps(("Do that.",))]


def test_a_list_of_phones_by_country_goes_with_its_heading() -> None:
    phones = "".join(f"<li>{name}: +{code} 55 501 0{code}</li>" for name, code in (("A", 43), ("B", 32), ("C", 41)))
    found = article(f"<h1>Help</h1>{FILLER}<h2>Call us</h2><ul>{phones}</ul>")
    assert "+" not in text(found)
    assert "Call us" not in text(found)
    assert any("phones" in note for note in found.notes)


def test_a_single_phone_stays() -> None:
    assert "+41 44 555 01 01" in text(article(f"<h1>Help</h1>{FILLER}<p>Call +41 44 555 01 01 when it smokes.</p>"))


def test_brackets_that_are_no_template_stay() -> None:
    assert "[optional]" in text(article(f"<h1>A</h1>{FILLER}<p>Give a photo [optional] and the number.</p>"))


def test_a_sentence_that_only_begins_like_a_date_line_stays() -> None:
    kept = "Updated stations show the price before you plug in, which older ones do not, and they print a receipt too."
    assert kept in text(article(f"<h1>A</h1>{FILLER}<p>{kept}</p>"))


def test_lists_of_links_go_and_links_in_sentences_stay() -> None:
    found = article(
        f"<h1>A</h1>{FILLER}<p>See <a href=x>slow charging</a> for more.</p>"
        "<ul><li><a href=1>First topic</a></li><li><a href=2>Second topic</a></li></ul>"
    )
    assert "See slow charging for more." in text(found)
    assert "First topic" not in text(found)


def test_a_list_in_a_list_becomes_an_enumeration() -> None:
    found = article("<h1>A</h1><ul><li>The owner<ul><li>repairs</li><li>sets the price</li></ul></li></ul>" + FILLER)
    assert found.blocks[0] == Bullets(("The owner repairs; sets the price",))


@pytest.mark.parametrize("claimed", [None, "utf-8", "iso-8859-1", "no-such-encoding"])
@pytest.mark.parametrize("written", ["utf-8", "cp1252"])
def test_the_letters_are_right_whatever_the_encoding_is_said_to_be(claimed: str | None, written: str) -> None:
    page = "<h1>Prise bloquée</h1><p>Déverrouillez d’abord la voiture, puis tirez bien droit sur la prise.</p>"
    found = only(extract_page(replace(document(page.encode(written)), encoding=claimed), RULES))
    assert found.title == "Prise bloquée"
    assert "Déverrouillez d’abord" in text(found)


def test_markup_that_attacks_is_nothing_but_text_or_nothing() -> None:
    found = article(
        f"<h1>A <script>alert(1)</script></h1>{FILLER}<p onclick=x>&lt;script&gt;alert(2)&lt;/script&gt; is shown.</p>"
        "<svg><script>alert(3)</script></svg><p>{{ 7 * 7 }} and {% raw %} are gone.</p><iframe src=x></iframe>"
    )
    assert found.title == "A"
    assert "alert(1)" not in text(found)
    assert "alert(3)" not in text(found)
    assert "{{" not in text(found)
    assert "{%" not in text(found)


def test_letters_that_mark_bold_words_cannot_be_brought_along() -> None:
    found = article(f"<h1>A</h1>{FILLER}<p>Nothing \ue000bold\ue001 in here at all.</p>")
    assert found.blocks[-1] == Paragraph("Nothing bold in here at all.")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "next to no text"),
        ("<p>Hi.</p>", "next to no text"),
        (b"\x00\x01\xff\xfe", "next to no text"),
        ("<div id=root></div><script>start()</script>", "without its scripts"),
        ("<h1>Sign in</h1><form><input name=u><input type=password></form><p>Forgot your password?</p>", "sign-in"),
        ("<div>" * 100_000 + "x", "without end"),
        ("<ul><li>" * 3_000 + "x", "without end"),
        ("<p>word</p>" * 30_000, "more text than one article"),
        (f"<p>{'word ' * 30_000}</p>", "more text than one article"),
    ],
)
def test_pages_without_an_article_are_skipped(page: str | bytes, said: str) -> None:
    assert said in skipped(page)


def test_an_article_about_passwords_is_no_sign_in() -> None:
    form = "<form><input type=password></form>"
    assert article(f"<h1>Forgot your password</h1>{form}{FILLER * 5}").title == "Forgot your password"


def test_a_page_of_links_alone_is_skipped() -> None:
    links = "".join(f"<li><a href={number}>How topic number {number} works</a></li>" for number in range(30))
    assert isinstance(extract_page(document(f"<h1>Help</h1><ul>{links}</ul>"), RULES)[0], Skipped)


def test_titles_that_are_too_long_are_cut_with_a_note() -> None:
    found = article(f"<h1>{'What to do when the cable is stuck ' * 5}</h1>{FILLER}")
    assert len(found.title) <= 90
    assert any("title was cut" in note for note in found.notes)


def test_the_shipped_article_shape_survives() -> None:
    found = article(ARTICLE)
    assert found.title == "The cable does not come out"
    assert found.blocks[-1] == Steps(("Unlock the car.", "End the charge in the app."))
