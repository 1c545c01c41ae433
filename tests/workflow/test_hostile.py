"""Hostile names, labels and texts, and a pool that runs out: the run goes through, and they do no harm anywhere."""

import csv
import json
import re
from html import unescape

import pandas as pd
import pytest
import yaml

pytestmark = pytest.mark.workflow

TITLE = "../<script>alert(1)</script> $x_1$ {dataset} %s & \\input{a} | **b** `id` \"q\" 'a' 😀"
LABELS = {"../../up": "<b>Up</b>", 'a "b" {c}': "{seed} $HOME", "💥 `id`": "-- \\end{table}"}
WORDS = [
    "<script>alert(1)</script>",
    "{wildcards.seed}",
    "$(id)",
    "../../../etc/passwd",
    "__label__x",
    "</s>",
    "\\n",
    "😀",
]
ODD = [
    "a\nline\r\nbreak",
    "tab\tand \x1b[31mcolour",
    "nul \0 here",
    "line\u2028separator \u202e turned",
    "\\",
    '"',
    "{",
]
CHANGES = {
    "run": {
        "datasets": ["hostile"],
        "strategies": ["random", "cal"],
        "seeds": [11],
        "iterations": 4,
        "query_size": 13,
    },
    "iterations_per_job": 2,
    "datasets": {
        "hostile": {
            "title": TITLE,
            "files": {"train": "a 'b' $HOME.csv", "test": "a 'b' $HOME.csv", "format": "csv"},
            "text_column": "te,xt",
            "label_column": "label",
            "classes": LABELS,
            "max_tokens": 6,
            "seed_set_size": 10,
            "batch_size": 4,
        }
    },
    "analysis": {"compared_strategies": ["random", "cal"], "batch_strategies": ["random", "cal"]},
}
TEXTS = 40  # 10 in the seed set, then 13, 13 and 4: nothing is left for the fourth iteration
LEFT_OUT = {".snakemake", "results", "printed.txt", "small.yaml", "changes.yaml", "__pycache__"}


@pytest.fixture(scope="module")
def hostile(new_checkout):
    """A checkout in which the experiment has run, and what was beside the results before."""
    checkout = new_checkout()
    with open(checkout.folder / "a 'b' $HOME.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["te,xt", "label"])
        for row in range(TEXTS):
            label = list(LABELS)[row % 3]
            own = f"{WORDS[row % 3]} {WORDS[row % 3]} {WORDS[3 + row % 5]}"
            writer.writerow([f"{own} {ODD[row % len(ODD)]} {'long ' * (row % 9)}", label])
    before = beside_the_results(checkout)
    shown = checkout.run("all", changes=CHANGES)
    assert "Traceback" not in shown
    return checkout, before


def beside_the_results(checkout):
    return sorted(path for path in checkout.folder.rglob("*") if not LEFT_OUT & {*path.parts})


def test_nothing_is_written_beside_the_results(hostile):
    checkout, before = hostile
    assert beside_the_results(checkout) == before
    names = [path.relative_to(checkout.results).as_posix() for path in checkout.results.rglob("*")]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9_./-]+", name)] == []


def test_names_and_texts_are_kept_as_they_are(hostile):
    checkout, _ = hostile
    description = json.loads((checkout.results / "data/hostile/dataset.json").read_text(encoding="utf-8"))
    assert description["title"] == TITLE
    assert description["classes"] == list(LABELS.values())
    texts = pd.read_parquet(checkout.results / "data/hostile/train.parquet")["text"]
    assert len(texts) == TEXTS
    for odd in ODD:
        assert texts.str.contains(odd, regex=False).any()
    saved = yaml.safe_load((checkout.results / "config.yaml").read_text(encoding="utf-8"))
    assert saved["datasets"]["hostile"]["title"] == TITLE


def test_tables_show_the_title_and_obey_none_of_it(hostile):
    checkout, _ = hostile
    pages = sorted((checkout.results / "tables").glob("*.html"))
    assert len(pages) >= 5
    for page in pages:
        content = page.read_text(encoding="utf-8")
        assert "<script" not in content
        assert TITLE in unescape(content)
        for line in page.with_suffix(".tex").read_text(encoding="utf-8").splitlines():
            assert r"\input" not in line.replace(r"\textbackslash{}input", "")
        markdown = page.with_suffix(".md").read_text(encoding="utf-8")
        assert "<script" not in markdown
        assert "`id`" not in markdown.replace(r"\`", "")


def test_logs_hold_no_control_characters(hostile):
    checkout, _ = hostile
    for path in (checkout.results / "logs").rglob("*.log"):
        assert all(char.isprintable() or char == "\n" for char in path.read_text(encoding="utf-8")), path


def test_the_runs_end_where_the_pool_does_and_say_so(hostile):
    checkout, _ = hostile
    folder = checkout.results / "active_learning/as_written/fasttext/hostile"
    runs = pd.read_parquet(folder / "runs.parquet")
    for _, run in runs.groupby("strategy"):
        assert run["iteration"].tolist() == [0, 1, 2, 3]
        assert run["labelled"].tolist() == [10, 23, 36, 40]
    acquisitions = pd.read_parquet(folder / "acquisitions.parquet")
    assert acquisitions.groupby("strategy").size().to_dict() == {"random": 30, "cal": 30, "cal-threshold-0.6": 30}
    for name in ("summary", "table2", "table3", "table4", "labels"):
        for suffix in ("md", "tex", "html"):
            text = (checkout.results / f"tables/{name}.{suffix}").read_text(encoding="utf-8")
            assert "pool exhausted at iteration 3" in text
    log = (checkout.results / "logs/data/download_dataset/hostile.log").read_text(encoding="utf-8")
    assert "WARNING the pool will be exhausted at iteration 3 of 4: the runs end there" in log


def test_a_configuration_file_cannot_run_anything(untouched):
    evil = untouched.folder / "evil.yaml"
    evil.write_text("experiment: !!python/object/apply:os.mkdir [ran]\n", encoding="utf-8")
    shown = untouched.finish(untouched.call("snakemake", "all", "--dry-run", "--configfile", "evil.yaml"), status=1)
    assert "Config file is not valid" in shown
    assert not (untouched.folder / "ran").exists()


def test_a_name_from_the_data_cannot_forge_an_entry_of_a_log(new_checkout):
    forged = "2026-01-01 00:00:00,000 INFO all is well \x1b[31m"
    checkout = new_checkout()
    (checkout.folder / "made_train.csv").write_text(f'"text\n{forged}",label\na,fruit\n', encoding="utf-8", newline="")
    shown = checkout.run("figure1", status=1)
    log = (checkout.results / "logs/data/download_dataset/made.log").read_text(encoding="utf-8")
    for text in (shown, log):
        assert "no column 'text'; there are text\n  2026-01-01 00:00:00,000 INFO all is well \\x1b[31m, label" in text
        assert "\x1b[31m" not in text
    assert "Traceback" not in shown
