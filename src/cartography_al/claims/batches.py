"""Claims about what the batches are like: C14 to C16, C20 to C24."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import (
    BATCHES,
    SEEDS_FAMILY,
    Finding,
    Rule,
    above,
    below,
    stated_threshold,
    strategy_values,
)
from cartography_al.learning.dynamics import high_correctness
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_values

EARLY_BATCHES = 10
START_BATCHES = 3
MOSTLY = 0.5
EASY = 0.8
"""Texts are easy to learn from this correctness on, and hard up to the paper's threshold; the rest is ambiguous."""


def _variability_is_highest(evidence: Evidence) -> Finding:
    high, low = ("least_confidence", "cal"), ("random", "dal")
    batches = evidence.batch_means("variability", *low, *high)
    first, last = _first_and_last_third(batches)
    means = _by_seed(batches)
    conditions = [above(_less(a, b), means[a] - means[b]) for a in high for b in low]
    conditions.append(above("DAL's first - last third", _by_seed(first)["dal"] - _by_seed(last)["dal"]))
    return Finding(_variabilities(batches), conditions, style="+.3f")


def _confidence_is_lowest(evidence: Evidence) -> Finding:
    strategies = in_order(paper_values("figure4", evidence.dataset)["strategy"])
    early = _by_seed(_early(evidence.batch_means("confidence", *strategies)))
    conditions = [
        below(_less("least_confidence", other), early["least_confidence"] - early[other])
        for other in strategies
        if other != "least_confidence"
    ]
    return Finding(strategy_values(early.mean()), conditions, style="+.3f")


def _picks_high_cor(evidence: Evidence) -> Finding:
    shares = _shares_of_high_cor(evidence, "random", "dal", "cal")
    late = _by_seed(_first_and_last_third(shares)[1])
    conditions = [above("DAL", late["dal"], MOSTLY), above("DAL - CAL", late["dal"] - late["cal"])]
    return Finding(strategy_values(late.mean(), ".1%"), conditions, style=".1%")


def _is_more_informative(evidence: Evidence) -> Finding:
    means = _by_seed(evidence.batch_means("variability", "random", "cal"))
    return Finding(
        strategy_values(means.mean()), [above(_less("cal", "random"), means["cal"] - means["random"])], style="+.3f"
    )


def _avoids_hard_and_easy(evidence: Evidence) -> Finding:
    hard, easy = _hard_and_easy(evidence, "random", "cal")
    conditions = [
        above(f"{kind}: Random - CAL", share["random"] - share["cal"])
        for kind, share in (("hard", hard), ("easy", easy))
    ]
    value = f"hard: {strategy_values(hard.mean(), '.1%')}; easy: {strategy_values(easy.mean(), '.1%')}"
    return Finding(value, conditions, style="+.1%")


def _is_less_hard(evidence: Evidence) -> Finding:
    hard, _ = _hard_and_easy(evidence, "least_confidence", "cal")
    confidence = _by_seed(evidence.batch_means("confidence", "least_confidence", "cal"))
    conditions = [
        above("hard: LC - CAL", hard["least_confidence"] - hard["cal"]),
        above("confidence: CAL - LC", confidence["cal"] - confidence["least_confidence"]),
    ]
    value = f"hard: {strategy_values(hard.mean(), '.3f')}; confidence: {strategy_values(confidence.mean())}"
    return Finding(value, conditions, style="+.3f")


def _catches_up(evidence: Evidence) -> Finding:
    batches = evidence.batch_means("variability", "least_confidence", "cal")
    start, late = _by_seed(_start(batches)), _by_seed(_first_and_last_third(batches)[1])
    conditions = [
        above("CAL - LC, start", start["cal"] - start["least_confidence"]),
        above("LC, last third - start", late["least_confidence"] - start["least_confidence"]),
    ]
    value = f"start {strategy_values(start.mean())}; last third {strategy_values(late.mean())}"
    return Finding(value, conditions, style="+.3f")


def _starts_ambiguous(evidence: Evidence) -> Finding:
    batches = evidence.batch_means("variability", "random", "dal")
    start = _by_seed(_start(batches))
    condition = above(_less("dal", "random"), start["dal"] - start["random"])
    return Finding(strategy_values(start.mean()), [condition], style="+.3f")


def _shares_of_high_cor(evidence: Evidence, *strategies: str) -> pd.DataFrame:
    """Share of high-cor texts in each batch, as CAL's classifier would label them."""
    acquired = evidence.acquisitions_of(*strategies)
    high = high_correctness(acquired["correctness"].to_numpy(), evidence.threshold, evidence.correctness_rounding)
    batches = acquired.assign(high=high.astype(np.float64)).groupby(["seed", "iteration", "strategy"])
    return batches["high"].mean().unstack("strategy")


def _hard_and_easy(evidence: Evidence, *strategies: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share of hard and of easy texts among all that were acquired: index seed, columns strategy."""
    acquired = evidence.acquisitions_of(*strategies)
    kinds = acquired["correctness"] <= stated_threshold(), acquired["correctness"] >= EASY
    hard, easy = (
        acquired.assign(kind=kind.astype(np.float64)).groupby(["seed", "strategy"])["kind"].mean().unstack("strategy")
        for kind in kinds
    )
    return hard, easy


def _by_seed(batches: pd.DataFrame) -> pd.DataFrame:
    return batches.groupby("seed").mean()


def _start(batches: pd.DataFrame) -> pd.DataFrame:
    return batches[batches.index.get_level_values("iteration") <= START_BATCHES]


def _early(batches: pd.DataFrame) -> pd.DataFrame:
    return batches[batches.index.get_level_values("iteration") <= EARLY_BATCHES]


def _first_and_last_third(batches: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the first and of the last third of the iterations."""
    iterations = batches.index.get_level_values("iteration")
    numbers = np.unique(iterations)
    third = len(numbers) // 3
    if not third:
        raise NotRun("fewer than three iterations")
    return batches[iterations <= numbers[third - 1]], batches[iterations >= numbers[-third]]


def _less(a: str, b: str) -> str:
    return f"{strategy_title(a)} - {strategy_title(b)}"


def _variabilities(batches: pd.DataFrame) -> str:
    first, last = (part["dal"].mean() for part in _first_and_last_third(batches))
    return f"{strategy_values(batches.mean())}; DAL's first third {first:.3f}, last {last:.3f}"


def _paper_batches(dataset: str, statistic: str, strategies: Iterable[str] = ()) -> pd.DataFrame:
    """As `Evidence.batch_means`, of Figure 4; the paper's means over seeds stand for one seed."""
    frame = paper_values("figure4", dataset).assign(seed=0)
    batches = frame[frame["statistic"] == statistic].groupby(["seed", "iteration", "strategy"])
    means = batches["mean"].mean().unstack("strategy")
    return means[list(strategies)] if strategies else means


def _paper_variability(dataset: str) -> str:
    return _variabilities(_paper_batches(dataset, "variability"))


def _paper_variability_of_cal(dataset: str) -> str:
    return strategy_values(_paper_batches(dataset, "variability", ("random", "cal")).mean())


def _paper_catching_up(dataset: str) -> str:
    batches = _paper_batches(dataset, "variability", ("least_confidence", "cal"))
    start, late = _start(batches).mean(), _first_and_last_third(batches)[1].mean()
    return f"start {strategy_values(start)}; last third {strategy_values(late)}"


def _paper_start(dataset: str) -> str:
    batches = _paper_batches(dataset, "variability", ("random", "dal"))
    return strategy_values(_start(batches).mean())


def _paper_confidence(dataset: str) -> str:
    return strategy_values(_early(_paper_batches(dataset, "confidence")).mean())


def _paper_confidence_of_cal(dataset: str) -> str:
    means = _paper_batches(dataset, "confidence", ("least_confidence", "cal")).mean()
    return f"confidence: {strategy_values(means)}"


def _paper_correctness(dataset: str) -> str:
    late = _first_and_last_third(_paper_batches(dataset, "correctness"))[1]
    return f"mean correctness {strategy_values(late.mean())}"


RULES = {
    "C14": Rule(
        "mean variability of the batches: LC and CAL are each above Random and DAL, and DAL's last third of the "
        "iterations is below its first",
        _variability_is_highest,
        BATCHES,
        _paper_variability,
    ),
    "C15": Rule(
        f"mean confidence of the batches of iterations 1 to {EARLY_BATCHES}: LC is below each other strategy of "
        "Figure 4",
        _confidence_is_lowest,
        BATCHES,
        _paper_confidence,
        family=SEEDS_FAMILY,
    ),
    "C16": Rule(
        "of the batches of the last third of the iterations, DAL's are for more than half high-cor (above CAL's "
        "threshold, rounded first where the protocol does so), and for more than CAL's",
        _picks_high_cor,
        BATCHES,
        _paper_correctness,
    ),
    "C20": Rule(
        "informative is ambiguous: mean variability of the batches, CAL - Random, is above 0",
        _is_more_informative,
        BATCHES,
        _paper_variability_of_cal,
        family=SEEDS_FAMILY,
    ),
    "C21": Rule(
        f"share of hard texts (correctness up to {stated_threshold():g}) and of easy ones (from {EASY:g} on) in the "
        "batches: Random - CAL is above 0 for both",
        _avoids_hard_and_easy,
        BATCHES,
        family=SEEDS_FAMILY,
    ),
    "C22": Rule(
        f"share of hard texts (correctness up to {stated_threshold():g}) in the batches, LC - CAL, and mean "
        "confidence, "
        "CAL - LC, are above 0",
        _is_less_hard,
        BATCHES,
        _paper_confidence_of_cal,
        family=SEEDS_FAMILY,
    ),
    "C23": Rule(
        f"mean variability of the batches: CAL - LC is above 0 in iterations 1 to {START_BATCHES}, and LC's last "
        "third of "
        "the iterations is above that",
        _catches_up,
        BATCHES,
        _paper_catching_up,
    ),
    "C24": Rule(
        f"mean variability of the batches of iterations 1 to {START_BATCHES}, DAL - Random, is above 0",
        _starts_ambiguous,
        BATCHES,
        _paper_start,
        family=SEEDS_FAMILY,
    ),
}
