"""Downloads through the real clients, `datasets` and `huggingface_hub`, from a small server on loopback."""

import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from cartography_al.datasets.hub import can_connect
from tests.unit.datasets.hub_server import Hub, serving

ROOT = Path(__file__).parents[3]
ENTRIES: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))["datasets"]
ROWS = 24
# Run as a job does it: a process of its own, since the clients read their settings when they are imported.
READ = """
import json, sys
from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import CartographyError
name, entry = json.loads(sys.argv[1])
try:
    dataset = read_dataset(name, entry)
except CartographyError as error:
    sys.exit(f"refused: {error}")
print(json.dumps([len(dataset.train), len(dataset.test), list(dataset.classes), dataset.train["text"][0]]))
"""


def ag_news(rows: int) -> bytes:
    lines = [{"label": row % 4 + 1, "title": f"title {row}", "description": f"news {row}"} for row in range(rows)]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def trec(rows: int) -> bytes:
    names = ["ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM"]
    frame = pd.DataFrame(
        {"text": [f"what is {row} ?" for row in range(rows)], "coarse_label": [row % 6 for row in range(rows)]}
    )
    import datasets

    features = datasets.Features({"text": datasets.Value("string"), "coarse_label": datasets.ClassLabel(names=names)})
    sink = io.BytesIO()
    datasets.Dataset.from_pandas(frame, features=features).to_parquet(sink)
    return sink.getvalue()


@pytest.fixture
def hub() -> Iterator[Hub]:
    files = {
        "sh0416/ag_news/train.jsonl": ag_news(ROWS),
        "sh0416/ag_news/test.jsonl": ag_news(8),
        "CogComp/trec/default/train/0000.parquet": trec(ROWS),
        "CogComp/trec/default/test/0000.parquet": trec(12),
    }
    with serving(Hub(files)) as served:
        yield served


def read(
    name: str, hub: Hub | None, cache: Path, changes: dict[str, Any] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Read a data set of config.yaml, less what it expects of the official files, with `changes` to its entry."""
    entry = {**ENTRIES[name], "expected": {}, "seed_set_size": 8} | (changes or {})
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy") and key[:3] != "HF_"}
    endpoint = hub.url if hub else "http://127.0.0.1:9"  # the port on which nothing answers
    settings = {"HF_ENDPOINT": endpoint, "HF_HOME": str(cache), "HF_HUB_DISABLE_TELEMETRY": "1"} | environment
    command = [sys.executable, "-c", READ, json.dumps([name, entry])]
    return subprocess.run(command, env=kept | settings, capture_output=True, text=True, timeout=300)


def sha256(rows: list[tuple[str, str]]) -> str:
    """The content hash that `expected` takes, by its definition."""
    parts = [part.encode() for row in rows for part in row]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "little") + part for part in parts)).hexdigest()


AG_NEWS_TEST = sha256([(["World", "Sports", "Business", "Sci/Tech"][row % 4], f"news {row}") for row in range(8)])
EXPECTED = {
    "agnews": [ROWS, 8, ["World", "Sports", "Business", "Sci/Tech"], "news 0"],
    "trec": [ROWS, 12, ["abbreviation", "entity", "description", "human", "location", "number"], "what is 0 ?"],
}


@pytest.mark.parametrize("name", ["agnews", "trec"])
def test_both_data_sets_arrive_and_are_cached(name: str, hub: Hub, tmp_path: Path) -> None:
    done = read(name, hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED[name]
    assert any(line.startswith("GET /datasets/") for line in hub.log)
    hub.log.clear()
    for offline in (read(name, hub, tmp_path, HF_HUB_OFFLINE="1"), read(name, None, tmp_path)):
        assert offline.returncode == 0, offline.stderr
        assert json.loads(offline.stdout) == EXPECTED[name]
    assert hub.log == []


def test_a_repository_that_is_missing_or_gated_is_named(hub: Hub, tmp_path: Path) -> None:
    hub.gated.add("CogComp/trec")
    hub.files = {path: content for path, content in hub.files.items() if "ag_news" not in path}
    for name in ("trec", "agnews"):
        done = read(name, hub, tmp_path)
        assert done.returncode == 1
        assert f"refused: datasets.{name}: cannot load {ENTRIES[name]['hub']['repository']}" in done.stderr
        assert "name local copies in the configuration" in done.stderr


def test_a_connection_that_is_lost_is_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    hub.failure, hub.failures_left = "drop", 1
    done = read("agnews", hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED["agnews"]


def test_a_file_that_changes_while_it_is_fetched_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.failure = "change"
    done = read("agnews", hub, tmp_path)
    assert done.returncode == 1
    assert "refused: datasets.agnews: cannot load sh0416/ag_news" in done.stderr
    assert "Consistency check failed" in done.stderr
    hub.failure = None
    assert json.loads(read("agnews", hub, tmp_path).stdout) == EXPECTED["agnews"]


def test_a_file_that_is_not_the_official_one_is_refused(hub: Hub, tmp_path: Path) -> None:
    """The same number of rows at the same revision, and one word of the test split is another."""
    expected = {"expected": {"test": 8, "test_sha256": AG_NEWS_TEST}}
    assert read("agnews", hub, tmp_path / "sound", expected).returncode == 0
    hub.files["sh0416/ag_news/test.jsonl"] = ag_news(8).replace(b"news 7", b"news 8")
    done = read("agnews", hub, tmp_path / "changed", expected)
    assert done.returncode == 1
    assert f"expected {AG_NEWS_TEST} (datasets.agnews.expected.test_sha256): texts, labels or their" in done.stderr


def test_what_is_in_the_cache_stays_as_it_was_fetched(hub: Hub, tmp_path: Path) -> None:
    """A revision is a commit, which cannot change: the hub is not even asked."""
    assert json.loads(read("agnews", hub, tmp_path).stdout) == EXPECTED["agnews"]
    hub.files["sh0416/ag_news/train.jsonl"] = ag_news(4)
    assert json.loads(read("agnews", hub, tmp_path).stdout) == EXPECTED["agnews"]


def test_splits_may_be_named_instead_of_files(hub: Hub, tmp_path: Path) -> None:
    def named(**splits: str) -> subprocess.CompletedProcess[str]:
        return read("agnews", hub, tmp_path, {"hub": ENTRIES["agnews"]["hub"] | {"splits": splits}})

    done = named(train="train", test="test")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED["agnews"]
    done = named(train="train", test="dev")
    assert done.returncode == 1
    assert "no split 'dev'; there are train, test: correct datasets.agnews.hub.splits" in done.stderr
    done = named(train="train.jsonl", test="gone.jsonl")
    assert done.returncode == 1
    assert "refused: datasets.agnews: cannot load sh0416/ag_news" in done.stderr


def test_a_server_that_fails_leaves_nothing_behind(hub: Hub, tmp_path: Path) -> None:
    hub.failure = 500
    done = read("agnews", hub, tmp_path)
    assert done.returncode == 1
    assert "refused: datasets.agnews: cannot load sh0416/ag_news" in done.stderr
    hub.failure = None
    assert json.loads(read("agnews", hub, tmp_path).stdout) == EXPECTED["agnews"]


def test_without_a_network_the_message_comes_soon(tmp_path: Path) -> None:
    start = time.monotonic()
    assert not can_connect("http://127.0.0.1:9")
    assert time.monotonic() - start < 10
    done = read("trec", None, tmp_path)
    assert done.returncode == 1
    assert "refused: datasets.trec: cannot load CogComp/trec" in done.stderr
    assert "http://127.0.0.1:9 cannot be reached: only what was downloaded before can be used" in done.stderr
