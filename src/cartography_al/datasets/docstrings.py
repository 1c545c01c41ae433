"""A small English corpus that every installation already holds: docstring summaries, with the library as the class.

It lets the pipeline run without a network or a download. It is no benchmark: nothing here reads other data sets.

The texts are parsed from the installed source files; no library is imported and no code runs. They depend on the
versions of the libraries alone: not on Python's version, the machine or the order of files.
"""

import ast
import hashlib
import importlib.metadata
import importlib.util
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cartography_al.errors import DataError

MINIMUM_TEXTS = 300  # below this a class cannot feed a seed set, thirty acquisitions and a test set
SHORTEST, LONGEST = 4, 60  # tokens
# Inside a library: no documentation of its own (tests, vendored copies, generated examples).
SKIPPED_FOLDERS = frozenset({"tests", "test", "testing", "externals", "extern"})
# A private package holds no public objects, except here, where the library's public functions live.
PUBLIC_PRIVATE_PACKAGES = frozenset({("numpy", "_core")})
# Names that give the class away. Short ones count as whole words only, the others inside words too ("functorch").
SHORT_NAMES = {"numpy": ("np",), "pandas": ("pd",), "matplotlib": ("mpl", "plt")}
LONG_NAMES = {"matplotlib": ("pyplot", "pylab")}
_ROLE = re.compile(r":[A-Za-z][\w:+.-]*:`([^`]*)`")
_TITLED_TARGET = re.compile(r"^(.*?)\s*<[^<>]*>$")
_CITATION = re.compile(r"\s*\[(?:\d+|#\w*|[A-Z][\w-]*\d{2,4}\w?)\]_")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|resp|approx|incl|fig|eq|ref|al)\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# What a reader would not take for English prose: markup that is left, templates, mathematics, code, addresses.
_NOT_PROSE = re.compile(r"[`{}\\|^_=<>@#*~]|%\(|://|::|->|\.\.\.|>>>|\w\(|\[\w*\]|\b\w+\.\w+\.\w+|--|\s:\w|TODO|XXX")
_WORD = re.compile(r"[A-Za-z]+(?:[-'/][A-Za-z]+)*")
_SIGNATURE = re.compile(r"^[\w.]+\(|->")


@dataclass(frozen=True)
class Corpus:
    """The texts of both splits as (text, library) pairs, each ordered by content hash, and where they come from.

    versions: version of each library. available: texts of each library before the cap.
    """

    train: list[tuple[str, str]]
    test: list[tuple[str, str]]
    versions: dict[str, str]
    available: dict[str, int]


def build_corpus(libraries: Sequence[str], texts_per_class: int, test_fraction: float) -> Corpus:
    """Collect, clean, cap and split the docstring summaries of installed libraries.

    libraries: import names of installed packages, which become the classes.
    texts_per_class: at most this many texts of a library are kept, chosen by content hash.
    test_fraction: expected share of texts in the test split, in (0, 1); a text's own hash decides.
    Raises: DataError for a library that is not installed, and for one with fewer than MINIMUM_TEXTS texts.
    """
    versions = {library: _version(library) for library in libraries}
    names = _name_pattern(libraries)
    texts = {library: _texts(library, names) for library in libraries}
    occurrences = Counter(text for found in texts.values() for text in found)
    train: list[tuple[str, str]] = []
    test: list[tuple[str, str]] = []
    available = {}
    for library, found in texts.items():
        own = sorted((text for text in found if occurrences[text] == 1), key=_digest)
        available[library] = len(own)
        kept = own[:texts_per_class]
        if len(kept) < MINIMUM_TEXTS:
            raise DataError(
                f"the docstrings of {library} {versions[library]} give {len(kept):,} texts, and a class needs "
                f"{MINIMUM_TEXTS}: raise `texts_per_class`, or take another library into `libraries`"
            )
        for text in kept:
            (test if _is_test(text, test_fraction) else train).append((text, library))
    train.sort(key=lambda pair: _digest(pair[0]))
    test.sort(key=lambda pair: _digest(pair[0]))
    return Corpus(train, test, versions, available)


def summary(docstring: str) -> str | None:
    """The first sentence of a docstring as plain English, tokens separated by one space; None if it is not prose.

    Signatures and directives before the summary are passed over, reStructuredText markup is taken off, and
    punctuation is detached from words as in the TREC questions.
    """
    for paragraph in re.split(r"\n\s*\n", docstring.strip()):
        text = " ".join(paragraph.split())
        if not _SIGNATURE.search(text.split(". ")[0]) and not text.startswith(".."):
            break
    else:
        return None
    sentence = _first_sentence(_without_markup(text))
    if _NOT_PROSE.search(sentence) or not sentence[:1].isupper() or not sentence.isascii():
        return None
    tokens = _detach_punctuation(sentence).split()
    words = sum(_WORD.fullmatch(token) is not None for token in tokens)
    no_punctuation = sum(any(map(str.isalnum, token)) for token in tokens)
    if not SHORTEST <= len(tokens) <= LONGEST or words < max(SHORTEST - 1, 0.8 * no_punctuation):
        return None
    return " ".join(tokens)


def _texts(library: str, names: re.Pattern[str]) -> set[str]:
    """The distinct summaries of a library that name none of the libraries."""
    found = {summary(docstring) for path in _source_files(library) for docstring in _docstrings(path)}
    return {text for text in found if text is not None and not names.search(text)}


def _source_files(library: str) -> list[Path]:
    """The library's source files, sorted, without tests and private packages."""
    root = _folder(library)
    files = []
    for path in sorted(root.rglob("*.py")):
        folders = path.relative_to(root).parts[:-1]
        tests = path.name.startswith("test_") or path.name == "conftest.py"
        private = any(folder.startswith("_") and (library, folder) not in PUBLIC_PRIVATE_PACKAGES for folder in folders)
        if not tests and not private and not SKIPPED_FOLDERS.intersection(folders):
            files.append(path)
    return files


def _docstrings(path: Path) -> Iterator[str]:
    """The raw docstrings of public functions, classes and methods in a source file, and of C functions set in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in other people's strings warn, by Python's version
            tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        raise DataError(f"{path}: not readable as Python source ({error}); reinstall the library") from None
    yield from _public_docstrings(tree.body)


def _public_docstrings(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_"):
                continue
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield from _string(first.value)
            if isinstance(node, ast.ClassDef):
                yield from _public_docstrings(node.body)
        elif isinstance(node, ast.If | ast.Try):
            yield from _public_docstrings([*node.body, *node.orelse])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _added_docstrings(node.value)


def _added_docstrings(call: ast.Call) -> Iterator[str]:
    """The text that torch's add_docstr(function, text) and numpy's add_newdoc(place, name, text) attach."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function in {"add_docstr", "add_docstr_all", "add_newdoc"} and call.args:
        last = call.args[-1]
        if isinstance(last, ast.Tuple) and last.elts:  # (attribute, text)
            last = last.elts[-1]
        yield from _string(_leading_part(last))


def _leading_part(node: ast.expr) -> ast.expr:
    """The string that an expression like "...".format(x) + y begins with."""
    while True:
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            node = node.func.value
        else:
            return node


def _string(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _without_markup(text: str) -> str:
    """Take reStructuredText off: roles, literals, emphasis, citations."""
    text = _ROLE.sub(lambda match: _role_text(match.group(0), match.group(1)), text)
    text = re.sub(r"``([^`]*)``|`([^`<>]*)`_{0,2}", lambda match: match.group(1) or match.group(2) or "", text)
    text = re.sub(r"(?<![\w*])\*{1,2}(?=\S)([^*]+?)(?<=\S)\*{1,2}(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w.])\.(?=[A-Za-z])", "", text)  # matplotlib writes `.Figure` for a reference
    return _CITATION.sub("", text)


def _role_text(role: str, content: str) -> str:
    """What a rendered role shows; mathematics stays as it is, and makes the text no prose."""
    if role.startswith(":math:"):
        return "`"
    titled = _TITLED_TARGET.match(content)
    if titled and titled.group(1):
        return titled.group(1)
    return content[1:].rsplit(".", 1)[-1] if content.startswith("~") else content.lstrip("!")


def _first_sentence(text: str) -> str:
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[: match.start()]) and not text[match.end()].islower():
            return text[: match.start()]
    return text


def _detach_punctuation(sentence: str) -> str:
    """Separate punctuation from words; keep what is inside a word ("two-dimensional", "0.5", "e.g.")."""
    sentence = re.sub(r"[,;:?!()\[\]\"/&$%](?!\w)|(?<!\w)[,;:?!()\[\]\"/&$%]", r" \g<0> ", sentence)
    sentence = re.sub(r"(?<!\w)'|'(?!\w)", " ' ", sentence)
    sentence = re.sub(r"(?<=\w)'s\b", " 's", sentence)
    return re.sub(r"(?<!\.[A-Za-z])\.$", " .", sentence.strip())


def _name_pattern(libraries: Sequence[str]) -> re.Pattern[str]:
    """Matches a text in which one of the libraries is named."""
    long = [name for library in libraries for name in (library, *LONG_NAMES.get(library, ()))]
    short = [name for library in libraries for name in SHORT_NAMES.get(library, ())]
    whole = [rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" for name in short]
    return re.compile("|".join([*map(re.escape, long), *whole]), re.IGNORECASE)


def _folder(library: str) -> Path:
    try:
        found = importlib.util.find_spec(library)  # of a top-level name: imports nothing
    except (ImportError, ValueError):
        found = None
    if found is None or not found.submodule_search_locations:
        raise _not_installed(library)
    return Path(found.submodule_search_locations[0])


def _not_installed(library: str) -> DataError:
    return DataError(
        f"the library {library} is not installed, and the docstring corpus reads its source files: install the locked "
        "requirements, or take it out of `docstrings.libraries`"
    )


def _version(library: str) -> str:
    """The library's public version; a build's suffix ("+cpu") says nothing about its docstrings."""
    try:
        return importlib.metadata.version(library).split("+")[0]
    except (importlib.metadata.PackageNotFoundError, ValueError):
        raise _not_installed(library) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _is_test(text: str, test_fraction: float) -> bool:
    """Decide by the digest's last 8 bytes: they are independent of its first ones, which order and cap the texts."""
    return int(_digest(text)[-16:], 16) < test_fraction * 2**64
