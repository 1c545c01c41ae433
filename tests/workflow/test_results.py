"""What a run of the whole small experiment leaves, and that cores and the size of jobs change no byte of it."""

import csv
import json
import shutil
from itertools import pairwise, permutations, product

import pandas as pd
import pytest
import yaml

pytestmark = pytest.mark.workflow

STRATEGIES = ("random", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal", "cal-threshold-0.6")
SEEDS = (11, 12)
ITERATIONS = range(4)
CHAINS = "active_learning/as_written/fasttext/made"
AUDIT = {
    "audit": {"strategies": ["cal"], "seeds": 1, "iterations": 3, "switches": ["weight_reset"]},
    "analysis": {"calibration": {"repetitions": 2, "seeds_per_group": [2]}},
}


def table_rows(checkout, name):
    """The rows of a table's CSV file, each as a dict; also checks that the other formats are there."""
    for suffix in ("md", "tex", "html"):
        assert (checkout.results / f"tables/{name}.{suffix}").read_text(encoding="utf-8").strip()
    with open(checkout.results / f"tables/{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_is_there_as_pdf_and_png(finished):
    figures = sorted((finished.results / "figures").iterdir())
    wanted = {f"figure{number}.{suffix}" for number in range(1, 6) for suffix in ("pdf", "png")}
    assert {path.name for path in figures} >= wanted
    for path in figures:
        start = b"%PDF-" if path.suffix == ".pdf" else b"\x89PNG"
        assert path.read_bytes().startswith(start)
        assert path.stat().st_size > 2000


def test_table_1_counts_what_was_read(finished):
    rows = table_rows(finished, "table1")
    values = {(row["split"], row["measure"], row["class"]): row["value"] for row in rows if row["dataset"] == "made"}
    assert values["train", "rows", ""] == "330"
    assert values["test", "rows", ""] == "60"
    assert len(values) == len(rows)


def test_table_2_has_every_ordered_pair_of_the_compared_strategies(finished):
    rows = table_rows(finished, "table2")
    assert {(row["strategy_a"], row["strategy_b"]) for row in rows} == set(permutations(["random", "dal", "cal"], 2))
    assert len(rows) == 3 * 6
    assert {row["scores_a"] for row in rows} == {str(len(SEEDS) * len(ITERATIONS))}


def test_where_no_compared_strategy_is_run_those_that_are_run_are_tested_for_the_claims(new_checkout, finished):
    checkout = new_checkout(finished)
    changes = {"run": {"strategies": ["entropy", "bald"]}}
    tested = "results/small/significance/as_written/fasttext/made/pooled.parquet"
    checkout.run(tested, changes=changes)
    assert set(pd.read_parquet(checkout.folder / tested)["strategy_a"]) == {"entropy", "bald"}
    assert "write_table2" not in {job.rule for job in checkout.plan("all", changes=changes)}


def test_without_random_labels_are_counted_and_areas_are_compared_with_those_of_cal(new_checkout, finished):
    checkout = new_checkout(finished)
    tables = checkout.folder / "results/small/tables"
    shutil.rmtree(tables)
    checkout.run("labels", "areas", changes={"run": {"strategies": ["entropy", "cal"]}})
    assert set(pd.read_csv(tables / "labels.csv")["strategy"]) == {"entropy", "cal"}
    areas = pd.read_csv(tables / "areas.csv")
    assert set(areas["baseline"]) == {"cal"}
    assert set(areas["strategy"]) == {"entropy"}
    rules = {job.rule for job in checkout.plan("all", changes={"run": {"strategies": ["entropy", "bald"]}})}
    assert "write_labels" in rules
    assert "write_areas" not in rules


def test_table_3_has_every_threshold_once(finished):
    rows = table_rows(finished, "table3")
    assert [(row["threshold"], row["strategy"]) for row in rows] == [("0.2", "cal"), ("0.6", "cal-threshold-0.6")]


def test_table_4_has_every_pair_of_the_batch_strategies_once(finished):
    rows = table_rows(finished, "table4")
    assert {frozenset((row["strategy_a"], row["strategy_b"])) for row in rows} == {
        frozenset(pair) for pair in permutations(["random", "dal", "cal"], 2)
    }
    assert len(rows) == 3


def test_summary_has_every_strategy_that_was_asked_for(finished):
    rows = table_rows(finished, "summary")
    assert [row["strategy"] for row in rows] == list(STRATEGIES[:-1])
    assert {row["seeds"] for row in rows} == {str(len(SEEDS))}


def test_every_iteration_has_a_checkpoint_with_its_rows(finished):
    found = {path.relative_to(finished.results / CHAINS) for path in (finished.results / CHAINS).rglob("iteration-*")}
    assert len(found) == len(STRATEGIES) * len(SEEDS) * len(ITERATIONS)
    for strategy, seed, iteration in product(STRATEGIES, SEEDS, ITERATIONS):
        path = finished.results / CHAINS / strategy / f"seed-{seed}" / f"iteration-{iteration:03d}.parquet"
        instances = pd.read_parquet(path, partitioning=None)
        assert list(instances["acquired_iteration"].value_counts().sort_index()) == [20] + [5] * (iteration + 1)
        assert instances["instance_id"].is_unique
        assert instances["instance_id"].between(0, 329).all()
        assert instances["confidence"].isna().equals(instances["acquired_iteration"] == iteration + 1)


def test_a_chain_keeps_what_it_acquired(finished):
    for strategy in STRATEGIES:
        folder = finished.results / CHAINS / strategy / "seed-11"
        order = [pd.read_parquet(path, partitioning=None)["instance_id"] for path in sorted(folder.iterdir())]
        for before, after in pairwise(order):
            assert list(after)[: len(before)] == list(before)


def test_all_strategies_of_a_seed_start_from_the_same_seed_set(finished):
    seed_sets: dict[int, set[tuple[int, ...]]] = {}
    for strategy, seed in product(STRATEGIES, SEEDS):
        path = finished.results / CHAINS / strategy / f"seed-{seed}" / "iteration-000.parquet"
        instances = pd.read_parquet(path, partitioning=None)
        drawn = instances.loc[instances["acquired_iteration"] == 0, "instance_id"]
        seed_sets.setdefault(seed, set()).add(tuple(drawn))
    assert [len(drawn) for drawn in seed_sets.values()] == [1, 1]
    assert seed_sets[11] != seed_sets[12]


def test_strategies_acquire_different_texts(finished):
    acquisitions = pd.read_parquet(finished.results / CHAINS / "acquisitions.parquet")
    chosen = acquisitions[acquisitions["seed"] == 11].groupby("strategy")["instance_id"].agg(frozenset)
    # BALD with many agreeing passes chooses as entropy does; all others differ.
    assert len(set(chosen)) >= len(STRATEGIES) - 1
    assert set(map(len, chosen)) == {15}


def test_frames_hold_every_run(finished):
    folder = finished.results / CHAINS
    runs, full_data = pd.read_parquet(folder / "runs.parquet"), pd.read_parquet(folder / "full_data.parquet")
    assert len(runs) == len(STRATEGIES) * len(SEEDS) * len(ITERATIONS)
    assert list(full_data["seed"]) == list(SEEDS)
    # The texts are easy: a model that saw them all must know them, else features and labels do not belong together.
    assert full_data["test_accuracy"].min() > 0.7
    assert runs["test_accuracy"].max() > 0.45


def test_data_maps_cover_their_texts(finished):
    folder = finished.results / "data_maps/as_written/fasttext/made"
    assert list(pd.read_parquet(folder / f"full/seed-{SEEDS[0]}.parquet")["instance_id"]) == list(range(330))
    assert len(pd.read_parquet(folder / f"seed_set/seed-{SEEDS[0]}.parquet")) == 20


def test_the_resolved_configuration_lies_beside_the_results(finished):
    config = yaml.safe_load((finished.results / "config.yaml").read_text(encoding="utf-8"))
    assert config["run"]["seeds"] == list(SEEDS)  # from the overlay
    assert config["run"]["strategies"] == list(STRATEGIES[:-1])  # from config.yaml
    assert config["main_classifier"] == {"hidden_size": 32, "dropout": 0.3, "learning_rate": 0.01, "epochs": 20}


def test_nothing_tells_where_and_when_it_was_made(finished):
    for name, content in finished.files().items():
        assert str(finished.folder).encode() not in content, name
    description = json.loads((finished.results / "data/made/dataset.json").read_text(encoding="utf-8"))
    assert description["source"] == "files: made_train.csv, made_test.csv"


def test_nothing_unfinished_is_left(finished):
    names = [path.name for path in finished.results.rglob("*")]
    assert not [name for name in names if name.startswith(("unfinished", "."))]


def test_a_second_run_on_one_core_gives_the_same_bytes(finished, finished_on_one_core):
    first, second = finished.files(), finished_on_one_core.files()
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


@pytest.fixture(scope="module")
def audited(finished, new_checkout):
    """A copy of the finished checkout with what is made on request alone: a small audit, and the tests' calibration."""
    checkout = new_checkout(finished)
    checkout.run("audit", "calibration", changes=AUDIT)
    return checkout


def test_the_audit_turns_each_switch_in_both_presets_and_changes_nothing_else(audited, finished):
    rows = table_rows(audited, "audit")
    assert {(row["preset"], row["switch"]) for row in rows} >= set(
        product(["as_written", "released"], ["", "weight_reset"])
    )
    assert table_rows(audited, "calibration")
    for suffix in ("pdf", "png"):
        assert (audited.results / f"figures/audit.{suffix}").stat().st_size > 2000
    before, after = finished.files(), audited.files()
    assert [name for name in before if after[name] != before[name]] == []


def test_ranks_stand_beside_what_was_measured_of_the_chains(finished, new_checkout):
    eight = {"run": {"strategies": [*STRATEGIES[:-1], "margin"]}}
    checkout = new_checkout(finished)
    checkout.run("costs", changes=eight)
    table = pd.read_csv(checkout.results / "benchmarks/strategies.csv").set_index("strategy")
    assert set(table.index) == set(eight["run"]["strategies"])
    assert (table["measured"] == table["runs"]).all()
    (path,) = checkout.results.glob("logs/active_learning/run_iterations/*-margin-11.log")
    path.unlink()
    (checkout.results / "benchmarks/strategies.csv").unlink()
    checkout.run("costs", changes=eight)
    again = pd.read_csv(checkout.results / "benchmarks/strategies.csv").set_index("strategy")
    assert again.loc["margin", "measured"] == 1
    assert again.drop("margin").equals(table.drop("margin").loc[again.drop("margin").index])


def test_jobs_of_one_iteration_give_the_same_bytes(audited, new_checkout):
    # Without weight reset, as in the released protocol, each job hands the model's state to the next one.
    chains = [
        f"active_learning/{run}/seed-11" for run in ("as_written/fasttext/made/random", "released/fasttext/made/cal")
    ]
    chunked = new_checkout(audited)
    for chain in chains:
        shutil.rmtree(chunked.results / chain)
    shown = chunked.run(
        *(f"results/small/{chain}/iteration-003.parquet" for chain in chains),
        changes=AUDIT | {"iterations_per_job": 1},
    )
    assert shown.count("Finished jobid") == len(chains) * 3  # iterations 0 and 1, 2, 3
    blocks, single = audited.files(*chains), chunked.files(*chains)
    assert len(blocks) == len(chains) * len(ITERATIONS)
    assert [name for name in blocks if single[name] != blocks[name]] == []


def test_the_report_shows_every_figure_and_table_with_its_caption(finished):
    finished.run("--report", "report.html")
    report = (finished.folder / "report.html").read_text(encoding="utf-8")
    for path in [*finished.results.glob("figures/*.png"), *finished.results.glob("tables/*.csv")]:
        assert path.name in report
    for caption in ("Figure 1", "Figure 2", "Figure 3", "Figure 4", "Figures 5 and 6", "Table 1", "Table 2", "Table 3"):
        assert f"The paper's {caption}" in report
