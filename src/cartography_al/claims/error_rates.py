"""How often does each claim's rule err? Runs that do not differ are judged by the very rules that judge the claims."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cartography_al.acquisition.registry import THRESHOLD_MARK
from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import (
    ALPHA,
    FULL_DATA_FAMILY,
    SEEDS_FAMILY,
    THRESHOLDS_FAMILY,
    Condition,
    paper_verdict_of,
)
from cartography_al.claims.rules import RULES
from cartography_al.paper import paper_values
from cartography_al.seeding import generator
from cartography_al.significance.aso import pooled_scores
from cartography_al.significance.intervals import Estimate, wilson_interval
from cartography_al.significance.readings import PAPER_CALL, paper_call

DEALT, FLIPPED = "names dealt anew", "signs flipped"
COLUMN_TYPES = {
    "claim": "str",
    "dataset": "str",
    "protocol": "str",
    "design": "str",
    "tables": "int32",
    "false_holds": "float64",
    "false_holds_low": "float64",
    "false_holds_high": "float64",
    "false_fails": "float64",
    "false_fails_low": "float64",
    "false_fails_high": "float64",
    "paper_holds": "float64",
    "paper_holds_low": "float64",
    "paper_holds_high": "float64",
}
"""The columns of a frame of error rates and their types."""
_EXACT_SEEDS = 10
"""Up to so many seeds, all sign patterns are gone through."""


def claim_error_rates(
    evidence: Evidence,
    repetitions: int,
    compared: Sequence[str],
    *,
    alpha: float,
    bootstrap_iterations: int,
    seed: int,
) -> pd.DataFrame:
    """How often each claim's calibrated rule errs at its boundary, and what the paper's procedure says there.

    repetitions: tables.   compared: the strategies of Table 2, in its order.   alpha, bootstrap_iterations: of the
    paper's call.   seed: of all that is drawn.
    Returns one row for each claim whose rule has conditions on runs that are there, with the columns of COLUMN_TYPES:
    - design DEALT, for claims about strategies: in each table, each seed's runs and batches are dealt to the
      strategies' names at random, so that none differs from another. FLIPPED, for the others: each seed's deviation
      from the mean gets a random sign; of up to ten seeds, all patterns are gone through.
    - false_holds: a condition is moved to where it is just not met; how often it is found to hold, of the condition
      where that is most often. The claim as a whole, whose other conditions must hold as well, errs less.
    - false_fails: all conditions are moved to where they are just met; how often one is found to fail. Of two that
      bound one number on both sides, one at a time is.
    - paper_holds: how often the paper's procedure lets the claim hold; NaN where no strategies are compared.
    *_low and *_high are Wilson's 95% interval.
    """
    of_claims = {claim: _conditions(claim, evidence) for claim in paper_values("claims", evidence.dataset)["claim"]}
    conditions = {claim: own for claim, own in of_claims.items() if own}
    values: dict[str, list[list[np.ndarray]]] = {claim: [] for claim in conditions}
    holds: dict[str, list[bool]] = {claim: [] for claim in conditions}
    for repetition in range(repetitions):  # one table after the other: each has a copy of all runs and batches
        table = _dealt(evidence, compared, repetition, alpha, bootstrap_iterations, seed)
        for claim in conditions:
            if family := RULES[claim].family:
                found = RULES[claim].find(table[family])
                values[claim].append([_of(condition) for condition in found.conditions])
                if family != FULL_DATA_FAMILY:
                    holds[claim].append(bool(paper_verdict_of(found)))
    rows = []
    for claim, own in conditions.items():
        if not RULES[claim].family:
            values[claim] = _flipped(list(map(_of, own)), repetitions, generator(seed, 0, f"signs: {claim}"))
        count, shown = len(values[claim]), holds[claim]
        rows.append(
            (
                *(claim, evidence.dataset, evidence.protocol, DEALT if RULES[claim].family else FLIPPED, count),
                *(end for share in _errors(values[claim]) for end in _with_interval(share, count)),
                *(_with_interval(float(np.mean(shown)), count) if shown else (np.nan,) * 3),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _conditions(claim: str, evidence: Evidence) -> Sequence[Condition]:
    """The conditions of a claim's rule on what was run, where each has a value for at least two seeds; else none."""
    try:
        conditions = RULES[claim].find(evidence).conditions
    except NotRun:
        return ()
    if any(isinstance(each.values, Estimate) or len(each.values) < 2 for each in conditions):
        return ()
    return conditions


def _of(condition: Condition) -> np.ndarray:
    assert not isinstance(condition.values, Estimate)
    return condition.values.to_numpy(np.float64)


def _errors(values: Sequence[Sequence[np.ndarray]]) -> tuple[float, float]:
    """How often a condition at its boundary holds, and how often one fails.

    values: for each table and condition, float [seeds].
    """
    stacked = np.array(values)  # (tables, conditions, seeds)
    _, conditions, seeds = stacked.shape
    centred = stacked - stacked.mean(axis=(0, 2), keepdims=True)
    means, spread = centred.mean(axis=2), centred.std(axis=2, ddof=1) / np.sqrt(seeds)
    holds = means > stdtrit(seeds - 1, 1 - ALPHA / 2) * spread
    fails = -means > stdtrit(seeds - 1, 1 - ALPHA / (2 * conditions)) * spread
    opposite = [
        (a, b) for a in range(conditions) for b in range(a) if np.allclose(centred[:, a], -centred[:, b], atol=1e-12)
    ]
    alone = [np.delete(fails, [a, *(later for later, _ in opposite if later != a)], axis=1) for a, _ in opposite]
    alone += [np.delete(fails, [b], axis=1) for _, b in opposite]
    failing = max(float(part.any(axis=1).mean()) for part in (alone or [fails]))
    return float(holds.mean(axis=0).max()), failing


def _dealt(
    evidence: Evidence, compared: Sequence[str], repetition: int, alpha: float, bootstrap_iterations: int, seed: int
) -> Mapping[str, Evidence]:
    """The evidence with names dealt anew among the strategies, and among CAL's thresholds; with the paper's call."""
    present = list(dict.fromkeys(evidence.needed("runs")["strategy"]))
    thresholds = [name for name in present if name == "cal" or THRESHOLD_MARK in name]
    strategies = [name for name in present if THRESHOLD_MARK not in name]
    random = generator(seed, repetition, "names dealt anew")
    dealt = evidence.dealt(strategies, random)
    tested = paper_call(pooled_scores(dealt.needed("runs"), compared), alpha, bootstrap_iterations, seed)
    dealt = replace(dealt, significance=tested.assign(reading=PAPER_CALL))
    return {
        SEEDS_FAMILY: dealt,
        FULL_DATA_FAMILY: dealt,
        THRESHOLDS_FAMILY: evidence.dealt(thresholds, random),
    }


def _flipped(values: Sequence[np.ndarray], repetitions: int, random: np.random.Generator) -> list[list[np.ndarray]]:
    """Each seed's deviations from the means with a sign of their own, the same for all conditions."""
    seeds = min(map(len, values))
    if seeds <= _EXACT_SEEDS:
        signs = 1.0 - 2.0 * ((np.arange(2**seeds)[:, None] >> np.arange(seeds)) & 1)
    else:
        signs = random.choice([-1.0, 1.0], size=(repetitions, seeds))
    return [[(each - each.mean())[:seeds] * pattern for each in values] for pattern in signs]


def _with_interval(share: float, count: int) -> tuple[float, float, float]:
    return share, *wilson_interval(share, count)
