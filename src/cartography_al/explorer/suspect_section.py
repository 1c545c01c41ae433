"""The suspects: hard-to-learn texts in order, as a list and as a CSV file."""

from bokeh.models import Button, CDSView, ColumnDataSource, CustomJS, DataTable, GroupFilter, Model

from cartography_al.explorer.content import Content
from cartography_al.explorer.lists import code, number, whole, words
from cartography_al.explorer.map_section import chosen_text

CSV_COLUMNS = ("instance_id", "text", "label", "prediction", "confidence", "correctness")


def suspect_section(content: Content, points: ColumnDataSource, file_name: str) -> dict[str, Model]:
    """The parts of the section, by the id of their place on the page.

    points: of map_section.point_source.   file_name: of the CSV file, as the browser saves it.
    """
    view = CDSView(filter=GroupFilter(column_name="third", group="hard"))
    columns = [
        whole("rank", "Rank", 50),
        whole("instance_id", "Text", 60),
        words("label", "Label", 100),
        words("prediction", "Predicted", 100),
        number("confidence", "Confidence", 90),
        number("correctness", "Correctness", 90),
    ]
    if content.has_texts:
        columns.append(words("text", "What it says", 400))
    table = DataTable(
        source=points,
        view=view,
        columns=columns,
        height=330,
        index_position=None,
        reorderable=False,
        scroll_to_selection=False,
        sizing_mode="stretch_width",
        name="suspects",
    )
    save = Button(label="Save the suspects as CSV", name="save", width=240)
    arguments = {"source": points, "view": view, "columns": list(CSV_COLUMNS), "file": file_name}
    save.js_on_click(CustomJS(args=arguments, code=code("csv")))
    text = chosen_text(points, "suspect-text", "Click a row: the whole text is shown here.")
    return {"suspects": table, "save": save, "suspect-text": text}
