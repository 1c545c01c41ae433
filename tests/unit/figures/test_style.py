"""figures.style: a user's text in a figure."""

import pytest

from cartography_al.figures.style import is_drawable, shown_text


@pytest.mark.parametrize("text", ["TREC", "Größe 5 µm", "Отзывы", "Κριτικές", "a\u200bb", "two\nlines"])
def test_text_of_the_font_is_drawable(text: str) -> None:
    assert is_drawable(text)
    assert "\N{REPLACEMENT CHARACTER}" not in shown_text(text, 5)


def test_what_the_font_lacks_is_replaced() -> None:
    assert not is_drawable("Twitter 評判")
    assert shown_text("Twitter 評判", 5) == "Twitter \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
