"""figures.figure4: what it promises, and what it refuses."""

from pathlib import Path

import numpy as np

from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from tests.unit.figures.support import bands, batches, legend_labels, saved


class TestBatchStatistics:
    def test_rows_are_data_sets_and_columns_statistics(self) -> None:
        frames = [batches(), batches(1)]
        figure = plot_batch_statistics([BatchPanel("AG News", frames[0]), BatchPanel("TREC", frames[1])])
        axes = np.array(figure.axes).reshape(2, 3)
        assert [axis.get_ylabel() for axis in axes[:, 0]] == ["AG News", "TREC"]
        assert [axis.get_title() for axis in axes[0]] == [
            "Mean confidence of the batch",
            "Mean variability of the batch",
            "Mean correctness of the batch",
        ]
        assert {axis.get_xlabel() for axis in axes[1]} == {"Active learning iteration"}
        for row, frame in zip(axes, frames, strict=True):
            for axis, statistic in zip(row, ("confidence", "variability", "correctness"), strict=True):
                assert [line.get_label() for line in axis.lines] == ["Random", "LC", "DAL", "CAL"]
                expected = frame[(frame["strategy"] == "cal") & (frame["statistic"] == statistic)]
                np.testing.assert_array_equal(axis.lines[3].get_ydata(), expected["mean"])
                np.testing.assert_array_equal(axis.lines[3].get_xdata(), expected["iteration"])
        assert {len(bands(axis)) for axis in axes[0]} == {4}
        assert {len(bands(axis)) for axis in axes[1]} == {0}
        assert legend_labels(figure) == ["Random", "LC", "DAL", "CAL", "±1 std. dev. (5 seeds)"]

    def test_data_sets_share_the_axis_of_a_statistic(self) -> None:
        figure = plot_batch_statistics([BatchPanel("A", batches(2, 3)), BatchPanel("B", batches(2, 5))])
        axes = np.array(figure.axes).reshape(2, 3)
        for top, bottom in axes.T:
            assert top.get_ylim() == bottom.get_ylim()

    def test_the_legend_names_the_papers_lines_where_one_is_drawn(self) -> None:
        own = batches(1)
        paper = own[own["strategy"].isin(["random", "cal"])]
        drawn = plot_batch_statistics([BatchPanel("TREC", own, paper)])
        other = plot_batch_statistics([BatchPanel("TREC", own[own["strategy"] == "dal"], paper)])
        assert ("paper" in legend_labels(drawn), "paper" in legend_labels(other)) == (True, False)

    def test_no_batches(self, tmp_path: Path) -> None:
        saved(plot_batch_statistics([BatchPanel("A", batches(1, 1).iloc[:0])]), tmp_path)
