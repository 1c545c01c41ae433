"""Claims about CAL and all the training data, and about the hybrid: C8 to C10, C13a."""

from typing import Any

import numpy as np
import pandas as pd

from cartography_al.claims.evidence import Evidence, NotJudged, NotRun
from cartography_al.claims.rule import (
    CAL_ACCURACY,
    FULL_DATA_FAMILY,
    SEEDS_FAMILY,
    Finding,
    Rule,
    above,
    below,
    difference_text,
    not_better,
    stated_value,
    strategy_values,
)
from cartography_al.significance.intervals import Estimate, over_seeds

SHARE_ROUNDING = 0.005
"""C8: what rounds to 99% counts as about 99%, as the paper's own 0.811 / 0.820 = 0.989 must."""
FRACTION_BOUND = 0.025
"""C8: what rounds to 2% of the training data counts as about 2%."""
ABOUT = 0.02
"""C9b: an accuracy that is about 0.090; C10: "around 14%" of the training data is up to two points more."""


def _nears_full_data(evidence: Evidence) -> Finding:
    runs = evidence.runs_of("cal")
    fractions = runs.groupby("iteration")["labelled"].max() / evidence.train_rows
    allowed = fractions.index[fractions <= FRACTION_BOUND]
    if allowed.empty:
        raise NotRun(f"no iteration with up to {FRACTION_BOUND:.1%} of the training data")
    curves, full = _with_full_data(evidence, evidence.curves_of("cal").loc["cal"])
    reached = curves[allowed[-1]]
    share = reached / full
    value = (
        f"{share.mean():.3f} ({reached.mean():.3f} / {full.mean():.3f}) with {fractions[allowed[-1]]:.1%} of the data"
    )
    last = (curves.iloc[:, -1] / full).mean()
    return Finding(
        f"{value}; at the end {last:.3f} with {fractions.iloc[-1]:.1%}",
        [above("share", share, _share_bound(evidence.dataset))],
        style=".3f",
    )


def _exceeds_full_data(evidence: Evidence) -> Finding:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    return Finding(difference_text(final.mean(), full.mean()), [above("CAL - full data", final - full)], style="+.3f")


def _exceeds_by_so_much(evidence: Evidence) -> Finding:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    stated = _stated_gain(evidence.dataset)
    conditions = [
        above("CAL - full data", final - full, stated - ABOUT),
        below("CAL - full data", final - full, stated + ABOUT),
    ]
    return Finding(difference_text(final.mean(), full.mean()), conditions, style="+.3f")


def _reaches_full_data(evidence: Evidence) -> Finding:
    """Full data is reached by the bound if, at some iteration up to it, CAL less full data is at least 0.

    So the largest of these differences decides; its interval is from the largest low end to the largest high end.
    """
    runs, bound = evidence.runs_of("cal"), _reach_bound(evidence.dataset)
    curves, full = _with_full_data(evidence, evidence.curves_of("cal").loc["cal"])
    fractions = runs.groupby("iteration")["labelled"].max() / evidence.train_rows
    differences = curves.sub(full, axis="index")  # [seeds, iterations]
    early = [over_seeds(differences[iteration]) for iteration in fractions.index[fractions <= bound]]
    if not early:
        raise NotRun(f"no iteration with up to {bound:.0%} of the training data")
    largest = Estimate(*(float(np.max(ends)) for ends in zip(*early, strict=True)))
    condition = above(f"largest CAL - full data with up to {bound:.0%}", largest)
    reached = fractions[curves.mean() >= full.mean()]
    value = f"with {reached.iloc[0]:.1%}" if len(reached) else f"not with up to {fractions.iloc[-1]:.1%}"
    met = bool(len(reached) and reached.iloc[0] <= bound)
    # A run that ends before the bound could still have reached full data by then.
    next_fraction = fractions.iloc[-1] + (fractions.diff().iloc[-1] if len(fractions) > 1 else 0)
    if next_fraction <= bound and largest.high < 0:
        return Finding(value, [], met or None, value)
    return Finding(value, [condition], met, value, style="+.3f")


def _hybrid_stays_behind(evidence: Evidence) -> Finding:
    areas, final = evidence.areas("cal_dal", "cal"), evidence.final_accuracies("cal_dal", "cal").mean()
    condition = not_better("CAL+DAL - CAL", areas["cal_dal"] - areas["cal"], evidence.least_difference)
    value = f"areas {strategy_values(areas.mean(), '.4f')}; at the end {strategy_values(final)}"
    return Finding(
        value, [condition], bool(final["cal_dal"] <= final["cal"]), difference_text(final["cal_dal"], final["cal"])
    )


def _with_full_data(evidence: Evidence, of_runs: Any) -> tuple[Any, pd.Series]:
    """Rows of a frame or series with index seed, and accuracies of full data by seed, of the seeds that have both."""
    if evidence.no_ceiling:
        raise NotJudged(evidence.no_ceiling)
    full_data = evidence.needed("full_data").set_index("seed")["test_accuracy"]
    seeds = of_runs.index.intersection(full_data.index)
    if seeds.empty:
        raise NotRun("no seed with both runs and a training on the full data")
    return of_runs.loc[seeds], full_data.loc[seeds]


def _share_bound(dataset: str) -> float:
    return round(stated_value(dataset, "cal_fraction_of_full_data_accuracy") - SHARE_ROUNDING, 6)


def _stated_gain(dataset: str) -> float:
    return round(stated_value(dataset, "cal_final_accuracy") - stated_value(dataset, "full_data_accuracy"), 6)


def _reach_bound(dataset: str) -> float:
    return round(stated_value(dataset, "cal_training_fraction_to_reach_full_data_accuracy") + ABOUT, 6)


def _paper_share(dataset: str) -> str:
    final, full = stated_value(dataset, "cal_final_accuracy"), stated_value(dataset, "full_data_accuracy")
    return f"{final / full:.3f} ({final:.3f} / {full:.3f})"


def _paper_gain(dataset: str) -> str:
    return difference_text(stated_value(dataset, "cal_final_accuracy"), stated_value(dataset, "full_data_accuracy"))


def _paper_hybrid(dataset: str) -> str:
    return difference_text(
        stated_value(dataset, "cal_dal_hybrid_final_accuracy"), stated_value(dataset, "cal_final_accuracy")
    )


def _paper_reach(dataset: str) -> str:
    return f"with about {stated_value(dataset, 'cal_training_fraction_to_reach_full_data_accuracy'):.0%}"


def _share_rule(dataset: str) -> str:
    share = stated_value(dataset, "cal_fraction_of_full_data_accuracy")
    return (
        f"accuracy of CAL / accuracy of full data is above {_share_bound(dataset):g}, which rounds to "
        f"{share:.0%}, at the "
        f"last iteration with at most {FRACTION_BOUND:.1%} of the training data labelled, which rounds to 2%"
    )


def _gain_rule(dataset: str) -> str:
    return f"final accuracy of CAL - accuracy of full data is {_stated_gain(dataset):.3f}, up to {ABOUT:g} either way"


def _reach_rule(dataset: str) -> str:
    return (
        "the mean accuracy of CAL reaches that of full data at an iteration with at most "
        f"{_reach_bound(dataset):.0%} of the training data labelled"
    )


RULES = {
    "C8": Rule(_share_rule, _nears_full_data, CAL_ACCURACY, _paper_share, family=FULL_DATA_FAMILY),
    "C9a": Rule(
        "final accuracy of CAL - accuracy of full data is above 0",
        _exceeds_full_data,
        CAL_ACCURACY,
        _paper_gain,
        family=FULL_DATA_FAMILY,
    ),
    "C9b": Rule(_gain_rule, _exceeds_by_so_much, CAL_ACCURACY, _paper_gain, family=FULL_DATA_FAMILY),
    "C10": Rule(
        _reach_rule,
        _reaches_full_data,
        CAL_ACCURACY,
        _paper_reach,
        "the first iteration at which the mean of CAL is at least that of full data",
    ),
    "C13a": Rule(
        "area under the curve, CAL+DAL - CAL: below the margin; refuted where it is above 0",
        _hybrid_stays_behind,
        CAL_ACCURACY,
        _paper_hybrid,
        "final accuracy of CAL+DAL - final accuracy of CAL is not above 0",
        SEEDS_FAMILY,
    ),
}
