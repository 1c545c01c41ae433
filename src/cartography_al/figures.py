"""The paper's figures: frames in, matplotlib figures out. Nothing is computed here that a table or claim relies on.

Every figure is drawn in one style, at its printed size (one column 3.3 in, two columns 6.9 in), through matplotlib's
object interface, so no global state is read or left behind. Text that comes from a user is shown as it is.
"""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator, MultipleLocator, PercentFormatter

from cartography_al.analysis import STATISTICS
from cartography_al.files import atomic_path
from cartography_al.naming import StrategyStyle, in_order, strategy_style, strategy_title

ONE_COLUMN = 3.3
TWO_COLUMNS = 6.9
"""Widths of the printed page, in inches."""

STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7.5,
    "legend.title_fontsize": 7.5,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
    "legend.borderpad": 0.2,
    "legend.labelspacing": 0.35,
    "axes.titlepad": 4,
    "axes.labelpad": 2.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#444444",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.4,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "lines.solid_capstyle": "round",
    "text.parse_math": False,  # a `$` in a data set's title is a dollar sign
    "figure.dpi": 200,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.constrained_layout.h_pad": 0.03,
    "pdf.fonttype": 42,
}
"""Where the look differs from matplotlib's own defaults; a user's matplotlibrc has no say."""

_RASTER_DPI = 240
_RASTER_FROM = 2_000  # a map with more points is an image inside the PDF: 120,000 vector markers are 3 MB and slow

_CORRECTNESS_EDGES = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
_CORRECTNESS_NAMES = ("0", "(0, 0.2]", "(0.2, 0.4]", "(0.4, 0.6]", "(0.6, 0.8]", "(0.8, 1]")
_CORRECTNESS_MARKERS = ("v", "s", "X", "D", "^", "o")
# The colormap plasma from its orange to its dark blue: the lightness falls steadily, so the order survives in gray
# and in every form of color blindness.
_CORRECTNESS_COLORS = ("#FCA537", "#ED7953", "#D4516F", "#B12A90", "#7E03A8", "#1F0C84")


# The paper's values beside ours; a marker at their end tells whose they are without color.
_PAPER_LINE: dict[str, Any] = {
    "linewidth": 0.6,
    "alpha": 0.55,
    "linestyle": "-",
    "markersize": 2.8,
    "markeredgewidth": 0,
}


@dataclass(frozen=True)
class DataMapPanel:
    """One data map.

    title: the data set's.   frame: a data map frame: confidence, variability, correctness, one row per instance.
    threshold: if given, instances with correctness <= threshold (low-cor) are outlined, and their share is shown.
    """

    title: str
    frame: pd.DataFrame
    threshold: float | None = None


@dataclass(frozen=True)
class CurvePanel:
    """The learning curves of one data set.

    title: the data set's.   curves: what `analysis.learning_curves` returns.
    full_accuracy: mean test accuracy after training on all data, or None where that was not run.
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


@dataclass(frozen=True)
class BatchPanel:
    """The acquired batches of one data set.

    title: the data set's.   statistics: from `analysis.batch_statistics`.
    paper: the paper's means, as `paper.paper_values("figure4", ...)` gives them; None or empty where it has none.
    exhausted_at: from `analysis.exhausted_at`.
    """

    title: str
    statistics: pd.DataFrame
    paper: pd.DataFrame | None = None
    exhausted_at: int | None = None


@dataclass(frozen=True)
class AuditPanel:
    """The audit of one data set.   title: the data set's.   effects: what `audit.audit_effects` returns."""

    title: str
    effects: pd.DataFrame


def draw_data_maps(panels: Sequence[DataMapPanel]) -> Figure:
    """Figures 1 and 2: data maps side by side, variability against confidence, color and marker by correctness.

    Every instance is drawn, the rarer correctness over the more frequent.   Raises: ValueError without panels.
    """
    with _style():
        figure, axes = _grid(len(panels), panel_height=2.9)
        for axis, panel in zip(axes, panels, strict=True):
            _draw_map(axis, panel, width=_panel_width(len(panels)))
        _label_outer(axes, "Variability", "Confidence")
        _map_legend(figure, panels)
        return _freeze(figure)


def draw_density(panel: DataMapPanel) -> Figure:
    """Figures 5 and 6: the data map of one data set, and the densities of its three statistics beside it.

    Histograms show percent of the instances: 25 bins for confidence and variability, one per tenth of correctness.
    A dashed line marks the most frequent confidence: the middle of the fullest bin.
    """
    with _style():
        figure = Figure(figsize=(TWO_COLUMNS, 3.6), layout="constrained")
        grid = figure.add_gridspec(3, 2, width_ratios=(1.55, 1))
        left = figure.add_subplot(grid[:, 0])
        _draw_map(left, panel, width=3.9)
        left.set(xlabel="Variability", ylabel="Confidence")
        right = [figure.add_subplot(grid[row, 1]) for row in range(3)]
        for axis, statistic in zip(right, STATISTICS, strict=True):
            _draw_histogram(axis, panel.frame[statistic].to_numpy(), statistic)
        right[1].set_ylabel("Share of instances")
        _map_legend(figure, [panel])
        return _freeze(figure)


def plot_learning_curves(panels: Sequence[CurvePanel]) -> Figure:
    """Figure 3: test accuracy against the percentage of training data used, one panel per data set (and protocol).

    Lines are means over seeds; what the band is, `spread_description` says, and so does the legend. What the paper
    states in numbers is gray or hollow.
    Raises: ValueError without panels.
    """
    with _style():
        figure, axes = _grid(len(panels), panel_height=2.9)
        drawn = [_with_band(panel.curves, panel.curves["fraction"] * 100) for panel in panels]
        for axis, panel, curves in zip(axes, panels, drawn, strict=True):
            _draw_lines(axis, curves)
            pairs = zip(panels, drawn, strict=True)
            _limit_y(axis, [_extent(other, values) for other, values in pairs if other.title == panel.title])
            if panel.full_accuracy is not None:
                _draw_full_accuracy(axis, panel.full_accuracy, curves)
            if panel.paper_full_accuracy is not None:
                _draw_full_accuracy(axis, panel.paper_full_accuracy, curves, of_paper=True)
            if panel.paper_cal_accuracy is not None:
                axis.add_line(_paper_point([curves["x"].max()], [panel.paper_cal_accuracy]))
            protocol = f", {panel.protocol.replace('_', ' ')}" if panel.protocol else ""
            axis.set_title(_shown(panel.title + protocol, _panel_width(len(panels))))
        _label_outer(axes, "Training data used (%)", "Test accuracy")
        for axis, panel in zip(axes, panels, strict=True):
            if panel.exhausted_at is not None:
                axis.set_xlabel(f"{axis.get_xlabel()}\npool exhausted at iteration {panel.exhausted_at}")
        has_point = any(panel.paper_cal_accuracy is not None for panel in panels)
        _strategy_legend(figure, [panel.curves for panel in panels], [_paper_point([], [])] if has_point else [])
        return _freeze(figure)


def plot_batch_statistics(panels: Sequence[BatchPanel]) -> Figure:
    """Figure 4: mean confidence, variability and correctness of each acquired batch, one row of panels per data set.

    A column of panels shares its y axis, so that data sets can be compared. Lines and bands as in Figure 3; the paper's
    means are thin, for the strategies and iterations that are drawn.
    Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    with _style():
        figure = Figure(figsize=(TWO_COLUMNS, 0.75 + 1.45 * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), len(STATISTICS), sharex=True, sharey="col", squeeze=False)
        for axes_of_panel, panel in zip(axes, panels, strict=True):
            for axis, statistic in zip(axes_of_panel, STATISTICS, strict=True):
                rows = panel.statistics[panel.statistics["statistic"] == statistic]
                _draw_paper_lines(axis, panel.paper, rows)
                _draw_lines(axis, _with_band(rows, rows["iteration"]))
            ended = "" if panel.exhausted_at is None else f"\npool exhausted\nat iteration {panel.exhausted_at}"
            axes_of_panel[0].set_ylabel(_shown(panel.title, 1.3) + ended, fontsize=STYLE["axes.titlesize"])
        for axis, statistic in zip(axes[0], STATISTICS, strict=True):
            axis.set_title(f"Mean {statistic} of the batch")
        for axis in axes[-1]:
            axis.set_xlabel("Active learning iteration")
            axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, steps=[1, 2, 5, 10]))
        paper = any(panel.paper is not None and len(panel.paper) for panel in panels)
        paper_line = Line2D([], [], color="#444444", label="paper", **_PAPER_LINE)
        _strategy_legend(figure, [panel.statistics for panel in panels], [paper_line] if paper else [])
        return _freeze(figure)


def plot_audit(panels: Sequence[AuditPanel]) -> Figure:
    """Change of each accuracy when one switch of the protocol is turned; a row of two panels for each data set.

    Left: the paper's text with one switch as in the code. Right: the code with one switch as in the text. Bars: one
    standard deviation of the change over the seeds.   Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    switches = list(dict.fromkeys(name for panel in panels for name in panel.effects["switch"] if name))
    measures = list(dict.fromkeys(name for panel in panels for name in panel.effects["measure"]))
    measures = [name for name in measures if not name.startswith("area ")]  # close to the final accuracy's; see table
    presets = {"as_written": "as written, one switch as released", "released": "released, one switch as written"}
    with _style():
        figure = Figure(figsize=(TWO_COLUMNS, 0.9 + (0.5 + 0.27 * len(switches)) * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), 2, sharey=True, sharex=True, squeeze=False)
        for row, panel in zip(axes, panels, strict=True):
            for axis, (preset, heading) in zip(row, presets.items(), strict=True):
                own = panel.effects[(panel.effects["preset"] == preset) & (panel.effects["switch"] != "")]
                axis.axvline(0, color="0.3", linewidth=0.8)
                for position, measure in enumerate(measures):
                    label, style = _audit_style(measure)
                    effect = own[own["measure"] == measure].set_index("switch").reindex(switches)
                    offsets = np.arange(len(switches)) + 0.22 * (position - (len(measures) - 1) / 2)
                    axis.errorbar(
                        effect["difference"],
                        offsets,
                        xerr=effect["difference_std"].fillna(0),
                        fmt=style.marker,
                        color=style.color,
                        markersize=4,
                        elinewidth=0.9,
                        label=label,
                    )
                axis.set_title(_shown(f"{panel.title}: {heading}", _panel_width(2)))
                axis.set_yticks(np.arange(len(switches)), [name.replace("_", " ") for name in switches])
                axis.grid(axis="y", visible=False)
            row[0].invert_yaxis()
        for axis in axes[-1]:
            axis.set_xlabel("Change of test accuracy")
        _legend(figure, axes[0, 0].get_legend_handles_labels()[0])
        return _freeze(figure)


def _audit_style(measure: str) -> tuple[str, StrategyStyle]:
    kind, _, strategy = measure.partition(" ")
    if kind == "final":
        return f"Final, {strategy_title(strategy)}", strategy_style(strategy)
    return "Full data", StrategyStyle(color="#7F7F7F", marker="s", line="-", width=1.0)


def spread_description(frame: pd.DataFrame) -> str:
    """What the band around a mean is, for a legend or caption; "" if there is none, as with one seed.

    frame: learning curves or batch statistics. Its smallest number of seeds decides.
    """
    if frame.empty or frame["seeds"].min() < 2:
        return ""
    fewest, most = int(frame["seeds"].min()), int(frame["seeds"].max())
    seeds = f"{most} seeds" if fewest == most else f"{fewest} to {most} seeds"
    return f"min to max ({seeds})" if fewest == 2 else f"±1 std. dev. ({seeds})"


def save_figure(figure: Figure, pdf_path: str | os.PathLike[str], png_path: str | os.PathLike[str]) -> None:
    """Write a figure as PDF (fonts embedded as TrueType) and as PNG (200 dpi), both atomically.

    The bytes depend on the figure alone: no date, no path and no program name is written.
    """
    no_metadata = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}
    # Drawn in memory first: on a full disk, matplotlib's own cleaning up would hide the reason.
    drawn_pdf, drawn_png = BytesIO(), BytesIO()
    with _style():
        figure.savefig(drawn_pdf, format="pdf", dpi=_RASTER_DPI, metadata=no_metadata)
        figure.savefig(drawn_png, format="png", dpi=200, metadata={"Software": None})
    with atomic_path(pdf_path) as pdf:
        pdf.write_bytes(drawn_pdf.getvalue())
        with atomic_path(png_path) as png:
            png.write_bytes(drawn_png.getvalue())


# ---- data maps


def _draw_map(axis: Axes, panel: DataMapPanel, width: float) -> None:
    confidence, variability, correctness = (panel.frame[name].to_numpy() for name in STATISTICS)
    count = len(correctness)
    low = np.zeros(count, dtype=bool) if panel.threshold is None else correctness <= panel.threshold
    levels = np.searchsorted(_CORRECTNESS_EDGES, correctness, side="left")
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
                    c=_CORRECTNESS_COLORS[level],
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
    axis.set_title(_shown(panel.title, width - _inches(number, STYLE["axes.titlesize"])) + number)
    if panel.threshold is not None and count:
        # No instance can lie in this corner: variability is at most sqrt(confidence * (1 - confidence)).
        axis.text(0.98, 0.03, f"low-cor: {low.mean():.1%}", transform=axis.transAxes, ha="right", va="bottom")


def _map_legend(figure: Figure, panels: Sequence[DataMapPanel]) -> None:
    handles = [
        Line2D([], [], linestyle="none", marker=marker, markersize=5, color=color, markeredgewidth=0, label=name)
        for name, marker, color in zip(_CORRECTNESS_NAMES, _CORRECTNESS_MARKERS, _CORRECTNESS_COLORS, strict=True)
    ]
    for threshold in sorted({panel.threshold for panel in panels if panel.threshold is not None}):
        outline = Line2D([], [], linestyle="none", marker="o", markersize=5, color="black", fillstyle="none")
        outline.set_label(f"low-cor (≤ {threshold:g})")
        handles.append(outline)
    _legend(figure, handles, title="Correctness", handle_length=0.8)


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
        colors = [_CORRECTNESS_COLORS[level] for level in np.searchsorted(_CORRECTNESS_EDGES, middles)]
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


# ---- curves


def _with_band(frame: pd.DataFrame, x: pd.Series) -> pd.DataFrame:
    """strategy, x, mean, low, high, ordered by x; low and high are the mean itself where there is no band."""
    mean, fewest_seeds = frame["mean"], frame["seeds"].min()
    low, high = mean, mean
    if fewest_seeds == 2:  # a standard deviation of two values says nothing that the two values do not say better
        low, high = frame["min"], frame["max"]
    elif fewest_seeds > 2:
        low, high = mean - frame["std"], mean + frame["std"]
    columns = {"strategy": frame["strategy"], "x": x, "mean": mean, "low": low, "high": high}
    return pd.DataFrame(columns).sort_values("x", kind="stable")


def _draw_lines(axis: Axes, curves: pd.DataFrame) -> None:
    for rank, strategy in enumerate(in_order(curves["strategy"])):
        curve = curves[curves["strategy"] == strategy]
        style = strategy_style(strategy)
        zorder = 3 + rank / 100 + (strategy == "cal")
        step = max(1, round(len(curve) / 6))
        line = _line(style, 4.0)
        line.set_data(curve["x"].to_numpy(), curve["mean"].to_numpy())
        line.set_markevery((rank % step, step))  # staggered: markers of near curves do not cover each other
        line.set(zorder=zorder, label=_shown(strategy_title(strategy), 2))
        axis.add_line(line)
        if not curve["low"].equals(curve["high"]):
            low, high = curve["low"].to_numpy(), curve["high"].to_numpy()
            axis.fill_between(
                curve["x"].to_numpy(), low, high, color=style.color, alpha=0.08, linewidth=0, zorder=zorder - 2
            )
    axis.autoscale_view()


def _draw_paper_lines(axis: Axes, paper: pd.DataFrame | None, rows: pd.DataFrame) -> None:
    """The paper's means of one statistic, in the color of their strategy, below our lines."""
    if paper is None or rows.empty:
        return
    drawn = paper["statistic"].isin(rows["statistic"]) & (paper["iteration"] <= rows["iteration"].max())
    for strategy in in_order(rows["strategy"]):
        curve = paper[drawn & (paper["strategy"] == strategy)].sort_values("iteration")
        style = strategy_style(strategy)
        line = Line2D(curve["iteration"], curve["mean"], color=style.color, marker=style.marker, **_PAPER_LINE)
        line.set(markevery=[-1] if len(curve) else [], zorder=2.5, gid=f"paper {strategy}")
        axis.add_line(line)


def _extent(panel: CurvePanel, curves: pd.DataFrame) -> tuple[float, float]:
    """The lowest and the highest accuracy that a panel shows."""
    points = (panel.full_accuracy, panel.paper_full_accuracy, panel.paper_cal_accuracy)
    values = [curves["low"].min(), curves["high"].max(), *(value for value in points if value is not None)]
    return min(values), max(values)


def _limit_y(axis: Axes, extents: Sequence[tuple[float, float]]) -> None:
    """Around all extents, with room above and below in which the label of a full-data line finds a place."""
    bottom, top = min(low for low, _ in extents), max(high for _, high in extents)
    room = max(0.09 * (top - bottom), 0.005)
    axis.set_ylim(bottom - room, top + room)


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


def _draw_full_accuracy(axis: Axes, accuracy: float, curves: pd.DataFrame, of_paper: bool = False) -> None:
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
        f"paper's full data: {accuracy:.3f}" if of_paper else f"full data: {accuracy:.3f}",
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


def _strategy_legend(figure: Figure, frames: Sequence[pd.DataFrame], paper: Sequence[Line2D]) -> None:
    handles: list[Line2D | Patch] = []
    for strategy in in_order(strategy for frame in frames for strategy in frame["strategy"]):
        line = _line(strategy_style(strategy), 4.5)
        line.set_label(_shown(strategy_title(strategy), 2))
        handles.append(line)
    found = sorted({spread_description(frame) for frame in frames} - {""})
    handles += [Patch(color="#999999", alpha=0.35, linewidth=0, label=band) for band in found]
    _legend(figure, [*handles, *paper])


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


# ---- what all figures share


@contextmanager
def _style() -> Iterator[None]:
    with matplotlib.style.context(["default", STYLE]):
        yield


def _columns(panels: int) -> int:
    return 2 if panels == 4 else min(panels, 3)


def _grid(panels: int, panel_height: float) -> tuple[Figure, list[Axes]]:
    """A figure with that many axes, at most three in a row: one column wide for one panel, two columns for more."""
    if panels < 1:
        raise ValueError("nothing to draw: no panels")
    rows = -(-panels // _columns(panels))
    width = ONE_COLUMN if panels == 1 else TWO_COLUMNS
    figure = Figure(figsize=(width, rows * panel_height), layout="constrained")
    axes = figure.subplots(rows, _columns(panels), squeeze=False).ravel()
    for unused in axes[panels:]:
        unused.remove()
    return figure, list(axes[:panels])


def _panel_width(panels: int) -> float:
    """Roughly what a title above one panel may take, in inches."""
    return 2.7 if panels == 1 else (TWO_COLUMNS - 0.5) / _columns(panels) - 0.25


def _label_outer(axes: Sequence[Axes], x: str, y: str) -> None:
    for number, axis in enumerate(axes):
        axis.set_xlabel(x)
        if number % _columns(len(axes)) == 0:
            axis.set_ylabel(y)


def _legend(
    figure: Figure, handles: Sequence[Line2D | Patch], title: str | None = None, handle_length: float = 2.4
) -> None:
    """A legend below the panels, in as few rows as fit the figure's width.   handle_length: in font sizes."""
    if not handles:
        return
    em = STYLE["legend.fontsize"] / 72
    handle_pad, column_gap = 0.5, 1.2
    widths = [_inches(str(handle.get_label()), STYLE["legend.fontsize"]) for handle in handles]

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


def _freeze(figure: Figure) -> Figure:
    """Lay the figure out now and for good, so that saving it twice, or in two formats, gives the same places."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def _shown(text: str, inches: float, points: float = STYLE["axes.titlesize"]) -> str:
    """A user's text as a figure can show it: on one line, in characters that the font has, shortened to a width."""
    drawable = _font().get_charmap()
    visible = (char for char in " ".join(text.split()) if unicodedata.category(char) not in ("Cc", "Cf"))
    line = "".join(char if ord(char) in drawable else "\N{REPLACEMENT CHARACTER}" for char in visible)
    if len(line) <= 200 and _inches(line, points) <= inches:
        return line
    kept = next((n for n in range(min(len(line), 200), 0, -1) if _inches(line[:n].rstrip() + "…", points) <= inches), 0)
    return line[:kept].rstrip() + "…"


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    return FT2Font(findfont(FontProperties(family="DejaVu Sans")))


def _inches(line: str, points: float) -> float:
    """Width of a line of drawable text in a font size."""
    font = _font()
    font.set_size(points, 72)
    font.set_text(line)
    return float(font.get_width_height()[0]) / 64 / 72
