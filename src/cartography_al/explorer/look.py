"""Colors, markers and style sheets of the explorer. All colors are Okabe and Ito's, or fall in lightness."""

from typing import Any

from bokeh.plotting import figure

CLASS_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000")
CLASS_MARKERS = ("circle", "triangle", "square", "diamond", "inverted_triangle", "hex", "star")
"""The nth class has the nth color and marker; past the last, the markers go on one further for each round of colors."""
LEVEL_COLORS = ("#FCA537", "#ED7953", "#D4516F", "#B12A90", "#7E03A8", "#1F0C84")
LEVEL_MARKERS = ("inverted_triangle", "square", "triangle", "diamond", "hex", "circle")
"""Correctness, as in the figures: the lightness falls steadily."""
EARLIER, BATCH = "#0072B2", "#D55E00"
STARTED = "#4D4D4D"
FIRST, SECOND = "#0072B2", "#D55E00"
"""The learning curves of the two strategies that are compared."""
DENSITY = ("#F3F3F3", "#EAEAEA", "#E0E0E0", "#D6D6D6", "#CCCCCC", "#C2C2C2", "#B8B8B8")

TEXT_CSS = """
.bk-clearfix { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; font-size: 15px;
  line-height: 1.45; color: #111; max-height: 260px; overflow: auto; }
"""
"""Of a text: as it is, each line in its own direction; a long one can be scrolled."""

PAGE_CSS = """
:root { color-scheme: light; }
body { font: 16px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #111; background: #fff; margin: 0 auto;
  max-width: 1400px; padding: 0 20px 40px; }
h1 { font-size: 1.5rem; margin: 14px 0 2px; } h2 { font-size: 1.2rem; margin: 18px 0 4px;
  border-top: 1px solid #bbb; padding-top: 8px; }
p { margin: 4px 0 10px; max-width: 75em; } .note { color: #444; }
h1 .note { font-size: 1rem; font-weight: normal; margin-left: 8px; }
.map { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(300px, 1fr); gap: 16px; }
.controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; }
.steps { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
.warning { background: #FFF4D6; border-left: 4px solid #8C6D31; padding: 6px 10px; }
a.skip { position: absolute; left: -9999px; } a.skip:focus { left: 8px; top: 8px; background: #fff; padding: 6px; }
@media (max-width: 900px) { .map, .pair { grid-template-columns: minmax(0, 1fr); } }
"""


def empty_figure(**options: Any) -> Any:
    """A bokeh figure without data, in the explorer's style, as wide as its place on the page."""
    drawn = figure(
        sizing_mode="stretch_width",
        toolbar_location="above",
        active_scroll=None,
        **options,
    )
    drawn.toolbar.logo = None
    drawn.axis.axis_label_text_font_style = "normal"
    drawn.title.text_font_size = "15px"
    drawn.axis.axis_label_text_font_size = "14px"
    drawn.axis.major_label_text_font_size = "13px"
    drawn.axis.axis_label_text_color = drawn.axis.major_label_text_color = "#222222"
    drawn.grid.grid_line_color = "#E4E4E4"
    return drawn


def class_look(position: int) -> tuple[str, str]:
    """Color and marker of a class."""
    round_number = position // len(CLASS_COLORS)
    return CLASS_COLORS[position % len(CLASS_COLORS)], CLASS_MARKERS[(position + round_number) % len(CLASS_MARKERS)]
