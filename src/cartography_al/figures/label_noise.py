"""The figure of label noise: how much of what each strategy acquires has a wrong label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cartography_al.analysis.runs import over_seeds_summary
from cartography_al.figures.layout import (
    draw_lines,
    freeze,
    label_outer,
    panel_grid,
    panel_width,
    strategy_legend,
    with_band,
)
from cartography_al.figures.style import drawing_style, shown_text

CHANCE: dict[str, Any] = {"color": "0.45", "linewidth": 1.0}


@dataclass(frozen=True)
class NoisePanel:
    """One data set with wrong labels.

    title: the data set's.   acquired: from analysis.label_noise.wrong_labels_acquired.
    """

    title: str
    acquired: pd.DataFrame


def plot_label_noise(panels: Sequence[NoisePanel]) -> Figure:
    """Share of wrong labels among all instances acquired so far, against the iteration; a panel for each data set.

    Lines and bands as in Figure 3. The gray line is chance: the share in the pool that the runs started with.
    Raises: ValueError without panels.
    """
    with drawing_style():
        figure, axes = panel_grid(len(panels), panel_height=2.7)
        shares = [panel.acquired.assign(percent=100 * panel.acquired["share"]) for panel in panels]
        curves = [over_seeds_summary(share.groupby(["strategy", "iteration"])["percent"]) for share in shares]
        for axis, panel, curve in zip(axes, panels, curves, strict=True):
            axis.axhline(100 * panel.acquired["chance"].mean(), **CHANCE)
            draw_lines(axis, with_band(curve, curve["iteration"]))
            axis.autoscale_view()
            axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, steps=[1, 2, 5, 10]))
            axis.set_ylim(bottom=0)
            axis.yaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
            axis.yaxis.set_major_formatter("{x:g}%")
            axis.set_title(shown_text(panel.title, panel_width(len(panels))))
        label_outer(axes, "Active learning iteration", "Wrong labels among the acquired")
        strategy_legend(figure, curves, [Line2D([], [], label="chance", **CHANCE)])
        return freeze(figure)
