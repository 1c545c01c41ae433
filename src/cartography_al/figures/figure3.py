"""Figure 3: learning curves, with the accuracy after training on everything."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from cartography_al.figures.layout import (
    draw_lines,
    freeze,
    label_outer,
    limit_y,
    panel_grid,
    panel_width,
    strategy_legend,
    with_band,
)
from cartography_al.figures.strategies import strategy_style
from cartography_al.figures.style import drawing_style, shown_text

LEGIBLE = 7  # strategies in color in one panel


@dataclass(frozen=True)
class CurvePanel:
    """The learning curves of one data set.

    title: the data set's.   curves: what `analysis.learning_curves` returns.
    full_accuracy: mean test accuracy after training on all data, or None where that was not run.
    learned: whether that is clearly better than always answering the largest class.
    exhausted_at: from `analysis.exhausted_at`.
    protocol: shown behind the title, if given. Panels of one title share their y axis.
    paper_full_accuracy, paper_cal_accuracy: the paper's test accuracies after training on all data and of CAL at the
    last iteration; None where it has none, or where ours could not be set beside them.
    """

    title: str
    curves: pd.DataFrame
    full_accuracy: float | None = None
    exhausted_at: int | None = None
    protocol: str = ""
    paper_full_accuracy: float | None = None
    paper_cal_accuracy: float | None = None
    learned: bool = True


def plot_learning_curves(panels: Sequence[CurvePanel], notes: Sequence[str] = ()) -> Figure:
    """Figure 3: test accuracy against the percentage of training data used, one panel per data set (and protocol).

    Lines are means over seeds; what the band is, `spread_description` says, and so does the legend. What the paper
    states in numbers is gray or hollow. Of more strategies than LEGIBLE, some are `in_color`, the others gray.
    notes: what a reader must know of some of the strategies; above the legend.
    Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    with drawing_style():
        behind = set().union(*(panel.curves["strategy"] for panel in panels)) - in_color(panels)
        # The legend of many strategies takes more than a narrow figure has.
        figure, axes = panel_grid(len(panels), panel_height=5.2 if behind else 2.9, wide=bool(behind))
        drawn = [with_band(panel.curves, panel.curves["fraction"] * 100) for panel in panels]
        for axis, panel, curves in zip(axes, panels, drawn, strict=True):
            draw_lines(axis, curves, behind)
            pairs = zip(panels, drawn, strict=True)
            limit_y(axis, [_extent(other, values) for other, values in pairs if other.title == panel.title])
            if panel.full_accuracy is not None:
                _draw_full_accuracy(axis, panel.full_accuracy, curves, learned=panel.learned)
            if panel.paper_full_accuracy is not None:
                _draw_full_accuracy(axis, panel.paper_full_accuracy, curves, of_paper=True)
            if panel.paper_cal_accuracy is not None:
                axis.add_line(_paper_point([curves["x"].max()], [panel.paper_cal_accuracy]))
            protocol = f", {panel.protocol.replace('_', ' ')}" if panel.protocol else ""
            axis.set_title(shown_text(panel.title + protocol, panel_width(len(panels))))
        label_outer(axes, "Training data used (%)", "Test accuracy")
        for axis, panel in zip(axes, panels, strict=True):
            if panel.exhausted_at is not None:
                axis.set_xlabel(f"{axis.get_xlabel()}\npool exhausted at iteration {panel.exhausted_at}")
        has_point = any(panel.paper_cal_accuracy is not None for panel in panels)
        point = [_paper_point([], [])] if has_point else []
        strategy_legend(figure, [panel.curves for panel in panels], point, behind, notes)
        return freeze(figure)


def in_color(panels: Sequence[CurvePanel]) -> set[str]:
    """The strategies that Figure 3 draws in color: all, or of more than LEGIBLE the best five, Random and CAL.

    Best: the highest accuracy on average over iterations, then over the panels.
    """
    means = pd.concat([panel.curves.groupby("strategy")["mean"].mean() for panel in panels], axis=1).mean(axis=1)
    if len(means) <= LEGIBLE:
        return set(means.index)
    return {*means.sort_values(ascending=False, kind="stable").index[:5], *means.index.intersection(["random", "cal"])}


def _extent(panel: CurvePanel, curves: pd.DataFrame) -> tuple[float, float]:
    """The lowest and the highest accuracy that a panel shows."""
    points = (panel.full_accuracy, panel.paper_full_accuracy, panel.paper_cal_accuracy)
    values = [curves["low"].min(), curves["high"].max(), *(value for value in points if value is not None)]
    return min(values), max(values)


def _paper_point(x: Sequence[float], y: Sequence[float]) -> Line2D:
    """The paper's accuracy of CAL at the last iteration: CAL's marker, hollow."""
    style = strategy_style("cal")
    return Line2D(
        x,
        y,
        linestyle="none",
        marker=style.marker,
        markersize=6.5,
        markerfacecolor="white",
        markeredgecolor=style.color,
        zorder=5,
        clip_on=False,
        label="CAL, paper's last iteration",
    )


def _draw_full_accuracy(
    axis: Axes, accuracy: float, curves: pd.DataFrame, of_paper: bool = False, learned: bool = True
) -> None:
    """A line at the accuracy of training on everything, labelled where the label covers the least of the curves."""
    color, dashes = ("#777777", (0, (1.5, 1.5))) if of_paper else ("#444444", (0, (6, 2.5)))
    axis.axhline(accuracy, color=color, linewidth=0.8, linestyle=dashes, zorder=2.5)
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    width, height = 0.42 * (right - left), 0.08 * (top - bottom)

    def covered(side: str, edge: str) -> int:
        start = left if side == "left" else right - width
        floor = accuracy if edge == "bottom" else accuracy - height
        at = np.linspace(start, start + width, 50)
        lines = [
            np.interp(at, curve["x"], curve["mean"], left=np.nan, right=np.nan)
            for _, curve in curves.groupby("strategy")
        ]
        return int(sum(((line > floor) & (line < floor + height)).sum() for line in lines))

    side, edge = min(((s, e) for e in ("bottom", "top") for s in ("left", "right")), key=lambda at: covered(*at))
    axis.annotate(
        ("paper's " if of_paper else "") + f"full data: {accuracy:.3f}" + ("" if learned else ", nothing learned"),
        (0.015 if side == "left" else 0.985, accuracy),
        color=color if of_paper else "black",
        xycoords=("axes fraction", "data"),
        xytext=(0, 1.5 if edge == "bottom" else -1.5),
        textcoords="offset points",
        ha=side,
        va=edge,
        zorder=6,
        path_effects=[withStroke(linewidth=2, foreground="white")],
    )
