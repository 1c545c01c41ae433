"""How a claim is decided, and numbers and verdicts in words. Not for any one claim."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from cartography_al.claims.evidence import Evidence
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, text_value
from cartography_al.significance.intervals import Estimate

HOLDS, DOES_NOT_HOLD, UNDECIDED = "holds", "does not hold", "cannot be decided"


class Judgement(NamedTuple):
    """The verdict (None: cannot be decided), the number behind it and its uncertainty, in words."""

    verdict: bool | None
    value: str
    uncertainty: str


@dataclass(frozen=True)
class Rule:
    """How a claim is decided.

    sentence: the rule in words; a function of the data set where it depends on that.   depends_on: conditions that
    move the number, see `Evidence.differences`.   paper: the paper's number in words, of a data set; None for none.
    """

    sentence: str | Callable[[str], str]
    judge: Callable[[Evidence], Judgement]
    depends_on: frozenset[str]
    paper: Callable[[str], str] | None = None


def stated_threshold() -> float:
    """The paper's correctness threshold."""
    return float(paper_setting("correctness_threshold"))


def stated_value(dataset: str, name: str) -> float:
    """A number that the paper's text states of a data set, which a claim needs."""
    value = text_value(dataset, name)
    assert value is not None, f"a claim about {dataset} needs the paper's {name}"
    return value


def all_hold(parts: Sequence[bool | None]) -> bool | None:
    """Whether all hold: False if one does not, else None if one is undecided."""
    return False if False in parts else None if None in parts else True


def interval_text(estimates: Mapping[str, Estimate], seeds: int, style: str = "+.3f") -> str:
    """The ends of the intervals, each with its name; one seed has none."""
    if seeds < 2:
        return "one seed: no interval"
    parts = [
        f"{each.low:{style}} to {each.high:{style}}" + (f" ({name})" if name else "")
        for name, each in estimates.items()
    ]
    return f"95% over {seeds} seeds: {', '.join(parts)}"


def difference_text(a: float, b: float) -> str:
    """a - b, and both."""
    return f"{a - b:+.3f} ({a:.3f} - {b:.3f})"


def strategy_values(means: pd.Series, style: str = ".3f") -> str:
    """The value of each strategy, in the order of readers."""
    return ", ".join(f"{strategy_title(name)} {means[name]:{style}}" for name in in_order(means.index))


BATCHES = frozenset({"runs", "threshold"})
ACCURACY = frozenset({"test", "runs"})
CAL_ACCURACY = frozenset({"test", "runs", "threshold"})
