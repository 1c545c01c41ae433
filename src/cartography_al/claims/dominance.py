"""Claims about almost stochastic order: C1 to C7."""

from collections.abc import Callable

import numpy as np

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.rule import ACCURACY, CAL_ACCURACY, Judgement, Rule, all_hold
from cartography_al.naming import strategy_title
from cartography_al.significance.intervals import Estimate

BETTER_THAN_RANDOM = ("least_confidence", "entropy", "bald", "cal")


def _beats_random(evidence: Evidence) -> Judgement:
    evidence.runs_of("random", *BETTER_THAN_RANDOM, "dal")  # names all that are missing, not the first one
    eps = {name: evidence.eps_min(name, "random") for name in (*BETTER_THAN_RANDOM, "dal")}
    parts = [eps[name].below(0.5) for name in BETTER_THAN_RANDOM]
    value = ", ".join(f"{strategy_title(name)} {_eps_text(each)}" for name, each in eps.items())
    return Judgement(all_hold([*parts, eps["dal"].above(0.5, or_equal=True)]), value, _level(evidence, eps["dal"]))


def _dominates(better: str, worse: str) -> Callable[[Evidence], Judgement]:
    def judge(evidence: Evidence) -> Judgement:
        eps = evidence.eps_min(better, worse)
        return Judgement(eps.below(0, or_equal=True), _eps_text(eps), _level(evidence, eps))

    return judge


def _is_competitive(evidence: Evidence) -> Judgement:
    parts, values = [], []
    for other in ("least_confidence", "entropy"):
        over_cal, under_cal, title = (
            evidence.eps_min(other, "cal"),
            evidence.eps_min("cal", other),
            strategy_title(other),
        )
        parts.append(over_cal.above(0))
        values.append(f"{title} over CAL {_eps_text(over_cal)}, CAL over {title} {_eps_text(under_cal)}")
    return Judgement(all_hold(parts), "; ".join(values), _level(evidence, over_cal))


def _eps_text(eps: Estimate) -> str:
    # A small positive number must not look like the 0 that means _dominance.
    return "<0.001" if 0 < eps.value < 0.0005 else f"{eps.value:.3f}"


def _level(evidence: Evidence, eps: Estimate) -> str:
    if np.isnan(eps.low):
        return "one seed: no interval"
    return f"a bound at confidence {evidence.needed('significance')['confidence_level'].iloc[0]:.5f}"


def _dominance(better: str, worse: str, depends_on: frozenset[str]) -> Rule:
    sentence = f"eps_min({strategy_title(better)}, {strategy_title(worse)}) is 0"
    return Rule(sentence, _dominates(better, worse), depends_on, lambda dataset: "0")


_BEATS_RANDOM = Rule(
    f"eps_min(strategy, Random) is below 0.5 for {', '.join(map(strategy_title, BETTER_THAN_RANDOM))}, "
    "and not below 0.5 for DAL",
    _beats_random,
    CAL_ACCURACY,
)


RULES = {
    "C1": _BEATS_RANDOM,
    "C2": _BEATS_RANDOM,
    "C3": _dominance("cal", "bald", CAL_ACCURACY),
    "C4": _dominance("cal", "dal", CAL_ACCURACY),
    "C5": _dominance("cal", "dal", CAL_ACCURACY),
    "C6": _dominance("least_confidence", "random", ACCURACY),
    "C7": Rule(
        "neither eps_min(LC, CAL) nor eps_min(Entropy, CAL) is 0: neither is stochastically dominant over CAL",
        _is_competitive,
        CAL_ACCURACY,
    ),
}
