"""The audit's figure: what each switch of the protocol moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from cartography_al.figures.layout import draw_legend, freeze, panel_width
from cartography_al.figures.strategies import StrategyStyle, strategy_style
from cartography_al.figures.style import TWO_COLUMNS, drawing_style, shown_text
from cartography_al.naming import strategy_title
from cartography_al.protocol import TOGETHER_MARK


@dataclass(frozen=True)
class AuditPanel:
    """The audit of one data set.   title: the data set's.   effects: what `audit.audit_effects` returns."""

    title: str
    effects: pd.DataFrame


def plot_audit(panels: Sequence[AuditPanel]) -> Figure:
    """Change of each accuracy when one switch of the protocol is turned; a row of two panels for each data set.

    Left: the paper's text with one switch as in the code. Right: the code with one switch as in the text. Bars: the
    interval of the change, corrected for the number of changes; none for one seed.   Raises: ValueError without panels.
    """
    if not panels:
        raise ValueError("nothing to draw: no panels")
    switches = list(dict.fromkeys(name for panel in panels for name in panel.effects["switch"] if name))
    measures = list(dict.fromkeys(name for panel in panels for name in panel.effects["measure"]))
    measures = [name for name in measures if not name.startswith("area ")]  # close to the final accuracy's; see table
    presets = {"as_written": "as written, one switch as released", "released": "released, one switch as written"}
    with drawing_style():
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
                        xerr=(effect["high"] - effect["difference"]).fillna(0),
                        fmt=style.marker,
                        color=style.color,
                        markersize=4,
                        elinewidth=0.9,
                        label=label,
                    )
                axis.set_title(shown_text(f"{panel.title}: {heading}", panel_width(2)))
                axis.set_yticks(
                    np.arange(len(switches)),
                    [name.replace(TOGETHER_MARK, " +\n").replace("_", " ") for name in switches],
                )
                axis.grid(axis="y", visible=False)
            row[0].invert_yaxis()
        for axis in axes[-1]:
            axis.set_xlabel("Change of test accuracy")
        draw_legend(figure, axes[0, 0].get_legend_handles_labels()[0])
        return freeze(figure)


def _audit_style(measure: str) -> tuple[str, StrategyStyle]:
    kind, _, strategy = measure.partition(" ")
    if kind == "final":
        return f"Final, {strategy_title(strategy)}", strategy_style(strategy)
    return "Full data", StrategyStyle(color="#7F7F7F", marker="s", line="-", width=1.0)
