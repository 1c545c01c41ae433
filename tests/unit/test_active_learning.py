"""Active learning end to end on a made data set: seed sets, iterations, blocks that survive a kill, each switch."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cartography_al import active_learning
from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.active_learning import (
    LabelledFeatures,
    Run,
    data_map,
    evaluate,
    model_state,
    run_block,
    run_iteration,
    seed_set_ids,
    train_main_classifier,
)
from cartography_al.checkpoints import Checkpoint, read_checkpoint, write_checkpoint, write_state
from cartography_al.dynamics import confidence, correctness, variability
from cartography_al.errors import CheckpointError, DataError, NumericError
from cartography_al.models import ClassifierSettings
from cartography_al.naming import STRATEGY_ORDER
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol
from cartography_al.training import predict

INPUTS, CLASSES, INSTANCES, TESTED = 5, ("a", "b", "c"), 80, 200
MAIN = ClassifierSettings(
    hidden_layers=3,
    hidden_size=8,
    dropout=0.3,
    learning_rate=5e-3,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    weight_decay=0.01,
    epochs=4,  # 1 of 4 is between 0.2 and 0.3, where D7 makes a difference
    batch_size=8,
)
BINARY = replace(MAIN, hidden_layers=1, dropout=0.0)


def make_split(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.choice(3, rows, p=[0.6, 0.3, 0.1]).astype(np.int16)
    return (rng.normal(0, 1.5, (rows, INPUTS)) + 2 * labels[:, None]).astype(np.float32), labels


def make_data(instances: int = INSTANCES) -> LabelledFeatures:
    return LabelledFeatures("made", CLASSES, *make_split(instances, 0), *make_split(TESTED, 1), {"train texts": "0f"})


def make_run(strategy: str = "cal", protocol: Protocol = AS_WRITTEN, **changes: Any) -> Run:
    """As the workflow puts it together: the depths of the classifiers follow the protocol (D4, D10)."""
    parts: dict[str, Any] = {
        "data": make_data(),
        "strategy": strategy,
        "select": STRATEGIES[strategy],
        "seed": 7,
        "protocol": protocol,
        "main_settings": replace(MAIN, hidden_layers=protocol.hidden_layers),
        "binary_settings": replace(BINARY, hidden_layers=int(protocol.binary_hidden_layer)),
        "seed_set_size": 20,
        "query_size": 6,
        "correctness_threshold": 0.2,
        "monte_carlo_passes": 3,
    }
    return Run(**parts | changes)


def chain(run: Run, iterations: int) -> list[Checkpoint]:
    """Checkpoints 0 to `iterations`."""
    checkpoints: list[Checkpoint] = []
    state = None
    for _ in range(iterations + 1):
        checkpoint, trained = run_iteration(run, checkpoints[-1] if checkpoints else None, state)
        state = None if run.protocol.weight_reset else model_state(trained)
        checkpoints.append(checkpoint)
    return checkpoints


# Seed set


def class_counts(labels: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.bincount(labels[ids], minlength=int(labels.max()) + 1)


LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=120).filter(lambda labels: len(set(labels)) > 1)


@settings(max_examples=100)
@given(LABELS, st.floats(0, 1), st.integers(0, 2**32))
def test_stratified_seed_set(values, share, seed):
    labels = np.unique(np.array(values), return_inverse=True)[1].astype(np.int16)
    classes = int(labels.max()) + 1
    size = round(classes + share * (len(labels) - classes))
    ids = seed_set_ids(labels, size, seed, AS_WRITTEN)
    assert ids.dtype == np.int64
    assert len(ids) == len(set(ids.tolist())) == size
    assert set(ids.tolist()) <= set(range(len(labels)))
    counts, shares = class_counts(labels, ids), np.bincount(labels) * size / len(labels)
    assert counts.min() >= 1
    # Within one of its share; a class lifted to its one instance takes it from the largest.
    lifted = int(((counts == 1) & (shares < 1)).sum())
    assert (counts - shares < 1 + 1e-9).all()
    assert (shares - counts < 1 + lifted + 1e-9).all()
    assert_array_equal(ids, seed_set_ids(labels, size, seed, AS_WRITTEN))


def test_shares_are_rounded_by_largest_remainder():
    """Shares 1.4, 2.3, 6.3: floors leave one instance, and the remainder 0.4 is the largest."""
    labels = np.repeat([0, 1, 2], [14, 23, 63]).astype(np.int16)
    assert class_counts(labels, seed_set_ids(labels, 10, 0, AS_WRITTEN)).tolist() == [2, 2, 6]


def test_a_rare_class_is_in_the_seed_set():
    """2 of 1,000: its share of 20 is 0.04, and without it no model could learn the class."""
    labels = np.repeat([0, 1, 2], [600, 398, 2]).astype(np.int16)
    for seed in range(20):
        assert class_counts(labels, seed_set_ids(labels, 20, seed, AS_WRITTEN)).tolist() in ([11, 8, 1], [12, 7, 1])


def test_seeds_draw_different_seed_sets():
    labels = make_split(1000, 0)[1]
    drawn = {seed_set_ids(labels, 100, seed, AS_WRITTEN).tobytes() for seed in range(20)}
    assert len(drawn) == 20


def test_every_instance_can_be_in_the_seed_set():
    """Each of 80 is drawn in a quarter of 400 seeds, within five standard errors."""
    labels = make_split(INSTANCES, 0)[1]
    times = np.zeros(INSTANCES)
    for seed in range(400):
        times[seed_set_ids(labels, 20, seed, AS_WRITTEN)] += 1
    expected = np.bincount(labels, weights=times / 400) / np.bincount(labels)
    spread = np.sqrt(expected * (1 - expected) / 400)[labels]
    assert (np.abs(times / 400 - expected[labels]) < 5 * spread).all()


def test_d13_is_the_same_for_every_seed_and_not_stratified():
    labels = make_split(1000, 0)[1]
    fixed = [seed_set_ids(labels, 100, seed, RELEASED) for seed in (398048, 127003)]
    assert_array_equal(fixed[0], fixed[1])
    assert len(set(fixed[0].tolist())) == 100
    assert fixed[0].dtype == np.int64
    assert_array_equal(fixed[0], seed_set_ids(np.zeros(1000, np.int16), 100, 1, RELEASED))  # no look at the labels


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
@pytest.mark.parametrize("size", [2, 81])
def test_a_seed_set_that_cannot_be_is_refused(protocol, size):
    message = f"seed_set_size: {size} must be at least the 3 classes and at most the 80 texts"
    with pytest.raises(DataError, match=message):
        seed_set_ids(make_split(INSTANCES, 0)[1], size, 0, protocol)


# One training


def test_the_data_map_is_the_dynamics_of_each_instance():
    """Rows follow the ids, whatever the order they are given in."""
    data = make_data()
    ids = np.array([70, 3, 41, 8, 12, 55])
    trained = train_main_classifier(data, ids, 7, 0, MAIN, AS_WRITTEN)
    frame = data_map(data, ids, trained.record)
    assert frame["instance_id"].tolist() == ids.tolist()
    assert frame["label"].tolist() == data.train_labels[ids].tolist()
    assert_array_equal(frame["confidence"], confidence(trained.record.gold_probability))
    assert_array_equal(frame["variability"], variability(trained.record.gold_probability))
    assert_array_equal(frame["correctness"], correctness(trained.record.correct))
    assert str(frame["label"].dtype) == "int16"
    # The last row of the record is what the finished model says.
    probabilities = predict(trained.model, data.train_features, ids)[0]
    gold = probabilities[np.arange(6), data.train_labels[ids]]
    assert_allclose(trained.record.gold_probability[-1], gold, rtol=0, atol=1e-6)
    assert_array_equal(trained.record.correct[-1], probabilities.argmax(axis=1) == data.train_labels[ids])


def test_watching_does_not_move_the_training():
    data, ids = make_data(), np.arange(30)
    for protocol in (AS_WRITTEN, RELEASED):
        watched, unwatched = (
            train_main_classifier(data, ids, 7, 0, MAIN, protocol, watch=watch) for watch in (True, False)
        )
        assert_array_equal(watched.model.parameters, unwatched.model.parameters)


def test_evaluation_counts_the_test_split():
    data, ids = make_data(), np.arange(60)
    trained = train_main_classifier(data, ids, 7, 0, replace(MAIN, epochs=20), AS_WRITTEN)
    confusion = evaluate(data, trained.model, 7, 0, AS_WRITTEN)
    assert_array_equal(confusion.sum(axis=1), np.bincount(data.test_labels, minlength=3))
    predicted = predict(trained.model, data.test_features)[0].argmax(axis=1)
    assert np.trace(confusion) == (predicted == data.test_labels).sum()
    assert np.trace(confusion) / TESTED > 0.6  # it learns


def test_d2_evaluates_one_random_pass():
    """Repeatable, and another pass in another iteration."""
    data, dropped = make_data(), replace(AS_WRITTEN, evaluation_dropout=True)
    model = train_main_classifier(data, np.arange(60), 7, 0, replace(MAIN, epochs=20), AS_WRITTEN).model
    passes = [evaluate(data, model, 7, iteration, dropped) for iteration in (0, 0, 1)]
    assert_array_equal(passes[0], passes[1])
    assert not np.array_equal(passes[0], passes[2])
    assert_array_equal(evaluate(data, model, 7, 0, AS_WRITTEN), evaluate(data, model, 7, 1, AS_WRITTEN))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_feature_that_is_not_finite_names_its_instance_alone(value):
    data = make_data()
    data.train_features[24, 1] = value  # which would make the model, and so every probability, NaN
    with pytest.raises(NumericError, match=r"a feature is NaN or infinite for 1 of 3 instances \(ids 24\)"):
        train_main_classifier(data, np.array([27, 24, 20]), 7, 0, MAIN, AS_WRITTEN)


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
@pytest.mark.parametrize("watch", [True, False])
def test_an_extreme_feature_that_spoils_the_training_is_named_first(protocol, watch):
    data = make_data()
    data.train_features[24] = 3e38
    with pytest.raises(
        NumericError, match=r"is NaN or infinite; the instances with the largest .* are 24 \(3e\+38\), "
    ):
        train_main_classifier(data, np.array([27, 24, 20]), 7, 0, MAIN, protocol, watch=watch)


def test_an_infinite_test_feature_names_its_instance():
    tested = make_data()
    tested.test_features[13] = np.inf
    trained = train_main_classifier(tested, np.arange(12), 7, 0, MAIN, AS_WRITTEN)
    with pytest.raises(NumericError, match=r"on the test split is NaN or infinite .*\(ids 13\)"):
        evaluate(tested, trained.model, 7, 0, AS_WRITTEN)


# Iterations

BOTH = pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])


@BOTH
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_iteration_repeats_to_the_last_byte(tmp_path, strategy, protocol):
    run = make_run(strategy, protocol)
    for name in ("first", "second"):
        write_checkpoint(tmp_path / name, run_iteration(run, None)[0])
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_strategies_with_the_same_seed_start_alike():
    """So runs are paired: the same seed set, the same first model, the same first accuracy and data map."""
    starts = [run_iteration(make_run(strategy), None)[0] for strategy in STRATEGIES]
    assert len({start.labelled.to_json() for start in starts}) == 1
    assert len({(start.test_accuracy, start.macro_f1, str(start.class_accuracy)) for start in starts}) == 1
    assert len({start.next_batch_ids.tobytes() for start in starts}) == len(STRATEGIES)


def test_seeds_differ():
    starts = [run_iteration(make_run(seed=seed), None)[0] for seed in (7, 8)]
    assert starts[0].labelled["instance_id"].tolist() != starts[1].labelled["instance_id"].tolist()


@BOTH
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_labelled_set_grows_by_the_query_size(strategy, protocol):
    run = make_run(strategy, protocol)
    checkpoints = chain(run, 3)
    assert [checkpoint.iteration for checkpoint in checkpoints] == [0, 1, 2, 3]
    for iteration, checkpoint in enumerate(checkpoints):
        instances = checkpoint.instances
        assert len(checkpoint.labelled) == 20 + 6 * iteration
        assert len(instances) == 20 + 6 * (iteration + 1)
        assert instances["instance_id"].is_unique
        assert instances["acquired_iteration"].tolist() == sorted([0] * 20 + [*range(1, iteration + 2)] * 6)
        assert instances["label"].tolist() == run.data.train_labels[instances["instance_id"]].tolist()
        assert not checkpoint.labelled.isna().any(axis=None)
        unknown = instances.iloc[-6:][["confidence", "variability", "correctness"]]
        assert unknown.isna().all(axis=None)
        if iteration:  # what was chosen is what is labelled now, in the same order
            before = checkpoints[iteration - 1].instances["instance_id"].tolist()
            assert checkpoint.labelled["instance_id"].tolist() == before


def test_what_a_checkpoint_says_of_its_run():
    run = make_run("cal_dal")
    checkpoint, trained = run_iteration(run, None)
    confusion = evaluate(run.data, trained.model, run.seed, 0, run.protocol)
    assert (checkpoint.digest, checkpoint.dataset, checkpoint.strategy) == (run.digest, "made", "cal_dal")
    assert (checkpoint.seed, checkpoint.iteration) == (7, 0)
    assert checkpoint.test_accuracy == np.trace(confusion) / TESTED
    assert list(checkpoint.class_accuracy) == list(CLASSES)
    assert checkpoint.class_accuracy["a"] == confusion[0, 0] / confusion[0].sum()
    assert set(checkpoint.binary_classifiers) == {"cal", "dal"}
    assert sum(checkpoint.binary_classifiers["cal"].rows_per_class) == 20
    assert checkpoint.binary_classifiers["dal"].rows_per_class == (20, 60)


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

    monkeypatch.setattr(active_learning, "run_iteration", counted)
    whole = run_in_blocks(run, tmp_path / "whole", [range(7)])
    assert len(trained) == 4
    for blocks in ([range(5), range(5, 7)], [range(4), range(4, 5), range(5, 7)], [range(2), range(2, 7)]):
        assert run_in_blocks(run, tmp_path / str(blocks), blocks) == whole
    last, repeated = (read_checkpoint(tmp_path / f"whole/iteration-00{number}.parquet") for number in (3, 6))
    assert (last.iteration, repeated.iteration) == (3, 6)
    assert repeated.labelled.equals(last.labelled)
    assert repeated.test_accuracy == last.test_accuracy


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_labels": np.zeros(79, np.int16)}, r"train has 79 texts and features of the shape \[80, 5\]"),
        ({"test_features": np.zeros((200, 4), np.float32)}, r"test has 200 texts and features of the shape \[200, 4\]"),
        ({"test_labels": np.full(200, 3, np.int16)}, "test has the label 3 and the data set 3 classes"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        replace(make_data(), **change)


# Blocks


def block_paths(folder: Path, iterations: range) -> dict[int, Path]:
    return {iteration: folder / f"iteration-{iteration:03d}.parquet" for iteration in iterations}


def run_in_blocks(run: Run, folder: Path, blocks: list[range]) -> bytes:
    """Run blocks as the workflow does, and return what they leave in `folder`, file by file."""
    previous, state = None, None
    for block in blocks:
        following = None if run.protocol.weight_reset else folder / f"iteration-{block[-1]:03d}-state.parquet"
        run_block(run, previous, block_paths(folder, block), folder / "unfinished", "code", state, following)
        previous, state = folder / f"iteration-{block[-1]:03d}.parquet", following
    assert not (folder / "unfinished").exists()
    if state:
        last_state = state.read_bytes()
        for path in folder.glob("*-state.parquet"):
            path.unlink()
    else:
        assert not list(folder.glob("*state*"))
        last_state = b""
    assert sorted(path.name for path in folder.iterdir()) == [
        f"iteration-{i:03d}.parquet" for i in range(block[-1] + 1)
    ]
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir())) + last_state


@BOTH
@pytest.mark.parametrize("strategy", ["random", "cal_dal"])
def test_blocks_do_not_change_a_byte(tmp_path, strategy, protocol):
    """Also where weights and optimiser state are carried in a file from block to block (D3)."""
    run = make_run(strategy, protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(6)])
    assert run_in_blocks(run, tmp_path / "ones", [range(i, i + 1) for i in range(6)]) == whole
    assert run_in_blocks(run, tmp_path / "threes", [range(3), range(3, 6)]) == whole
    assert run_in_blocks(run, tmp_path / "uneven", [range(4), range(4, 6)]) == whole


class Killed(BaseException):
    """Stands for a signal: nothing may catch it."""


class Counter:
    """Counts and wraps run_iteration; kills the process before the iteration `kill_at`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, also: Callable[[], None] = lambda: None) -> None:
        self.iterations: list[int] = []
        self.kill_at: int | None = None
        original = run_iteration

        def counted(run: Run, previous: Checkpoint | None, *rest: Any) -> Any:
            iteration = previous.iteration + 1 if previous else 0
            if iteration == self.kill_at:
                raise Killed
            self.iterations.append(iteration)
            result = original(run, previous, *rest)
            also()
            return result

        monkeypatch.setattr(active_learning, "run_iteration", counted)

    def killed_block(self, kill_at: int, run: Run, folder: Path) -> Path:
        """Run iterations 0 to 2, killed before `kill_at`; return the workspace."""
        self.kill_at = kill_at
        with pytest.raises(Killed):
            run_in_blocks(run, folder, [range(3)])
        self.kill_at, self.iterations = None, []
        assert not list(folder.glob("*.parquet"))  # nothing appears before the whole block is done
        return folder / "unfinished" / "code"


@BOTH
def test_a_killed_block_goes_on_where_it_was(tmp_path, monkeypatch, protocol):
    run = make_run(protocol=protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    counter.killed_block(1, run, tmp_path / "killed")
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [1, 2]


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

    monkeypatch.setattr(active_learning, "write_checkpoint", write)
    with pytest.raises(Killed):
        run_in_blocks(run, tmp_path / "killed", [range(3)])
    monkeypatch.setattr(active_learning, "write_checkpoint", write_checkpoint)
    counter.iterations = []
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    start = len(content) // 3  # some: a single byte may be one that says nothing, such as a column's statistics
    content[start : start + 16] = bytes(byte ^ 255 for byte in content[start : start + 16])
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@BOTH
@pytest.mark.parametrize("damage", [cut, flip, empty, Path.unlink], ids=["cut", "flipped", "empty", "deleted"])
@pytest.mark.parametrize("kind", ["iteration-000.parquet", "iteration-000-state.parquet"])
def test_a_damaged_file_in_the_workspace_is_made_again(tmp_path, monkeypatch, protocol, damage, kind):
    run = make_run(protocol=protocol)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    workspace = counter.killed_block(2, run, tmp_path / "killed")
    if protocol.weight_reset and "state" in kind:
        assert not list(workspace.glob("*state*"))
        return
    damage(workspace / kind)
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [0, 2]


def test_what_another_experiment_left_in_the_workspace_is_not_used(tmp_path, monkeypatch):
    run = make_run()
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    counter.killed_block(2, replace(run, query_size=5), tmp_path / "killed")
    assert run_in_blocks(run, tmp_path / "killed", [range(3)]) == whole
    assert counter.iterations == [0, 1, 2]


def test_what_other_code_left_in_the_workspace_is_not_used_and_cleared(tmp_path, monkeypatch):
    run, folder = make_run(), tmp_path / "killed"
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    counter = Counter(monkeypatch)
    workspace = counter.killed_block(2, run, folder)
    workspace.rename(workspace.with_name("other"))
    assert run_in_blocks(run, folder, [range(3)]) == whole
    assert counter.iterations == [0, 1, 2]


def test_another_process_may_finish_the_same_block_first(tmp_path, monkeypatch):
    """It writes the same outputs and takes the workspace away while this one trains."""
    run, folder = make_run(), tmp_path / "both"
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])

    def other_finishes() -> None:
        shutil.copytree(tmp_path / "whole", folder, dirs_exist_ok=True)
        shutil.rmtree(folder / "unfinished", ignore_errors=True)

    Counter(monkeypatch, also=other_finishes)
    assert run_in_blocks(run, folder, [range(3)]) == whole


def test_a_block_does_without_a_workspace_that_is_cleared_at_any_moment(tmp_path):
    run = make_run(protocol=RELEASED)
    whole = run_in_blocks(run, tmp_path / "whole", [range(3)])
    finished = threading.Event()

    def clear() -> None:
        while not finished.is_set():
            shutil.rmtree(tmp_path / "both" / "unfinished", ignore_errors=True)

    other = threading.Thread(target=clear)
    other.start()
    try:
        for _ in range(10):
            assert run_in_blocks(run, tmp_path / "both", [range(3)]) == whole
            shutil.rmtree(tmp_path / "both")
    finally:
        finished.set()
        other.join()


def test_a_block_refuses_the_checkpoint_of_another_experiment(tmp_path):
    run = make_run()
    run_block(run, None, block_paths(tmp_path, range(1)), tmp_path / "unfinished", "code")
    other = replace(run, seed_set_size=21)
    with pytest.raises(CheckpointError, match="belongs to another experiment"):
        run_block(
            other,
            tmp_path / "iteration-000.parquet",
            block_paths(tmp_path, range(1, 2)),
            tmp_path / "unfinished",
            "code",
        )
    assert not (tmp_path / "iteration-001.parquet").exists()


def test_a_state_of_another_model_is_refused():
    with pytest.raises(CheckpointError, match=r"model state of shape \[10\] does not fit"):
        run_iteration(make_run(protocol=RELEASED), None, np.zeros(10, np.float32))


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


# Switches, each turned alone

# Of this project's own strategies: what a switch does to one that a user adds cannot be known here.
FACETS = ["seed set", "model", "dynamics", "test", *STRATEGY_ORDER]
LEARNT = {"dynamics", "least_confidence", "entropy", "bald", "dal", "cal", "cal_dal"}
MODEL_CHANGES: tuple[set[str], set[str]] = ({"model", *LEARNT}, {"test"})
# What must change in the first iteration, and what may; everything else must stay the same to the last byte.
EFFECTS: dict[str, tuple[set[str], set[str]]] = {
    "padding": (set(), set()),  # D1 acts on the features
    "evaluation_dropout": (LEARNT - {"bald"}, {"test"}),  # D2; bald's passes always have dropout
    "weight_reset": (set(), set()),  # D3 acts from the second iteration on, see below
    "hidden_layers": MODEL_CHANGES,  # D4
    "shuffling": MODEL_CHANGES,  # D5
    "dynamics": ({"dynamics", "cal", "cal_dal"}, set()),  # D6
    "correctness_rounding": ({"cal", "cal_dal"}, set()),  # D7
    "cal_representations": ({"cal", "cal_dal"}, set()),  # D8
    "dal_representations": ({"dal", "cal_dal"}, set()),  # D9
    "binary_hidden_layer": ({"cal", "dal", "cal_dal"}, set()),  # D10
    "dal_scores": ({"dal", "cal_dal"}, set()),  # D11
    "bald_mean": ({"bald"}, set()),  # D12
    "seed_set": ({"seed set", "random", *MODEL_CHANGES[0]}, {"test"}),  # D13
    "final_acquisition": (set(), set()),  # D14 acts on the analysis
    "backslashes": (set(), set()),  # D16 acts on the features
}


def other_value(switch: str) -> Any:
    options = get_args(get_type_hints(Protocol)[switch]) or (False, True)
    return next(option for option in options if option != getattr(AS_WRITTEN, switch))


def first_iteration(protocol: Protocol) -> Mapping[str, bytes]:
    """Each facet of the first iteration of all strategies, as bytes."""
    seen = {}
    for strategy in STRATEGY_ORDER:
        # With this seed some instances are right in just one of the four epochs, which D7 needs.
        checkpoint, trained = run_iteration(make_run(strategy, protocol, seed=3, query_size=40), None)
        seen["seed set"] = checkpoint.labelled["instance_id"].to_numpy().tobytes()
        seen["model"] = trained.model.parameters.numpy().tobytes()
        columns = ["instance_id", "confidence", "variability", "correctness"]
        seen["dynamics"] = checkpoint.labelled[columns].to_numpy(dtype=np.float64).tobytes()
        seen["test"] = str((checkpoint.test_accuracy, checkpoint.macro_f1, checkpoint.class_accuracy)).encode()
        chosen = [checkpoint.next_batch_ids.tolist(), sorted(checkpoint.binary_classifiers.items())]
        seen[strategy] = str(chosen).encode()
    return seen


@pytest.fixture(scope="module")
def as_written() -> Mapping[str, bytes]:
    return first_iteration(AS_WRITTEN)


@pytest.mark.parametrize("switch", EFFECTS)
def test_a_switch_changes_what_it_should_and_nothing_else(switch, as_written):
    turned = first_iteration(replace(AS_WRITTEN, **{switch: other_value(switch)}))
    changed = {facet for facet in FACETS if turned[facet] != as_written[facet]}
    must, may = EFFECTS[switch]
    assert changed - may == must


def test_no_switch_is_forgotten():
    assert list(EFFECTS) == [field.name for field in fields(Protocol)]


def test_d2_does_not_touch_the_training():
    """Evaluation has random streams of its own: the same model, seen through dropout."""
    plain, dropped = (
        train_main_classifier(make_data(), np.arange(30), 7, 0, MAIN, protocol)
        for protocol in (AS_WRITTEN, replace(AS_WRITTEN, evaluation_dropout=True))
    )
    assert_array_equal(plain.model.parameters, dropped.model.parameters)
    assert not np.array_equal(plain.record.gold_probability, dropped.record.gold_probability)


def test_d3_goes_on_with_weights_and_optimizer():
    """The second iteration starts where the first ended; with the reset it starts anew, whatever state it is given."""
    carrying = make_run(protocol=replace(AS_WRITTEN, weight_reset=False))
    start, trained = run_iteration(carrying, None)
    state = model_state(trained)
    parameters = trained.model.parameters.numpy()
    assert_array_equal(state[: len(parameters)], parameters)
    assert state.dtype == np.float32
    steps = 4 * 3  # epochs x batches of 20 rows
    assert state[-1] == steps
    following = run_iteration(carrying, start, state)[1]
    assert model_state(following)[-1] == steps + 4 * 4  # 26 rows now
    reset = run_iteration(make_run(), run_iteration(make_run(), None)[0])[1]
    moved = np.abs(following.model.parameters.numpy() - parameters).max()
    assert moved < 16 * 5e-3 * 1.1 + 0.01  # Adam moves a weight by about the learning rate a step
    assert not np.array_equal(reset.model.parameters, following.model.parameters)
    assert model_state(reset)[-1] == 4 * 4


def test_d5_keeps_the_order_of_acquisition_in_each_batch():
    """D6 and D8 together show the batches: what the first pass saw of row i depends on the rows before it only."""
    unshuffled = replace(AS_WRITTEN, shuffling=False, dynamics="training_pass")
    data, ids = make_data(), np.arange(24)
    plain = replace(MAIN, dropout=0.0)
    first = train_main_classifier(data, ids, 7, 0, plain, unshuffled).record.gold_probability[0]
    fewer = train_main_classifier(data, ids[:16], 7, 0, plain, unshuffled).record.gold_probability[0]
    assert_allclose(first[:16], fewer, rtol=0, atol=1e-6)
    shuffled = replace(unshuffled, shuffling=True)
    assert not np.allclose(first, train_main_classifier(data, ids, 7, 0, plain, shuffled).record.gold_probability[0])


def test_d6_takes_the_probability_before_the_update():
    """With one batch and no dropout, what epoch e's pass saw is what epoch e - 1's end left."""
    plain = replace(MAIN, dropout=0.0, batch_size=30)
    data, ids = make_data(), np.arange(30)
    ends, passes = (
        train_main_classifier(data, ids, 7, 0, plain, replace(AS_WRITTEN, dynamics=dynamics)).record
        for dynamics in ("epoch_end", "training_pass")
    )
    assert_allclose(passes.gold_probability[1:], ends.gold_probability[:-1], rtol=0, atol=1e-6)
    assert not np.allclose(passes.gold_probability, ends.gold_probability)


def test_d8_and_d9_keep_the_representations_of_the_passes():
    """[epochs, labelled, hidden]: the first epoch alone for D8, all of them for D9."""
    data, ids = make_data(), np.arange(20)
    d8 = replace(AS_WRITTEN, cal_representations="first_epoch")
    d9 = replace(AS_WRITTEN, dal_representations="every_epoch")
    first, every = (train_main_classifier(data, ids, 7, 0, MAIN, protocol).record for protocol in (d8, d9))
    assert first.pass_representations is not None
    assert every.pass_representations is not None
    assert first.pass_representations.shape == (1, 20, 8)
    assert every.pass_representations.shape == (4, 20, 8)
    assert_array_equal(first.pass_representations[0], every.pass_representations[0])
    assert (every.pass_representations == 0).mean() > 0.3  # seen through dropout, after the last hidden layer


def test_d9_trains_dal_on_epochs_times_labelled_rows():
    protocol = replace(AS_WRITTEN, dal_representations="every_epoch")
    checkpoints = chain(make_run("dal", protocol), 1)
    rows = [checkpoint.binary_classifiers["dal"].rows_per_class for checkpoint in checkpoints]
    assert rows == [(4 * 20, 60), (4 * 26, 54)]
    rows = [checkpoint.binary_classifiers["dal"].rows_per_class for checkpoint in chain(make_run("dal"), 1)]
    assert rows == [(20, 60), (26, 54)]


# Digest


def digest_changes() -> dict[str, Run]:
    run = make_run()
    changed = {
        "data name": replace(run, data=replace(run.data, name="other")),
        "classes": replace(run, data=replace(run.data, classes=("a", "b", "d"))),
        "fingerprint": replace(run, data=replace(run.data, fingerprint={"train texts": "0e"})),
        "strategy": replace(run, strategy="cal-threshold-0.2"),
        "select": replace(run, select="elsewhere:cal"),
        "seed": replace(run, seed=8),
        "seed_set_size": replace(run, seed_set_size=21),
        "query_size": replace(run, query_size=7),
        "correctness_threshold": replace(run, correctness_threshold=0.4),
        "monte_carlo_passes": replace(run, monte_carlo_passes=4),
    }
    assert {field.name for field in fields(Run)} - set(changed) == {
        *("data", "protocol", "main_settings", "binary_settings", "device")
    }
    for switch in EFFECTS:
        changed[switch] = replace(run, protocol=replace(run.protocol, **{switch: other_value(switch)}))
    for which in ("main_settings", "binary_settings"):
        for field in fields(ClassifierSettings):
            value = getattr(getattr(run, which), field.name)
            other = (0.8, 0.99) if field.name == "betas" else value + type(value)(1)
            settings = replace(getattr(run, which), **{field.name: other})
            changed[f"{which} {field.name}"] = replace(run, **{which: settings})
    return changed


def test_the_digest_changes_with_each_setting():
    digests = {name: run.digest for name, run in digest_changes().items()}
    assert make_run().digest not in digests.values()
    assert len(set(digests.values())) == len(digests) == 10 + len(EFFECTS) + 2 * len(fields(ClassifierSettings))


def test_the_digest_does_not_change_with_machine_or_memory():
    """Nor with the device: a block that began on one machine may go on on another."""
    run = make_run()
    data = replace(run.data, train_features=run.data.train_features.copy(), fingerprint=dict(run.data.fingerprint))
    assert replace(run, device="cuda").digest == replace(run, data=data).digest == run.digest
    assert int(run.digest, 16) >= 0
    assert len(run.digest) == hashlib.sha256().digest_size * 2
