"""How data sets and strategies are shown to a reader. Not how they are read, chosen, run or stored."""

import re
from collections.abc import Iterable
from typing import NamedTuple

PAPER_STRATEGIES = ("random", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal")
STRATEGY_ORDER = (
    *PAPER_STRATEGIES,
    "cal_median",
    "cal_variability",
    "margin",
    "mutual_information",
    "badge",
    "core_set",
    "contrastive",
    "dropquery",
)
"""The strategies of this project, in the order of every table, legend and report."""


class Subject(NamedTuple):
    """What a block of a table, or a panel of a figure, is about: a data set, and the representation of its texts.

    dataset, representation: their keys.   representation_title: empty where the experiment has one representation.
    word_vectors: whether the texts are sums of them, as in the paper, and not an encoder's vectors or a file's.
    """

    dataset: str
    title: str
    representation: str = ""
    representation_title: str = ""
    word_vectors: bool = True

    @property
    def heading(self) -> str:
        """The title for readers: "TREC", or "TREC, MiniLM"."""
        return ", ".join(filter(None, (self.title, self.representation_title)))

    @property
    def in_paper(self) -> str:
        """The data set by whose key the paper's results are to be found; empty where they are of other vectors."""
        return self.dataset if self.word_vectors else ""


def result_title(name: str) -> str:
    """What a reader calls a table or figure: "Table 2, final", "Figure 3, protocols", "Label noise"."""
    numbered = re.fullmatch(r"(table|figure)([0-9]+)_?(.*)", name)
    kind, number, rest = numbered.groups() if numbered else ("", "", "")
    words = f"{kind} {number}, {rest}".rstrip(", ") if numbered else name
    return words.replace("_", " ").capitalize()


_TITLES = {
    "random": "Random",
    "least_confidence": "LC",
    "entropy": "Entropy",
    "bald": "BALD",
    "dal": "DAL",
    "cal": "CAL",
    "cal_dal": "CAL+DAL",
    "cal_median": "CAL (median)",
    "cal_variability": "CAL (variability)",
    "margin": "Margin",
    "mutual_information": "MI",
    "badge": "BADGE",
    "core_set": "Core-set",
    "contrastive": "Contrastive",
    "dropquery": "DropQuery",
}

_LIBRARY = "skactiveml-"
_REPLICATE = re.compile(r"(?P<strategy>.+)-replicate-(?P<number>[0-9]+)")
_THRESHOLD = re.compile(r"(?P<strategy>.+)-threshold-(?P<threshold>[0-9.]+)")


def strategy_title(name: str) -> str:
    """The strategy's short name for readers: "LC" for `least_confidence`, "CAL (t=0.4)" for `cal-threshold-0.4`.

    One of the library's says so: `skactiveml-TypiClust` is "TypiClust (skactiveml)".

    A name that this project does not know becomes words: `my_margin` is "My margin". Never empty.
    """
    if name in _TITLES:
        return _TITLES[name]
    variant = _THRESHOLD.fullmatch(name)
    if variant:
        return f"{strategy_title(variant['strategy'])} (t={variant['threshold']})"
    if name.startswith(_LIBRARY) and name != _LIBRARY:
        return f"{name.removeprefix(_LIBRARY)} (skactiveml)"
    replicate = _REPLICATE.fullmatch(name)
    if replicate:
        return f"{strategy_title(replicate['strategy'])} ({replicate['number']})"
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] or name


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
