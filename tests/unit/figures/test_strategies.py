"""Styles of strategies."""

import itertools
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cartography_al.figures.strategies import strategy_style
from cartography_al.naming import STRATEGY_ORDER
from cartography_al.pipeline.provenance import source_files


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
    others = [strategy_style(name) for name in ("ratio", "density", "cal-threshold-0.0", "cal-threshold-0.4")]
    assert len(set(others)) == len(others)
    for other in others:
        assert other.color not in {style.color for style in known}


def test_a_style_never_changes() -> None:
    assert strategy_style("my_margin") == ("#882255", "h", "-", 1.1)  # a figure made tomorrow looks like today's


@given(st.text())
def test_any_name_has_a_style(name: str) -> None:
    assert re.fullmatch("#[0-9A-F]{6}", strategy_style(name).color)


def test_a_color_reruns_no_test() -> None:
    """Styles are a room of the figures: what computes or tabulates does not depend on it."""
    scripts = Path(__file__).parents[3] / "workflow/scripts"
    for script in ("test_significance", "write_table2", "run_iterations"):
        behind = source_files(scripts / f"{script}.py", package_root=scripts.parents[1] / "src")
        assert "figures" not in {path.parent.name for path in behind}
