"""Broken input for every reader and for the configuration: a clean result or the project's own error, nothing else.

Few cases by default, always the same. The long run, for a change to a reader or to the schema:

    FUZZ_CASES=2000 .venv/bin/pytest tests/unit/test_fuzz.py
"""

import hashlib
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cartography_al.active_learning.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from cartography_al.datasets.dataset import Dataset, write_dataset
from cartography_al.datasets.sources import read_dataset
from cartography_al.datasets.splits import read_description, read_split
from cartography_al.errors import CartographyError, ConfigError, DataError
from cartography_al.features.arrays import read_features
from cartography_al.features.download import download
from cartography_al.features.pretrained import read_bin_vectors, read_vec_vectors
from cartography_al.features.tokens import Vocabulary
from cartography_al.features.word_vectors import WordVectors, read_word_vectors, write_word_vectors
from cartography_al.pipeline.configuration import check_configuration

ROOT = Path(__file__).parents[2]
SCHEMA_PATH = ROOT / "workflow/schemas/config.schema.yaml"
CASES = int(os.environ.get("FUZZ_CASES", "60"))
fuzz = settings(max_examples=CASES, suppress_health_check=list(HealthCheck))

TEXTS = ["the old apple", "a saw 新", "pear, plum", 'say "hammer"']
FRAME = pd.DataFrame({"text": TEXTS, "label": ["fruit", "tool", "fruit", "tool"]})
ENTRY = {
    "title": "Toy",
    "text_column": "text",
    "label_column": "label",
    "classes": {"fruit": "Fruit", "tool": "Tool", "DESC": "Description"},
    "max_tokens": 3,
    "seed_set_size": 2,
    "batch_size": 2,
}


# ---------------------------------------------------------------- damage


# What parsers stumble over: long digits, deep nesting, half characters, marks of other formats.
AWKWARD = [
    b"",
    b"\0" * 8,
    b"\xff" * 8,
    b"\x7f\xff\xff\xff",
    b"9" * 5000,
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n\n",
    b'"',
    b"\\ud800",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b",
    b"\x80\x04.",
    b"!!python/object/apply:os._exit [1]",
]
pieces = st.sampled_from(AWKWARD) | st.binary(max_size=12)


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with one to four places cut out, overwritten or filled in; now and then other bytes altogether."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300) | pieces)
    damage = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(damage)))
        match draw(st.sampled_from(["bits", "overwrite", "insert", "cut", "end"])):
            case "bits" if start < len(damage):
                damage[start] ^= 1 << draw(st.integers(0, 7))
            case "overwrite":
                piece = draw(pieces)[:64]
                damage[start : start + len(piece)] = piece
            case "insert":
                damage[start:start] = draw(pieces)
            case "cut":
                del damage[start : start + draw(st.integers(1, 40))]
            case "end":
                del damage[start:]
    return bytes(damage)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def accepts_or_refuses(read: Callable[[Path], object], path: Path, content: bytes) -> None:
    """Any other error than the project's own fails the test, and so does one that says nothing of the file."""
    path.write_bytes(content)
    try:
        read(path)
    except CartographyError as error:
        assert path.name in str(error) or "datasets.toy" in str(error)  # noqa: PT017


# ---------------------------------------------------------------- data sets


def dataset_reader(file_format: str) -> Callable[[Path], object]:
    def read(path: Path) -> Dataset:
        files = {"train": str(path), "test": str(path), "format": file_format}
        return read_dataset("toy", ENTRY | {"files": files})

    return read


CSV = FRAME.to_csv(index=False).encode()
JSONL = FRAME.to_json(orient="records", lines=True).encode()
TREC = b"DESC:manner How did serfdom develop ?\nDESC:def What is \xf0 ?\n"


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


HUB_METADATA = {"huggingface": json.dumps({"info": {"features": {"label": {"names": ["fruit", "tool"]}}}})}
PARQUET = parquet(pa.Table.from_pandas(FRAME).replace_schema_metadata(HUB_METADATA))


@fuzz
@given(damaged(CSV))
def test_csv(folder: Path, content: bytes) -> None:
    accepts_or_refuses(dataset_reader("csv"), folder / "texts.csv", content)


@fuzz
@given(damaged(JSONL))
@example(b'{"text": "a", "label": ' + b"[" * 100_000)
def test_jsonl(folder: Path, content: bytes) -> None:
    accepts_or_refuses(dataset_reader("jsonl"), folder / "texts.jsonl", content)


@fuzz
@given(damaged(TREC))
def test_trec(folder: Path, content: bytes) -> None:
    accepts_or_refuses(dataset_reader("trec"), folder / "texts.label", content)


@fuzz
@given(damaged(PARQUET))
def test_parquet(folder: Path, content: bytes) -> None:
    accepts_or_refuses(dataset_reader("parquet"), folder / "texts.parquet", content)


cells = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["fruit", "tool"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "label", "x"]), inner),
    max_leaves=5,
)


@fuzz
@given(st.lists(cells | st.fixed_dictionaries({"text": cells, "label": cells}), max_size=4))
def test_json_values(folder: Path, rows: list[Any]) -> None:
    content = "\n".join(map(json.dumps, rows)).encode()
    accepts_or_refuses(dataset_reader("jsonl"), folder / "values.jsonl", content)


TYPES = [
    (pa.int64(), [1, None, 3, 4]),
    (pa.float32(), [1.0, float("nan"), 3.0, float("inf")]),
    (pa.binary(), [b"fruit", b"\xff", b"", None]),
    (pa.large_string(), ["fruit", "tool", "fruit", "tool"]),
    (pa.dictionary(pa.int8(), pa.string()), ["fruit", "tool", "fruit", "tool"]),
    (pa.list_(pa.string()), [["fruit"], [], None, ["a", None]]),
    (pa.struct([("text", pa.string())]), [{"text": "a"}, None, {"text": None}, {}]),
    (pa.timestamp("ns"), [0, 1, 2**62, -(2**62)]),
    (pa.timestamp("s"), [0, 1, 2**40, -(2**40)]),
    (pa.date64(), [0, 86_400_000, 86_400_000 * 10**6, None]),
    (pa.duration("s"), [0, 1, 2**40, None]),
    (pa.decimal128(5, 2), [1, 2, 3, None]),
    (pa.bool_(), [True, False, None, True]),
    (pa.null(), [None] * 4),
]
columns = st.tuples(st.sampled_from(["text", "label", "text.x", "x"]), st.sampled_from(TYPES))


@fuzz
@given(st.lists(columns, min_size=1, max_size=4))
def test_parquet_of_any_types_and_names(folder: Path, drawn: list[tuple[str, tuple[pa.DataType, list[Any]]]]) -> None:
    arrays = [pa.array(values, type) for _, (type, values) in drawn]
    table = pa.Table.from_arrays(arrays, [name for name, _ in drawn])
    accepts_or_refuses(dataset_reader("parquet"), folder / "types.parquet", parquet(table))


# ---------------------------------------------------------------- the pipeline's own files


def made(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "made")
        return (Path(folder) / "made").read_bytes()


def save_features(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.ones((4, 3), np.float32), allow_pickle=False)


def a_dataset() -> Dataset:
    frame = pd.DataFrame({"instance_id": np.arange(4), "text": TEXTS, "label": np.array([0, 1, 0, 1], dtype=np.int16)})
    return Dataset("toy", "Toy", "files: toy.csv", ("Fruit", "Tool"), frame, frame, 3)


PREDICTED = np.array([0, 1], dtype=np.int16)


def a_checkpoint() -> Checkpoint:
    instances = pd.DataFrame(
        {"instance_id": [3, 1, 2], "label": [0, 1, 0], "acquired_iteration": [0, 0, 1]}
        | {name: [0.5, 0.25, None] for name in ("confidence", "variability", "correctness")}
    )
    return Checkpoint(
        "f" * 64, "toy", "cal", 1, 0, {}, 0.5, 0.5, {"Fruit": 0.5, "Tool": None}, {}, PREDICTED, instances
    )


SPLIT = made(lambda path: write_dataset(a_dataset(), path, f"{path}-2", f"{path}.json"))
DESCRIPTION = made(lambda path: write_dataset(a_dataset(), f"{path}-1", f"{path}-2", path))
FEATURES = made(save_features)
WORDS = WordVectors(
    Vocabulary(("a", "b"), np.ones(2, np.int64), np.ones(2, np.int64)), np.ones((2, 3), np.float32), np.ones(2, bool)
)
VOCABULARY = made(lambda path: write_word_vectors(WORDS, path, f"{path}.npy", f"{path}.json", "corpus", {}))
CHECKPOINT = made(lambda path: write_checkpoint(path, a_checkpoint()))


@fuzz
@given(damaged(SPLIT))
def test_split(folder: Path, content: bytes) -> None:
    accepts_or_refuses(read_split, folder / "train.parquet", content)


@fuzz
@given(damaged(DESCRIPTION) | cells.map(lambda value: json.dumps(value).encode()))
def test_description(folder: Path, content: bytes) -> None:
    accepts_or_refuses(read_description, folder / "dataset.json", content)


places = st.sampled_from(["classes", "splits", "splits.train", "splits.test", "splits.train.rows", "title", "name"])


@fuzz
@given(places, cells)
def test_description_with_another_value(folder: Path, place: str, value: Any) -> None:
    description = json.loads(DESCRIPTION)
    *parents, key = place.split(".")
    section = description
    for parent in parents:
        section = section[parent]
    section[key] = value
    accepts_or_refuses(read_description, folder / "dataset.json", json.dumps(description).encode())


@fuzz
@given(damaged(FEATURES))
@example(FEATURES.replace(b"'shape': (4, 3)", b"'shape': (4, 3("))
@example(b"PK\x03\x04")
def test_features(folder: Path, content: bytes) -> None:
    accepts_or_refuses(read_features, folder / "train.npy", content)


@fuzz
@given(damaged(VOCABULARY))
def test_vocabulary(folder: Path, content: bytes) -> None:
    np.save(folder / "vectors.npy", WORDS.vectors, allow_pickle=False)
    accepts_or_refuses(lambda path: read_word_vectors(path, folder / "vectors.npy"), folder / "words.parquet", content)


@fuzz
@given(damaged(CHECKPOINT))
def test_checkpoint(folder: Path, content: bytes) -> None:
    accepts_or_refuses(read_checkpoint, folder / "iteration-000.parquet", content)


# ---------------------------------------------------------------- vectors

VEC = b"3 2\nthe 0.5 -1\napple 1e-3 2\nsaw 3 4\n"


@fuzz
@given(damaged(VEC))
@example(b"3 99999999999\nthe 0.5 -1\n")
def test_vec(folder: Path, content: bytes) -> None:
    accepts_or_refuses(lambda path: read_vec_vectors(path, ["apple", "new"]), folder / "words.vec", content)


def read_bin(path: Path) -> None:
    read_bin_vectors(path, ["apple", "new", "</s>", ""])


@pytest.fixture(scope="module")
def model(folder: Path) -> bytes:
    (folder / "corpus").write_text("".join(f"{text}\n" for text in TEXTS), encoding="utf-8")
    small = fasttext.train_unsupervised(
        str(folder / "corpus"), dim=2, epoch=1, minCount=1, bucket=20, thread=1, verbose=0
    )
    small.save_model(str(folder / "model.bin"))
    return (folder / "model.bin").read_bytes()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """A process that the fasttext library may crash."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        yield process


@fuzz
@given(st.data())
def test_bin(folder: Path, model: bytes, elsewhere: ProcessPoolExecutor, data: st.DataObject) -> None:
    # Most of a model is numbers that may have any value: damage its head as well, where its structure is.
    head = data.draw(st.sampled_from([64, 92, 200, len(model)]))
    content = data.draw(damaged(model[:head])) + model[head:]
    accepts_or_refuses(
        lambda path: elsewhere.submit(read_bin, path).result(timeout=60), folder / "damaged.bin", content
    )


# ---------------------------------------------------------------- downloads

BODY = b"word vectors"
RESPONSES = [
    b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nETag: "one"\r\n\r\nword vectors',
    b'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-11/12\r\nContent-Length: 7\r\nETag: "one"\r\n\r\nvectors',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nword \r\n7\r\nvectors\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://[/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nword vectors",
    b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 99999999999\r\n\r\n",
]


class OneResponse(socketserver.BaseRequestHandler):
    """Answers whatever is asked by the same bytes."""

    response = b""

    def handle(self) -> None:
        self.request.recv(65536)
        self.request.sendall(self.response)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, socketserver.TCPServer(("127.0.0.1", 0), OneResponse) as server:
        patch.setenv("no_proxy", "127.0.0.1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/vectors.bin.gz"
        server.shutdown()
        thread.join()


VERSIONS = [
    '{"url": URL, "size": 12, "etag": "\\"one\\""}',
    '{"url": URL, "size": "x"}',
    '{"url": URL, "etag": 1}',
    "[1]",
    "{",
]


@fuzz
@given(st.sampled_from(RESPONSES).flatmap(lambda answer: st.just(answer) | damaged(answer)), st.sampled_from(VERSIONS))
@example(RESPONSES[3], "{")
@example(RESPONSES[4], "{")
@example(RESPONSES[5], "{")
@example(RESPONSES[6], "{")
def test_download(folder: Path, url: str, response: bytes, version: str) -> None:
    """A file under the final name is the right one, whatever a server answers and whatever had arrived before."""
    path, part = folder / "vectors.bin.gz", folder / "vectors.bin.gz.part"
    path.unlink(missing_ok=True)
    part.write_bytes(BODY[:5])
    part.with_name(part.name + ".json").write_text(version.replace("URL", json.dumps(url)), encoding="utf-8")
    OneResponse.response = response
    try:
        download(url, path, hashlib.sha256(BODY).hexdigest(), retries=0, pause=0, timeout=10)
    except DataError:
        assert not path.exists()
    else:
        assert path.read_bytes() == BODY


# ---------------------------------------------------------------- the configuration

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.integers(-2, 5)
    | st.floats()
    | st.integers(0, 9).map(float)
    | st.text(max_size=8)
    | st.sampled_from(
        ["cal", "agnews", "x\n", "\0", "\ud800", "../x", "{x}", "a" * 300, "as_written", "cal-threshold-."]
    )
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(scalars.filter(lambda key: key == key), inner, max_size=3)
    ),
    max_leaves=6,
)


def like(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type, many of which the schema lets pass."""
    match value:
        case bool():
            return st.booleans()
        case int():
            return st.integers(-1, 2000)
        case float():
            return st.floats(0, 1)
        case str():
            return st.text(max_size=8) | st.sampled_from(
                ["{x}", "a, b", "../x", "$HOME", "'\"", "a b", "%s", "é😀", ".bin"]
            )
        case list() if value:
            return st.lists(st.sampled_from(value) | like(value[0]), min_size=1, max_size=4, unique=True)
    return values


def places_in(config: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and position below the top."""
    keys = config if isinstance(config, dict) else range(len(config)) if isinstance(config, list) else ()
    for key in keys:
        yield (*path, key)
        yield from places_in(config[key], (*path, key))


@st.composite
def configurations(draw: st.DrawFn, ways: Sequence[str]) -> dict[Any, Any]:
    """The shipped configuration with one to three values changed in one of the ways."""
    config = deepcopy(draw(st.sampled_from(CONFIGURATIONS)))
    for _ in range(draw(st.integers(1, 3))):
        *parents, key = draw(st.sampled_from(sorted(places_in(config), key=repr)))
        section = config
        for parent in parents:
            section = section[parent]
        match draw(st.sampled_from(ways)):
            case "alter":
                section[key] = draw(like(section[key]))
            case "replace":
                section[key] = draw(values)
            case "leave out":
                del section[key]
            case "rename" if isinstance(section, dict):
                section[draw(scalars)] = section.pop(key)
            case "add" if isinstance(section, dict):
                section[draw(scalars)] = draw(values)
    return config


def with_experiment(name: str) -> dict[str, Any]:
    from snakemake.utils import update_config

    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    update_config(config, yaml.safe_load((ROOT / f"experiments/{name}.yaml").read_text(encoding="utf-8")))
    return config


CONFIGURATIONS = [with_experiment(name) for name in ("trec_local", "demo")]


def passes(config: dict[Any, Any]) -> bool:
    try:
        check_configuration(config, SCHEMA_PATH)
    except ConfigError:
        return False
    return True


@fuzz
@given(configurations(["alter", "replace", "leave out", "rename", "add"]))
def test_configuration(config: dict[Any, Any]) -> None:
    passes(config)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "Snakefile", folder)
    for name in ("workflow", "src", "envs", "profiles"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "local_data").mkdir()
    for name in CONFIGURATIONS[0]["datasets"]["trec"]["files"].values():
        (folder / name).touch()
    return folder


@pytest.mark.workflow
@settings(max_examples=max(2, CASES // 30), suppress_health_check=list(HealthCheck))
@given(configurations(["alter"]).filter(passes))
def test_the_snakefile_takes_what_passes(checkout: Path, config: dict[Any, Any]) -> None:
    """One dry run for each thirty cases: all is planned, or a file is missing that the configuration names."""
    (checkout / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("snakemake")), "all", "--dry-run", "--cores=2", "--quiet", "rules"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "MissingInputException" in done.stderr, done.stderr
