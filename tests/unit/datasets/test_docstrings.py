"""datasets.docstrings: what it promises, and what it refuses."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cartography_al.datasets import docstrings
from cartography_al.datasets.dataset import describe
from cartography_al.datasets.docstrings import LONGEST, SHORTEST, Corpus, build_corpus, summary
from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import DataError
from tests.unit.datasets.support import texts_and_labels


def test_docstring_corpus_becomes_a_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"libraries": ["alpha", "beta"], "texts_per_class": 10, "test_fraction": 0.5}
    rows = [("one text", "alpha"), ("two texts", "beta"), ("three texts", "alpha"), ("four", "beta")]
    versions = {"alpha": "1.0", "beta": "2.0"}

    def build(**options: Any) -> Corpus:
        assert options == asked
        return Corpus(train=rows, test=rows[:1], versions=versions, available={"alpha": 2, "beta": 2})

    monkeypatch.setattr("cartography_al.datasets.sources.build_corpus", build)
    entry = {"title": "Docstrings", "docstrings": asked, "max_tokens": 60, "seed_set_size": 2}
    dataset = read_dataset("docstrings", entry)
    assert texts_and_labels(dataset.train) == [("one text", 0), ("two texts", 1), ("three texts", 0), ("four", 1)]
    assert dataset.source == "docstrings of alpha 1.0, beta 2.0"
    assert describe(dataset)["versions"] == versions


LIBRARIES = ["numpy", "pandas", "torch", "scipy", "matplotlib"]


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Return the sum of all elements.", "Return the sum of all elements ."),
        ("\n    Return the sum\n    of all elements.\n\n    More on this.\n    ", "Return the sum of all elements ."),
        ("Sort the rows in place. Ties keep their order.", "Sort the rows in place ."),
        ("Join tables, e.g. by a key. The rest is kept.", "Join tables , e.g. by a key ."),
        ("Join tables by key; see docs. for more of it", "Join tables by key ; see docs. for more of it"),
        (
            "Return a (possibly empty) list of two-dimensional points",
            "Return a ( possibly empty ) list of two-dimensional points",
        ),
        ('Draw the figure\'s title: is it "bold"?', 'Draw the figure \'s title : is it " bold " ?'),
        ("Take the 'best' of all axes x and y.", "Take the ' best ' of all axes x and y ."),
        (
            "Scale all of the given values by 0.5 in the I/O of C++ code, e.g.",
            "Scale all of the given values by 0.5 in the I/O of C++ code , e.g.",
        ),
        (
            "Return a :class:`~some.place.Thing` made of ``x`` and *only* **that**.",
            "Return a Thing made of x and only that .",
        ),
        ("See the :ref:`user guide <guide>` on `.Figure` and `axes`.", "See the user guide on Figure and axes ."),
        ("Compute the distance [1]_ between two samples [Abc2021]_.", "Compute the distance between two samples ."),
        (
            "add(a, b, *, out=None) -> Tensor\n\nAdd the second tensor to the first.",
            "Add the second tensor to the first .",
        ),
        (
            ".. deprecated:: 2.0\n   Gone soon.\n\nAdd the second array to the first.",
            "Add the second array to the first .",
        ),
    ],
)
def test_summary_of_prose(docstring: str, expected: str) -> None:
    assert summary(docstring) == expected


@pytest.mark.parametrize(
    "docstring",
    [
        "",
        "f(x) -> int",
        "Too short.",
        "lower case beginnings are comments mostly",
        "Compute :math:`x^2` of all elements.",
        "Return the {klass} of all %(what)s given here.",
        "Write the file to https://example.org/place for all.",
        "Call run(now) on all of these objects.",
        "Plot many things with numbers 1 2 3 4 5 6 7 8 9.",
        "Parameters\n----------\nx : array of values to sort",
        "Make it so :param x: the value to take from here",
        "Give the na\u00efve estimate of all of these values.",
        "Word " * (LONGEST + 1),
    ],
)
def test_what_is_no_prose_is_left_out(docstring: str) -> None:
    assert summary(docstring) is None


def write_library(folder: Path, name: str, files: dict[str, str], version: str = "1.0+local") -> None:
    """An installed distribution of one package, as importlib sees it."""
    metadata = folder / f"{name}-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for path, source in {"__init__.py": "", **files}.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source, encoding="utf-8")


ALPHA = {
    "__init__.py": 'raise SystemExit("imported")\n',
    "things.py": '''"""Module docstrings do not count here."""
import nowhere
pattern = "\\d"
class Thing:
    """A thing that holds many others."""
    def method(self):
        """Return the thing it was made of."""
        def inner():
            """Inner functions do not count here."""
    def _private(self):
        """Private methods do not count here."""
    @property
    async def waiting(self):
        """Whether the thing is still waiting."""
class _Hidden:
    def method(self):
        """Methods of private classes do not count."""
if nowhere:
    def either():
        """Do what the first branch does."""
else:
    def either():
        """Do what the second branch does."""
try:
    def attempt():
        """Attempt what may not work out."""
except ImportError:
    pass
def named():
    """Convert the value to an Alpha object."""
def shared():
    """Return a copy of the object."""
def shared_again():
    """Return a copy of the object."""
add_docstr(place.f, r"""f(x) -> y

Apply the compiled function to all values.""".format(**words) + more)
add_newdoc("place", "name", ("attribute", """Tell the size of each element."""))
add_newdoc("place", "name", """Iterate over all of the elements.""")
''',
    "_module.py": 'def public():\n    """Count what private modules make public."""\n',
    "_package/module.py": 'def public():\n    """Private packages do not count here."""\n',
    "tests/module.py": 'def public():\n    """Test packages do not count here."""\n',
    "test_module.py": 'def public():\n    """Test modules do not count here."""\n',
}


BETA = {
    "module.py": 'def f():\n    """Return a copy of the object."""\ndef g():\n'
    '    """Do what only beta\'s module does."""\n'
    'def h():\n    """Do what no other module does."""\n'
}


@pytest.fixture
def two_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_library(
        tmp_path, "alpha_library", {**ALPHA, "things.py": ALPHA["things.py"].replace("Alpha", "alpha_library")}
    )
    write_library(tmp_path, "beta_library", {"module.py": BETA["module.py"].replace("beta's", "beta_library's")})
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("cartography_al.datasets.docstrings.MINIMUM_TEXTS", 1)
    return tmp_path


def test_what_counts_as_a_public_docstring(two_libraries: Path) -> None:
    corpus = build_corpus(["alpha_library", "beta_library"], texts_per_class=100, test_fraction=0.0)
    found = {library: {text for text, its in corpus.train if its == library} for library in corpus.versions}
    assert found == {
        "alpha_library": {
            "A thing that holds many others .",
            "Return the thing it was made of .",
            "Whether the thing is still waiting .",
            "Do what the first branch does .",
            "Do what the second branch does .",
            "Attempt what may not work out .",
            "Apply the compiled function to all values .",
            "Tell the size of each element .",
            "Iterate over all of the elements .",
            "Count what private modules make public .",
        },
        "beta_library": {"Do what no other module does ."},
    }
    assert corpus.available == {"alpha_library": 10, "beta_library": 1}
    assert corpus.versions == {"alpha_library": "1.0", "beta_library": "1.0"}
    assert corpus.test == []


def test_cap_keeps_a_subset_and_the_split_of_each_text(two_libraries: Path) -> None:
    whole = build_corpus(["alpha_library"], texts_per_class=100, test_fraction=0.5)
    capped = build_corpus(["alpha_library"], texts_per_class=6, test_fraction=0.5)
    assert len(capped.train) + len(capped.test) == 6
    assert capped.available == whole.available == {"alpha_library": 11}
    assert set(capped.train) < set(whole.train)
    assert set(capped.test) < set(whole.test)


def test_order_of_libraries_and_files_does_not_matter(two_libraries: Path) -> None:
    one = build_corpus(["alpha_library", "beta_library"], texts_per_class=100, test_fraction=0.3)
    other = build_corpus(["beta_library", "alpha_library"], texts_per_class=100, test_fraction=0.3)
    assert (one.train, one.test) == (other.train, other.test)


def test_library_with_too_few_texts(two_libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartography_al.datasets.docstrings.MINIMUM_TEXTS", 300)
    with pytest.raises(DataError, match=r"the docstrings of alpha_library 1\.0 give 11 texts, and a class needs 300"):
        build_corpus(["alpha_library"], texts_per_class=1000, test_fraction=0.2)


@pytest.mark.parametrize("library", ["absent_library", "sys", "absent.part", ""])
def test_library_that_is_not_installed(library: str) -> None:
    with pytest.raises(DataError, match=r"is not installed.*install the locked requirements"):
        build_corpus([library], texts_per_class=1000, test_fraction=0.2)


def test_library_without_metadata_or_with_broken_source(two_libraries: Path) -> None:
    (two_libraries / "loose").mkdir()
    (two_libraries / "loose" / "__init__.py").write_text("")
    with pytest.raises(DataError, match="loose is not installed"):
        build_corpus(["loose"], texts_per_class=1000, test_fraction=0.2)
    (two_libraries / "alpha_library" / "broken.py").write_text("def f(:\n")
    with pytest.raises(DataError, match=r"broken\.py: not readable as Python source"):
        build_corpus(["alpha_library"], texts_per_class=1000, test_fraction=0.2)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The corpus of the real libraries; about 8 s."""
    return build_corpus(LIBRARIES, texts_per_class=1100, test_fraction=0.17)


def test_real_libraries_fill_their_classes(corpus: Corpus) -> None:
    both = corpus.train + corpus.test
    assert Counter(library for _, library in both) == dict.fromkeys(LIBRARIES, 1100)
    assert len({text for text, _ in both}) == len(both)
    assert 0.15 < len(corpus.test) / len(both) < 0.19
    for library in LIBRARIES:
        assert sum(1 for _, its in corpus.test if its == library) >= 150
    assert list(corpus.versions) == LIBRARIES
    assert "+" not in corpus.versions["torch"]


def test_real_texts_name_no_library_and_read_as_prose(corpus: Corpus) -> None:
    for text, _ in corpus.train + corpus.test:
        words = text.lower().replace(".", " ").replace("_", " ").split()
        assert not {"np", "pd", "plt", "mpl"} & set(words)
        assert not any(name in text.lower() for name in [*LIBRARIES, "pyplot", "pylab"])
        assert SHORTEST <= len(text.split()) <= LONGEST
        assert text == " ".join(text.split())
        assert text.isascii()
        assert text[0].isupper()
        assert not set("`{}\\|<>_=") & set(text)


def test_nothing_is_imported_and_hash_seeds_do_not_matter() -> None:
    """A fresh process reads a library without importing it, and the result is the same for every hash seed."""
    program = (
        "import json, sys; from cartography_al.datasets.docstrings import build_corpus; "
        "corpus = build_corpus(['matplotlib'], 500, 0.2); "
        "print(json.dumps([corpus.train, 'matplotlib' in sys.modules]))"
    )
    source = str(Path(docstrings.__file__).parents[2])
    results = [
        json.loads(
            subprocess.run(
                [sys.executable, "-W", "error", "-c", program],
                env={"PYTHONPATH": source, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            ).stdout
        )
        for seed in ("1", "2")
    ]
    assert results[0] == results[1]
    assert results[0][1] is False
