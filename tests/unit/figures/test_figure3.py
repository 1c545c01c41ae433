"""figures.figure3: what it promises, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from cartography_al.figures.figure3 import CurvePanel, in_color, plot_learning_curves
from cartography_al.figures.layout import spread_description
from cartography_al.figures.strategies import strategy_style
from cartography_al.naming import PAPER_STRATEGIES, STRATEGY_ORDER, strategy_title
from tests.unit.figures.support import bands, curves, legend_labels, saved


class TestManyStrategies:
    def test_the_best_five_random_and_cal_are_in_color_and_the_others_gray(self) -> None:
        frame = curves(strategies=STRATEGY_ORDER)
        for height, name in enumerate(["margin", "badge", "dropquery", "contrastive", "bald"]):
            frame.loc[frame["strategy"] == name, "mean"] += 0.05 + height / 100
        panels = [CurvePanel("TREC", frame)]
        shown = {"margin", "badge", "dropquery", "contrastive", "bald", "random", "cal"}
        assert in_color(panels) == shown
        figure = plot_learning_curves(panels)
        lines = {line.get_label(): line for line in figure.axes[0].lines}
        assert len(lines) == len(STRATEGY_ORDER)
        for name in STRATEGY_ORDER:
            line, style = lines[strategy_title(name)], strategy_style(name)
            assert line.get_color() == (style.color if name in shown else "#B5B5B5")
            assert line.get_marker() == style.marker
        assert len(bands(figure.axes[0])) == len(shown)
        assert legend_labels(figure)[: len(STRATEGY_ORDER)] == [strategy_title(name) for name in STRATEGY_ORDER]

    def test_up_to_seven_are_all_in_color(self) -> None:
        assert in_color([CurvePanel("TREC", curves())]) == set(PAPER_STRATEGIES)

    @pytest.mark.parametrize("panels", [1, 2])
    def test_notes_stand_above_the_legend_and_fit_the_figure(self, panels: int) -> None:
        note = f"{', '.join(['TypiClust', 'ProbCover', 'Falcun', 'MaxHerding'] * 3)}: from a sample of the pool."
        figure = plot_learning_curves([CurvePanel(f"{number}", curves()) for number in range(panels)], [note])
        (legend,) = figure.legends
        assert " ".join(legend.get_title().get_text().split()) == note
        extent = legend.get_window_extent()
        assert extent.x0 >= 0
        assert extent.x1 <= figure.bbox.x1


class TestLearningCurves:
    def test_lines_are_the_frame(self) -> None:
        frame = curves()
        (axis,) = plot_learning_curves([CurvePanel("TREC", frame)]).axes
        lines = {line.get_label(): line for line in axis.lines}
        assert list(lines) == [strategy_title(name) for name in PAPER_STRATEGIES]
        for name in PAPER_STRATEGIES:
            line, rows = lines[strategy_title(name)], frame[frame["strategy"] == name]
            np.testing.assert_array_equal(line.get_ydata(), rows["mean"])
            np.testing.assert_allclose(np.asarray(line.get_xdata()), 100 * rows["fraction"])
            assert line.get_color() == strategy_style(name).color
            assert line.get_marker() == strategy_style(name).marker

    def test_rows_may_come_in_any_order(self, tmp_path: Path) -> None:
        ordered, shuffled = curves(), curves().sample(frac=1, random_state=0)
        first = saved(plot_learning_curves([CurvePanel("TREC", ordered)]), tmp_path)
        assert saved(plot_learning_curves([CurvePanel("TREC", shuffled)]), tmp_path) == first

    @pytest.mark.parametrize(
        ("seeds", "band"),
        [(1, ""), (2, "min to max (2 seeds)"), (3, "±1 std. dev. (3 seeds)"), (5, "±1 std. dev. (5 seeds)")],
    )
    def test_band_by_number_of_seeds(self, seeds: int, band: str) -> None:
        frame = curves(seeds)
        figure = plot_learning_curves([CurvePanel("TREC", frame)])
        assert spread_description(frame) == band
        assert len(bands(figure.axes[0])) == (7 if band else 0)
        assert legend_labels(figure)[7:] == ([band] if band else [])

    @pytest.mark.parametrize("seeds", [2, 5])
    def test_edges_of_the_band(self, seeds: int) -> None:
        frame = curves(seeds, strategies=("cal",))
        (axis,) = plot_learning_curves([CurvePanel("TREC", frame)]).axes
        edges = bands(axis)[0].get_datalim(axis.transData)
        low = frame["min"] if seeds == 2 else frame["mean"] - frame["std"]
        high = frame["max"] if seeds == 2 else frame["mean"] + frame["std"]
        assert (edges.y0, edges.y1) == pytest.approx((low.min(), high.max()))

    def test_full_data_accuracy_is_a_labelled_line_inside_the_limits(self) -> None:
        figure = plot_learning_curves([CurvePanel("A", curves(), 0.95), CurvePanel("B", curves())])
        with_line, without = figure.axes
        assert [text.get_text() for text in with_line.texts] == ["full data: 0.950"]
        assert with_line.lines[-1].get_ydata() == [0.95, 0.95]
        assert with_line.get_ylim()[1] > 0.95
        assert not without.texts
        assert without.get_ylim()[1] < 0.8

    def test_label_of_the_full_data_line_stays_off_the_curves(self) -> None:
        frame = curves(strategies=("cal",))  # rises from 0.55 to 0.70, so it passes 0.60 on the left
        figure = plot_learning_curves([CurvePanel("A", frame, 0.6)])
        assert figure.axes[0].texts[0].get_horizontalalignment() == "right"

    def test_what_the_paper_states_is_set_beside_the_curves(self) -> None:
        panel = CurvePanel("TREC", curves(), 0.8, paper_full_accuracy=0.4, paper_cal_accuracy=0.9)
        figure = plot_learning_curves([panel, CurvePanel("B", curves())])
        axis, without = figure.axes
        assert [text.get_text() for text in axis.texts] == ["full data: 0.800", "paper's full data: 0.400"]
        (point,) = [line for line in axis.lines if line.get_label() == "CAL, paper's last iteration"]
        assert (point.get_xdata(), point.get_ydata()) == ([100 * curves()["fraction"].max()], [0.9])
        assert axis.get_ylim()[0] < 0.4
        assert axis.get_ylim()[1] > 0.9
        assert legend_labels(figure)[-1] == "CAL, paper's last iteration"
        assert not without.texts
        assert without.get_ylim()[0] > 0.4

    def test_protocols_of_one_data_set_share_their_axis(self) -> None:
        panels = [
            CurvePanel("TREC", curves(), full, protocol=name) for name, full in (("as_written", 0.9), ("mine", 0.3))
        ]
        figure = plot_learning_curves([*panels, CurvePanel("AG News", curves(), 0.7, protocol="as_written")])
        first, second, other = figure.axes
        assert [axis.get_title() for axis in figure.axes] == ["TREC, as written", "TREC, mine", "AG News, as written"]
        assert first.get_ylim() == second.get_ylim() != other.get_ylim()
        assert first.get_ylim()[0] < 0.3
        assert first.get_ylim()[1] > 0.9

    def test_limits_hold_the_bands(self) -> None:
        frame = curves()
        bottom, top = plot_learning_curves([CurvePanel("A", frame)]).axes[0].get_ylim()
        assert bottom < (frame["mean"] - frame["std"]).min()
        assert top > (frame["mean"] + frame["std"]).max()

    def test_one_iteration_and_one_strategy(self, tmp_path: Path) -> None:
        saved(plot_learning_curves([CurvePanel("A", curves(1, 0, ("mine",)), 0.7)]), tmp_path)

    def test_markers_are_few(self) -> None:
        line = plot_learning_curves([CurvePanel("A", curves())]).axes[0].lines[0]
        assert line.get_markevery() == (0, 5)
