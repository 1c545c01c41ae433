"""figures.figure1: what it promises, and what it refuses."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from cartography_al.figures.figure1 import DataMapPanel, draw_data_maps
from cartography_al.figures.figure3 import CurvePanel, plot_learning_curves
from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from cartography_al.figures.figure5 import draw_density
from cartography_al.figures.style import save_figure
from tests.unit.figures.support import batches, curves, data_map, legend_labels, saved

AWKWARD = "a_$b^2$ \\x {1} 9%"


class Drawn(NamedTuple):
    draw: Callable[[str], Figure]
    figure: Figure
    pdf: bytes
    png: bytes


def points(axis: Axes) -> list[PathCollection]:
    return [artist for artist in axis.collections if isinstance(artist, PathCollection)]


EVERY_FIGURE: dict[str, Callable[[str], Figure]] = {
    "data maps": lambda title: draw_data_maps([DataMapPanel(title, data_map(99), 0.2), DataMapPanel("B", data_map(9))]),
    "raster": lambda title: draw_data_maps([DataMapPanel(title, data_map(3_000))]),
    "density": lambda title: draw_density(DataMapPanel(title, data_map(3_000))),
    "curves": lambda title: plot_learning_curves([CurvePanel(title, curves(5, 6), 0.6), CurvePanel("B", curves(1, 6))]),
    "batches": lambda title: plot_batch_statistics([BatchPanel(title, batches(3, 4))]),
}


@pytest.fixture(scope="module", params=EVERY_FIGURE)
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Each kind of figure, under an awkward title."""
    draw = EVERY_FIGURE[request.param]
    figure = draw(AWKWARD)
    return Drawn(draw, figure, *saved(figure, tmp_path_factory.mktemp("drawn")))


class TestDataMaps:
    def test_every_instance_is_drawn_once_at_its_place(self) -> None:
        frame = data_map(700)
        (axis,) = draw_data_maps([DataMapPanel("TREC", frame, threshold=0.2)]).axes
        drawn = np.concatenate([np.asarray(artist.get_offsets()) for artist in points(axis)])
        expected = frame[["variability", "confidence"]].to_numpy()
        assert sorted(map(tuple, drawn)) == sorted(map(tuple, expected))

    def test_axes_and_titles(self) -> None:
        frames = [data_map(1_200), data_map(30), data_map(40)]
        figure = draw_data_maps([DataMapPanel(name, frame) for name, frame in zip("ABC", frames, strict=True)])
        titles = [axis.get_title() for axis in figure.axes]
        assert titles == ["A (1,200 instances)", "B (30 instances)", "C (40 instances)"]
        assert [axis.get_ylabel() for axis in figure.axes] == ["Confidence", "", ""]
        for axis in figure.axes:
            assert axis.get_xlabel() == "Variability"
            assert axis.get_xlim() == pytest.approx((0, 0.5), abs=0.02)
            assert axis.get_ylim() == pytest.approx((0, 1), abs=0.03)

    @pytest.mark.parametrize(("panels", "width"), [(1, 3.3), (2, 6.9), (3, 6.9), (4, 6.9), (5, 6.9)])
    def test_widths_are_those_of_the_printed_page(self, panels: int, width: float) -> None:
        figure = draw_data_maps([DataMapPanel("A", data_map(20))] * panels)
        assert figure.get_figwidth() == width
        assert len(figure.axes) == panels

    def test_color_and_marker_tell_correctness_apart(self) -> None:
        tenths = np.arange(11) / 10
        frame = pd.DataFrame({"confidence": tenths, "variability": 0.1, "correctness": tenths})
        (axis,) = draw_data_maps([DataMapPanel("A", frame)]).axes
        groups = {}
        for artist in points(axis):
            correctness = tuple(np.asarray(artist.get_offsets())[:, 1])
            groups[correctness] = (
                str(artist.get_facecolor()[0]),
                np.asarray(artist.get_paths()[0].vertices).tobytes(),
            )
        assert set(groups) == {(0.0,), (0.1, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.8), (0.9, 1.0)}
        assert len({color for color, _ in groups.values()}) == 6
        assert len({marker for _, marker in groups.values()}) == 6

    def test_low_cor_is_outlined_up_to_and_at_the_threshold_and_its_share_is_told(self) -> None:
        frame = pd.DataFrame({"confidence": 0.3, "variability": 0.1, "correctness": [0.0, 0.2, 0.3, 1.0]})
        figure = draw_data_maps([DataMapPanel("A", frame, threshold=0.2), DataMapPanel("B", frame)])
        with_threshold, without = figure.axes
        assert sum(len(artist.get_edgecolor()) > 0 for artist in points(with_threshold)) == 2
        assert sum(len(artist.get_edgecolor()) > 0 for artist in points(without)) == 0
        assert [text.get_text() for text in with_threshold.texts] == ["low-cor: 50.0%"]
        assert not without.texts
        assert legend_labels(figure)[-1] == "low-cor (≤ 0.2)"

    def test_legend_names_every_correctness_even_if_absent(self) -> None:
        frame = pd.DataFrame({"confidence": [0.9], "variability": [0.0], "correctness": [1.0]})
        figure = draw_data_maps([DataMapPanel("A", frame)])
        expected = ["0", "(0, 0.2]", "(0.2, 0.4]", "(0.4, 0.6]", "(0.6, 0.8]", "(0.8, 1]"]
        assert legend_labels(figure) == expected
        assert figure.legends[0].get_title().get_text() == "Correctness"

    def test_a_map_of_120000_instances_is_small(self, tmp_path: Path) -> None:
        figure = draw_data_maps([DataMapPanel("AG News", data_map(120_000)), DataMapPanel("TREC", data_map(5_452))])
        pdf, png = saved(figure, tmp_path)
        assert len(pdf) < 1_000_000
        assert len(png) < 1_000_000

    def test_no_instances(self, tmp_path: Path) -> None:
        empty = data_map(1).iloc[:0]
        saved(draw_data_maps([DataMapPanel("A", empty, 0.2)]), tmp_path)
        saved(draw_density(DataMapPanel("A", empty)), tmp_path)


class TestEveryFigure:
    @pytest.mark.parametrize("draw", [draw_data_maps, plot_learning_curves, plot_batch_statistics])
    def test_nothing_to_draw_is_an_error(self, draw: Callable[[list[object]], Figure]) -> None:
        with pytest.raises(ValueError, match="no panels"):
            draw([])

    def test_same_bytes_every_time_whatever_the_user_s_settings(self, drawn: Drawn, tmp_path: Path) -> None:
        assert saved(drawn.figure, tmp_path) == (drawn.pdf, drawn.png)
        with mpl.rc_context({"font.size": 20, "axes.grid": False, "lines.linewidth": 9, "pdf.fonttype": 3}):
            assert saved(drawn.draw(AWKWARD), tmp_path) == (drawn.pdf, drawn.png)
            assert mpl.rcParams["font.size"] == 20

    def test_files_tell_neither_time_nor_program(self, drawn: Drawn) -> None:
        for word in (b"CreationDate", b"ModDate", b"Producer", b"Creator"):
            assert word not in drawn.pdf
        for chunk in (b"tEXt", b"iTXt", b"tIME"):
            assert chunk not in drawn.png

    def test_fonts_are_embedded_as_truetype(self, drawn: Drawn) -> None:
        assert b"DejaVuSans" in drawn.pdf
        assert b"/FontFile2" in drawn.pdf
        assert b"/Type3" not in drawn.pdf

    def test_png_has_the_printed_size_at_200_dpi(self, drawn: Drawn) -> None:
        assert int.from_bytes(drawn.png[16:20], "big") == round(200 * drawn.figure.get_figwidth())

    def test_nothing_is_drawn_outside_the_page(self, drawn: Drawn) -> None:
        box = drawn.figure.get_tightbbox()
        width, height = drawn.figure.get_size_inches()
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= width
        assert box.y1 <= height

    def test_a_legend_covers_no_axis(self, drawn: Drawn) -> None:
        (legend,) = drawn.figure.legends
        for axis in drawn.figure.axes:
            box = axis.get_tightbbox()
            assert box is not None
            assert box.y0 >= legend.get_window_extent().y1

    def test_exhausted_pools_are_named_in_their_panels(self, tmp_path: Path) -> None:
        curve_figure = plot_learning_curves(
            [CurvePanel("A", curves(2, 6), exhausted_at=6), CurvePanel("B", curves(2, 6))]
        )
        batch_figure = plot_batch_statistics([BatchPanel("B", batches(1, 2)), BatchPanel("A", batches(1, 2), None, 6)])
        for figure, positions in ((curve_figure, [0]), (batch_figure, [3])):
            labels = [" ".join((axis.get_xlabel() + axis.get_ylabel()).split()) for axis in figure.axes]
            assert [n for n, label in enumerate(labels) if "pool exhausted at iteration 6" in label] == positions
            saved(figure, tmp_path)

    def test_titles_are_shown_literally(self, drawn: Drawn) -> None:
        assert any(AWKWARD in axis.get_title() + axis.get_ylabel() for axis in drawn.figure.axes)
        assert not any(axis.title.get_parse_math() for axis in drawn.figure.axes)

    def test_undrawable_titles_raise_no_warning(self, drawn: Drawn, tmp_path: Path) -> None:
        saved(drawn.draw("新 😀 🫠 \U0010ffff \ud800"), tmp_path)

    @pytest.mark.parametrize("title", ["$", "$unclosed \\", "", "_hidden", "a\nb\tc\r\x00\u200bd", "long " * 5_000])
    def test_odd_titles_in_every_place(self, title: str, tmp_path: Path) -> None:
        saved(draw_data_maps([DataMapPanel(title, data_map(9))]), tmp_path)
        saved(plot_batch_statistics([BatchPanel(title, batches(1, 2))]), tmp_path)

    def test_what_cannot_be_drawn_is_marked(self) -> None:
        figure = plot_learning_curves([CurvePanel("a\n b 新 c\x00", curves(1, 2))])
        assert figure.axes[0].get_title() == "a b \N{REPLACEMENT CHARACTER} c"

    def test_a_long_title_is_shortened_to_its_panel(self) -> None:
        figure = draw_data_maps([DataMapPanel("W" * 99, data_map(9)), DataMapPanel("long " * 9, data_map(9))])
        left, right = (axis.title.get_window_extent() for axis in figure.axes)
        assert left.x1 < right.x0
        assert left.x0 >= 0
        assert right.x1 <= figure.bbox.x1
        assert figure.axes[0].get_title().endswith("W… (9 instances)")

    def test_a_user_s_own_strategies_are_in_the_legend(self, tmp_path: Path) -> None:
        figure = plot_learning_curves(
            [CurvePanel("A", curves(1, 4, ("cal", "_$mine$", "my_margin", "cal-threshold-0.4")))]
        )
        assert legend_labels(figure) == ["CAL", "CAL (t=0.4)", "$mine$", "My margin"]
        saved(figure, tmp_path)

    def test_bytes_do_not_depend_on_the_process(self, tmp_path: Path) -> None:
        program = (
            "import sys, pandas as pd\n"
            "from cartography_al.figures.figure1 import DataMapPanel\n"
            "from cartography_al.figures.figure5 import draw_density\n"
            "from cartography_al.figures.style import save_figure\n"
            "frame = pd.DataFrame({'confidence': [0.2, 0.9], 'variability': [0.1, 0.2], 'correctness': [0.0, 1.0]})\n"
            "save_figure(draw_density(DataMapPanel('TREC', frame)), sys.argv[1] + '.pdf', sys.argv[1] + '.png')\n"
        )
        for name in ("1", "2"):
            environment = os.environ | {"PYTHONHASHSEED": name, "PYTHONPATH": os.pathsep.join(sys.path)}
            subprocess.run([sys.executable, "-c", program, str(tmp_path / name)], check=True, env=environment)
        for suffix in (".pdf", ".png"):
            assert (tmp_path / f"1{suffix}").read_bytes() == (tmp_path / f"2{suffix}").read_bytes()

    def test_a_failed_save_leaves_no_file(self, tmp_path: Path) -> None:
        figure = draw_data_maps([DataMapPanel("A", data_map(9))])
        (tmp_path / "folder.png").mkdir()
        with pytest.raises(IsADirectoryError):
            save_figure(figure, tmp_path / "figure.pdf", tmp_path / "folder.png")
        assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]
