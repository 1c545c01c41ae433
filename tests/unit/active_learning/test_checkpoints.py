"""active_learning.checkpoints: what it promises, and what it refuses."""

import json
import shutil
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
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.active_learning.chain import run_block
from cartography_al.active_learning.checkpoints import (
    METADATA_KEY,
    SCHEMA,
    Checkpoint,
    read_checkpoint,
    read_state,
    write_checkpoint,
    write_state,
)
from cartography_al.active_learning.collect import collect
from cartography_al.active_learning.iteration import run_iteration
from cartography_al.errors import CheckpointError
from cartography_al.learning.metrics import BinaryClassifierReport
from cartography_al.protocol import RELEASED
from tests.unit.active_learning.support import (
    BOTH,
    Counter,
    Killed,
    block_paths,
    chain,
    cut,
    flip,
    make_checkpoint,
    make_data,
    make_run,
    run_in_blocks,
    write_chains,
)


@BOTH
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_iteration_repeats_to_the_last_byte(tmp_path, strategy, protocol):
    run = make_run(strategy, protocol)
    for name in ("first", "second"):
        write_checkpoint(tmp_path / name, run_iteration(run, None)[0])
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@BOTH
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_pool_runs_out(tmp_path, strategy, protocol):
    """32 instances, 12 + 7 + 7 + 6: the last batch is what is left, then training goes on without a choice."""
    run = make_run(strategy, protocol, data=make_data(32), seed_set_size=12, query_size=7)
    checkpoints = chain(run, 4)
    assert [len(checkpoint.labelled) for checkpoint in checkpoints] == [12, 19, 26, 32, 32]
    assert [len(checkpoint.next_batch_ids) for checkpoint in checkpoints] == [7, 7, 6, 0, 0]
    assert sorted(checkpoints[4].instances["instance_id"]) == list(range(32))
    write_checkpoint(tmp_path / "last.parquet", checkpoints[4])
    assert len(read_checkpoint(tmp_path / "last.parquet", run.digest).instances) == 32


@BOTH
def test_blocks_repeat_the_last_iteration_once_the_pool_has_run_out(tmp_path, protocol, monkeypatch):
    run = make_run("cal", protocol, data=make_data(32), seed_set_size=12, query_size=7)
    trained: list[Checkpoint | None] = []

    def counted(run, previous, state):
        trained.append(previous)
        return run_iteration(run, previous, state)

    monkeypatch.setattr("cartography_al.active_learning.chain.run_iteration", counted)
    whole = run_in_blocks(run, tmp_path / "whole", [range(7)])
    assert len(trained) == 4
    for blocks in ([range(5), range(5, 7)], [range(4), range(4, 5), range(5, 7)], [range(2), range(2, 7)]):
        assert run_in_blocks(run, tmp_path / str(blocks), blocks) == whole
    last, repeated = (read_checkpoint(tmp_path / f"whole/iteration-00{number}.parquet") for number in (3, 6))
    assert (last.iteration, repeated.iteration) == (3, 6)
    assert repeated.labelled.equals(last.labelled)
    assert repeated.test_accuracy == last.test_accuracy


def test_a_block_killed_while_it_wrote_its_outputs_is_done_again_without_training(tmp_path, monkeypatch):
    run = make_run()
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    written: list[Path] = []

    def write(path: Path, checkpoint: Checkpoint) -> None:
        if path.parent.name == "killed":
            if written:
                raise Killed
            written.append(path)
        write_checkpoint(path, checkpoint)

    monkeypatch.setattr("cartography_al.active_learning.chain.write_checkpoint", write)
    with pytest.raises(Killed):
        run_in_blocks(run, tmp_path / "killed", [range(3)])
    monkeypatch.setattr("cartography_al.active_learning.chain.write_checkpoint", write_checkpoint)
    counter.iterations = []
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut, "not a readable checkpoint"),
        (flip, "(not a readable checkpoint|its content is not what was written)"),
        (lambda path: write_state(path, np.zeros(3, np.float32), "cd" * 32, 0), "belongs to another experiment"),
        (lambda path: write_state(path, np.zeros(3, np.float32), make_run(protocol=RELEASED).digest, 1), "iteration 1"),
        (lambda path: shutil.copy(path.with_name("iteration-000.parquet"), path), "its content is not what was"),
    ],
    ids=["cut", "flipped", "foreign", "other iteration", "checkpoint"],
)
def test_a_damaged_state_between_blocks_is_refused(tmp_path, damage, message):
    """It has the right shape, often; trained on, it would give results that nobody could tell from right ones."""
    run, state = make_run(protocol=RELEASED), tmp_path / "iteration-000-state.parquet"
    first, second = (block_paths(tmp_path, range(i, i + 1)) for i in range(2))
    run_block(run, None, first, tmp_path / "unfinished", "code", state_out=state)
    damage(state)
    with pytest.raises(CheckpointError, match=rf"iteration-000-state\.parquet: .*{message}.*run `rm {state}` and then"):
        run_block(run, first[0], second, tmp_path / "unfinished", "code", state_in=state)
    assert not second[1].exists()


def assert_same(first: Checkpoint, second: Checkpoint) -> None:
    assert_frame_equal(first.instances, second.instances)
    empty = pd.DataFrame()
    assert replace(first, instances=empty).__dict__.keys() == replace(second, instances=empty).__dict__.keys()
    for name, value in vars(first).items():
        if name == "predictions":
            assert_array_equal(value, second.predictions)
        elif name != "instances":
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
    st.lists(st.integers(0, 2**15 - 1) | st.integers(0, 3), min_size=1, max_size=20),
)
def test_any_content_round_trips(tmp_path_factory, accuracy, class_accuracy, binary, rows, predicted):
    ids, statistics = np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float64)
    whole = replace(
        make_checkpoint(),
        test_accuracy=accuracy,
        class_accuracy={f"class {number} \u00e9": value for number, value in enumerate(class_accuracy)},
        binary_classifiers={name: BinaryClassifierReport(*report) for name, report in binary.items()},
        predictions=np.array(predicted, np.int16),
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
        (edited(lambda metadata: metadata.update(schema_version=0)), "checkpoint schema 0, this version reads 2"),
        (edited(lambda metadata: metadata.update(schema_version=1)), "checkpoint schema 1, this version reads 2"),
        (edited(lambda metadata: metadata.clear()), "checkpoint schema None, this version reads 2"),
        (edited(lambda metadata: [1, 2]), "checkpoint schema None, this version reads 2"),
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


def test_collect_leaves_out_what_comes_after_the_last_of_the_pool(tmp_path):
    paths = write_chains(tmp_path)[:2]
    last = make_checkpoint(2, "random")
    path = paths[0].with_name("iteration-002.parquet")
    write_checkpoint(path, replace(last, instances=last.instances.iloc[:8]))
    runs, acquisitions, *_ = collect([*paths, path])
    assert runs["labelled"].tolist() == [5, 8]
    assert acquisitions["iteration"].tolist() == [1, 1, 1]
    assert acquisitions["instance_id"].dtype == np.int64


@pytest.mark.parametrize("position", range(3))
def test_collect_refuses_a_checkpoint_of_another_experiment(tmp_path, position):
    paths = write_chains(tmp_path)
    foreign = paths[3 + position]
    write_checkpoint(foreign, replace(read_checkpoint(foreign), digest="cd" * 32))
    message = rf"{foreign}: belongs to another experiment than its chain \(digest cdcdcdcdcdcd\); .*`rm {foreign}`"
    with pytest.raises(CheckpointError, match=message):
        collect(paths)
