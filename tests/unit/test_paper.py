"""The paper's numbers: carried over exactly, found by data set, and shown beside ours in tables and Figure 4."""

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from cartography_al import paper
from cartography_al.errors import DataError
from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from cartography_al.figures.strategies import strategy_style
from cartography_al.figures.style import save_figure
from cartography_al.naming import PAPER_STRATEGIES, Subject
from cartography_al.paper import ValuesName, cal_accuracy, paper_datasets, paper_setting, paper_values, text_value
from cartography_al.tables.formats import to_csv, to_latex, to_markdown
from cartography_al.tables.summary import summary_table
from cartography_al.tables.table import Table
from cartography_al.tables.table1 import table1
from cartography_al.tables.table3 import table3
from cartography_al.tables.table4 import table4

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
FOLDER = Path(paper.__file__).with_name("paper_values")


TREC = Subject("trec", "TREC")


class TestValues:
    @pytest.mark.skipif(not REFERENCE.is_dir(), reason="no folder with the numbers that these were carried over from")
    @pytest.mark.parametrize(
        ("name", "file", "columns"),
        [
            (
                "table1",
                "table1_datasets",
                {"train": "train_rows", "test": "test_rows", "max_sequence_length": "max_tokens"},
            ),
            ("table3", "table3_thresholds", {}),
            ("table4", "table4_overlap", {"overlapping_instances": "shared_positions"}),
            ("text_values", "text_values", {"claim": "name"}),
            ("figure4", "figure4_batch_statistics", {"mean_over_five_seeds": "mean"}),
        ],
    )
    def test_values_are_those_of_the_reference(self, name: ValuesName, file: str, columns: dict[str, str]) -> None:
        reference = pd.read_csv(REFERENCE / f"{file}.csv").rename(columns=columns)
        ours = paper_values(name)
        new = {"title"} & set(ours.columns)
        left_out = {"check"} & set(reference.columns)
        pd.testing.assert_frame_equal(
            ours.drop(columns=list(new)), reference.drop(columns=list(left_out)), check_like=True, check_exact=True
        )

    def test_every_file_is_named_and_described(self) -> None:
        files = {path.stem for path in FOLDER.glob("*.csv")}
        assert files == set(get_args(ValuesName))
        described = (FOLDER / "README.md").read_text(encoding="utf-8")
        for name in files:
            assert f"`{name}.csv`" in described
            for column in paper_values(name):  # type: ignore[arg-type]
                assert f"`{column}`" in described

    @pytest.mark.parametrize(
        ("dataset", "labelled", "accuracy"),
        [("trec", 2000, 0.724), ("trec", 1999, None), ("agnews", 2500, 0.811), ("docstrings", 2000, None)],
    )
    def test_the_accuracy_of_cal_is_that_of_the_last_iteration(
        self, dataset: str, labelled: int, accuracy: float | None
    ) -> None:
        assert cal_accuracy(dataset, labelled) == accuracy

    def test_keys_are_those_of_this_project(self) -> None:
        assert paper_datasets() == {"agnews": "AG News", "trec": "TREC"}
        for name in ("table3", "table4", "text_values", "figure4"):
            assert set(paper_values(name)["dataset"]) == set(paper_datasets())
        assert set(paper_values("figure4")["strategy"]) < set(PAPER_STRATEGIES)
        pairs = paper_values("table4")
        assert {*pairs["strategy_a"], *pairs["strategy_b"]} < set(PAPER_STRATEGIES)

    def test_rows_of_one_data_set(self) -> None:
        thresholds = paper_values("table3", "trec")
        assert thresholds["threshold"].tolist() == [0.0, 0.2, 0.4, 0.6]  # 0.8 is a dash in the paper
        assert thresholds["final_accuracy"].tolist() == [0.676, 0.724, 0.701, 0.706]
        assert len(paper_values("figure4", "agnews")) == 4 * 3 * 30
        assert paper_values("table3", "docstrings").empty
        assert paper_values("claims", "docstrings").empty

    def test_claims_about_both_data_sets_belong_to_each(self) -> None:
        claims = {dataset: set(paper_values("claims", dataset)["claim"]) for dataset in paper_datasets()}
        assert {"C7", "C11", "C13a", "C18b", "C35"} <= claims["agnews"] & claims["trec"]
        numbers = {int(name.strip("Cab")) for name in claims["agnews"] | claims["trec"]}
        assert numbers == set(range(1, 36))

    def test_single_numbers_and_settings(self) -> None:
        assert text_value("trec", "full_data_accuracy") == 0.634
        assert text_value("trec", "cal_fraction_of_full_data_accuracy") is None
        assert text_value("docstrings", "full_data_accuracy") is None
        assert (paper_setting("seeds"), paper_setting("correctness_threshold")) == ("5", "0.2")

    def test_unknown_names(self) -> None:
        with pytest.raises(DataError, match=r"no 'table2'; use one of claims, figure4"):
            paper_values("table2")  # type: ignore[arg-type]
        with pytest.raises(DataError, match=r"no 'accuracy'; use one of cal_binary"):
            text_value("trec", "accuracy")
        with pytest.raises(DataError, match=r"no 'epochs'; use one of"):
            paper_setting("epochs")

    def test_a_caller_cannot_change_the_values(self) -> None:
        frame = paper_values("table1")
        frame.loc[0, "train_rows"] = 1
        assert paper_values("table1")["train_rows"].tolist() == [120_000, 5452]


def shown(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for block in table.blocks for row in block.rows]


def thresholds(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "threshold": values,
            "strategy": "cal",
            "configured": False,
            "mean": 0.5,
            "std": 0.01,
            "min": 0.4,
            "max": 0.6,
            "seeds": 5,
            "classifiers": 150,
            "single_class": 0,
            "single_class_seeds": 0,
        }
    )


def overlaps(*pairs: tuple[str, str]) -> pd.DataFrame:
    counts = {
        f"{count}{end}": 3
        for count in ("shared_instances", "shared_positions")
        for end in ("", "_chance", "_low", "_high")
    }
    return pd.DataFrame(pairs, columns=["strategy_a", "strategy_b"]).assign(seeds=5, acquired=7500, **counts)


def summaries(*strategies: str) -> pd.DataFrame:
    numbers = ["first_accuracy", "final_accuracy", "final_std", "final_macro_f1", "area", "area_std", "full_accuracy"]
    numbers += ["share_of_full", "fraction_to_full", "binary_cal_accuracy", "binary_dal_accuracy"]
    return pd.DataFrame({"strategy": strategies, "seeds": 5}).assign(full_learned=True, **dict.fromkeys(numbers, 0.5))


class TestTables:
    def test_table1_has_the_paper_s_row_below_ours(self) -> None:
        split = {"rows": 51591, "rows_per_class": {"World": 51591}, "sha256": "ab", "mean_tokens": 31.5}
        split |= {"longest": 170, "truncated": 0}
        settings: dict[str, Any] = {"seed_set_size": 1000, "max_tokens": 200, "batch_size": 64}
        dataset = {"title": "News", "source": "a file", "classes": ["World"], "splits": {"train": split, "test": split}}
        table = table1([{"name": "agnews", **dataset, **settings}, {"name": "docstrings", **dataset, **settings}])
        rows = shown(table)
        assert rows[1] == ["in the paper", "120,000", "7,600", "4", "1,000", "64", "200", "-", "-"]
        assert [row[0] for row in rows] == ["News", "in the paper", "News"]
        assert "agnews,News,,train_rows in the paper,,120000\n" in to_csv(table)

    def test_table3(self) -> None:
        table = table3({TREC: thresholds([0.2, 0.8]), Subject("own", "Own"): thresholds([0.2])})
        assert list(table.header) == ["Threshold", "Final accuracy", "Paper", "Seeds", "One class"]
        assert [row[2] for row in shown(table)] == ["0.724", "-", "-"]
        assert table.data["paper_final_accuracy"].tolist() == pytest.approx([0.724, np.nan, np.nan], nan_ok=True)
        assert table.notes[-1] == ("Paper: as published, after 30 iterations, with 5 seeds and word vectors cc.en.300.")

    def test_table4_finds_a_pair_in_either_order(self) -> None:
        frame = overlaps(("random", "cal"), ("cal", "dal"), ("random", "entropy"))
        table = table4({Subject("agnews", "AG News"): frame})
        assert table.header[4] == "Paper"  # beside the count by position, which it is
        assert [row[4] for row in shown(table)] == ["7", "4", "-"]

    def test_summary(self) -> None:
        table = summary_table({TREC: summaries("random", "cal", "cal_dal")})
        assert table.header[3] == "Paper"
        assert [row[3] for row in shown(table)] == ["-", "0.724", "0.695"]
        assert table.notes[0] == "TREC: 0.500 (paper: 0.634) after training on all data, 5 seeds."

    @pytest.mark.parametrize("own", [Subject("docstrings", "TREC"), Subject("trec", "TREC", word_vectors=False)])
    def test_no_column_without_a_value_of_the_paper(self, own: Subject) -> None:
        for table in (
            table3({own: thresholds([0.2])}),
            table4({own: overlaps(("random", "cal"))}),
            summary_table({own: summaries("cal")}),
        ):
            assert "Paper" not in table.header
            assert not any("paper:" in note or note.startswith("Paper") for note in table.notes)
            assert {len(row) for block in table.blocks for row in block.rows} == {len(table.header)}
            assert to_markdown(table)
            assert to_latex(table)


def statistics(dataset: str, strategies: tuple[str, ...], iterations: int) -> pd.DataFrame:
    frame = paper_values("figure4", dataset)
    frame = frame[frame["strategy"].isin(strategies) & (frame["iteration"] <= iterations)]
    return frame.assign(mean=frame["mean"] / 2, std=0.01, min=0.0, max=1.0, seeds=5)


class TestFigure4:
    def test_the_paper_s_means_are_thin_lines_of_what_is_drawn(self, tmp_path: Path) -> None:
        paper_means = paper_values("figure4", "trec")
        panel = BatchPanel("TREC", statistics("trec", ("random", "cal"), 12), paper_means)
        figure = plot_batch_statistics([panel, BatchPanel("Own", statistics("trec", ("dal",), 12))])
        with_paper, without = np.array(figure.axes).reshape(2, 3)
        for axis, statistic in zip(with_paper, ("confidence", "variability", "correctness"), strict=True):
            lines = {line.get_gid(): line for line in axis.lines if line.get_gid()}
            assert list(lines) == ["paper random", "paper cal"]
            expected = paper_means[(paper_means["statistic"] == statistic) & (paper_means["strategy"] == "cal")]
            np.testing.assert_array_equal(lines["paper cal"].get_ydata(), expected["mean"].iloc[:12])
            np.testing.assert_array_equal(lines["paper cal"].get_xdata(), np.arange(1, 13))
            assert lines["paper cal"].get_color() == strategy_style("cal").color
            ours = [line for line in axis.lines if not line.get_gid()]
            assert all(line.get_linewidth() > lines["paper cal"].get_linewidth() for line in ours)
            bottom, top = axis.get_ylim()
            assert bottom < expected["mean"].iloc[:12].min()
            assert top > expected["mean"].iloc[:12].max()
        assert not any(line.get_gid() for axis in without for line in axis.lines)
        labels = [text.get_text() for text in figure.legends[0].get_texts()]
        assert labels == ["Random", "DAL", "CAL", "±1 std. dev. (5 seeds)", "paper"]
        save_figure(figure, tmp_path / "figure.pdf", tmp_path / "figure.png")

    @pytest.mark.parametrize("paper_means", [None, paper_values("figure4", "docstrings")])
    def test_no_legend_entry_without_the_paper(self, paper_means: pd.DataFrame | None) -> None:
        figure = plot_batch_statistics([BatchPanel("Own", statistics("trec", ("cal",), 3), paper_means)])
        assert [text.get_text() for text in figure.legends[0].get_texts()] == ["CAL", "±1 std. dev. (5 seeds)"]

    def test_no_batches(self, tmp_path: Path) -> None:
        panel = BatchPanel("TREC", statistics("trec", (), 1), paper_values("figure4", "trec"))
        save_figure(plot_batch_statistics([panel]), tmp_path / "figure.pdf", tmp_path / "figure.png")
