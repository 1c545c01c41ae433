"""Figure 4: training dynamics of the acquired batches."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cartography_al.analysis.runs import STATISTICS
from cartography_al.figures.layout import PAPER_LINE, draw_lines, draw_paper_lines, freeze, strategy_legend, with_band
from cartography_al.figures.style import STYLE, TWO_COLUMNS, drawing_style, shown_text


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


def plot_batch_statistics(panels: Sequence[BatchPanel]) -> Figure:
    """Figure 4: mean confidence, variability and correctness of each acquired batch, one row of panels per data set.

    A column of panels shares its y axis, so that data sets can be compared. Lines and bands as in Figure 3; the paper's
    means are thin, for the strategies and iterations that are drawn.
    Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    with drawing_style():
        figure = Figure(figsize=(TWO_COLUMNS, 0.75 + 1.45 * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), len(STATISTICS), sharex=True, sharey="col", squeeze=False)
        for axes_of_panel, panel in zip(axes, panels, strict=True):
            for axis, statistic in zip(axes_of_panel, STATISTICS, strict=True):
                rows = panel.statistics[panel.statistics["statistic"] == statistic]
                draw_paper_lines(axis, panel.paper, rows)
                draw_lines(axis, with_band(rows, rows["iteration"]))
            ended = "" if panel.exhausted_at is None else f"\npool exhausted\nat iteration {panel.exhausted_at}"
            axes_of_panel[0].set_ylabel(shown_text(panel.title, 1.3) + ended, fontsize=STYLE["axes.titlesize"])
        for axis, statistic in zip(axes[0], STATISTICS, strict=True):
            axis.set_title(f"Mean {statistic} of the batch")
        for axis in axes[-1]:
            axis.set_xlabel("Active learning iteration")
            axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, steps=[1, 2, 5, 10]))
        paper = any(
            panel.paper is not None and panel.paper["strategy"].isin(panel.statistics["strategy"]).any()
            for panel in panels
        )
        paper_line = Line2D([], [], color="#444444", label="paper", **PAPER_LINE)
        strategy_legend(figure, [panel.statistics for panel in panels], [paper_line] if paper else [])
        return freeze(figure)
