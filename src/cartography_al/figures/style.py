"""The one style of all figures, text that fits and files that are saved. Not for any one figure.

Every figure is drawn at its printed size (one column 3.3 in, two columns 6.9 in), through matplotlib's object
interface, so no global state is read or left behind. Text that comes from a user is shown as it is.
"""

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any

import matplotlib.style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

from cartography_al.files import atomic_path

ONE_COLUMN = 3.3
TWO_COLUMNS = 6.9
"""Widths of the printed page, in inches."""
STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7.5,
    "legend.title_fontsize": 7.5,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
    "legend.borderpad": 0.2,
    "legend.labelspacing": 0.35,
    "axes.titlepad": 4,
    "axes.labelpad": 2.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#444444",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.4,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "lines.solid_capstyle": "round",
    "text.parse_math": False,  # a `$` in a data set's title is a dollar sign
    "figure.dpi": 200,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.constrained_layout.h_pad": 0.03,
    "pdf.fonttype": 42,
}
"""Where the look differs from matplotlib's own defaults; a user's matplotlibrc has no say."""
_RASTER_DPI = 240


def save_figure(figure: Figure, pdf_path: str | os.PathLike[str], png_path: str | os.PathLike[str]) -> None:
    """Write a figure as PDF (fonts embedded as TrueType) and as PNG (200 dpi), both atomically.

    The bytes depend on the figure alone: no date, no path and no program name is written.
    """
    no_metadata = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}
    # Drawn in memory first: on a full disk, matplotlib's own cleaning up would hide the reason.
    drawn_pdf, drawn_png = BytesIO(), BytesIO()
    with drawing_style():
        figure.savefig(drawn_pdf, format="pdf", dpi=_RASTER_DPI, metadata=no_metadata)
        figure.savefig(drawn_png, format="png", dpi=200, metadata={"Software": None})
    with atomic_path(pdf_path) as pdf:
        pdf.write_bytes(drawn_pdf.getvalue())
        with atomic_path(png_path) as png:
            png.write_bytes(drawn_png.getvalue())


@contextmanager
def drawing_style() -> Iterator[None]:
    """The style in which every figure is drawn."""
    with matplotlib.style.context(["default", STYLE]):
        yield


def shown_text(text: str, inches: float, points: float = STYLE["axes.titlesize"]) -> str:
    """A user's text as a figure can show it: on one line, in characters that the font has, shortened to a width."""
    drawable = _font().get_charmap()
    line = "".join(char if ord(char) in drawable else "\N{REPLACEMENT CHARACTER}" for char in _visible(text))
    if len(line) <= 200 and text_inches(line, points) <= inches:
        return line
    kept = next(
        (n for n in range(min(len(line), 200), 0, -1) if text_inches(line[:n].rstrip() + "…", points) <= inches), 0
    )
    return line[:kept].rstrip() + "…"


def is_drawable(text: str) -> bool:
    """Whether the figures' font has every character of a text."""
    return {ord(char) for char in _visible(text)} <= _font().get_charmap().keys()


def _visible(text: str) -> list[str]:
    return [char for char in " ".join(text.split()) if unicodedata.category(char) not in ("Cc", "Cf")]


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    return FT2Font(findfont(FontProperties(family="DejaVu Sans")))


def text_inches(line: str, points: float) -> float:
    """Width of a line of drawable text in a font size."""
    font = _font()
    font.set_size(points, 72)
    font.set_text(line)
    return float(font.get_width_height()[0]) / 64 / 72
