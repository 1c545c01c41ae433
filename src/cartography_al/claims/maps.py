"""Claims about data maps: C17, C18."""

import numpy as np

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.rule import Judgement, Rule, all_hold, stated_threshold, stated_value
from cartography_al.learning.dynamics import high_correctness
from cartography_al.significance.intervals import difference_of_shares, roc_area, share_of

TOLD_APART = 0.9
CONFIDENCE_BINS = 25
"""As in Figures 5 and 6."""
MODE_RANGE = 0.1
"""C18: "~0.8" is 0.7 to 0.9."""
PLENTY = 0.25


def _hard_is_told_apart(evidence: Evidence) -> Judgement:
    data_map = evidence.needed("seed_map")
    low_cor = ~high_correctness(data_map["correctness"].to_numpy(), evidence.threshold)
    value = f"low-cor {low_cor.mean():.1%} of {len(low_cor):,}"
    if min(low_cor.sum(), (~low_cor).sum()) < 2:
        return Judgement(None, f"{value}: too few of one kind to tell apart", "-")
    confidence, variability = (
        roc_area(data_map.loc[low_cor, name], data_map.loc[~low_cor, name]) for name in ("confidence", "variability")
    )
    return Judgement(
        confidence.above(TOLD_APART, or_equal=True),
        f"{value}; area of confidence {confidence.value:.3f}, of variability {variability.value:.3f}",
        f"95% over instances: {confidence.low:.3f} to {confidence.high:.3f}",
    )


def _confidence_is_dense(evidence: Evidence) -> Judgement:
    data_map = evidence.needed("full_map")
    instances = len(data_map)
    shares = np.histogram(data_map["confidence"], bins=CONFIDENCE_BINS, range=(0, 1))[0] / instances
    middles = ((np.arange(CONFIDENCE_BINS) + 0.5) / CONFIDENCE_BINS).round(6)
    low, high = _mode_range(evidence.dataset)
    inside = (middles >= low) & (middles <= high)
    lead = difference_of_shares(shares[inside].max(), shares[~inside].max(), instances)
    parts = [lead.above(0)]
    uncertainty = f"95% over instances: {lead.low:+.1%} to {lead.high:+.1%} (fullest bin inside - outside)"
    rarely_correct = int((data_map["correctness"] <= stated_threshold()).sum())
    share = share_of(rarely_correct, instances)
    if _is_hard(evidence.dataset):
        parts.append(share.above(PLENTY))
        uncertainty += f", {share.low:.1%} to {share.high:.1%} (low correctness)"
    value = f"mode {middles[shares.argmax()]:.2f}; {share.value:.1%} at correctness <= {stated_threshold():g}"
    return Judgement(all_hold(parts), value, uncertainty)


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
    rule = f"the fullest of {CONFIDENCE_BINS} bins of confidence has its middle in {low:.1f} to {high:.1f}"
    if not _is_hard(dataset):
        return rule
    return f"{rule}, and more than {PLENTY:.0%} of the instances have a correctness of at most {stated_threshold():g}"


RULES = {
    "C17": Rule(
        "on the seed set's data map, confidence tells low-cor instances (correctness up to CAL's threshold) from the "
        f"others with an area under the ROC curve of at least {TOLD_APART}",
        _hard_is_told_apart,
        frozenset({"threshold", "seed_map"}),
    ),
    "C18": Rule(_mode_rule, _confidence_is_dense, frozenset(), _paper_mode),
}
