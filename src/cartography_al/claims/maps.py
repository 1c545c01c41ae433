"""Claims about data maps, one for each seed: C17, C18a, C18b, C28, C29, C35."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from cartography_al.claims.batches import EASY
from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import Finding, Rule, above, stated_threshold, stated_value
from cartography_al.learning.dynamics import high_correctness
from cartography_al.significance.intervals import roc_area

TOLD_APART = 0.8
"""Area under the ROC curve from which discrimination is called excellent (Hosmer & Lemeshow 2000, section 5.2.4)."""
CONFIDENCE_BINS = 25
"""As in Figures 5 and 6."""
MODE_RANGE = 0.1
"""C18a: "~0.8" is 0.7 to 0.9."""
PLENTY, MAJORITY, NEARLY_ALL = 0.25, 0.5, 0.9
AMBIGUOUS_SHARE = 0.1
"""C29: the tenth of the texts with the highest variability is the ambiguous region."""
FEWEST = 2
"""Texts of a kind that are needed to tell it from another."""


def _hard_is_foreseen(evidence: Evidence) -> Finding:
    areas, hard = {}, {}
    for seed, both in _mapped_twice(evidence):
        low = ~high_correctness(both["correctness_full"].to_numpy(), evidence.threshold, evidence.correctness_rounding)
        hard[seed] = low.mean()
        if min(low.sum(), (~low).sum()) >= FEWEST:
            areas[seed] = roc_area(both.loc[low, "confidence"], both.loc[~low, "confidence"])
    if not areas:
        raise NotRun("no seed set with hard texts of the full map")
    values = pd.Series(areas)
    value = f"area {values.mean():.3f}; {np.mean(list(hard.values())):.1%} of the seed set is hard on the full map"
    return Finding(value, [above("area under the ROC curve", values, TOLD_APART)], style=".3f")


def _easy_is_mixed(evidence: Evidence) -> Finding:
    leads, means = {}, []
    for seed, both in _mapped_twice(evidence):
        correctness = both["correctness_full"]
        hard, easy = correctness <= stated_threshold(), correctness >= EASY
        ambiguous = ~hard & ~easy
        if min(hard.sum(), easy.sum(), ambiguous.sum()) < FEWEST:
            continue
        of_hard, of_ambiguous = (
            roc_area(both.loc[kind, "confidence"], both.loc[rest, "confidence"])
            for kind, rest in ((hard, ~hard), (ambiguous, easy))
        )
        leads[seed] = of_hard - of_ambiguous
        means.append((of_hard, of_ambiguous))
    if not leads:
        raise NotRun("no seed set with texts of all three kinds")
    of_hard, of_ambiguous = np.mean(means, axis=0)
    value = f"area {of_hard:.3f} for hard against the rest, {of_ambiguous:.3f} for ambiguous against easy"
    return Finding(value, [above("difference of the areas", pd.Series(leads))], style="+.3f")


def _mode_is_as_stated(evidence: Evidence) -> Finding:
    low, high = _mode_range(evidence.dataset)
    middles = ((np.arange(CONFIDENCE_BINS) + 0.5) / CONFIDENCE_BINS).round(6)
    inside = (middles >= low) & (middles <= high)
    leads, modes = {}, []
    for seed, data_map in _full_maps(evidence):
        shares = np.histogram(data_map["confidence"], bins=CONFIDENCE_BINS, range=(0, 1))[0] / len(data_map)
        leads[seed] = shares[inside].max() - shares[~inside].max()
        modes.append(middles[shares.argmax()])
    condition = above("fullest bin inside - outside", pd.Series(leads))
    return Finding(f"mode {np.mean(modes):.2f}, mean over the seeds", [condition], style="+.1%")


def _correctness_is_as_stated(evidence: Evidence) -> Finding:
    if _is_hard(evidence.dataset):
        name, bound = "low confidence and low correctness", PLENTY
        high = _mode_range(evidence.dataset)[1]
        share = _of_each_map(
            evidence, lambda own: ((own["confidence"] <= high) & (own["correctness"] <= stated_threshold())).mean()
        )
    else:
        name, bound = "high confidence and high correctness", MAJORITY
        low = _mode_range(evidence.dataset)[0]
        share = _of_each_map(evidence, lambda own: ((own["confidence"] >= low) & (own["correctness"] >= EASY)).mean())
    return Finding(f"{share.mean():.1%} with {name}", [above("share", share, bound)], style=".1%")


def _neighbours_are_denser(evidence: Evidence) -> Finding:
    levels = (0.0, 0.2, 0.4)
    rounded = pd.DataFrame({seed: _rounded(own).value_counts(normalize=True) for seed, own in _full_maps(evidence)})
    counts = [rounded.T.reindex(columns=levels, fill_value=0.0)[level].fillna(0.0) for level in levels]
    # With ten epochs, rounding half to even puts 2, 1 and 3 of the 11 values of correctness into these levels.
    epochs = 10
    widths = [int((np.round(5 * np.arange(epochs + 1) / epochs) / 5 == level).sum()) for level in levels]
    density = [count / width for count, width in zip(counts, widths, strict=True)]
    conditions = [
        above(f"at {levels[place]:g} - at 0.2, for each value", density[place] - density[1]) for place in (0, 2)
    ]
    text = ", ".join(
        f"{count.mean():.1%} at {level:g} ({width} of 11 values)"
        for level, count, width in zip(levels, counts, widths, strict=True)
    )
    denser = bool(min(counts[0].mean(), counts[2].mean()) > counts[1].mean())
    return Finding(text, conditions, denser, text, style="+.1%")


def _ambiguous_is_in_between(evidence: Evidence) -> Finding:
    def share(own: pd.DataFrame) -> float:
        region = own[own["variability"] >= own["variability"].quantile(1 - AMBIGUOUS_SHARE)]
        return float(region["correctness"].between(0.2, 0.8).mean())

    shares = _of_each_map(evidence, share)
    return Finding(f"{shares.mean():.1%} have it", [above("share", shares, NEARLY_ALL)], style=".1%")


def _full_maps(evidence: Evidence) -> Iterator[tuple[int, pd.DataFrame]]:
    yield from evidence.needed("full_maps").groupby("seed")


def _of_each_map(evidence: Evidence, measure: Callable[[pd.DataFrame], float]) -> "pd.Series[float]":
    return pd.Series({seed: measure(own) for seed, own in _full_maps(evidence)}, dtype="float64")


def _mapped_twice(evidence: Evidence) -> Iterator[tuple[int, pd.DataFrame]]:
    """For each seed the texts of the seed set with their values on its map and, as *_full, on the full map."""
    full_maps = dict(iter(evidence.needed("full_maps").groupby("seed")))
    for seed, seed_map in evidence.needed("seed_maps").groupby("seed"):
        if seed in full_maps:
            yield seed, seed_map.merge(full_maps[seed], on="instance_id", suffixes=("", "_full"))


def _rounded(data_map: pd.DataFrame) -> "pd.Series[float]":
    return (5 * data_map["correctness"]).round() / 5


def _mode_range(dataset: str) -> tuple[float, float]:
    mode = stated_value(dataset, "full_map_confidence_mode")
    return round(mode - MODE_RANGE, 6), round(mode + MODE_RANGE, 6)


def _is_hard(dataset: str) -> bool:
    """Whether the paper's full map of the data set is dense at low confidence."""
    return stated_value(dataset, "full_map_confidence_mode") < 0.5


def _paper_mode(dataset: str) -> str:
    return f"mode about {stated_value(dataset, 'full_map_confidence_mode'):g}"


def _mode_rule(dataset: str) -> str:
    low, high = _mode_range(dataset)
    return f"the fullest of {CONFIDENCE_BINS} bins of confidence has its middle in {low:.1f} to {high:.1f}"


def _correctness_rule(dataset: str) -> str:
    low, high = _mode_range(dataset)
    if _is_hard(dataset):
        return (
            f"more than {PLENTY:.0%} of the texts have a confidence of at most {high:.1f} and a correctness of at most "
            f"{stated_threshold():g}"
        )
    return (
        f"more than {MAJORITY:.0%} of the texts have a confidence of at least {low:.1f} and a correctness of "
        f"at least {EASY:g}"
    )


_NOTHING: frozenset[str] = frozenset()
_SEED_MAP = frozenset({"threshold", "seed_map"})

RULES = {
    "C17": Rule(
        "confidence on the seed set's map foretells which of its texts are low-cor on the full map (correctness up to "
        f"CAL's threshold): area under the ROC curve above {TOLD_APART}",
        _hard_is_foreseen,
        _SEED_MAP,
    ),
    "C18a": Rule(_mode_rule, _mode_is_as_stated, _NOTHING, _paper_mode),
    "C18b": Rule(_correctness_rule, _correctness_is_as_stated, _NOTHING, _paper_mode),
    "C28": Rule(
        "texts of the full map with correctness rounded to 0.0 and to 0.4 (D7), for each of the 11 values that "
        "are rounded "
        "so, are more than those rounded to 0.2",
        _neighbours_are_denser,
        _NOTHING,
        paper_sentence="there are more of them, whatever the number of values",
    ),
    "C29": Rule(
        f"of the tenth of the texts of the full map with the highest variability, more than {NEARLY_ALL:.0%} have a "
        "correctness of 0.2 to 0.8",
        _ambiguous_is_in_between,
        _NOTHING,
    ),
    "C35": Rule(
        "confidence on the seed set's map tells texts that are hard on the full map from all others better than "
        "ambiguous ones from easy ones, by the area under the ROC curve",
        _easy_is_mixed,
        _SEED_MAP,
    ),
}
