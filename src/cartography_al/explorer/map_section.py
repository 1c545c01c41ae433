"""The data map with its filters, the text under the pointer, and the list of what is drawn."""

from bokeh.models import (
    Button,
    CDSView,
    ColumnDataSource,
    CustomJS,
    CustomJSFilter,
    DataTable,
    Div,
    Filter,
    GroupFilter,
    HoverTool,
    IntersectionFilter,
    Legend,
    LegendItem,
    Model,
    Select,
    TapTool,
    TextInput,
    UnionFilter,
)
from bokeh.transform import factor_cmap, factor_mark

from cartography_al.explorer.content import CORRECTNESS_LEVELS, Content
from cartography_al.explorer.lists import code, number, whole, words
from cartography_al.explorer.look import LEVEL_COLORS, LEVEL_MARKERS, TEXT_CSS, class_look, empty_figure

ALL = "-all-"


def point_source(content: Content) -> ColumnDataSource:
    """The texts shown, for every part of the page: the file holds them once."""
    columns = {name: column.to_numpy() for name, column in content.points.items()}
    # Names and texts as lists: an array of objects is no array for the browser.
    return ColumnDataSource(
        {name: column.tolist() if column.dtype == object else column for name, column in columns.items()},
        name="points",
    )


def chosen_text(source: ColumnDataSource, name: str, hint: str) -> Div:
    """Where the chosen text is shown whole, with its numbers; the hint stands there before one is chosen."""
    shown = Div(text=hint, render_as_text=True, disable_math=True, stylesheets=[TEXT_CSS], name=name)
    shown.sizing_mode = "stretch_width"
    source.selected.js_on_change("indices", CustomJS(args={"source": source, "shown": shown}, code=code("text")))
    return shown


def hover(content: Content) -> HoverTool:
    """What a point says under the pointer, at most three of them: long texts are cut off, a click shows them whole."""
    text = "<div style='max-height:110px;overflow:hidden;white-space:pre-wrap;overflow-wrap:anywhere;" + (
        "unicode-bidi:plaintext'>@text</div>" if content.has_texts else "'></div>"
    )
    return HoverTool(
        tooltips=(
            "<div style='width:400px;font-size:13px;color:#111;margin:2px 0 6px'>"
            "<b>@label</b>, predicted @prediction<br>"
            "confidence @confidence{0.000}, variability @variability{0.000}, correctness @correctness{0.00}, "
            f"text @instance_id{text}</div>"
        ),
        limit=3,
        point_policy="follow_mouse",
    )


def map_section(content: Content, source: ColumnDataSource) -> dict[str, Model]:
    """The parts of the section, by the id of their place on the page."""
    color = _select("Color", [("level", "correctness"), ("class", "class")], "color")
    label = _select("Class", [(ALL, "all"), *((str(i), name) for i, name in enumerate(content.classes))], "of-class")
    region = _select(
        "Region",
        [
            (ALL, "all"),
            ("easy", "easy: the third with the highest confidence"),
            ("ambiguous", "ambiguous: the third with the highest variability"),
            ("hard", "hard to learn: the third with the lowest confidence"),
        ],
        "region",
    )
    filters: list[Filter] = [
        _one_of(label, "class", on_all="every"),
        _one_of(region, "third", "spread", on_all="every"),
    ]
    source.data["every"] = [ALL] * len(content.points)
    parts: dict[str, Model] = {"map-color": color, "map-class": label, "map-region": region}
    if content.has_texts:
        search = TextInput(title="Text contains (Enter)", name="search", sizing_mode="stretch_width")
        found = CustomJSFilter(args={"search": search}, code=code("search"))
        search.js_on_change("value", CustomJS(args={"filter": found}, code="filter.change.emit()"))
        filters.append(found)
        parts["map-search"] = search
    view = CDSView(filter=IntersectionFilter(operands=filters))
    total = len(content.points)
    count = Div(text=f"{total:,} of {total:,} texts drawn", render_as_text=True, name="count")
    for place in ("map-class", "map-region", "map-search"):
        if place in parts:  # after the filters' own callbacks, so that the view has been made anew
            parts[place].js_on_change("value", CustomJS(args={"count": count, "view": view}, code=code("count")))
    for place, label, step in (("map-previous", "Previous text", -1), ("map-next", "Next text", 1)):
        parts[place] = button = Button(label=label, sizing_mode="stretch_width", name=place)
        arguments = {"source": source, "view": view, "step": step, "button": button}
        button.js_on_click(CustomJS(args=arguments, code=code("step")))
    hint = "Click a point or a row of the list, or go on with the buttons: the whole text is shown here."
    return parts | {
        "map-count": count,
        "map-text": chosen_text(source, "text", hint),
        "map-figure": _map(content, source, view, color),
        "map-list": _list(content, source, view),
    }


def _select(title: str, options: list[tuple[str, str]], name: str) -> Select:
    return Select(title=title, options=options, value=options[0][0], name=name, sizing_mode="stretch_width")


def _one_of(select: Select, *columns: str, on_all: str) -> UnionFilter:
    """Lets pass what has the chosen value in one of the columns; the column `on_all` holds the value ALL everywhere."""
    groups = [GroupFilter(column_name=column, group=ALL) for column in (*columns, on_all)]
    for group in groups:
        select.js_link("value", group, "group")
    return UnionFilter(operands=groups)


def _map(content: Content, source: ColumnDataSource, view: CDSView, color: Select) -> Model:
    drawn = empty_figure(
        height=460,
        tools="pan,wheel_zoom,box_zoom,reset",
        x_axis_label="Variability",
        y_axis_label="Confidence",
        x_range=(-0.01, max(0.5, float(content.points["variability"].max())) + 0.01),
        y_range=(-0.02, 1.02),
        name="map",
    )
    levels = [str(level) for level in range(len(CORRECTNESS_LEVELS))]
    classes = [str(position) for position in range(len(content.classes))]
    class_looks = [class_look(position) for position in range(len(classes))]
    for column, factors, titles, colors, markers in (
        ("level", levels, CORRECTNESS_LEVELS, list(LEVEL_COLORS), list(LEVEL_MARKERS)),
        ("class", classes, content.classes, [look[0] for look in class_looks], [look[1] for look in class_looks]),
    ):
        points = drawn.scatter(
            "variability",
            "confidence",
            source=source,
            view=view,
            size=7 if len(content.points) < 20_000 else 5,
            color=factor_cmap(column, colors, factors),
            marker=factor_mark(column, markers, factors),
            line_color=None,
            fill_alpha=0.8,
            nonselection_fill_alpha=0.8,
            selection_line_color="#000000",
            selection_line_width=3,
            visible=column == "level",
            name=column,
        )
        # What a legend shows is drawn once, outside the map's range, so that its look needs no point of that kind.
        items = [
            LegendItem(label=_plain(title), renderers=[drawn.scatter([-9], [-9], size=10, color=shade, marker=mark)])
            for title, shade, mark in zip(titles, colors, markers, strict=True)
        ]
        heading = {"level": "Correctness", "class": "Class"}[column]
        legend = Legend(items=items, title=heading, visible=column == "level", title_text_font_style="normal")
        legend.label_text_font_size = legend.title_text_font_size = "13px"
        drawn.add_layout(legend, "right")
        shown = CustomJS(args={"points": points, "legend": legend, "column": column}, code=code("color"))
        color.js_on_change("value", shown)
    drawn.add_tools(hover(content), TapTool())
    drawn.toolbar.active_inspect = "auto"
    for tool in drawn.select(type=(HoverTool, TapTool)):
        tool.renderers = drawn.select(name="level") + drawn.select(name="class")
    return drawn


def _plain(name: str) -> dict[str, str]:
    """A name as a legend shows it; never as a formula, and not endless."""
    return {"value": name if len(name) <= 30 else name[:29] + "…"}


def _list(content: Content, source: ColumnDataSource, view: CDSView) -> DataTable:
    columns = [
        whole("instance_id", "Text", 60),
        words("label", "Label", 95),
        words("prediction", "Predicted", 95),
        number("confidence", "Confidence", 90),
        number("variability", "Variability", 90),
        number("correctness", "Correctness", 90),
    ]
    if content.has_texts:
        columns.append(words("text", "What it says", 400))
    return DataTable(
        source=source,
        view=view,
        columns=columns,
        height=230,
        index_position=None,
        reorderable=False,
        scroll_to_selection=False,
        sizing_mode="stretch_width",
        name="list",
    )
