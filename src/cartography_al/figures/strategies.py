"""How strategies are drawn, the same in every figure: color, marker, line. Their titles and order are in `naming`."""

import hashlib
from typing import Literal, NamedTuple

LineStyle = Literal["-"] | tuple[float, tuple[float, ...]]


class StrategyStyle(NamedTuple):
    """How one strategy is drawn, the same in every figure.

    color: "#rrggbb".   marker: a filled matplotlib marker.   line: a matplotlib line style.   width: in points.
    """

    color: str
    marker: str
    line: LineStyle
    width: float


_DASHED: LineStyle = (0, (4.0, 1.6))
_SHORT_DASHED: LineStyle = (0, (2.2, 1.0))
_DOTTED: LineStyle = (0, (1.2, 1.2))
_DASH_DOT: LineStyle = (0, (5.0, 1.3, 1.2, 1.3))
_LONG_DASHED: LineStyle = (0, (8.0, 2.0))

# The paper's: Okabe and Ito's palette, without its yellow, which cannot be seen on white. Colors that come close in a
# gray copy or to a color-blind reader (dal and cal; least_confidence and bald) differ in line and marker.
_STYLES = {
    "random": StrategyStyle("#000000", "X", _DOTTED, 1.1),
    "least_confidence": StrategyStyle("#0072B2", "o", "-", 1.1),
    "entropy": StrategyStyle("#56B4E9", "^", _DASHED, 1.1),
    "bald": StrategyStyle("#009E73", "s", _DASH_DOT, 1.1),
    "dal": StrategyStyle("#E69F00", "v", _SHORT_DASHED, 1.1),
    "cal": StrategyStyle("#D55E00", "D", "-", 1.7),
    "cal_dal": StrategyStyle("#CC79A7", "P", _LONG_DASHED, 1.1),
    "cal_median": StrategyStyle("#A84300", "d", _DASHED, 1.1),
    "cal_variability": StrategyStyle("#7A3B2E", "H", _DOTTED, 1.1),
    "margin": StrategyStyle("#44AA99", "p", "-", 1.1),
    "mutual_information": StrategyStyle("#7BA428", "h", _DASH_DOT, 1.1),
    "badge": StrategyStyle("#AA4499", "*", "-", 1.1),
    "core_set": StrategyStyle("#6F4FBF", "<", _LONG_DASHED, 1.1),
    "contrastive": StrategyStyle("#1B2A41", ">", _SHORT_DASHED, 1.1),
    "dropquery": StrategyStyle("#B8A000", "8", "-", 1.1),
}

# For strategies that a user adds, and for cal at other thresholds: colors that are not used above. The markers are, for
# matplotlib has no more of them.
_OTHER_COLORS = ("#332288", "#882255", "#8C6D31", "#0B4D2C", "#7F7F7F", "#999933", "#C2185B")
_OTHER_MARKERS = ("p", "h", "*", "<", ">", "d", "8")
_OTHER_LINES: tuple[LineStyle, ...] = ("-", _DASHED, _DASH_DOT, _DOTTED)


def muted(style: StrategyStyle) -> StrategyStyle:
    """The same strategy where it stands behind others: gray and thin, told apart by its marker."""
    return StrategyStyle("#B5B5B5", style.marker, "-", 0.7)


def strategy_style(name: str) -> StrategyStyle:
    """How the strategy is drawn. An unknown name always gets the same style, taken from a hash of the name.

    Two unknown names can share a color, marker or line; all three with probability 1 in 196.
    """
    if name in _STYLES:
        return _STYLES[name]
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    color, marker, line = digest[0] % len(_OTHER_COLORS), digest[1] % len(_OTHER_MARKERS), digest[2] % len(_OTHER_LINES)
    return StrategyStyle(_OTHER_COLORS[color], _OTHER_MARKERS[marker], _OTHER_LINES[line], 1.1)
