"""figures.label_noise: what it promises, and what it refuses."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartography_al.figures.label_noise import NoisePanel, plot_label_noise
from tests.unit.figures.support import bands, legend_labels, saved


def acquired() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (strategy, seed, iteration, 0.1 * iteration + 0.01 * seed + 0.2 * (strategy == "cal"), 0.15)
            for strategy in ("random", "cal")
            for seed in (1, 2, 3)
            for iteration in (1, 2, 3)
        ],
        columns=["strategy", "seed", "iteration", "share", "chance"],
    )


def test_a_panel_shows_each_strategy_beside_chance(tmp_path: Path) -> None:
    figure = plot_label_noise([NoisePanel("TREC, 5% wrong", acquired()), NoisePanel("TREC, 10% wrong", acquired())])
    assert [axis.get_title() for axis in figure.axes] == ["TREC, 5% wrong", "TREC, 10% wrong"]
    chance, random, cal = figure.axes[0].lines
    assert set(np.asarray(chance.get_ydata())) == {15}
    assert (random.get_label(), cal.get_label()) == ("Random", "CAL")
    assert np.asarray(random.get_ydata()).tolist() == pytest.approx([12, 22, 32])
    assert np.asarray(cal.get_ydata()).tolist() == pytest.approx([32, 42, 52])
    assert len(bands(figure.axes[0])) == 2
    bottom, top = figure.axes[0].get_ylim()
    assert bottom == 0
    assert top > 53
    assert legend_labels(figure) == ["Random", "CAL", "±1 std. dev. (3 seeds)", "chance"]
    saved(figure, tmp_path)


@pytest.mark.parametrize("share", [0.004, 0.03, 0.1, 0.2, 0.24])
def test_the_axis_says_where_its_ticks_are(share: float) -> None:
    small = acquired().assign(share=share)
    (axis,) = plot_label_noise([NoisePanel("TREC", small.assign(chance=share))]).axes
    ticks = [float(tick) for tick in axis.yaxis.get_ticklocs()]
    assert axis.yaxis.get_major_formatter().format_ticks(ticks) == [f"{tick:g}%" for tick in ticks]


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_label_noise([])
