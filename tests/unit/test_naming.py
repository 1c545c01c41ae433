"""Titles, order and styles of strategies."""

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from cartography_al.naming import STRATEGY_ORDER, in_order, strategy_style, strategy_title


def test_titles_are_the_paper_s() -> None:
    titles = [strategy_title(name) for name in STRATEGY_ORDER]
    assert titles == ["Random", "LC", "Entropy", "BALD", "DAL", "CAL", "CAL+DAL"]


def test_titles_of_other_names_are_readable() -> None:
    assert strategy_title("cal-threshold-0.4") == "CAL (t=0.4)"
    assert strategy_title("my_margin-threshold-0.1") == "My margin (t=0.1)"
    assert strategy_title("my__own_margin") == "My own margin"
    assert strategy_title("BADGE") == "BADGE"
    assert strategy_title("_") == "_"


def test_order_is_known_strategies_then_thresholds_by_number_then_the_alphabet() -> None:
    names = [
        "zeta",
        "cal-threshold-0.8",
        "alpha",
        "cal_dal",
        "cal-threshold-0.0",
        "random",
        "cal-threshold-1.2.3",
        "cal",
    ]
    ordered = [
        "random",
        "cal",
        "cal_dal",
        "cal-threshold-0.0",
        "cal-threshold-0.8",
        "alpha",
        "cal-threshold-1.2.3",
        "zeta",
    ]
    assert in_order([*names, *names]) == ordered
    assert in_order(reversed(STRATEGY_ORDER)) == list(STRATEGY_ORDER)


def test_known_strategies_share_neither_color_nor_marker() -> None:
    styles = [strategy_style(name) for name in STRATEGY_ORDER]
    assert len({style.color for style in styles}) == len(styles)
    assert len({style.marker for style in styles}) == len(styles)


def test_colors_of_similar_lightness_have_other_lines() -> None:
    def lightness(color: str) -> float:
        red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for a, b in itertools.combinations(map(strategy_style, STRATEGY_ORDER), 2):
        assert abs(lightness(a.color) - lightness(b.color)) > 0.04 or (a.line, a.width) != (b.line, b.width)


def test_other_strategies_look_unlike_the_known_ones() -> None:
    known = [strategy_style(name) for name in STRATEGY_ORDER]
    others = [strategy_style(name) for name in ("margin", "badge", "cal-threshold-0.0", "cal-threshold-0.4")]
    assert len(set(others)) == len(others)
    for other in others:
        assert other.color not in {style.color for style in known}
        assert other.marker not in {style.marker for style in known}


def test_a_style_never_changes() -> None:
    assert strategy_style("margin") == (
        "#0B4D2C",
        "<",
        (0, (1.2, 1.2)),
        1.1,
    )  # a figure made tomorrow looks like today's


@given(st.text())
def test_any_name_has_title_and_style(name: str) -> None:
    assert strategy_title(name) or not name
    assert re.fullmatch("#[0-9A-F]{6}", strategy_style(name).color)
    assert in_order([name]) == [name]
