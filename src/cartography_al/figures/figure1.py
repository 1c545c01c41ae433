"""Figures 1 and 2: data maps side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from cartography_al.analysis.runs import STATISTICS
from cartography_al.figures.layout import draw_legend, freeze, label_outer, panel_grid, panel_width
from cartography_al.figures.style import STYLE, drawing_style, shown_text, text_inches

_RASTER_FROM = 2_000  # a map with more points is an image inside the PDF: 120,000 vector markers are 3 MB and slow
CORRECTNESS_EDGES = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
_CORRECTNESS_NAMES = ("0", "(0, 0.2]", "(0.2, 0.4]", "(0.4, 0.6]", "(0.6, 0.8]", "(0.8, 1]")
_CORRECTNESS_MARKERS = ("v", "s", "X", "D", "^", "o")
# The colormap plasma from its orange to its dark blue: the lightness falls steadily, so the order survives in gray
# and in every form of color blindness.
CORRECTNESS_COLORS = ("#FCA537", "#ED7953", "#D4516F", "#B12A90", "#7E03A8", "#1F0C84")


@dataclass(frozen=True)
class DataMapPanel:
    """One data map.

    title: the data set's.   frame: a data map frame: confidence, variability, correctness, one row per instance.
    threshold: if given, instances with correctness <= threshold (low-cor) are outlined, and their share is shown.
    """

    title: str
    frame: pd.DataFrame
    threshold: float | None = None


def draw_data_maps(panels: Sequence[DataMapPanel]) -> Figure:
    """Figures 1 and 2: data maps side by side, variability against confidence, color and marker by correctness.

    Every instance is drawn, the rarer correctness over the more frequent.   Raises: ValueError without panels.
    """
    with drawing_style():
        figure, axes = panel_grid(len(panels), panel_height=2.9)
        for axis, panel in zip(axes, panels, strict=True):
            draw_map(axis, panel, width=panel_width(len(panels)))
        label_outer(axes, "Variability", "Confidence")
        map_legend(figure, panels)
        return freeze(figure)


def draw_map(axis: Axes, panel: DataMapPanel, width: float) -> None:
    """Draw one data map into the axis; `width` is what its title may take, in inches."""
    confidence, variability, correctness = (panel.frame[name].to_numpy() for name in STATISTICS)
    count = len(correctness)
    low = np.zeros(count, dtype=bool) if panel.threshold is None else correctness <= panel.threshold
    levels = np.searchsorted(CORRECTNESS_EDGES, correctness, side="left")
    area = float(np.clip(10 * (500 / max(count, 1)) ** 0.45, 0.8, 10))
    alpha = float(np.clip(0.85 - 0.23 * np.log10(max(count, 1) / 500), 0.3, 0.85))
    for rank, level in enumerate(np.argsort(-np.bincount(levels, minlength=6), kind="stable")):
        for outlined in (False, True):
            rows = (levels == level) & (low == outlined)
            if rows.any():
                axis.scatter(
                    variability[rows],
                    confidence[rows],
                    s=area,
                    c=CORRECTNESS_COLORS[level],
                    marker=_CORRECTNESS_MARKERS[level],
                    alpha=alpha,
                    linewidths=0.14 * area**0.5 if outlined else 0,
                    edgecolors="black" if outlined else "none",
                    rasterized=count > _RASTER_FROM,
                    zorder=2 + rank / 10,
                )
    axis.set(xlim=(-0.01, 0.51), ylim=(-0.02, 1.02))
    axis.xaxis.set_major_locator(MultipleLocator(0.1))
    axis.yaxis.set_major_locator(MultipleLocator(0.2))
    number = f" ({count:,} instances)"
    axis.set_title(shown_text(panel.title, width - text_inches(number, STYLE["axes.titlesize"])) + number)
    if panel.threshold is not None and count:
        # No instance can lie in this corner: variability is at most sqrt(confidence * (1 - confidence)).
        axis.text(0.98, 0.03, f"low-cor: {low.mean():.1%}", transform=axis.transAxes, ha="right", va="bottom")


def map_legend(figure: Figure, panels: Sequence[DataMapPanel]) -> None:
    """The legend of correctness, and of each threshold."""
    handles = [
        Line2D([], [], linestyle="none", marker=marker, markersize=5, color=color, markeredgewidth=0, label=name)
        for name, marker, color in zip(_CORRECTNESS_NAMES, _CORRECTNESS_MARKERS, CORRECTNESS_COLORS, strict=True)
    ]
    for threshold in sorted({panel.threshold for panel in panels if panel.threshold is not None}):
        outline = Line2D([], [], linestyle="none", marker="o", markersize=5, color="black", fillstyle="none")
        outline.set_label(f"low-cor (≤ {threshold:g})")
        handles.append(outline)
    draw_legend(figure, handles, title="Correctness", handle_length=0.8)
