"""The HTML of a message says what its text says, and nothing of it is markup by itself."""

from __future__ import annotations

from bot.channels.messengers.matrix.formatted import LARGEST, content_of, html_of


def test_paragraphs_and_their_lines() -> None:
    assert html_of("One.\n\nTwo,\nstill two.\n\n\nThree.") == "<p>One.</p><p>Two,<br>still two.</p><p>Three.</p>"


def test_steps_keep_their_numbers() -> None:
    assert html_of("3. Unplug.\n4. Wait.") == '<ol start="3"><li>Unplug.</li><li>Wait.</li></ol>'


def test_numbers_that_do_not_count_on_are_no_steps() -> None:
    assert html_of("1. Unplug.\n3. Wait.") == "<p>1. Unplug.<br>3. Wait.</p>"


def test_choices_are_no_steps() -> None:
    """Their numbers are typed as they stand."""
    assert html_of("(1) Yes\n(2) No") == "<p>(1) Yes<br>(2) No</p>"


def test_everything_is_escaped() -> None:
    text = '<b>a</b> & "b"\n\n1. <script>alert(1)</script>\n\n<h1>'
    html = html_of(text, {"<h1>"})
    assert html == (
        "<p>&lt;b&gt;a&lt;/b&gt; &amp; &quot;b&quot;</p>"
        '<ol start="1"><li>&lt;script&gt;alert(1)&lt;/script&gt;</li></ol><h4>&lt;h1&gt;</h4>'
    )


def test_a_text_that_is_nearly_too_long_for_an_event_goes_without_html() -> None:
    assert "formatted_body" in content_of("x" * (LARGEST // 2 - 10))
    assert content_of("x" * LARGEST) == {"msgtype": "m.text", "body": "x" * LARGEST, "m.mentions": {}}
