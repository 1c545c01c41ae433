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

from collections.abc import Iterable, Sequence

import pandas as pd

from cartography_al.claims.evidence import Evidence, NotRun
from cartography_al.claims.rule import DOES_NOT_HOLD, HOLDS, UNDECIDED
from cartography_al.claims.rules import RULES
from cartography_al.paper import paper_datasets, paper_values

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
        rule = RULES[claim]
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
    orders = {"dataset": list(paper_datasets()), "claim": list(RULES), "protocol": list(protocols)}
    return frame.sort_values(list(orders), key=lambda column: column.map(orders[column.name].index), ignore_index=True)
