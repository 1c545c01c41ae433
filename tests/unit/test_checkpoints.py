"""Checkpoints: what is written comes back, and whatever is not what was written is refused."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from cartography_al.checkpoints import (
    METADATA_KEY,
    SCHEMA,
    BinaryClassifierReport,
    Checkpoint,
    collect,
    read_checkpoint,
    read_state,
    write_checkpoint,
    write_state,
)
from cartography_al.errors import CheckpointError


def make_checkpoint(
    iteration: int = 2, strategy: str = "cal", seed: int = 7, seed_set: int = 5, query_size: int = 3
) -> Checkpoint:
    """A checkpoint of a chain whose instance ids count down from 99, in the order of acquisition."""
    labelled = seed_set + query_size * iteration
    rows = np.arange(labelled + query_size)
    acquired = np.where(rows < seed_set, 0, (rows - seed_set) // query_size + 1)
    # Of eight values, each exact in binary, so that frames are compared to the last digit.
    statistics = np.where(rows < labelled, (rows % 8) / 8, np.nan)
    return Checkpoint(
        digest="ab" * 32,
        dataset="trec",
        strategy=strategy,
        seed=seed,
        iteration=iteration,
        test_accuracy=1 / 3,
        macro_f1=0.1,
        class_accuracy={"abbreviation": 0.5, "entity": None},
        binary_classifiers={"cal": BinaryClassifierReport(0.75, (0, labelled))} if strategy == "cal" else {},
        instances=pd.DataFrame(
            {
                "instance_id": (99 - rows).astype(np.int64),
                "label": (rows % 3).astype(np.int16),
                "acquired_iteration": acquired.astype(np.int16),
                "confidence": statistics,
                "variability": statistics / 2,
                "correctness": 1 - statistics,
            }
        ),
    )


def assert_same(first: Checkpoint, second: Checkpoint) -> None:
    assert_frame_equal(first.instances, second.instances)
    empty = pd.DataFrame()
    assert replace(first, instances=empty).__dict__.keys() == replace(second, instances=empty).__dict__.keys()
    for name, value in vars(first).items():
        if name != "instances":
            assert value == getattr(second, name), name


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "iteration-002.parquet"
    write_checkpoint(path, make_checkpoint())
    return path


def test_round_trip(written):
    assert_same(read_checkpoint(written), make_checkpoint())
    assert_same(read_checkpoint(str(written), digest="ab" * 32), make_checkpoint())


@settings(max_examples=25)
@given(
    st.floats(0, 1),
    st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=2, max_size=3),
    st.dictionaries(st.sampled_from(["cal", "dal"]), st.tuples(st.floats(0, 1), st.tuples(*[st.integers(0, 99)] * 2))),
    st.lists(st.tuples(st.integers(0, 2**62), st.floats(0, 1)), max_size=5),
)
def test_any_content_round_trips(tmp_path_factory, accuracy, class_accuracy, binary, rows):
    ids, statistics = np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float64)
    whole = replace(
        make_checkpoint(),
        test_accuracy=accuracy,
        class_accuracy={f"class {number} \u00e9": value for number, value in enumerate(class_accuracy)},
        binary_classifiers={name: BinaryClassifierReport(*report) for name, report in binary.items()},
        instances=pd.DataFrame(
            {
                "instance_id": ids,
                "label": np.zeros(len(rows), np.int16),
                "acquired_iteration": np.zeros(len(rows), np.int16),
                "confidence": statistics,
                "variability": statistics,
                "correctness": statistics,
            }
        ),
    )
    path = tmp_path_factory.mktemp("checkpoints") / "one.parquet"
    write_checkpoint(path, whole)
    assert_same(read_checkpoint(path), whole)


def test_same_content_same_bytes(tmp_path, written):
    """Whatever the file's name, the frame's index and its columns' order; and again from what was read."""
    checkpoint = make_checkpoint()
    shuffled = checkpoint.instances[checkpoint.instances.columns[::-1]].set_axis(
        range(5, 5 + len(checkpoint.instances))
    )
    write_checkpoint(tmp_path / "other" / "name.parquet", replace(checkpoint, instances=shuffled))
    write_checkpoint(tmp_path / "again.parquet", read_checkpoint(written))
    contents = {path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    assert len(contents) == 1


def test_the_file_is_plain_parquet(written):
    """Other tools can read it: the documented columns, null (not NaN) for what the next batch does not have."""
    table = pq.read_table(written)
    assert table.schema.equals(SCHEMA)
    assert table["confidence"].null_count == 3
    described = json.loads(table.schema.metadata[METADATA_KEY])
    assert described["strategy"] == "cal"
    assert described["class_accuracy"] == {"abbreviation": 0.5, "entity": None}


def test_labelled_set_and_next_batch():
    checkpoint = make_checkpoint()
    assert checkpoint.labelled["instance_id"].tolist() == list(range(99, 88, -1))
    assert checkpoint.next_batch_ids.tolist() == [88, 87, 86]
    assert checkpoint.next_batch_ids.dtype == np.int64


@pytest.mark.parametrize(("rows", "single"), [((0, 9), True), ((9, 0), True), ((1, 8), False)])
def test_single_class(rows, single):
    assert BinaryClassifierReport(1.0, rows).single_class is single


def test_a_file_cut_anywhere_is_refused(written):
    whole = written.read_bytes()
    for length in [*range(0, 64), *range(64, len(whole), 37), *range(len(whole) - 64, len(whole))]:
        written.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=rf"not a readable checkpoint .*run `rm {written}` and then the same"):
            read_checkpoint(written)


def test_a_changed_byte_is_refused_or_without_effect(written):
    """In any fifth byte one bit, and in some all: parquet has bytes that mean nothing, and no other may pass."""
    whole = written.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for position in range(int(rng.integers(5)), len(whole), 5):
        damaged = bytearray(whole)
        damaged[position] ^= int(rng.choice([1, 2, 4, 8, 16, 32, 64, 128, 255]))
        written.write_bytes(damaged)
        try:
            found = read_checkpoint(written)
        except CheckpointError as error:
            refused += 1
            assert str(written) in str(error)  # noqa: PT017
        else:
            assert_same(found, make_checkpoint())
    assert refused > len(whole) / 5 / 3


def edited(metadata_edit: Callable[[dict], object]) -> Callable[[Path], None]:
    """Rewrite a checkpoint's metadata, as a hand or another version would."""

    def edit(path: Path) -> None:
        table = pq.read_table(path)
        metadata = json.loads(table.schema.metadata[METADATA_KEY])
        replacement = metadata_edit(metadata)
        metadata = metadata if replacement is None else replacement
        pq.write_table(table.replace_schema_metadata({METADATA_KEY: json.dumps(metadata)}), path)

    return edit


def change_a_label(path: Path) -> None:
    table = pq.read_table(path)
    labels = pa.array([2, *table["label"].to_pylist()[1:]], pa.int16())
    changed = table.set_column(1, table.schema.field("label"), labels)
    pq.write_table(changed, path)


def drop_a_row(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(1), path)


def swap_two_columns(path: Path) -> None:
    table = pq.read_table(path)
    names = [*table.column_names[:3], "variability", "confidence", "correctness"]
    pq.write_table(table.rename_columns(names).replace_schema_metadata(table.schema.metadata), path)


def write_a_plain_parquet(path: Path) -> None:
    pq.write_table(pa.table({"instance_id": [1, 2]}), path)


def rows_without_metadata(path: Path) -> None:
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (write_a_plain_parquet, "not a readable checkpoint"),
        (rows_without_metadata, "not a readable checkpoint"),
        (lambda path: path.write_text("iteration,accuracy\n0,0.5\n"), "not a readable checkpoint"),
        (lambda path: path.write_bytes(b""), "not a readable checkpoint"),
        (edited(lambda metadata: metadata.update(schema_version=0)), "checkpoint schema 0, this version reads 1"),
        (edited(lambda metadata: metadata.update(schema_version=2)), "checkpoint schema 2, this version reads 1"),
        (edited(lambda metadata: metadata.clear()), "checkpoint schema None, this version reads 1"),
        (edited(lambda metadata: [1, 2]), "checkpoint schema None, this version reads 1"),
        (edited(lambda metadata: metadata.update(test_accuracy=0.99)), "its content is not what was written"),
        (edited(lambda metadata: metadata.update(seed=8)), "its content is not what was written"),
        (edited(lambda metadata: metadata.update(digest="cd" * 32)), "its content is not what was written"),
        (edited(lambda metadata: metadata.pop("macro_f1") and None), "its content is not what was written"),
        (edited(lambda metadata: metadata.update(sha256="00" * 32)), "its content is not what was written"),
        (edited(lambda metadata: metadata.pop("sha256") and None), "its content is not what was written"),
        (change_a_label, "its content is not what was written"),
        (drop_a_row, "its content is not what was written"),
        (swap_two_columns, "its content is not what was written"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_what_is_not_what_was_written_is_refused(written, damage, message):
    damage(written)
    with pytest.raises(CheckpointError, match=rf"{written}: {message}.*run `rm {written}` and then the same"):
        read_checkpoint(written)


def test_another_experiments_checkpoint_is_refused(written):
    message = r"belongs to another experiment \(digest abababababab, expected cdcdcdcdcdcd\)"
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(written, digest="cd" * 32)


def test_another_iterations_checkpoint_is_refused(written):
    with pytest.raises(CheckpointError, match=r"iteration-002\.parquet: holds iteration 2, expected 3"):
        read_checkpoint(written, iteration=3)


def test_the_command_that_repairs_can_be_pasted(tmp_path):
    path = tmp_path / "my results" / "iteration-002.parquet"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(path)
    subprocess.run(str(caught.value).split("`")[1], shell=True, check=True)
    assert not path.exists()


def test_a_state_round_trips(tmp_path):
    state = np.random.default_rng(0).normal(size=50).astype(np.float32)
    write_state(tmp_path / "state.parquet", state, "ab" * 32, 4)
    found = read_state(tmp_path / "state.parquet", "ab" * 32, 4)
    assert found.dtype == np.float32
    assert found.flags.writeable
    np.testing.assert_array_equal(found, state)


@pytest.mark.parametrize("name", ["absent.parquet", "."])
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(CheckpointError, match="no such checkpoint; run the rule that makes it"):
        read_checkpoint(tmp_path / name)


def write_chains(folder: Path) -> list[Path]:
    """Two strategies, two seeds, iterations 0 to 2."""
    paths = []
    for strategy in ("random", "cal"):
        for seed in (7, 3):
            for iteration in range(3):
                path = folder / strategy / f"seed-{seed}" / f"iteration-{iteration:03d}.parquet"
                write_checkpoint(path, make_checkpoint(iteration, strategy, seed))
                paths.append(path)
    return paths


def test_collect(tmp_path):
    runs, acquisitions, seed_sets = collect(write_chains(tmp_path))
    chains = [
        (strategy, seed, iteration) for strategy in ("random", "cal") for seed in (7, 3) for iteration in range(3)
    ]
    assert list(runs[["strategy", "seed", "iteration"]].itertuples(index=False, name=None)) == chains
    assert runs["labelled"].tolist() == [5, 8, 11] * 4
    assert (runs["test_accuracy"] == 1 / 3).all()
    assert (runs["macro_f1"] == 0.1).all()
    assert runs["binary_cal_accuracy"].isna().tolist() == [True] * 6 + [False] * 6
    assert runs["binary_dal_accuracy"].isna().all()
    assert runs["single_class"].tolist() == [False] * 6 + [True] * 6
    types = {name: str(kind) for name, kind in runs.dtypes.items() if name != "strategy"}
    assert types == {
        "seed": "int64",
        "iteration": "int16",
        "labelled": "int32",
        "test_accuracy": "float64",
        "macro_f1": "float64",
        "binary_cal_accuracy": "float64",
        "binary_dal_accuracy": "float64",
        "single_class": "bool",
    }

    assert len(acquisitions) == 4 * 2 * 3
    first = acquisitions[(acquisitions["strategy"] == "cal") & (acquisitions["seed"] == 3)]
    assert first["iteration"].tolist() == [1, 1, 1, 2, 2, 2]
    # Each batch with the statistics of the iteration that it entered in, from that iteration's own checkpoint.
    expected = pd.concat(
        [make_checkpoint(1).instances.iloc[5:8], make_checkpoint(2).instances.iloc[8:11]], ignore_index=True
    ).rename(columns={"acquired_iteration": "iteration"})
    assert_frame_equal(first[expected.columns].reset_index(drop=True), expected)
    columns = ["strategy", "seed", "iteration", "instance_id", "label", "confidence", "variability", "correctness"]
    assert list(acquisitions.columns) == columns
    assert not acquisitions.isna().any(axis=None)  # the next batch of the last checkpoint was never trained on

    assert list(seed_sets.columns) == ["seed", "instance_id"]
    assert seed_sets.groupby("seed")["instance_id"].apply(list).to_dict() == {
        seed: [99, 98, 97, 96, 95] for seed in (3, 7)
    }


def test_collect_leaves_out_what_comes_after_the_last_of_the_pool(tmp_path):
    paths = write_chains(tmp_path)[:2]
    last = make_checkpoint(2, "random")
    path = paths[0].with_name("iteration-002.parquet")
    write_checkpoint(path, replace(last, instances=last.instances.iloc[:8]))
    runs, acquisitions, _ = collect([*paths, path])
    assert runs["labelled"].tolist() == [5, 8]
    assert acquisitions["iteration"].tolist() == [1, 1, 1]
    assert acquisitions["instance_id"].dtype == np.int64


def test_collect_refuses_a_damaged_checkpoint(tmp_path):
    paths = write_chains(tmp_path)
    paths[4].write_bytes(b"PAR1")
    with pytest.raises(CheckpointError, match=r"seed-3/iteration-001\.parquet"):
        collect(paths)


@pytest.mark.parametrize("position", range(3))
def test_collect_refuses_a_checkpoint_of_another_experiment(tmp_path, position):
    paths = write_chains(tmp_path)
    foreign = paths[3 + position]
    write_checkpoint(foreign, replace(read_checkpoint(foreign), digest="cd" * 32))
    message = rf"{foreign}: belongs to another experiment than its chain \(digest cdcdcdcdcdcd\); .*`rm {foreign}`"
    with pytest.raises(CheckpointError, match=message):
        collect(paths)


@pytest.mark.parametrize(("source", "held"), [(0, "random/seed-7"), (3, "random/seed-3"), (6, "cal/seed-7")])
def test_collect_refuses_a_checkpoint_of_another_chain(tmp_path, source, held):
    paths = write_chains(tmp_path)
    copied = paths[10]  # cal, seed 3, iteration 1
    copied.write_bytes(paths[source].read_bytes())
    with pytest.raises(CheckpointError, match=rf"{copied}: holds {held}/iteration-000; .*`rm {copied}`"):
        collect(paths)


def test_collect_refuses_a_checkpoint_of_another_iteration(tmp_path):
    paths = write_chains(tmp_path)
    paths[2].write_bytes(paths[1].read_bytes())
    with pytest.raises(CheckpointError, match=rf"{paths[2]}: holds random/seed-7/iteration-001;"):
        collect(paths)
