"""Panels, legends and lines that several figures share."""

import textwrap
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cartography_al.figures.strategies import StrategyStyle, muted, strategy_style
from cartography_al.figures.style import ONE_COLUMN, STYLE, TWO_COLUMNS, shown_text, text_inches
from cartography_al.naming import in_order, strategy_title

# The paper's values beside ours; a marker at their end tells whose they are without color.
PAPER_LINE: dict[str, Any] = {
    "linewidth": 0.6,
    "alpha": 0.55,
    "linestyle": "-",
    "markersize": 2.8,
    "markeredgewidth": 0,
}


def spread_description(frame: pd.DataFrame) -> str:
    """What the band around a mean is, for a legend or caption; "" if there is none, as with one seed.

    frame: learning curves or batch statistics. Its smallest number of seeds decides.
    """
    if frame.empty or frame["seeds"].min() < 2:
        return ""
    fewest, most = int(frame["seeds"].min()), int(frame["seeds"].max())
    seeds = f"{most} seeds" if fewest == most else f"{fewest} to {most} seeds"
    return f"min to max ({seeds})" if fewest == 2 else f"±1 std. dev. ({seeds})"


def with_band(frame: pd.DataFrame, x: pd.Series) -> pd.DataFrame:
    """strategy, x, mean, low, high, ordered by x; low and high are the mean itself where there is no band."""
    mean, fewest_seeds = frame["mean"], frame["seeds"].min()
    low, high = mean, mean
    if fewest_seeds == 2:  # a standard deviation of two values says nothing that the two values do not say better
        low, high = frame["min"], frame["max"]
    elif fewest_seeds > 2:
        low, high = mean - frame["std"], mean + frame["std"]
    columns = {"strategy": frame["strategy"], "x": x, "mean": mean, "low": low, "high": high}
    return pd.DataFrame(columns).sort_values("x", kind="stable")


def draw_lines(axis: Axes, curves: pd.DataFrame, behind: Collection[str] = ()) -> None:
    """Draw each strategy's curve with its band, in the order of readers; those `behind` gray and without one."""
    for rank, strategy in enumerate(in_order(curves["strategy"])):
        curve = curves[curves["strategy"] == strategy]
        style = _style(strategy, behind)
        zorder = 3 + rank / 100 + (strategy == "cal") - (strategy in behind) / 2
        step = max(1, round(len(curve) / 6))
        line = _line(style, 4.0)
        line.set_data(curve["x"].to_numpy(), curve["mean"].to_numpy())
        line.set_markevery((rank % step, step))  # staggered: markers of near curves do not cover each other
        line.set(zorder=zorder, label=shown_text(strategy_title(strategy), 2))
        axis.add_line(line)
        if strategy not in behind and not curve["low"].equals(curve["high"]):
            low, high = curve["low"].to_numpy(), curve["high"].to_numpy()
            axis.fill_between(
                curve["x"].to_numpy(), low, high, color=style.color, alpha=0.08, linewidth=0, zorder=zorder - 2
            )
    axis.autoscale_view()


def draw_paper_lines(axis: Axes, paper: pd.DataFrame | None, rows: pd.DataFrame) -> None:
    """The paper's means of one statistic, in the color of their strategy, below our lines."""
    if paper is None or rows.empty:
        return
    drawn = paper["statistic"].isin(rows["statistic"]) & (paper["iteration"] <= rows["iteration"].max())
    for strategy in in_order(rows["strategy"]):
        curve = paper[drawn & (paper["strategy"] == strategy)].sort_values("iteration")
        style = strategy_style(strategy)
        line = Line2D(curve["iteration"], curve["mean"], color=style.color, marker=style.marker, **PAPER_LINE)
        line.set(markevery=[-1] if len(curve) else [], zorder=2.5, gid=f"paper {strategy}")
        axis.add_line(line)


def limit_y(axis: Axes, extents: Sequence[tuple[float, float]]) -> None:
    """Around all extents, with room above and below in which the label of a full-data line finds a place."""
    bottom, top = min(low for low, _ in extents), max(high for _, high in extents)
    room = max(0.09 * (top - bottom), 0.005)
    axis.set_ylim(bottom - room, top + room)


def strategy_legend(
    figure: Figure,
    frames: Sequence[pd.DataFrame],
    paper: Sequence[Line2D],
    behind: Collection[str] = (),
    notes: Sequence[str] = (),
) -> None:
    """The legend of all strategies and bands that the frames hold, and of what is the paper's; `behind` as drawn.

    notes: sentences above the legend, broken to the figure's width.
    """
    handles: list[Line2D | Patch] = []
    for strategy in in_order(strategy for frame in frames for strategy in frame["strategy"]):
        line = _line(_style(strategy, behind), 4.5)
        line.set_label(shown_text(strategy_title(strategy), 2))
        handles.append(line)
    found = sorted({spread_description(frame) for frame in frames} - {""})
    handles += [Patch(color="#999999", alpha=0.35, linewidth=0, label=band) for band in found]
    lines = [line for note in notes for line in _broken(shown_text(note, 1000), figure.get_figwidth() - 0.3)]
    draw_legend(figure, [*handles, *paper], "\n".join(lines) or None)


def _broken(text: str, inches: float) -> list[str]:
    """A text of the legend's size in lines of about this width."""
    share = inches / text_inches(text, STYLE["legend.fontsize"])
    return textwrap.wrap(text, max(20, int(share * len(text))))


def _style(strategy: str, behind: Collection[str]) -> StrategyStyle:
    style = strategy_style(strategy)
    return muted(style) if strategy in behind else style


def _line(style: StrategyStyle, marker_size: float) -> Line2D:
    return Line2D(
        [],
        [],
        color=style.color,
        linestyle=style.line,
        linewidth=style.width,
        marker=style.marker,
        markersize=marker_size,
        markeredgewidth=0.3,
        markeredgecolor="white",
    )


def _columns(panels: int) -> int:
    return 2 if panels == 4 else min(panels, 3)


def panel_grid(panels: int, panel_height: float, wide: bool = False) -> tuple[Figure, list[Axes]]:
    """A figure with that many axes, at most three in a row.

    It is one column wide for one panel, unless asked to be wide, and two columns for more.
    """
    if panels < 1:
        raise ValueError("nothing to draw: no panels")
    rows = -(-panels // _columns(panels))
    width = ONE_COLUMN if panels == 1 and not wide else TWO_COLUMNS
    figure = Figure(figsize=(width, rows * panel_height), layout="constrained")
    axes = figure.subplots(rows, _columns(panels), squeeze=False).ravel()
    for unused in axes[panels:]:
        unused.remove()
    return figure, list(axes[:panels])


def panel_width(panels: int) -> float:
    """Roughly what a title above one panel may take, in inches."""
    return 2.7 if panels == 1 else (TWO_COLUMNS - 0.5) / _columns(panels) - 0.25


def label_outer(axes: Sequence[Axes], x: str, y: str) -> None:
    """Label the axes at the edge of the grid."""
    for number, axis in enumerate(axes):
        axis.set_xlabel(x)
        if number % _columns(len(axes)) == 0:
            axis.set_ylabel(y)


def draw_legend(
    figure: Figure, handles: Sequence[Line2D | Patch], title: str | None = None, handle_length: float = 2.4
) -> None:
    """A legend below the panels, in as few rows as fit the figure's width.   handle_length: in font sizes."""
    if not handles:
        return
    em = STYLE["legend.fontsize"] / 72
    handle_pad, column_gap = 0.5, 1.2
    widths = [text_inches(str(handle.get_label()), STYLE["legend.fontsize"]) for handle in handles]

    def width(columns: int) -> float:
        widest = [chunk.max() + (handle_length + handle_pad) * em for chunk in np.array_split(widths, columns)]
        return sum(widest) + (columns - 1) * column_gap * em

    evenly = [-(-len(handles) // rows) for rows in range(1, len(handles) + 1)]
    figure.legend(
        handles=list(handles),
        loc="outside lower center",
        ncols=next((columns for columns in evenly if width(columns) < figure.get_figwidth() - 0.1), 1),
        title=title,
        handlelength=handle_length,
        handletextpad=handle_pad,
        columnspacing=column_gap,
    )


def freeze(figure: Figure) -> Figure:
    """Lay the figure out now and for good, so that saving it twice, or in two formats, gives the same places."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure
