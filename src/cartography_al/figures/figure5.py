"""Figures 5, 6, ...: a data map with its densities."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from cartography_al.analysis.runs import STATISTICS
from cartography_al.figures.figure1 import CORRECTNESS_COLORS, CORRECTNESS_EDGES, DataMapPanel, draw_map, map_legend
from cartography_al.figures.layout import freeze
from cartography_al.figures.style import TWO_COLUMNS, drawing_style


def draw_density(panel: DataMapPanel) -> Figure:
    """Figures 5 and 6: the data map of one data set, and the densities of its three statistics beside it.

    Histograms show percent of the instances: 25 bins for confidence and variability, one per tenth of correctness.
    A dashed line marks the most frequent confidence: the middle of the fullest bin.
    """
    with drawing_style():
        figure = Figure(figsize=(TWO_COLUMNS, 3.6), layout="constrained")
        grid = figure.add_gridspec(3, 2, width_ratios=(1.55, 1))
        left = figure.add_subplot(grid[:, 0])
        draw_map(left, panel, width=3.9)
        left.set(xlabel="Variability", ylabel="Confidence")
        right = [figure.add_subplot(grid[row, 1]) for row in range(3)]
        for axis, statistic in zip(right, STATISTICS, strict=True):
            _draw_histogram(axis, panel.frame[statistic].to_numpy(), statistic)
        right[1].set_ylabel("Share of instances")
        map_legend(figure, [panel])
        return freeze(figure)


def _draw_histogram(axis: Axes, values: np.ndarray, statistic: str) -> None:
    edges = {
        "confidence": np.linspace(0, 1, 26),
        "variability": np.linspace(0, 0.5, 26),
        "correctness": np.linspace(-0.05, 1.05, 12),
    }[statistic]
    middles = ((edges[:-1] + edges[1:]) / 2).round(6)
    counts = np.histogram(values, bins=edges)[0]
    colors: str | list[str] = "#7A8CA5"
    if statistic == "correctness":
        colors = [CORRECTNESS_COLORS[level] for level in np.searchsorted(CORRECTNESS_EDGES, middles)]
    bars = 100 * counts / max(len(values), 1)
    axis.bar(middles, bars, width=np.diff(edges), color=colors, edgecolor="white", linewidth=0.4)
    axis.set_xlabel(statistic.capitalize())
    axis.margins(x=0.02)
    axis.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    axis.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axis.grid(axis="x", visible=False)
    if statistic == "confidence" and len(values):
        mode = middles[counts.argmax()]
        axis.axvline(mode, color="black", linewidth=0.8, linestyle=(0, (3, 2)))
        axis.annotate(
            f"mode {mode:.2f}",
            (mode, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 1),
            textcoords="offset points",
            ha="center",
            va="bottom",
        )
