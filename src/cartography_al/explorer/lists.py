"""Columns and code that the sections of the page share."""

from pathlib import Path

from bokeh.models import NumberFormatter, StringFormatter, TableColumn


def words(field: str, title: str, width: int) -> TableColumn:
    """A column of names or texts, shown as they are."""
    return TableColumn(field=field, title=title, width=width, formatter=StringFormatter())


def number(field: str, title: str, width: int, digits: int = 3) -> TableColumn:
    """A column of numbers."""
    return TableColumn(field=field, title=title, width=width, formatter=NumberFormatter(format=f"0.{'0' * digits}"))


def whole(field: str, title: str, width: int) -> TableColumn:
    """A column of integers, such as ids."""
    return TableColumn(field=field, title=title, width=width, formatter=NumberFormatter(format="0"))


def code(name: str) -> str:
    """What the browser runs where the library has no part for it: a file of the folder `browser`."""
    return (Path(__file__).parent / "browser" / f"{name}.js").read_text(encoding="utf-8")
