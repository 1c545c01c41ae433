"""What the paper claims, judged by what a run found, in two ways. Frames in, verdicts out; nothing is drawn here.

The calibrated verdict (`verdict`): every claim comes down to conditions on means over the seeds, and each mean has an
interval by Student's t. A claim `holds` where all intervals meet their condition, it `does not hold` where no value of
one of them does, and it `cannot be decided` where an interval crosses the boundary or what it needs was not run. Two
strategies are compared seed by seed, because runs with one seed share their seed set and first weights. One seed has no
interval and decides nothing. `claims.error_rates` measures how often these rules err.

The paper's verdict (`paper_verdict`): by the procedure that the paper itself used, on the same runs: its call of almost
stochastic order for claims about dominance, means over the seeds alone for others.
The intervals are those of single claims, not corrected for the number of claims.
"""

import pandas as pd

from cartography_al.claims.evidence import Evidence, NotJudged, NotRun
from cartography_al.claims.rule import (
    DOES_NOT_HOLD,
    HOLDS,
    NOT_JUDGED,
    NOT_RUN,
    UNDECIDED,
    intervals_of,
    paper_verdict_of,
    verdict_of,
)
from cartography_al.claims.rules import RULES
from cartography_al.paper import paper_values

COLUMNS = (
    "claim",
    "dataset",
    "representation",
    "protocol",
    "statement",
    "verdict",
    "paper_verdict",
    "value",
    "paper_value",
    "paper",
    "uncertainty",
    "rule",
    "paper_rule",
    "conditions",
)
"""The columns of a frame of claims, all text."""


def judge_claims(evidence: Evidence) -> pd.DataFrame:
    """Judge all claims of the paper about one data set; there are none about a data set that the paper did not use.

    Returns one row for each claim, with the columns of COLUMNS: the statement; the calibrated verdict and the one by
    the paper's own procedure; the number behind each ("-" for the same) and the paper's; the uncertainty ("-" for
    none); the rules that decide; and the conditions in which this run differs from the paper's, joined by "; ", empty
    where none does or nothing was run.
    Raises: DataError, NumericError for frames that are not what a run writes, as `analysis.runs.curve_table` and
    `analysis.overlap`.
    """
    claims = paper_values("claims", evidence.dataset)[["claim", "statement"]].itertuples(index=False, name=None)
    rows = [judge_claim(claim, statement, evidence) for claim, statement in claims]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def judge_claim(claim: str, statement: str, evidence: Evidence) -> tuple[str, ...]:
    """The row of one claim in `judge_claims`."""
    rule = RULES[claim]
    try:
        finding = rule.find(evidence)
        verdicts = verdict_of(finding), paper_verdict_of(finding)
        value, paper_value, uncertainty = finding.value, finding.paper_value or "-", intervals_of(finding)
        conditions = "; ".join(evidence.differences(rule.depends_on))
    except NotRun as missing:
        what = NOT_JUDGED if isinstance(missing, NotJudged) else NOT_RUN
        verdicts, value, paper_value = (None, None), f"{what}: {missing}".removesuffix(": "), "-"
        uncertainty, conditions = "-", ""
    return (
        *(claim, evidence.dataset, evidence.representation, evidence.protocol, statement),
        *map(_words, verdicts),
        *(value, paper_value),
        rule.paper(evidence.dataset) if rule.paper else "-",
        uncertainty,
        rule.sentence if isinstance(rule.sentence, str) else rule.sentence(evidence.dataset),
        rule.paper_sentence,
        conditions,
    )


def _words(verdict: bool | None) -> str:
    return UNDECIDED if verdict is None else HOLDS if verdict else DOES_NOT_HOLD
