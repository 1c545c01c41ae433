"""The three readings of one test: what each says of the runs, and of runs that do not differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cartography_al.figures.layout import freeze, panel_width
from cartography_al.figures.style import TWO_COLUMNS, drawing_style, shown_text
from cartography_al.naming import strategy_title

VERDICTS = {"eps_min = 0": "dominant (0)", "eps_min < 0.5": "better (under 0.5)"}
COLORS = {"eps_min = 0": "#D55E00", "eps_min < 0.5": "#56B4E9"}
"""Of the verdicts, apart in a gray copy as well."""


@dataclass(frozen=True)
class ReadingsPanel:
    """One row of the figure.

    title: of the data set and the protocol.   readings: what `significance.readings.read_three_ways` returns.
    calibration: rows of `significance.calibration.calibrate` of one design and number of seeds, with a column
    `reading` that names the reading whose error they are.   design: the runs that do not differ, in words.
    """

    title: str
    readings: pd.DataFrame
    calibration: pd.DataFrame
    design: str


def draw_readings(panels: Sequence[ReadingsPanel]) -> Figure:
    """A row for each panel: eps_min of each pair by each reading, and how often each errs where nothing differs.

    Left, a matrix for each reading, row over column; dots mark what a reading fills in without a test. Right, the share
    of tables of runs that do not differ in which the reading finds a winner, with its 95% interval.
    Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    names = list(dict.fromkeys(panels[0].readings["reading"]))
    with drawing_style():
        figure = Figure(figsize=(TWO_COLUMNS, 0.3 + 2.0 * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), len(names) + 1, squeeze=False, width_ratios=[*[1.0] * len(names), 1.15])
        for row, panel in zip(axes, panels, strict=True):
            for axis, name in zip(row[:-1], names, strict=True):
                _draw_matrix(axis, panel.readings[panel.readings["reading"] == name])
                axis.set_title(shown_text(name[:1].upper() + name[1:], panel_width(len(names) + 1)))
            row[0].set_ylabel(shown_text(panel.title, 1.6), fontweight="bold")
            _draw_errors(row[-1], panel.calibration, names)
            row[-1].set_title(shown_text(panel.design, panel_width(len(names) + 1) + 0.2))
        handles, labels = axes[0, -1].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower right", ncols=2)
        return freeze(figure)


def _draw_matrix(axis: Axes, reading: pd.DataFrame) -> None:
    strategies = list(dict.fromkeys(reading["strategy_a"]))
    eps = reading.pivot(index="strategy_a", columns="strategy_b", values="eps_min").loc[strategies, strategies]
    tested = reading.pivot(index="strategy_a", columns="strategy_b", values="tested").loc[strategies, strategies]
    axis.imshow(eps, cmap="Blues_r", vmin=0, vmax=1.15, aspect="equal")
    for (row, column), value in np.ndenumerate(eps.to_numpy()):
        if np.isnan(value):
            continue
        bold = "bold" if round(value, 2) == 0 else "normal"
        axis.text(
            column,
            row,
            f"{value:.2f}".removeprefix("0") if value < 1 else "1",
            ha="center",
            va="center",
            fontsize=5,
            fontweight=bold,
            color="white" if value < 0.5 else "black",
        )
        if not tested.iloc[row, column]:
            axis.plot(column + 0.36, row - 0.36, ".", color="#D55E00", markersize=2.5)
    titles = [strategy_title(name) for name in strategies]
    axis.set_xticks(range(len(titles)), titles, rotation=90, fontsize=5.5)
    axis.set_yticks(range(len(titles)), titles, fontsize=5.5)
    axis.grid(visible=False)
    axis.tick_params(length=0)


def _draw_errors(axis: Axes, calibration: pd.DataFrame, names: Sequence[str]) -> None:
    height = 0.36
    for offset, (verdict, label) in enumerate(VERDICTS.items()):
        own = calibration[calibration["verdict"] == verdict].set_index("reading").reindex(list(names))
        places = np.arange(len(names)) + (offset - 0.5) * height
        share = 100 * own["table_share"]
        spread = 100 * np.array([own["table_share"] - own["table_low"], own["table_high"] - own["table_share"]])
        axis.barh(places, share, height, color=COLORS[verdict], label=label)
        axis.errorbar(share, places, xerr=spread.clip(0), fmt="none", ecolor="0.2", elinewidth=0.8, capsize=1.5)
    axis.axvline(5, color="0.3", linewidth=0.8, linestyle=(0, (2, 1)))
    axis.set_xlim(0, 104)
    axis.set_yticks(range(len(names)), [name.replace(", ", ",\n") for name in names], fontsize=5.5)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("Tables with a false winner, %", fontsize=6.5)
