"""Claims about acquired batches: C12, C14 to C16."""

import numpy as np
import pandas as pd

from cartography_al.analysis.overlap import overlap
from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import BATCHES, Judgement, Rule, all_hold, interval_text, strategy_values
from cartography_al.learning.dynamics import high_correctness
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, paper_values
from cartography_al.significance.intervals import over_seeds

EARLY_BATCHES = 10
MOSTLY = 0.5


def _batches_hardly_overlap(evidence: Evidence) -> Judgement:
    pairs = paper_values("table4", evidence.dataset)
    strategies = in_order([*pairs["strategy_a"], *pairs["strategy_b"]])
    acquisitions = evidence.acquisitions_of(*strategies)
    seed_sets = dict(list(evidence.needed("seed_sets").groupby("seed")["instance_id"]))
    counts = pd.concat(overlap(of_seed, seed_sets, evidence.train_rows) for _, of_seed in acquisitions.groupby("seed"))
    counts = counts[(counts[_PAIR] == "cal").any(axis=1)]
    shares, values = {}, []
    for other in [name for name in strategies if name != "cal"]:
        rows = counts[(counts[_PAIR] == other).any(axis=1)]
        shares[other] = over_seeds(rows["shared_instances"] / rows["acquired"])
        values.append(f"{strategy_title(other)} {rows['shared_instances'].sum():,}")
    # Acquired instances, and what chance gives, are the same for every pair.
    seeds, acquired, chance = len(rows), int(rows["acquired"].sum()), rows["shared_instances_chance"].sum()
    limit, of = _overlap_limit(evidence.dataset)
    scaled = "" if acquired == of else f"limit {limit * acquired / of:.1f}; "
    most = max(shares, key=lambda name: shares[name].value)
    return Judgement(
        all_hold([share.below(limit / of, or_equal=True) for share in shares.values()]),
        f"{', '.join(values)} of {acquired:,} ({scaled}by chance {chance:,.1f})",
        interval_text({strategy_title(most): shares[most]}, seeds, ".2%"),
    )


def _variability_is_highest(evidence: Evidence) -> Judgement:
    high, low = ("least_confidence", "cal"), ("random", "dal")
    batches = _batch_means(evidence.acquisitions_of(*low, *high), "variability")
    means, first, last = (part.groupby("seed").mean() for part in (batches, *_first_and_last_third(batches)))
    differences = {
        f"{strategy_title(a)} - {strategy_title(b)}": over_seeds(means[a] - means[b]) for a in high for b in low
    }
    differences["DAL's first - last third"] = over_seeds(first["dal"] - last["dal"])
    return Judgement(
        all_hold([difference.above(0) for difference in differences.values()]),
        _variabilities(means.mean(), first["dal"].mean(), last["dal"].mean()),
        interval_text(differences, len(means)),
    )


def _confidence_is_lowest(evidence: Evidence) -> Judgement:
    strategies = in_order(paper_values("figure4", evidence.dataset)["strategy"])
    early = _early(_batch_means(evidence.acquisitions_of(*strategies), "confidence")).groupby("seed").mean()
    differences = {
        f"LC - {strategy_title(other)}": over_seeds(early["least_confidence"] - early[other])
        for other in strategies
        if other != "least_confidence"
    }
    return Judgement(
        all_hold([difference.below(0) for difference in differences.values()]),
        strategy_values(early.mean()),
        interval_text(differences, len(early)),
    )


def _picks_high_cor(evidence: Evidence) -> Judgement:
    acquired = evidence.acquisitions_of("random", "dal", "cal")
    high = high_correctness(acquired["correctness"].to_numpy(), evidence.threshold)
    shares = _batch_means(acquired.assign(high_cor=high.astype(np.float64)), "high_cor")
    late = _first_and_last_third(shares)[1].groupby("seed").mean()
    share, lead = over_seeds(late["dal"]), over_seeds(late["dal"] - late["cal"])
    return Judgement(
        all_hold([share.above(MOSTLY), lead.above(0)]),
        strategy_values(late.mean(), ".1%"),
        interval_text({"DAL": share, "DAL - CAL": lead}, len(late), ".1%"),
    )


def _batch_means(acquisitions: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean of a column over each batch: index (seed, iteration), ascending, one column for each strategy."""
    return acquisitions.groupby(["seed", "iteration", "strategy"])[column].mean().unstack("strategy")


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


def _overlap_limit(dataset: str) -> tuple[int, int]:
    """The largest count of Table 4 that involves CAL, and the acquisitions that it is of."""
    pairs = paper_values("table4", dataset)
    of_cal = pairs.loc[(pairs[_PAIR] == "cal").any(axis=1), "shared_positions"]
    return int(of_cal.max()), int(np.prod([int(paper_setting(name)) for name in ("seeds", "iterations", "query_size")]))


_PAIR = ["strategy_a", "strategy_b"]


def _variabilities(means: pd.Series, dal_first: float, dal_last: float) -> str:
    return f"{strategy_values(means)}; DAL's first third {dal_first:.3f}, last {dal_last:.3f}"


def _paper_overlap(dataset: str) -> str:
    return "at most {} of {:,}, counted by position".format(*_overlap_limit(dataset))


def _paper_batches(dataset: str, statistic: str) -> pd.DataFrame:
    """As `_batch_means`, of Figure 4; the paper's means over seeds stand for one seed."""
    frame = paper_values("figure4", dataset).assign(seed=0)
    return _batch_means(frame[frame["statistic"] == statistic], "mean")


def _paper_variability(dataset: str) -> str:
    batches = _paper_batches(dataset, "variability")
    first, last = _first_and_last_third(batches)
    return _variabilities(batches.mean(), first["dal"].mean(), last["dal"].mean())


def _paper_confidence(dataset: str) -> str:
    return strategy_values(_early(_paper_batches(dataset, "confidence")).mean())


def _paper_correctness(dataset: str) -> str:
    late = _first_and_last_third(_paper_batches(dataset, "correctness"))[1]
    return f"mean correctness {strategy_values(late.mean())}"


def _overlap_rule(dataset: str) -> str:
    limit, of = _overlap_limit(dataset)
    return (
        f"of the instances that CAL acquires, each other strategy of Table 4 acquires at most {limit} of {of:,}, or as "
        "many in proportion, in the run with the same seed"
    )


RULES = {
    "C12": Rule(_overlap_rule, _batches_hardly_overlap, BATCHES, _paper_overlap),
    "C14": Rule(
        "mean variability of the batches: LC and CAL are each above Random and DAL, and DAL's last third of the "
        "iterations is below its first third",
        _variability_is_highest,
        BATCHES,
        _paper_variability,
    ),
    "C15": Rule(
        f"mean confidence of the first {EARLY_BATCHES} batches: LC is below each other strategy of Figure 4",
        _confidence_is_lowest,
        BATCHES,
        _paper_confidence,
    ),
    "C16": Rule(
        f"last third of the iterations: of the instances that DAL acquires, more than {MOSTLY:.0%} are high-cor "
        "(correctness above CAL's threshold), and more than of those that CAL acquires",
        _picks_high_cor,
        BATCHES,
        _paper_correctness,
    ),
}
