"""Messages as a log or a terminal may show them."""

from cartography_al.errors import LONGEST_MESSAGE, printable


def test_plain_messages_stay_as_they_are():
    assert printable("texts.csv, line 3: unknown label 'é新😀'; known are a, b") == (
        "texts.csv, line 3: unknown label 'é新😀'; known are a, b"
    )


def test_control_characters_are_escaped():
    assert printable("a\x1b[31mb\rc\0d\u202ee\u2028f\ud800g") == r"a\x1b[31mb\rc\x00d\u202ee\u2028f\ud800g"


def test_no_line_but_the_first_begins_at_the_margin():
    assert printable("name\n2026-01-01 INFO all is well\n\nend") == "name\n  2026-01-01 INFO all is well\n  \n  end"


def test_very_long_messages_keep_their_ends():
    shown = printable("start " + "x" * 10**6 + " end")
    assert len(shown) < LONGEST_MESSAGE + 100
    assert shown.startswith("start xx")
    assert shown.endswith("xx end")
    assert "990,010 characters left out" in shown
