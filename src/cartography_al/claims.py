"""What the paper claims, C1 to C18, judged by what a run found. Frames in, verdicts out; nothing is drawn here.

Every claim comes down to a condition on numbers, and each number has an interval. A claim `holds` where the whole
interval meets its condition, it `does not hold` where no value of the interval does, and it `cannot be decided` where
the interval crosses the boundary or what it needs was not run. So the point estimate gives the direction, and its
uncertainty says whether to believe it. Of a claim with several parts, all must hold, and one that fails refutes it.

- A number of the runs is a mean over seeds with its 95% interval by Student's t. Two strategies are compared seed by
  seed, because runs with one seed share their seed set and first weights. One seed has no interval and decides nothing.
- Almost stochastic order decides by eps_min itself, as in the paper: it is an upper confidence bound already. So an
  order that the test does not show does not hold.
- A data map comes from one training, as in the paper: its 95% interval is over the instances, silent on other seeds.
The intervals are those of single claims, not corrected for the number of claims.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cartography_al.acquisition.registry import threshold_strategy
from cartography_al.analysis import overlap
from cartography_al.dynamics import high_correctness
from cartography_al.evidence import Estimate, Evidence, NotRun, difference_of_shares, over_seeds, roc_area, share_of
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_datasets, paper_setting, paper_values, text_value
from cartography_al.significance import curve_table

HOLDS, DOES_NOT_HOLD, UNDECIDED = "holds", "does not hold", "cannot be decided"

COLUMNS = (
    "claim",
    "dataset",
    "protocol",
    "statement",
    "verdict",
    "value",
    "paper",
    "uncertainty",
    "rule",
    "conditions",
)
"""The columns of a frame of claims, all text."""

BETTER_THAN_RANDOM = ("least_confidence", "entropy", "bald", "cal")
SHARE_ROUNDING = 0.005
"""C8: what rounds to 99% counts as about 99%, as the paper's own 0.811 / 0.820 = 0.989 must."""
ABOUT = 0.02
"""C10: "around 14%" of the training data is up to two points more; a batch on TREC is one point."""
EARLY_BATCHES = 10
MOSTLY = 0.5
TOLD_APART = 0.9
CONFIDENCE_BINS = 25
"""As in Figures 5 and 6."""
MODE_RANGE = 0.1
"""C18: "~0.8" is 0.7 to 0.9."""
PLENTY = 0.25


def judge_claims(evidence: Evidence) -> pd.DataFrame:
    """Judge all claims of the paper about one data set; there are none about a data set that the paper did not use.

    Returns one row for each claim, with the columns of COLUMNS: the statement; the verdict; the number behind it, the
    paper's, and its uncertainty ("-" for none); the rule that decides; and the conditions in which this run differs
    from the paper's, joined by "; ", empty where none does or nothing was run.
    Raises: DataError, NumericError for frames that are not what a run writes, as `significance.curve_table` and
    `analysis.overlap`.
    """
    rows = []
    for claim, statement in paper_values("claims", evidence.dataset)[["claim", "statement"]].itertuples(index=False):
        rule = _RULES[claim]
        try:
            verdict, value, uncertainty = rule.judge(evidence)
            conditions = "; ".join(evidence.differences(rule.depends_on))
        except NotRun as missing:
            verdict, value, uncertainty, conditions = None, f"not run: {missing}".removesuffix(": "), "-", ""
        rows.append(
            (
                claim,
                evidence.dataset,
                evidence.protocol,
                statement,
                UNDECIDED if verdict is None else HOLDS if verdict else DOES_NOT_HOLD,
                value,
                rule.paper(evidence.dataset) if rule.paper else "-",
                uncertainty,
                rule.sentence if isinstance(rule.sentence, str) else rule.sentence(evidence.dataset),
                conditions,
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def complete_claims(judged: Iterable[pd.DataFrame], protocols: Sequence[str]) -> pd.DataFrame:
    """Every claim of the paper under every protocol: as judged, or as not run.

    judged: frames of `judge_claims`.   protocols: theirs, and others to be listed.
    Returns one frame, by data set, claim and protocol, in the paper's order and that of `protocols`.
    """
    not_run = [judge_claims(Evidence(dataset, protocol)) for protocol in protocols for dataset in paper_datasets()]
    frame = pd.concat([*judged, *not_run]).drop_duplicates(["claim", "dataset", "protocol"])  # the first one stays
    orders = {"dataset": list(paper_datasets()), "claim": list(_RULES), "protocol": list(protocols)}
    return frame.sort_values(list(orders), key=lambda column: column.map(orders[column.name].index), ignore_index=True)


class _Judgement(NamedTuple):
    """The verdict (None: cannot be decided), the number behind it and its uncertainty, in words."""

    verdict: bool | None
    value: str
    uncertainty: str


@dataclass(frozen=True)
class _Rule:
    """How a claim is decided.

    sentence: the rule in words; a function of the data set where it depends on that.   depends_on: conditions that
    move the number, see `Evidence.differences`.   paper: the paper's number in words, of a data set; None for none.
    """

    sentence: str | Callable[[str], str]
    judge: Callable[[Evidence], _Judgement]
    depends_on: frozenset[str]
    paper: Callable[[str], str] | None = None


# ---- almost stochastic order: C1 to C7


def _beats_random(evidence: Evidence) -> _Judgement:
    evidence.runs_of("random", *BETTER_THAN_RANDOM, "dal")  # names all that are missing, not the first one
    eps = {name: evidence.eps_min(name, "random") for name in (*BETTER_THAN_RANDOM, "dal")}
    parts = [eps[name].below(0.5) for name in BETTER_THAN_RANDOM]
    value = ", ".join(f"{strategy_title(name)} {_eps_text(each)}" for name, each in eps.items())
    return _Judgement(_all([*parts, eps["dal"].above(0.5, or_equal=True)]), value, _level(evidence, eps["dal"]))


def _dominates(better: str, worse: str) -> Callable[[Evidence], _Judgement]:
    def judge(evidence: Evidence) -> _Judgement:
        eps = evidence.eps_min(better, worse)
        return _Judgement(eps.below(0, or_equal=True), _eps_text(eps), _level(evidence, eps))

    return judge


def _is_competitive(evidence: Evidence) -> _Judgement:
    parts, values = [], []
    for other in ("least_confidence", "entropy"):
        over_cal, under_cal, title = (
            evidence.eps_min(other, "cal"),
            evidence.eps_min("cal", other),
            strategy_title(other),
        )
        parts.append(over_cal.above(0))
        values.append(f"{title} over CAL {_eps_text(over_cal)}, CAL over {title} {_eps_text(under_cal)}")
    return _Judgement(_all(parts), "; ".join(values), _level(evidence, over_cal))


def _eps_text(eps: Estimate) -> str:
    # A small positive number must not look like the 0 that means dominance.
    return "<0.001" if 0 < eps.value < 0.0005 else f"{eps.value:.3f}"


def _level(evidence: Evidence, eps: Estimate) -> str:
    if np.isnan(eps.low):
        return "one seed: no interval"
    return f"a bound at confidence {evidence.needed('significance')['confidence_level'].iloc[0]:.5f}"


# ---- accuracies: C8 to C11, C13


def _nears_full_data(evidence: Evidence) -> _Judgement:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    share = over_seeds(final / full)
    labelled = evidence.runs_of("cal")["labelled"].max() / evidence.train_rows
    return _Judgement(
        share.above(_share_bound(evidence.dataset), or_equal=True),
        f"{share.value:.3f} ({final.mean():.3f} / {full.mean():.3f}) with {labelled:.1%} of the training data",
        _intervals({"": share}, len(final), ".3f"),
    )


def _exceeds_full_data(evidence: Evidence) -> _Judgement:
    final, full = _with_full_data(evidence, evidence.final_accuracies("cal")["cal"])
    gain = over_seeds(final - full)
    return _Judgement(gain.above(0), _difference(final.mean(), full.mean()), _intervals({"": gain}, len(final)))


def _reaches_full_data(evidence: Evidence) -> _Judgement:
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
    return _Judgement(
        verdict, value, _intervals({f"largest CAL - full data with up to {bound:.0%}": largest}, len(full))
    )


def _threshold_is_best(evidence: Evidence) -> _Judgement:
    best, configured = _stated_threshold(), evidence.threshold
    claimed = sorted(set(paper_values("table3")["threshold"]))
    run = set(evidence.needed("runs")["strategy"])
    names = {value: name for value in claimed if (name := threshold_strategy(value, configured)) in run}
    if best not in names or len(names) < 2:
        raise NotRun(f"no runs of CAL at {best:g} and at another threshold")
    final = evidence.final_accuracies(*names.values())
    others = {value: over_seeds(final[names[best]] - final[name]) for value, name in names.items() if value != best}
    verdict = _all([difference.above(0) for difference in others.values()])
    text = _thresholds({value: final[name].mean() for value, name in names.items()})
    # A threshold of the paper that was not run could be the best one.
    missing = sorted(set(paper_values("table3", evidence.dataset)["threshold"]) - set(names))
    if missing:
        verdict = None if verdict else verdict
        text += f"; not run: {', '.join(map(str, missing))}"
    nearest = min(others, key=lambda value: others[value].value)
    return _Judgement(verdict, text, _intervals({f"at {best:g} - at {nearest:g}": others[nearest]}, len(final)))


def _hybrid_stays_behind(evidence: Evidence) -> _Judgement:
    final = evidence.final_accuracies("cal_dal", "cal")
    gain = over_seeds(final["cal_dal"] - final["cal"])
    value = _difference(final["cal_dal"].mean(), final["cal"].mean())
    return _Judgement(gain.below(0), value, _intervals({"": gain}, len(final)))


def _with_full_data(evidence: Evidence, of_runs: Any) -> tuple[Any, pd.Series]:
    """Rows of a frame or series with index seed, and accuracies of full data by seed, of the seeds that have both."""
    full_data = evidence.needed("full_data").set_index("seed")["test_accuracy"]
    seeds = of_runs.index.intersection(full_data.index)
    if seeds.empty:
        raise NotRun("no seed with both runs and a training on the full data")
    return of_runs.loc[seeds], full_data.loc[seeds]


# ---- acquired batches: C12, C14 to C16


def _batches_hardly_overlap(evidence: Evidence) -> _Judgement:
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
    return _Judgement(
        _all([share.below(limit / of, or_equal=True) for share in shares.values()]),
        f"{', '.join(values)} of {acquired:,} ({scaled}by chance {chance:,.1f})",
        _intervals({strategy_title(most): shares[most]}, seeds, ".2%"),
    )


def _variability_is_highest(evidence: Evidence) -> _Judgement:
    high, low = ("least_confidence", "cal"), ("random", "dal")
    batches = _batch_means(evidence.acquisitions_of(*low, *high), "variability")
    means, first, last = (part.groupby("seed").mean() for part in (batches, *_first_and_last_third(batches)))
    differences = {
        f"{strategy_title(a)} - {strategy_title(b)}": over_seeds(means[a] - means[b]) for a in high for b in low
    }
    differences["DAL's first - last third"] = over_seeds(first["dal"] - last["dal"])
    return _Judgement(
        _all([difference.above(0) for difference in differences.values()]),
        _variabilities(means.mean(), first["dal"].mean(), last["dal"].mean()),
        _intervals(differences, len(means)),
    )


def _confidence_is_lowest(evidence: Evidence) -> _Judgement:
    strategies = in_order(paper_values("figure4", evidence.dataset)["strategy"])
    early = _early(_batch_means(evidence.acquisitions_of(*strategies), "confidence")).groupby("seed").mean()
    differences = {
        f"LC - {strategy_title(other)}": over_seeds(early["least_confidence"] - early[other])
        for other in strategies
        if other != "least_confidence"
    }
    return _Judgement(
        _all([difference.below(0) for difference in differences.values()]),
        _by_strategy(early.mean()),
        _intervals(differences, len(early)),
    )


def _picks_high_cor(evidence: Evidence) -> _Judgement:
    acquired = evidence.acquisitions_of("random", "dal", "cal")
    high = high_correctness(acquired["correctness"].to_numpy(), evidence.threshold)
    shares = _batch_means(acquired.assign(high_cor=high.astype(np.float64)), "high_cor")
    late = _first_and_last_third(shares)[1].groupby("seed").mean()
    share, lead = over_seeds(late["dal"]), over_seeds(late["dal"] - late["cal"])
    return _Judgement(
        _all([share.above(MOSTLY), lead.above(0)]),
        _by_strategy(late.mean(), ".1%"),
        _intervals({"DAL": share, "DAL - CAL": lead}, len(late), ".1%"),
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


# ---- data maps: C17, C18


def _hard_is_told_apart(evidence: Evidence) -> _Judgement:
    data_map = evidence.needed("seed_map")
    low_cor = ~high_correctness(data_map["correctness"].to_numpy(), evidence.threshold)
    value = f"low-cor {low_cor.mean():.1%} of {len(low_cor):,}"
    if min(low_cor.sum(), (~low_cor).sum()) < 2:
        return _Judgement(None, f"{value}: too few of one kind to tell apart", "-")
    confidence, variability = (
        roc_area(data_map.loc[low_cor, name], data_map.loc[~low_cor, name]) for name in ("confidence", "variability")
    )
    return _Judgement(
        confidence.above(TOLD_APART, or_equal=True),
        f"{value}; area of confidence {confidence.value:.3f}, of variability {variability.value:.3f}",
        f"95% over instances: {confidence.low:.3f} to {confidence.high:.3f}",
    )


def _confidence_is_dense(evidence: Evidence) -> _Judgement:
    data_map = evidence.needed("full_map")
    instances = len(data_map)
    shares = np.histogram(data_map["confidence"], bins=CONFIDENCE_BINS, range=(0, 1))[0] / instances
    middles = ((np.arange(CONFIDENCE_BINS) + 0.5) / CONFIDENCE_BINS).round(6)
    low, high = _mode_range(evidence.dataset)
    inside = (middles >= low) & (middles <= high)
    lead = difference_of_shares(shares[inside].max(), shares[~inside].max(), instances)
    parts = [lead.above(0)]
    uncertainty = f"95% over instances: {lead.low:+.1%} to {lead.high:+.1%} (fullest bin inside - outside)"
    rarely_correct = int((data_map["correctness"] <= _stated_threshold()).sum())
    share = share_of(rarely_correct, instances)
    if _is_hard(evidence.dataset):
        parts.append(share.above(PLENTY))
        uncertainty += f", {share.low:.1%} to {share.high:.1%} (low correctness)"
    value = f"mode {middles[shares.argmax()]:.2f}; {share.value:.1%} at correctness <= {_stated_threshold():g}"
    return _Judgement(_all(parts), value, uncertainty)


# ---- the boundaries, from the paper's numbers


def _share_bound(dataset: str) -> float:
    return round(_stated(dataset, "cal_fraction_of_full_data_accuracy") - SHARE_ROUNDING, 6)


def _reach_bound(dataset: str) -> float:
    return round(_stated(dataset, "cal_training_fraction_to_reach_full_data_accuracy") + ABOUT, 6)


def _overlap_limit(dataset: str) -> tuple[int, int]:
    """The largest count of Table 4 that involves CAL, and the acquisitions that it is of."""
    pairs = paper_values("table4", dataset)
    of_cal = pairs.loc[(pairs[_PAIR] == "cal").any(axis=1), "shared_positions"]
    return int(of_cal.max()), int(np.prod([int(paper_setting(name)) for name in ("seeds", "iterations", "query_size")]))


def _mode_range(dataset: str) -> tuple[float, float]:
    mode = _stated(dataset, "full_map_confidence_mode")
    return round(mode - MODE_RANGE, 6), round(mode + MODE_RANGE, 6)


def _is_hard(dataset: str) -> bool:
    """Whether the paper's full map of the data set is dense at low confidence."""
    return _stated(dataset, "full_map_confidence_mode") < 0.5


def _stated_threshold() -> float:
    return float(paper_setting("correctness_threshold"))


def _stated(dataset: str, name: str) -> float:
    value = text_value(dataset, name)
    assert value is not None, f"a claim about {dataset} needs the paper's {name}"
    return value


# ---- numbers and verdicts in words


_PAIR = ["strategy_a", "strategy_b"]


def _all(parts: Sequence[bool | None]) -> bool | None:
    """Whether all hold: False if one does not, else None if one is undecided."""
    return False if False in parts else None if None in parts else True


def _intervals(estimates: Mapping[str, Estimate], seeds: int, style: str = "+.3f") -> str:
    if seeds < 2:
        return "one seed: no interval"
    parts = [
        f"{each.low:{style}} to {each.high:{style}}" + (f" ({name})" if name else "")
        for name, each in estimates.items()
    ]
    return f"95% over {seeds} seeds: {', '.join(parts)}"


def _difference(a: float, b: float) -> str:
    return f"{a - b:+.3f} ({a:.3f} - {b:.3f})"


def _thresholds(accuracies: Mapping[float, float]) -> str:
    return ", ".join(f"{accuracy:.3f} at {threshold}" for threshold, accuracy in accuracies.items())


def _by_strategy(means: pd.Series, style: str = ".3f") -> str:
    return ", ".join(f"{strategy_title(name)} {means[name]:{style}}" for name in in_order(means.index))


def _variabilities(means: pd.Series, dal_first: float, dal_last: float) -> str:
    return f"{_by_strategy(means)}; DAL's first third {dal_first:.3f}, last {dal_last:.3f}"


# ---- the paper's numbers, in the same words


def _paper_share(dataset: str) -> str:
    final, full = _stated(dataset, "cal_final_accuracy"), _stated(dataset, "full_data_accuracy")
    return f"{final / full:.3f} ({final:.3f} / {full:.3f})"


def _paper_gain(dataset: str) -> str:
    return _difference(_stated(dataset, "cal_final_accuracy"), _stated(dataset, "full_data_accuracy"))


def _paper_hybrid(dataset: str) -> str:
    return _difference(_stated(dataset, "cal_dal_hybrid_final_accuracy"), _stated(dataset, "cal_final_accuracy"))


def _paper_reach(dataset: str) -> str:
    return f"with about {_stated(dataset, 'cal_training_fraction_to_reach_full_data_accuracy'):.0%}"


def _paper_thresholds(dataset: str) -> str:
    frame = paper_values("table3", dataset)
    return _thresholds(dict(zip(frame["threshold"], frame["final_accuracy"], strict=True)))


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
    return _by_strategy(_early(_paper_batches(dataset, "confidence")).mean())


def _paper_correctness(dataset: str) -> str:
    late = _first_and_last_third(_paper_batches(dataset, "correctness"))[1]
    return f"mean correctness {_by_strategy(late.mean())}"


def _paper_mode(dataset: str) -> str:
    return f"mode about {_stated(dataset, 'full_map_confidence_mode'):g}"


# ---- the rules in words


def _share_rule(dataset: str) -> str:
    share = _stated(dataset, "cal_fraction_of_full_data_accuracy")
    return (
        "final accuracy of CAL / accuracy of full data, the mean of this over the seeds, is at least "
        f"{_share_bound(dataset):g}, which rounds to {share:.0%}"
    )


def _reach_rule(dataset: str) -> str:
    return (
        "the mean accuracy of CAL reaches that of full data at an iteration with at most "
        f"{_reach_bound(dataset):.0%} of the training data labelled"
    )


def _overlap_rule(dataset: str) -> str:
    limit, of = _overlap_limit(dataset)
    return (
        f"of the instances that CAL acquires, each other strategy of Table 4 acquires at most {limit} of {of:,}, or as "
        "many in proportion, in the run with the same seed"
    )


def _mode_rule(dataset: str) -> str:
    low, high = _mode_range(dataset)
    rule = f"the fullest of {CONFIDENCE_BINS} bins of confidence has its middle in {low:.1f} to {high:.1f}"
    if not _is_hard(dataset):
        return rule
    return f"{rule}, and more than {PLENTY:.0%} of the instances have a correctness of at most {_stated_threshold():g}"


def _dominance(better: str, worse: str, depends_on: frozenset[str]) -> _Rule:
    sentence = f"eps_min({strategy_title(better)}, {strategy_title(worse)}) is 0"
    return _Rule(sentence, _dominates(better, worse), depends_on, lambda dataset: "0")


_BATCHES = frozenset({"runs", "threshold"})
_ACCURACY = frozenset({"test", "runs"})
_CAL_ACCURACY = frozenset({"test", "runs", "threshold"})

_BEATS_RANDOM = _Rule(
    f"eps_min(strategy, Random) is below 0.5 for {', '.join(map(strategy_title, BETTER_THAN_RANDOM))}, "
    "and not below 0.5 for DAL",
    _beats_random,
    _CAL_ACCURACY,
)

_RULES = {
    "C1": _BEATS_RANDOM,
    "C2": _BEATS_RANDOM,
    "C3": _dominance("cal", "bald", _CAL_ACCURACY),
    "C4": _dominance("cal", "dal", _CAL_ACCURACY),
    "C5": _dominance("cal", "dal", _CAL_ACCURACY),
    "C6": _dominance("least_confidence", "random", _ACCURACY),
    "C7": _Rule(
        "neither eps_min(LC, CAL) nor eps_min(Entropy, CAL) is 0: neither is stochastically dominant over CAL",
        _is_competitive,
        _CAL_ACCURACY,
    ),
    "C8": _Rule(_share_rule, _nears_full_data, _CAL_ACCURACY, _paper_share),
    "C9": _Rule(
        "final accuracy of CAL - accuracy of full data is above 0", _exceeds_full_data, _CAL_ACCURACY, _paper_gain
    ),
    "C10": _Rule(_reach_rule, _reaches_full_data, _CAL_ACCURACY, _paper_reach),
    "C11": _Rule(
        f"final accuracy of CAL at the threshold {_stated_threshold():g} is above that at each other threshold",
        _threshold_is_best,
        _ACCURACY,
        _paper_thresholds,
    ),
    "C12": _Rule(_overlap_rule, _batches_hardly_overlap, _BATCHES, _paper_overlap),
    "C13": _Rule(
        "final accuracy of CAL+DAL - final accuracy of CAL is below 0",
        _hybrid_stays_behind,
        _CAL_ACCURACY,
        _paper_hybrid,
    ),
    "C14": _Rule(
        "mean variability of the batches: LC and CAL are each above Random and DAL, and DAL's last third of the "
        "iterations is below its first third",
        _variability_is_highest,
        _BATCHES,
        _paper_variability,
    ),
    "C15": _Rule(
        f"mean confidence of the first {EARLY_BATCHES} batches: LC is below each other strategy of Figure 4",
        _confidence_is_lowest,
        _BATCHES,
        _paper_confidence,
    ),
    "C16": _Rule(
        f"last third of the iterations: of the instances that DAL acquires, more than {MOSTLY:.0%} are high-cor "
        "(correctness above CAL's threshold), and more than of those that CAL acquires",
        _picks_high_cor,
        _BATCHES,
        _paper_correctness,
    ),
    "C17": _Rule(
        "on the seed set's data map, confidence tells low-cor instances (correctness up to CAL's threshold) from the "
        f"others with an area under the ROC curve of at least {TOLD_APART}",
        _hard_is_told_apart,
        frozenset({"threshold", "seed_map"}),
    ),
    "C18": _Rule(_mode_rule, _confidence_is_dense, frozenset(), _paper_mode),
}
