"""The first page of the report: what it puts together, and that names stay text."""

import pandas as pd

from cartography_al.naming import Subject
from cartography_al.significance.paired import AGAINST_RANDOM, OF_CAL
from cartography_al.tables.findings import Findings, findings_page

RAN = [{"Data set": "Made <b>up</b>", "Texts": 100}]
AREAS = pd.DataFrame(
    {
        "comparison": [AGAINST_RANDOM, OF_CAL],
        "strategy": ["cal", "random"],
        "area": [0.75, 0.73],
        "difference": [0.0176, 0.0176],
        "low": [0.004, 0.004],
        "high": [0.03, 0.0355],
        "p_holm": [0.375, 0.375],
    }
)
CLAIMS = pd.DataFrame(
    {
        "dataset": ["trec"] * 4,
        "protocol": ["as_written"] * 3 + ["released"],
        "verdict": ["holds", "holds", "cannot be decided", "cannot be decided"],
        "paper_verdict": ["holds", "does not hold", "holds", "cannot be decided"],
        "value": ["0.1", "0.2", "0.3", "not run"],
    }
)


def test_the_page_opens_with_the_curves_then_areas_verdicts_warnings_and_runs() -> None:
    page = findings_page(
        Findings(
            b"png",
            RAN,
            {Subject("trec", "TREC"): AREAS},
            CLAIMS,
            ["one <seed>"],
            {Subject("trec", "TREC & more"): "explorer/a.html"},
        )
    )
    order = ["data:image/png;base64,cG5n", "CAL", "+0.0040 to +0.0300", "cannot be decided", "one &lt;seed&gt;"]
    places = [page.index(part) for part in [*order, "Made &lt;b&gt;up", 'href="explorer/a.html">TREC &amp; more']]
    assert places == sorted(places)
    assert "<td>trec</td><td>as_written</td><td>2</td><td>0</td><td>1</td><td>2</td>" in page
    assert "released" not in page
    assert "0.0355" not in page  # the areas against Random's alone


def test_areas_against_cals_alone_have_no_place_on_the_page() -> None:
    of_cal = AREAS[AREAS["comparison"] == OF_CAL]
    assert "Areas" not in findings_page(Findings(b"png", RAN, {Subject("trec", "TREC"): of_cal}))


def test_data_sets_that_share_a_title_have_a_link_each() -> None:
    links = {
        Subject("a", "Same"): "a.html",
        Subject("b", "Same"): "b.html",
        Subject("c", "Other"): "c.html",
    }
    page = findings_page(Findings(b"png", RAN, links=links))
    for told in (
        '<a href="a.html">Same (a)</a>',
        '<a href="b.html">Same (b)</a>',
        '<a href="c.html">Other</a>',
    ):
        assert told in page


def test_without_a_baseline_and_claims_the_curves_and_the_runs_remain() -> None:
    page = findings_page(Findings(b"png", RAN))
    assert "Areas" not in page
    assert "claims" not in page
    assert "<td>100</td>" in page
