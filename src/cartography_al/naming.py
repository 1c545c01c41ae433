"""How data sets and strategies are shown to a reader. Not how they are read, chosen, run or stored."""

import hashlib
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

STRATEGY_ORDER = ("random", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal")
"""The strategies of this project, in the order of every table, legend and report."""

LineStyle = Literal["-"] | tuple[float, tuple[float, ...]]


class Subject(NamedTuple):
    """What a block of a table, or a panel of a figure, is about: a data set, and the representation of its texts.

    dataset, representation: their keys.   representation_title: empty where the experiment has one representation.
    """

    dataset: str
    title: str
    representation: str = ""
    representation_title: str = ""

    @property
    def heading(self) -> str:
        """The title for readers: "TREC", or "TREC, MiniLM"."""
        return ", ".join(filter(None, (self.title, self.representation_title)))


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

_TITLES = {
    "random": "Random",
    "least_confidence": "LC",
    "entropy": "Entropy",
    "bald": "BALD",
    "dal": "DAL",
    "cal": "CAL",
    "cal_dal": "CAL+DAL",
}

# Okabe and Ito's palette, without its yellow, which cannot be seen on white. Colors that come close in a gray copy or
# to a color-blind reader (dal and cal; least_confidence and bald) differ in line and marker.
_STYLES = {
    "random": StrategyStyle("#000000", "X", _DOTTED, 1.1),
    "least_confidence": StrategyStyle("#0072B2", "o", "-", 1.1),
    "entropy": StrategyStyle("#56B4E9", "^", _DASHED, 1.1),
    "bald": StrategyStyle("#009E73", "s", _DASH_DOT, 1.1),
    "dal": StrategyStyle("#E69F00", "v", _SHORT_DASHED, 1.1),
    "cal": StrategyStyle("#D55E00", "D", "-", 1.7),
    "cal_dal": StrategyStyle("#CC79A7", "P", _LONG_DASHED, 1.1),
}

# For strategies that a user adds, and for cal at other thresholds: colors and markers that are not used above.
_OTHER_COLORS = ("#332288", "#882255", "#8C6D31", "#0B4D2C", "#7F7F7F", "#999933", "#C2185B")
_OTHER_MARKERS = ("p", "h", "*", "<", ">", "d", "8")
_OTHER_LINES: tuple[LineStyle, ...] = ("-", _DASHED, _DASH_DOT, _DOTTED)

_THRESHOLD = re.compile(r"(?P<strategy>.+)-threshold-(?P<threshold>[0-9.]+)")


def strategy_title(name: str) -> str:
    """The strategy's short name for readers: "LC" for `least_confidence`, "CAL (t=0.4)" for `cal-threshold-0.4`.

    A name that this project does not know becomes words: `my_margin` is "My margin". Never empty.
    """
    if name in _TITLES:
        return _TITLES[name]
    variant = _THRESHOLD.fullmatch(name)
    if variant:
        return f"{strategy_title(variant['strategy'])} (t={variant['threshold']})"
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] or name


def strategy_style(name: str) -> StrategyStyle:
    """How the strategy is drawn. An unknown name always gets the same style, taken from a hash of the name.

    Two unknown names can share a color, marker or line; all three with probability 1 in 196.
    """
    if name in _STYLES:
        return _STYLES[name]
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    color, marker, line = digest[0] % len(_OTHER_COLORS), digest[1] % len(_OTHER_MARKERS), digest[2] % len(_OTHER_LINES)
    return StrategyStyle(_OTHER_COLORS[color], _OTHER_MARKERS[marker], _OTHER_LINES[line], 1.1)


def in_order(names: Iterable[str]) -> list[str]:
    """The distinct names, in the order in which readers see them.

    STRATEGY_ORDER first, then each known strategy at other thresholds by threshold, then others by the alphabet.
    """
    return sorted(set(names), key=_rank)


def _rank(name: str) -> tuple[int, int, float, str]:
    if name in STRATEGY_ORDER:
        return 0, STRATEGY_ORDER.index(name), 0.0, name
    variant = _THRESHOLD.fullmatch(name)
    if variant and variant["strategy"] in STRATEGY_ORDER:
        try:
            return 1, STRATEGY_ORDER.index(variant["strategy"]), float(variant["threshold"]), name
        except ValueError:  # "1.2.3" fits the pattern and is no number
            pass
    return 2, 0, 0.0, name
