"""The first page of the report: what was found, in one figure and two tables, and what to keep in mind. HTML alone.

It says nothing that the tables do not hold; it only puts their main lines together.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd

from cartography_al.claims.rule import DOES_NOT_HOLD, HOLDS, NOT_RUN, UNDECIDED
from cartography_al.naming import Subject, strategy_title
from cartography_al.significance.paired import AGAINST_RANDOM
from cartography_al.tables.cells import p_value


@dataclass(frozen=True)
class Findings:
    """What the page shows.

    curves: Figure 3 as PNG.   areas: for each subject the frame of significance.paired.area_comparisons.
    claims: frames of claims.judge_claims, one below the other, None where no claim was judged.
    ran: what was run on what, facts by name.
    warnings: what a reader must keep in mind.   links: the explorers' paths from the report's folder.
    """

    curves: bytes
    ran: Sequence[Mapping[str, object]]
    areas: Mapping[Subject, pd.DataFrame] = field(default_factory=dict)
    claims: pd.DataFrame | None = None
    warnings: Sequence[str] = ()
    links: Mapping[Subject, str] = field(default_factory=dict)


def findings_page(findings: Findings) -> str:
    """The page as a piece of HTML, without head and style: the report has its own."""
    image = b64encode(findings.curves).decode()
    parts = [
        "<h2>What was found</h2>",
        f'<img alt="Learning curves, Figure 3" style="max-width:100%" src="data:image/png;base64,{image}">',
        "<p>Figure 3: mean test accuracy over the seeds against the labelled share. A strategy is worth its cost where "
        "its curve lies above Random's by more than the bands.</p>",
    ]
    against = {subject: frame[frame["comparison"] == AGAINST_RANDOM] for subject, frame in findings.areas.items()}
    if any(len(frame) for frame in against.values()):
        parts += ["<h3>Areas under the learning curves, against Random's</h3>", _areas(against)]
    judged = findings.claims is not None and findings.claims[findings.claims["value"] != NOT_RUN]
    if judged is not False and len(judged):
        parts += ["<h3>The paper's claims: how many hold here</h3>", _verdicts(judged)]
    if findings.warnings:
        parts += ["<h3>To keep in mind</h3>", _list(escape(warning) for warning in findings.warnings)]
    parts += [
        "<h3>What was run on what</h3>",
        _table([list(findings.ran[0]), *(list(r.values()) for r in findings.ran)]),
    ]
    if findings.links:
        links = (f'<a href="{escape(path)}">{escape(name)}</a>' for name, path in _named(findings.links))
        parts += ["<h3>To look at the texts</h3>", "<p>The explorers lie beside the report:</p>", _list(links)]
    return "\n".join(parts) + "\n"


def _named(links: Mapping[Subject, str]) -> Iterator[tuple[str, str]]:
    """What a link says, and its path; data sets that share their title are told apart by their keys."""
    headings = Counter(subject.heading for subject in links)
    for subject, path in links.items():
        yield subject.heading + (f" ({subject.dataset})" if headings[subject.heading] > 1 else ""), path


def _areas(areas: Mapping[Subject, pd.DataFrame]) -> str:
    rows: list[Sequence[object]] = [("Data set", "Strategy", "Area", "Difference", "95% interval", "p, Holm")]
    for subject, frame in areas.items():
        for row in frame.itertuples():
            interval = "-" if np.isnan(row.low) else f"{row.low:+.4f} to {row.high:+.4f}"
            numbers = f"{row.area:.4f}", f"{row.difference:+.4f}", interval, p_value(row.p_holm)
            rows.append((subject.heading, strategy_title(row.strategy), *numbers))
    return _table(rows)


def _verdicts(claims: pd.DataFrame) -> str:
    own = "holds by the paper's own procedure"
    rows: list[Sequence[object]] = [("Data set", "Protocol", HOLDS, DOES_NOT_HOLD, UNDECIDED, own)]
    for (dataset, protocol), group in claims.groupby(["dataset", "protocol"], sort=False):
        counts = ((group["verdict"] == kind).sum() for kind in (HOLDS, DOES_NOT_HOLD, UNDECIDED))
        rows.append((dataset, protocol, *counts, (group["paper_verdict"] == HOLDS).sum()))
    return _table(rows)


def _table(rows: Sequence[Sequence[object]]) -> str:
    """The rows, the first of them the header."""
    head, *body = rows
    cells = ['<table border="1" cellpadding="5" style="border-collapse:collapse">']
    cells.append("<tr>" + "".join(f'<th scope="col">{escape(str(cell))}</th>' for cell in head) + "</tr>")
    cells += ["<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in body]
    return "\n".join([*cells, "</table>"])


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
