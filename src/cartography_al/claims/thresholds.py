"""Claims about CAL's correctness threshold: C11, C26, C27."""

from collections.abc import Iterable, Mapping

import pandas as pd

from cartography_al.acquisition.registry import threshold_strategy
from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import (
    ACCURACY,
    THRESHOLDS_FAMILY,
    Finding,
    Rule,
    beats,
    not_worse,
    stated_threshold,
    verdict_of,
)
from cartography_al.paper import paper_values


def _is_best(evidence: Evidence) -> Finding:
    best, margin = stated_threshold(), evidence.least_difference
    areas, final, missing = _of_thresholds(evidence, _claimed(evidence.dataset))
    others = [value for value in areas if value != best]
    conditions = [beats(f"at {best:g} - at {other:g}", areas[best] - areas[other], margin) for other in others]
    level = [not_worse("", areas[best] - areas[other], margin) for other in others]
    # Three answers for a reader: best; level with the best, where no other is better by the margin; worse than another.
    is_level, is_best = verdict_of(Finding("", level)), verdict_of(Finding("", conditions))
    standing = (
        "the best"
        if is_best and not missing
        else "level with the best"
        if is_level
        else "worse than another"
        if is_level is False
        else "open"
    )
    return Finding(
        f"{best:g} is {standing}: areas {_text(areas.mean(), '.4f')}" + missing,
        conditions,
        None if missing else bool(final.mean().idxmax() == best),
        f"at the end {_text(final.mean())}",
        missing=missing,
    )


def _costs_little(evidence: Evidence) -> Finding:
    """No other threshold of the claim is worse than the paper's by the margin."""
    best, margin = stated_threshold(), evidence.least_difference
    claimed = [value for value in _claimed(evidence.dataset) if evidence.dataset != "agnews" or value >= best]
    areas, final, missing = _of_thresholds(evidence, claimed)
    conditions = [
        not_worse(f"at {other:g} - at {best:g}", areas[other] - areas[best], margin) for other in areas if other != best
    ]
    value = f"areas {_text(areas.mean(), '.4f')}; at the end {_text(final.mean())}" + missing
    return Finding(value, conditions, missing=missing)


def _of_thresholds(evidence: Evidence, claimed: Iterable[float]) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Areas and final accuracies, columns threshold, and which of the claimed thresholds were not run."""
    configured, run = evidence.threshold, set(evidence.needed("runs")["strategy"])
    claimed = list(claimed)
    names = {value: name for value in claimed if (name := threshold_strategy(value, configured)) in run}
    if stated_threshold() not in names or len(names) < 2:
        raise NotRun(f"no runs of CAL at {stated_threshold():g} and at another threshold")
    renamed = {name: value for value, name in names.items()}
    areas, final = (
        of(*names.values())[list(names.values())].rename(columns=renamed)
        for of in (evidence.areas, evidence.final_accuracies)
    )
    missing = [value for value in claimed if value not in names]
    return areas, final, f"; not run: {', '.join(map(str, missing))}" if missing else ""


def _claimed(dataset: str) -> list[float]:
    frame = paper_values("table3", dataset)
    return [float(value) for value in sorted(frame.loc[frame["final_accuracy"].notna(), "threshold"])]


def _text(accuracies: "pd.Series[float] | Mapping[float, float]", style: str = ".3f") -> str:
    return ", ".join(f"{accuracy:{style}} at {threshold}" for threshold, accuracy in accuracies.items())


def _paper_thresholds(dataset: str) -> str:
    frame = paper_values("table3", dataset)
    return _text(dict(zip(frame["threshold"], frame["final_accuracy"], strict=True)))


RULES = {
    "C11": Rule(
        f"area under the curve of CAL at {stated_threshold():g} less that at each other threshold of Table 3 is "
        "above 0; "
        "refuted where one is below the margin: there it is level with the best, or worse",
        _is_best,
        ACCURACY,
        _paper_thresholds,
        "the mean final accuracy is the highest",
        THRESHOLDS_FAMILY,
    ),
    "C26": Rule(
        f"area under the curve of CAL at each higher threshold less that at {stated_threshold():g} is above minus the "
        "margin",
        _costs_little,
        ACCURACY,
        _paper_thresholds,
        family=THRESHOLDS_FAMILY,
    ),
    "C27": Rule(
        f"area under the curve of CAL at each other threshold less that at {stated_threshold():g} is above minus "
        "the margin",
        _costs_little,
        ACCURACY,
        _paper_thresholds,
        family=THRESHOLDS_FAMILY,
    ),
}
