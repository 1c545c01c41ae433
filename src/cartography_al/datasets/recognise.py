"""What a local file is, by its first bytes and lines: packed, encoded, its format, its delimiter. Not for its rows."""

import csv
import gzip
import io
import re
import zlib
from pathlib import Path

from cartography_al.errors import DataError

FORMATS = ("csv", "jsonl", "lines", "parquet", "text", "trec")
"""lines: "label text" in each line. text: a text in each line, of files that hold one class each."""

TREC_LINE = re.compile(r"([A-Z]+):(\S+)(.*)", re.DOTALL)
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save the sheet as CSV (UTF-8)",
    b"BZh": "compressed by bzip2; unpack it, or use gzip",
    b"\xfd7zXZ\0": "compressed by xz; unpack it, or use gzip",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; unpack it, or use gzip",
}
_BYTE_ORDER_MARKS = {  # the longer ones first: UTF-32's begins as UTF-16's
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_C1 = re.compile("[\x80-\x9f]")
_HEAD = 4096  # bytes, or characters, that are looked at
_LOOKED_AT = 20  # records by which a delimiter is judged


def unpack(path: Path, content: bytes) -> bytes:
    """The content, without gzip's compression if it has it.

    Raises: DataError for a damaged gzip file, and for files that hold no text at all, such as workbooks.
    """
    if content.startswith(b"\x1f\x8b"):
        try:
            return gzip.decompress(content)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{path}: the gzip file is truncated or damaged ({error}); get it again") from None
    for mark, what in _ARCHIVES.items():
        if content.startswith(mark):
            raise DataError(f"{path}: this is {what}")
    return content


def decode(path: Path, content: bytes, encoding: str, key: str, control_characters: bool = False) -> str:
    """The text of a file. A byte-order mark, or UTF-16 without one, is seen and wins over `encoding`.

    key: of the configuration, where the encoding is set. control_characters: take latin-1's 0x80 to 0x9F as they are.
    Raises: DataError, naming line, byte and the likely encoding.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = marked or _utf_16_without_mark(content) or encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"{path}, line {line}" if encoding[:6] not in ("utf-16", "utf-32") else str(path)
        byte = f"byte 0x{content[error.start]:02X} is not {encoding.removesuffix('-sig')}"
        other = "utf-8" if encoding not in ("utf-8", "utf-8-sig") else "cp1252"
        also = " (Windows' Western encoding)" if other == "cp1252" else ""
        raise DataError(f"{where}: {byte}; if the file is in {other}{also}, set {key} to {other}") from None
    if encoding == "latin-1" and not control_characters and (found := _C1.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        other = "utf-8" if _is_utf_8(content) else "cp1252"
        raise DataError(
            f"{path}, line {line}: byte 0x{ord(found[0]):02X} is a control character in latin-1; the file is rather "
            f"in {other}: set {key} to {other}"
        )
    return text


def recognise_format(path: Path, content: bytes, text: str | None = None) -> str:
    """The format of a file of which none is configured: csv, unless its beginning says something else.

    content: unpacked. text: the same decoded, None for what holds no text. A file whose lines are "label text" with a
    space between looks like prose, so it is never taken for that.
    """
    if content.startswith(b"PAR1"):
        return "parquet"
    lines = [line for line in re.split(r"\r\n|\r|\n", (text or "")[:_HEAD]) if line.strip()]
    if lines and lines[0].lstrip()[:1] in ("{", "["):
        return "jsonl"
    if lines and all(TREC_LINE.fullmatch(line) for line in lines[:_LOOKED_AT][:-1] or lines):  # the last may be cut
        return "trec"
    return "csv"


def recognise_delimiter(text: str, columns: tuple[str | int, str | int], header: bool) -> str:
    r"""The delimiter of a csv file: a tab, comma, semicolon or bar, whichever gives the configured columns.

    With names in the first line, it is the one that separates out both. Without, the one by which all of the first
    records have as many fields, and enough of them; of two such, the one that comes first in the list above.
    A comma if none does: the reader then says what is wrong.
    """
    fitting = []
    for delimiter in "\t,;|":
        records = first_records(text, delimiter)
        if not records:
            continue
        first = [name.strip() for name in records[0]]
        even = len({len(record) for record in records}) == 1
        if all(0 <= c < len(first) if isinstance(c, int) else header and c.strip() in first for c in columns):
            fitting.append((not even, delimiter))
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else ","


def first_records(text: str, delimiter: str) -> list[list[str]]:
    """The first records of separated values, as far as they were read whole."""
    head = text[: 50 * _HEAD]
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if len(records) == _LOOKED_AT:
                return records
            if record:
                records.append(record)
    except csv.Error:  # a field longer than the reader's limit, of which only a part was read
        return records
    return records[:-1] if len(head) < len(text) and len(records) > 1 else records  # the last one may be cut off


def _utf_16_without_mark(content: bytes) -> str | None:
    """UTF-16 of mostly ASCII text: every other byte is zero."""
    even, odd = content[:_HEAD:2], content[1:_HEAD:2]
    if len(odd) >= 4 and odd.count(0) > 0.6 * len(odd) and even.count(0) <= 0.02 * len(even):
        return "utf-16-le"
    if len(odd) >= 4 and even.count(0) > 0.6 * len(even) and odd.count(0) <= 0.02 * len(odd):
        return "utf-16-be"
    return None


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
