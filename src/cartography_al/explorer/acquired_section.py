"""What two strategies acquire, side by side: on the map, as lists and as learning curves, iteration by iteration."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import (
    CDSView,
    ColumnDataSource,
    CustomJS,
    DataTable,
    Div,
    GroupFilter,
    HoverTool,
    LinearColorMapper,
    Model,
    Select,
    Slider,
    Span,
)
from bokeh.transform import factor_cmap, factor_mark

from cartography_al.explorer.content import Content
from cartography_al.explorer.lists import code, number, whole, words
from cartography_al.explorer.look import BATCH, DENSITY, EARLIER, FIRST, SECOND, STARTED, empty_figure
from cartography_al.explorer.map_section import chosen_text, hover
from cartography_al.naming import strategy_title

STATES = ("before", "now")
STATE_TITLES = {"before": "acquired before", "now": "acquired in this iteration"}
_OF_POINTS = ("instance_id", "label", "prediction", "confidence", "variability", "correctness", "text")


def acquired_section(content: Content, points: ColumnDataSource) -> tuple[dict[str, Model], CustomJS]:
    """The parts of the section, by the id of their place on the page, and what fills them.

    points: of map_section.point_source.
    """
    titles = [strategy_title(name) for name in content.strategies]
    last = int(content.accuracies["iteration"].max())
    options: list[tuple[str, str]] = [(str(position), title) for position, title in enumerate(titles)]
    left, right = _first_two(content)
    first = Select(title="Left strategy", options=options, value=str(left), name="first")
    second = Select(title="Right strategy", options=options, value=str(right), name="second")
    seeds: list[tuple[str, str]] = [(str(position), str(value)) for position, value in enumerate(content.seeds)]
    seed = Select(title="Seed", options=seeds, value="0", name="seed")
    slider = Slider(title="Iteration", start=0, end=max(last, 1), value=min(last, 5), step=1, name="iteration")
    overlap = Div(text="", render_as_text=True, name="overlap", sizing_mode="stretch_width")
    columns = [name for name in _OF_POINTS if name in content.points]
    targets = [
        ColumnDataSource({name: [] for name in (*columns, "row", "iteration", "state", "shared")}) for _ in range(2)
    ]
    started = ColumnDataSource({name: [] for name in columns})
    curves = [ColumnDataSource({"iteration": [], "labelled": [], "test_accuracy": []}) for _ in range(2)]
    sides = ("left", "right")
    shown_first = (titles[left], titles[right])  # a heading that is empty at first gets no room
    maps = [
        _map(content, target, started, side, heading)
        for side, target, heading in zip(sides, targets, shown_first, strict=True)
    ]
    learning = _curves(content, curves, slider)
    update = CustomJS(
        args={
            "first": first,
            "second": second,
            "seed": seed,
            "slider": slider,
            "seeds": len(content.seeds),
            "acquisitions": _source(content.acquisitions, "acquisitions"),
            "seedSets": _source(content.seed_sets, "seed-sets"),
            "accuracies": _source(content.accuracies, "accuracies"),
            "points": points,
            "targets": targets,
            "started": started,
            "curves": curves,
            "columns": columns,
            "overlap": overlap,
            # Named after their strategy: on a narrow screen there is no left and right.
            "headings": [drawn.title for drawn in maps],
            "entries": learning.legend[0].items[-2:],
        },
        code=code("acquired"),
    )
    parts: dict[str, Model] = {"first": first, "second": second, "seed": seed, "iteration": slider, "overlap": overlap}
    for widget in (first, second, seed, slider):
        widget.sizing_mode = "stretch_width"
        widget.js_on_change("value", update)
    for side, drawn, target in zip(sides, maps, targets, strict=True):
        parts[f"{side}-map"] = drawn
        parts[f"{side}-batch"] = _batch(content, target, side)
        choose = CustomJS(args={"points": points, "target": target}, code=code("choose"))
        target.selected.js_on_change("indices", choose)
    parts["batch-text"] = chosen_text(points, "batch-text", "Click a row: the whole text is shown here.")
    return parts | {"curves": learning}, update


def _first_two(content: Content) -> tuple[int, int]:
    """The strategies that are shown first: cal and random, if they were run."""
    names = content.strategies
    left = names.index("cal") if "cal" in names else len(names) - 1
    return left, names.index("random") if "random" in names else 0


def _source(frame: pd.DataFrame, name: str) -> ColumnDataSource:
    columns = {
        column: values.to_numpy().astype(np.float64 if values.dtype.kind == "f" else np.int32)
        for column, values in frame.items()
    }
    return ColumnDataSource(columns, name=name)


def _map(content: Content, target: ColumnDataSource, started: ColumnDataSource, side: str, heading: str) -> Any:
    drawn = empty_figure(
        title=heading,
        height=430,
        tools="pan,wheel_zoom,box_zoom,reset",
        x_axis_label="Variability",
        y_axis_label="Confidence",
        x_range=(0, 0.5),
        y_range=(0, 1),
        name=f"{side}-map",
    )
    shade = np.log1p(content.density).astype(np.float32)
    shade[content.density == 0] = np.nan
    grays = LinearColorMapper(DENSITY, nan_color="#FFFFFF")
    drawn.image([shade], x=0, y=0, dw=0.5, dh=1, level="image", color_mapper=grays)
    drawn.scatter(
        "variability",
        "confidence",
        source=started,
        marker="x",
        size=6,
        color=STARTED,
        legend_label="seed set, where both started",
        name="started",
    )
    for state, size in (("before", 6), ("now", 10)):
        points = drawn.scatter(
            "variability",
            "confidence",
            source=target,
            view=CDSView(filter=GroupFilter(column_name="state", group=state)),
            size=size,
            color=factor_cmap("state", [EARLIER, BATCH], STATES),
            marker=factor_mark("state", ["circle", "triangle"], STATES),
            line_color="#FFFFFF",
            line_width=0.5,
            legend_label=STATE_TITLES[state],
            name=state,
        )
        points.nonselection_glyph = None
    drawn.scatter(
        "variability",
        "confidence",
        source=target,
        view=CDSView(filter=GroupFilter(column_name="shared", group="yes")),
        size=12,
        fill_color=None,
        line_color="#000000",
        line_width=1.2,
        legend_label="by both so far",
        name="shared",
    )
    drawn.legend.location = "bottom_right"
    drawn.legend.label_text_font_size = "13px"
    drawn.legend.background_fill_alpha = 0.85
    hovering: HoverTool = hover(content)
    hovering.renderers = [renderer for name in ("started", *STATES) for renderer in drawn.select(name=name)]
    drawn.add_tools(hovering)
    return drawn


def _batch(content: Content, target: ColumnDataSource, side: str) -> DataTable:
    columns = [
        whole("instance_id", "Text", 60),
        words("label", "Label", 90),
        words("shared", "By both", 60),
        number("confidence", "Confidence", 85),
    ]
    if content.has_texts:
        columns.insert(3, words("text", "What it says", 330))
    return DataTable(
        source=target,
        view=CDSView(filter=GroupFilter(column_name="state", group="now")),
        columns=columns,
        height=260,
        index_position=None,
        reorderable=False,
        scroll_to_selection=False,
        sizing_mode="stretch_width",
        name=f"{side}-batch",
    )


def _curves(content: Content, curves: list[ColumnDataSource], slider: Slider) -> Any:
    last = max(int(content.accuracies["iteration"].max()), 1)
    drawn = empty_figure(
        height=280,
        tools="pan,box_zoom,reset",
        x_axis_label="Iteration",
        y_axis_label="Test accuracy",
        x_range=(-0.3, last + 0.3),
        name="curves",
    )
    drawn.xaxis.ticker.min_interval = 1
    drawn.xaxis.ticker.num_minor_ticks = 0
    if content.full_accuracy is not None:
        drawn.line(
            [-0.3, last + 0.3], [content.full_accuracy] * 2, color="#555555", line_dash="dotted", line_width=2,
            legend_label="trained on all texts",
        )  # fmt: skip
    looks = (("left strategy", FIRST, "solid", "circle"), ("right strategy", SECOND, "dashed", "square"))
    points = []
    for source, (title, color, dash, marker) in zip(curves, looks, strict=True):
        of_source: dict[str, Any] = {
            "x": "iteration",
            "y": "test_accuracy",
            "source": source,
            "color": color,
            "legend_label": title,
        }
        drawn.line(**of_source, line_dash=dash, line_width=2)
        points.append(drawn.scatter(**of_source, marker=marker, size=7))
    at = Span(location=slider.value, dimension="height", line_color="#000000", line_width=1.5)
    slider.js_link("value", at, "location")
    drawn.add_layout(at)
    shown = [("iteration", "@iteration"), ("labelled", "@labelled"), ("test accuracy", "@test_accuracy{0.000}")]
    drawn.add_tools(HoverTool(tooltips=shown, renderers=points))
    drawn.add_layout(drawn.legend[0], "right")
    drawn.legend.label_text_font_size = "13px"
    return drawn
