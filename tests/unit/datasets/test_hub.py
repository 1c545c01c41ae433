"""Downloads through the real clients, `datasets` and `huggingface_hub`, from a small server on loopback."""

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


def read(name: str, hub: Hub | None, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read a data set of config.yaml, less what it expects of the official files."""
    entry = {**ENTRIES[name], "expected": {}, "seed_set_size": 8}
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy") and key[:3] != "HF_"}
    endpoint = hub.url if hub else "http://127.0.0.1:9"  # the port on which nothing answers
    settings = {"HF_ENDPOINT": endpoint, "HF_HOME": str(cache), "HF_HUB_DISABLE_TELEMETRY": "1"} | environment
    command = [sys.executable, "-c", READ, json.dumps([name, entry])]
    return subprocess.run(command, env=kept | settings, capture_output=True, text=True, timeout=300)


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
