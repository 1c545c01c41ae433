"""How a claim is decided, and numbers and verdicts in words. Not for any one claim.

A claim comes down to conditions on means over the seeds. `holds` needs every condition's 95% interval to lie above its
bound (an intersection-union test), so the claim as a whole errs in at most 2.5% of the cases in which one condition is
not met. `does not hold` needs one interval to lie below; it is widened for the number of conditions (Bonferroni).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cartography_al.claims.evidence import Evidence
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, text_value
from cartography_al.significance.intervals import Estimate, over_seeds

HOLDS, DOES_NOT_HOLD, UNDECIDED = "holds", "does not hold", "cannot be decided"
NOT_RUN, NOT_JUDGED = "not run", "not judged"
"""How the value of a claim starts that nothing was found about."""
ALPHA = 0.05
SEEDS_FAMILY, THRESHOLDS_FAMILY, FULL_DATA_FAMILY, NO_FAMILY = "strategies", "thresholds", "full data", ""
"""Whose runs a rule compares, and so whose names may be dealt anew where none of them differs: strategies, CAL at its
thresholds, a strategy with full data; none: what has no other strategy to take its place."""


def was_judged(value: str) -> bool:
    """Whether the value of a claim is a finding, not the reason why there is none."""
    return not value.startswith((NOT_RUN, NOT_JUDGED))


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition of a claim: the mean over the seeds lies above a bound.

    values: by seed; or an Estimate, where the interval is not over seeds.
    It holds where the interval lies above `holds_above`, and fails where it lies below `fails_below`. They differ where
    "better" needs any difference and "not better" one under the margin; an interval between the two, better by less
    than matters, counts as better (`holds_first`). bound: of the mean alone, without an interval.
    mirrored: values are shown with the other sign, because the condition is about a number below a bound.
    """

    name: str
    values: "pd.Series[float] | Estimate"
    holds_above: float = 0.0
    fails_below: float = 0.0
    bound: float = 0.0
    mirrored: bool = False
    holds_first: bool = False

    def holds(self) -> bool:
        """Whether the 95% interval meets the condition."""
        return self.estimate().low > self.holds_above

    def fails(self, level: float) -> bool:
        """Whether no value of the interval of this level meets the condition."""
        return self.estimate(level).high < self.fails_below and not (self.holds_first and self.holds())

    def estimate(self, level: float = 1 - ALPHA) -> Estimate:
        """The mean with its interval."""
        return self.values if isinstance(self.values, Estimate) else over_seeds(self.values, level)

    def shown(self) -> Estimate:
        """The mean with its 95% interval, as a reader sees it."""
        value, low, high = self.estimate()
        return Estimate(-value, -high, -low) if self.mirrored else Estimate(value, low, high)


def beats(name: str, difference: "pd.Series[float]", margin: float) -> Condition:
    """A beats B: A - B is above 0, and is not where it is shown to be under the margin."""
    return Condition(name, difference, 0.0, margin, holds_first=True)


def not_better(name: str, difference: "pd.Series[float]", margin: float) -> Condition:
    """A does not beat B: the opposite of `beats`, of the same difference A - B."""
    return Condition(name, -difference, -margin, 0.0, mirrored=True)


def not_worse(name: str, difference: "pd.Series[float]", margin: float) -> Condition:
    """A is not inferior to B: A - B is above -margin."""
    return Condition(name, difference, -margin, -margin, -margin)


def above(name: str, values: "pd.Series[float] | Estimate", bound: float = 0.0) -> Condition:
    """A number is above a bound."""
    return Condition(name, values, bound, bound, bound)


def below(name: str, values: "pd.Series[float]", bound: float = 0.0) -> Condition:
    """A number is below a bound."""
    return Condition(name, -values, -bound, -bound, -bound, mirrored=True)


class Finding(NamedTuple):
    """What a rule found.

    value: the number in words.   conditions: of the calibrated rule.   paper_verdict: by the paper's own procedure, of
    which paper_value is the number; None for the means of the conditions, without their intervals.   style: of the
    intervals.   decided: a calibrated verdict that no condition gives.   missing: why a claim whose conditions all hold
    is open.
    """

    value: str
    conditions: Sequence[Condition]
    paper_verdict: bool | None = None
    paper_value: str = ""
    style: str = "+.4f"
    decided: bool | None = None
    missing: str = ""


@dataclass(frozen=True)
class Rule:
    """How a claim is decided.

    sentence: the calibrated rule in words; a function of the data set where it depends on that.   find: what decides.
    depends_on: conditions that move the number, see `Evidence.differences`.   paper: the paper's number in words, of a
    data set; None for none.   paper_sentence: the paper's own procedure in words.   family: see NO_FAMILY.
    """

    sentence: str | Callable[[str], str]
    find: Callable[[Evidence], Finding]
    depends_on: frozenset[str]
    paper: Callable[[str], str] | None = None
    paper_sentence: str = "the mean over the seeds alone, without an interval"
    family: str = NO_FAMILY


def verdict_of(finding: Finding) -> bool | None:
    """The calibrated verdict; None where the claim cannot be decided."""
    if not finding.conditions:
        return finding.decided
    strict = 1 - ALPHA / len(finding.conditions)
    if any(condition.fails(strict) for condition in finding.conditions):
        return False
    if all(condition.holds() for condition in finding.conditions):
        return None if finding.missing else True
    return None


def paper_verdict_of(finding: Finding) -> bool | None:
    """The verdict by the paper's own procedure; None where it gives none."""
    if finding.paper_value or not finding.conditions:
        return finding.paper_verdict
    met = all(condition.estimate().value > condition.bound for condition in finding.conditions)
    return None if met and finding.missing else met


def intervals_of(finding: Finding) -> str:
    """The intervals of the conditions in words."""
    conditions = finding.conditions
    if not conditions:
        return "-"
    seeds = {len(condition.values) for condition in conditions if not isinstance(condition.values, Estimate)}
    if any(np.isnan(condition.estimate().low) for condition in conditions):
        return "one seed: no interval"
    parts = ", ".join(
        f"{each.low:{finding.style}} to {each.high:{finding.style}} ({condition.name})"
        for condition in conditions
        for each in [condition.shown()]
    )
    return f"95% over {'/'.join(map(str, sorted(seeds))) or 'the'} seeds: {parts}"


def stated_threshold() -> float:
    """The paper's correctness threshold."""
    return float(paper_setting("correctness_threshold"))


def stated_value(dataset: str, name: str) -> float:
    """A number that the paper's text states of a data set, which a claim needs."""
    value = text_value(dataset, name)
    assert value is not None, f"a claim about {dataset} needs the paper's {name}"
    return value


def difference_text(a: float, b: float) -> str:
    """a - b, and both."""
    return f"{a - b:+.3f} ({a:.3f} - {b:.3f})"


def strategy_values(means: "pd.Series[float] | Mapping[str, float]", style: str = ".3f") -> str:
    """The value of each strategy, in the order of readers."""
    return ", ".join(f"{strategy_title(name)} {means[name]:{style}}" for name in in_order(map(str, means.keys())))


BATCHES = frozenset({"runs", "threshold"})
ACCURACY = frozenset({"test", "runs"})
CAL_ACCURACY = frozenset({"test", "runs", "threshold"})
