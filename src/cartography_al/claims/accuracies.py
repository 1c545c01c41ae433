"""Claims about accuracies: C8 to C11, C13."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.acquisition.registry import threshold_strategy
from cartography_al.analysis.runs import curve_table
from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import (
    ACCURACY,
    CAL_ACCURACY,
    Judgement,
    Rule,
    all_hold,
    difference_text,
    interval_text,
    stated_threshold,
    stated_value,
)
from cartography_al.paper import paper_values
from cartography_al.significance.intervals import Estimate, over_seeds

SHARE_ROUNDING = 0.005
"""C8: what rounds to 99% counts as about 99%, as the paper's own 0.811 / 0.820 = 0.989 must."""
ABOUT = 0.02
"""C10: "around 14%" of the training data is up to two points more; a batch on TREC is one point."""


def _nears_full_data(evidence: Evidence) -> Judgement:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    share = over_seeds(final / full)
    labelled = evidence.runs_of("cal")["labelled"].max() / evidence.train_rows
    return Judgement(
        share.above(_share_bound(evidence.dataset), or_equal=True),
        f"{share.value:.3f} ({final.mean():.3f} / {full.mean():.3f}) with {labelled:.1%} of the training data",
        interval_text({"": share}, len(final), ".3f"),
    )


def _exceeds_full_data(evidence: Evidence) -> Judgement:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    gain = over_seeds(final - full)
    return Judgement(gain.above(0), difference_text(final.mean(), full.mean()), interval_text({"": gain}, len(final)))


def _reaches_full_data(evidence: Evidence) -> Judgement:
    """Full data is reached by the bound if, at some iteration up to it, CAL less full data is at least 0.

    So the largest of these differences decides; its interval is from the largest low end to the largest high end.
    """
    runs, bound = evidence.runs_of("cal"), _reach_bound(evidence.dataset)
    curves, full = _with_full_data(evidence, curve_table(runs).loc["cal"])
    fractions = runs.groupby("iteration")["labelled"].max() / evidence.train_rows
    differences = curves.sub(full, axis="index")  # [seeds, iterations]
    early = [over_seeds(differences[iteration]) for iteration in fractions.index[fractions <= bound]]
    if not early:
        raise NotRun(f"no iteration with up to {bound:.0%} of the training data")
    largest = Estimate(*(float(np.max(ends)) for ends in zip(*early, strict=True)))
    verdict = largest.above(0, or_equal=True)
    # A run that ends before the bound could still have reached full data by then.
    next_fraction = fractions.iloc[-1] + (fractions.diff().iloc[-1] if len(fractions) > 1 else 0)
    if next_fraction <= bound:
        verdict = verdict or None
    reached = fractions[curves.mean() >= full.mean()]
    value = f"with {reached.iloc[0]:.1%}" if len(reached) else f"not with up to {fractions.iloc[-1]:.1%}"
    return Judgement(
        verdict, value, interval_text({f"largest CAL - full data with up to {bound:.0%}": largest}, len(full))
    )


def _threshold_is_best(evidence: Evidence) -> Judgement:
    best, configured = stated_threshold(), evidence.threshold
    claimed = sorted(set(paper_values("table3")["threshold"]))
    run = set(evidence.needed("runs")["strategy"])
    names = {value: name for value in claimed if (name := threshold_strategy(value, configured)) in run}
    if best not in names or len(names) < 2:
        raise NotRun(f"no runs of CAL at {best:g} and at another threshold")
    final = evidence.final_accuracies(*names.values())
    others = {value: over_seeds(final[names[best]] - final[name]) for value, name in names.items() if value != best}
    verdict = all_hold([difference.above(0) for difference in others.values()])
    text = _thresholds({value: final[name].mean() for value, name in names.items()})
    # A threshold of the paper that was not run could be the best one.
    missing = sorted(set(paper_values("table3", evidence.dataset)["threshold"]) - set(names))
    if missing:
        verdict = None if verdict else verdict
        text += f"; not run: {', '.join(map(str, missing))}"
    nearest = min(others, key=lambda value: others[value].value)
    return Judgement(verdict, text, interval_text({f"at {best:g} - at {nearest:g}": others[nearest]}, len(final)))


def _hybrid_stays_behind(evidence: Evidence) -> Judgement:
    final = evidence.final_accuracies("cal_dal", "cal")
    gain = over_seeds(final["cal_dal"] - final["cal"])
    value = difference_text(final["cal_dal"].mean(), final["cal"].mean())
    return Judgement(gain.below(0), value, interval_text({"": gain}, len(final)))


def _with_full_data(evidence: Evidence, of_runs: Any) -> tuple[Any, pd.Series]:
    """Rows of a frame or series with index seed, and accuracies of full data by seed, of the seeds that have both."""
    full_data = evidence.needed("full_data").set_index("seed")["test_accuracy"]
    seeds = of_runs.index.intersection(full_data.index)
    if seeds.empty:
        raise NotRun("no seed with both runs and a training on the full data")
    return of_runs.loc[seeds], full_data.loc[seeds]


def _share_bound(dataset: str) -> float:
    return round(stated_value(dataset, "cal_fraction_of_full_data_accuracy") - SHARE_ROUNDING, 6)


def _reach_bound(dataset: str) -> float:
    return round(stated_value(dataset, "cal_training_fraction_to_reach_full_data_accuracy") + ABOUT, 6)


def _thresholds(accuracies: Mapping[float, float]) -> str:
    return ", ".join(f"{accuracy:.3f} at {threshold}" for threshold, accuracy in accuracies.items())


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


def _paper_thresholds(dataset: str) -> str:
    frame = paper_values("table3", dataset)
    return _thresholds(dict(zip(frame["threshold"], frame["final_accuracy"], strict=True)))


def _share_rule(dataset: str) -> str:
    share = stated_value(dataset, "cal_fraction_of_full_data_accuracy")
    return (
        "final accuracy of CAL / accuracy of full data, the mean of this over the seeds, is at least "
        f"{_share_bound(dataset):g}, which rounds to {share:.0%}"
    )


def _reach_rule(dataset: str) -> str:
    return (
        "the mean accuracy of CAL reaches that of full data at an iteration with at most "
        f"{_reach_bound(dataset):.0%} of the training data labelled"
    )


RULES = {
    "C8": Rule(_share_rule, _nears_full_data, CAL_ACCURACY, _paper_share),
    "C9": Rule(
        "final accuracy of CAL - accuracy of full data is above 0", _exceeds_full_data, CAL_ACCURACY, _paper_gain
    ),
    "C10": Rule(_reach_rule, _reaches_full_data, CAL_ACCURACY, _paper_reach),
    "C11": Rule(
        f"final accuracy of CAL at the threshold {stated_threshold():g} is above that at each other threshold",
        _threshold_is_best,
        ACCURACY,
        _paper_thresholds,
    ),
    "C13": Rule(
        "final accuracy of CAL+DAL - final accuracy of CAL is below 0",
        _hybrid_stays_behind,
        CAL_ACCURACY,
        _paper_hybrid,
    ),
}
