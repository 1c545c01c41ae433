"""Claims that one strategy is better than others: C1 to C7, C19, C25."""

from collections.abc import Callable, Mapping

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.rule import (
    ACCURACY,
    CAL_ACCURACY,
    SEEDS_FAMILY,
    Finding,
    Rule,
    beats,
    not_better,
    not_worse,
    strategy_values,
)
from cartography_al.naming import strategy_title

BETTER_THAN_RANDOM = ("least_confidence", "entropy", "bald", "cal")
OTHERS = ("random", "least_confidence", "entropy", "bald", "dal")
EARLY_ITERATIONS = 10
START_ITERATIONS = 5
LATE_SHARE = 3
"""The last third of the iterations is late."""
_ASO = "eps_min of the paper's call"


def _beats_random(evidence: Evidence) -> Finding:
    areas = evidence.areas("random", *BETTER_THAN_RANDOM, "dal")
    margin = evidence.least_difference
    conditions = [
        beats(f"{strategy_title(name)} - Random", areas[name] - areas["random"], margin) for name in BETTER_THAN_RANDOM
    ]
    conditions.append(not_better("DAL - Random", areas["dal"] - areas["random"], margin))
    eps = {name: evidence.eps_min(name, "random") for name in (*BETTER_THAN_RANDOM, "dal")}
    shown = all(eps[name] < 0.5 for name in BETTER_THAN_RANDOM) and eps["dal"] >= 0.5
    return Finding(_areas_text(areas.mean()), conditions, shown, strategy_values(eps, ".2f"))


def _dominates(better: str, worse: str) -> Callable[[Evidence], Finding]:
    def find(evidence: Evidence) -> Finding:
        areas = evidence.areas(better, worse)
        condition = beats(_less(better, worse), areas[better] - areas[worse], evidence.least_difference)
        eps = evidence.eps_min(better, worse)
        return Finding(_areas_text(areas.mean()), [condition], eps == 0, f"{eps:.2f}")

    return find


def _is_competitive(evidence: Evidence) -> Finding:
    areas = evidence.areas("cal", "least_confidence", "entropy")
    conditions = [
        not_worse(_less("cal", other), areas["cal"] - areas[other], evidence.least_difference)
        for other in ("least_confidence", "entropy")
    ]
    eps = {other: evidence.eps_min(other, "cal") for other in ("least_confidence", "entropy")}
    text = ", ".join(f"{strategy_title(name)} over CAL {value:.2f}" for name, value in eps.items())
    return Finding(_areas_text(areas.mean()), conditions, min(eps.values()) > 0, text)


def _is_ahead_early(evidence: Evidence) -> Finding:
    areas = evidence.areas("cal", *OTHERS, last=EARLY_ITERATIONS)
    conditions = [
        beats(_less("cal", other), areas["cal"] - areas[other], evidence.least_difference) for other in OTHERS
    ]
    return Finding(_areas_text(areas.mean()), conditions)


def _falls_behind(evidence: Evidence) -> Finding:
    margin = evidence.least_difference
    start = evidence.areas("cal", "dal", last=START_ITERATIONS)
    iterations = evidence.curves.columns
    late = evidence.areas("cal", "dal", first=int(iterations[-1] - len(iterations) // LATE_SHARE + 1))
    lead = start["cal"] - start["dal"]
    conditions = [
        not_worse("CAL - DAL, start", lead, margin),
        not_worse("DAL - CAL, start", -lead, margin),
        beats("CAL - DAL, last third", late["cal"] - late["dal"], margin),
    ]
    return Finding(f"start: {_areas_text(start.mean())}; last third: {_areas_text(late.mean())}", conditions)


def _less(a: str, b: str) -> str:
    return f"{strategy_title(a)} - {strategy_title(b)}"


def _areas_text(means: "Mapping[str, float]") -> str:
    return strategy_values(means, ".4f")


_BEATS_RANDOM = Rule(
    f"area under the curve less Random's: above 0 for {', '.join(map(strategy_title, BETTER_THAN_RANDOM))}, and below "
    "the margin for DAL",
    _beats_random,
    CAL_ACCURACY,
    paper_sentence=f"{_ASO} over Random is below 0.5 for all of them, and not for DAL",
    family=SEEDS_FAMILY,
)


def _dominance(better: str, worse: str, depends_on: frozenset[str]) -> Rule:
    return Rule(
        f"area under the curve, {_less(better, worse)}: above 0; refuted where it is below the margin",
        _dominates(better, worse),
        depends_on,
        lambda dataset: "0",
        f"{_ASO} of {strategy_title(better)} over {strategy_title(worse)} is 0.00",
        SEEDS_FAMILY,
    )


RULES = {
    "C1": _BEATS_RANDOM,
    "C2": _BEATS_RANDOM,
    "C3": _dominance("cal", "bald", CAL_ACCURACY),
    "C4": _dominance("cal", "dal", CAL_ACCURACY),
    "C5": _dominance("cal", "dal", CAL_ACCURACY),
    "C6": _dominance("least_confidence", "random", ACCURACY),
    "C7": Rule(
        "area under the curve, CAL - LC and CAL - Entropy: both above minus the margin (not inferior)",
        _is_competitive,
        CAL_ACCURACY,
        paper_sentence=f"{_ASO} over CAL is above 0 for LC and for Entropy: neither is dominant",
        family=SEEDS_FAMILY,
    ),
    "C19": Rule(
        f"area under the curve from iteration 0 to {EARLY_ITERATIONS}: CAL less each other strategy is above 0",
        _is_ahead_early,
        CAL_ACCURACY,
        family=SEEDS_FAMILY,
    ),
    "C25": Rule(
        f"area under the curve, CAL - DAL: from iteration 0 to {START_ITERATIONS} within the margin either way, "
        "over the "
        "last third of the iterations above 0",
        _falls_behind,
        CAL_ACCURACY,
        family=SEEDS_FAMILY,
    ),
}
