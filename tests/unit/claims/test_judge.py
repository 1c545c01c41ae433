"""claims.judge: which claims have a row, what a reader is told beside the verdicts, and the table of them."""

import re

import pandas as pd
import pytest

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import COLUMNS, judge_claims
from cartography_al.claims.rules import RULES
from cartography_al.errors import DataError
from cartography_al.paper import paper_values, text_value
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import to_csv, to_latex, to_markdown
from cartography_al.tables.table import Cell
from tests.unit.claims.support import HOLDS, OPEN, description, evidence, full_data, judged, runs


def test_every_claim_has_a_rule_and_every_rule_a_claim() -> None:
    assert list(RULES) == list(paper_values("claims")["claim"])


@pytest.mark.parametrize(("dataset", "count"), [("agnews", 32), ("trec", 30), ("docstrings", 0)])
def test_a_data_set_that_was_not_run(dataset: str, count: int) -> None:
    frame = judge_claims(Evidence(dataset, "released"))
    assert tuple(frame.columns) == COLUMNS
    assert (frame.dtypes == "str").all()
    assert len(frame) == count
    assert (frame[["verdict", "paper_verdict"]] == OPEN).all(axis=None)
    assert (frame["value"] == "not run").all()
    assert (frame["uncertainty"] == "-").all()
    assert (frame["conditions"] == "").all()
    assert (frame["protocol"] == "released").all()
    assert not (frame[["statement", "paper", "rule", "paper_rule"]] == "").any(axis=None)


def test_a_part_that_was_not_run() -> None:
    values = judge_claims(evidence("agnews", runs=runs({"cal": [0.7, 0.7]}, "agnews"))).set_index("claim")["value"]
    assert values["C1"] == "not run: no runs of Random, LC, Entropy, BALD, DAL"
    assert values["C8"] == "not run: no full data"
    assert values["C13a"] == "not run: no runs of CAL+DAL"
    assert values["C14"] == "not run: no acquisitions"
    assert values["C18a"] == "not run: no full maps"


def test_damaged_runs_are_an_error() -> None:
    table = runs({"cal": [0.7, 0.7], "cal_dal": [0.6, 0.6]})
    with pytest.raises(DataError, match="missing"):
        judge_claims(evidence("trec", runs=table.drop(index=40)))


def test_boundaries_and_numbers_of_the_paper_come_from_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(dataset: str, name: str) -> float | None:
        return 0.5 if name == "cal_fraction_of_full_data_accuracy" else text_value(dataset, name)

    monkeypatch.setattr("cartography_al.claims.rule.text_value", other)
    row = judged("C8", evidence("agnews", runs=runs({"cal": 0.6}, "agnews"), full_data=full_data([1.0] * 5)))
    assert row["verdict"] == HOLDS
    assert "above 0.495, which rounds to 50%" in row["rule"]


class TestConditions:
    def test_none_under_the_paper_s_conditions(self) -> None:
        found = evidence("trec", runs=runs({"cal": 0.7, "cal_dal": 0.6}))
        assert judged("C13a", found)["conditions"] == ""

    def test_every_condition_that_differs(self) -> None:
        table = runs({"cal": [0.7] * 7, "cal_dal": [0.6] * 7}, iterations=10)
        table["labelled"] = 200 + 25 * table["iteration"]
        found = evidence(
            "agnews",
            runs=table,
            description=description(51_591, 7601),
            embedding_source="some/folder/model.bin",
            correctness_threshold=0.4,
        )
        assert judged("C13a", found)["conditions"].split("; ") == [
            "vectors: model.bin instead of cc.en.300",
            "51,591 of 120,000 training texts",
            "7,601 test texts instead of 7,600",
            "7 seeds instead of 5",
            "10 of 30 iterations",
            "200 of 1,000 texts in the seed set",
            "25 of 50 texts in a batch",
            "correctness threshold 0.4 instead of 0.2",
        ]

    def test_only_those_that_the_number_depends_on(self) -> None:
        maps = pd.DataFrame(
            {"instance_id": range(99), "confidence": 0.3, "correctness": [0.1, 0.9, 0.9] * 33, "seed": 1}
        )
        found = evidence(
            "trec",
            runs=runs({"cal": [0.7, 0.7]}),
            full_maps=maps,
            seed_maps=maps,
            description=description(5000, 400),
            embedding_source="corpus",
            correctness_threshold=0.25,
        )
        common = "vectors: corpus instead of cc.en.300; 5,000 of 5,452 training texts"
        assert judged("C18a", found)["conditions"] == common
        seed_map = "99 of 500 texts in the seed set; correctness threshold 0.25 instead of 0.2"
        assert judged("C17", found)["conditions"] == f"{common}; {seed_map}"


class TestTable:
    def both(self) -> pd.DataFrame:
        found = evidence("trec", runs=runs({"cal": [0.7, 0.71], "cal_dal": [0.6, 0.61]}), embedding_source="corpus")
        return pd.concat([judge_claims(found), judge_claims(Evidence("trec", "released"))])

    def test_table(self) -> None:
        table = claims_table(self.both())
        verdicts = ["Verdict", "By the paper's procedure"]
        assert list(table.header) == ["Claim", "Statement", "Paper", "As written", *verdicts, "Released", *verdicts]
        assert [block.heading for block in table.blocks] == ["TREC"]  # nothing of a data set that was not run
        assert {len(row) for row in table.blocks[0].rows} == {9}
        row = next(row for row in table.blocks[0].rows if row[0].text == "C13a")
        assert row[2].text == "-0.029 (0.695 - 0.724)"
        assert row[3].text.endswith("[95% over 2 seeds: -0.1000 to -0.1000 (CAL+DAL - CAL)]")
        assert row[4:6] == [Cell("holds", "bold"), Cell("holds: -0.100 (0.605 - 0.705)")]
        assert row[6:] == [Cell("not run"), Cell("cannot be decided", "italic"), Cell("-")]
        assert "Unlike the paper, TREC, as written: vectors: corpus instead of cc.en.300; 2 of 5 seeds." in table.notes
        count = (
            "TREC, as written: of 30 claims 1 hold, 0 do not hold, and 29 cannot be decided; by the paper's procedure"
        )
        assert f"{count} 1 hold." in table.notes
        rules = [note.split(":")[0] for note in table.notes if re.match(r"C\d", note)]
        assert rules[:3] == ["C2", "C5", "C7"]
        assert to_csv(table).splitlines()[0] == ",".join(COLUMNS)
        assert "| --- | --- |" in to_markdown(table)
        assert to_latex(table).count(r"\begin{longtable}") == 1

    def test_a_finding_that_starts_with_not_is_one(self) -> None:
        found = evidence("trec", runs=runs({"cal": [0.5, 0.5]}), full_data=full_data([0.6, 0.6]))
        rows = {row[0].text: row for row in claims_table(judge_claims(found)).blocks[0].rows}
        assert rows["C10"][3].text.startswith("not with up to 36.7%")
        assert rows["C10"][5] == Cell("does not hold: not with up to 36.7%")
        assert rows["C2"][3].text.startswith("not run: ")
        assert rows["C2"][5] == Cell("-")

    def test_no_claims(self) -> None:
        with pytest.raises(DataError, match="table of claims is empty"):
            claims_table(judge_claims(Evidence("docstrings", "as_written")))
