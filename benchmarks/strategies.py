"""Time the strategies beside scikit-activeml's own, given the same probabilities and representations, in one run.

python benchmarks/strategies.py [--sizes trec agnews] [--strategies ...] [--repeats 3]

Each measurement is a process of its own, forked when model and representations are there; its memory is what it takes
on top of that. Seconds are of CPU, one thread. "with predictions" is what an iteration waits for after its training.
"""

import argparse
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sizes import CONFIGURATION, SIZES, paper_run, write_features
from skactiveml import pool
from skactiveml.base import SkactivemlClassifier

from cartography_al.acquisition.registry import load_strategy, resolve_strategy
from cartography_al.acquisition.view import PoolView
from cartography_al.active_learning.main_classifier import predict_test, train_main_classifier
from cartography_al.active_learning.seed_set import seed_set_ids
from cartography_al.learning.dynamics import correctness
from cartography_al.learning.training import predict

QUERY = 50
PASSES = CONFIGURATION["acquisition"]["mutual_information"]["passes"]
STRATEGIES = ["margin", "mutual_information", "badge", "core_set", "contrastive", "dropquery", "cal_variability"]
THEIRS: dict[str, Callable[[], Any]] = {
    "margin": lambda: pool.UncertaintySampling(method="margin_sampling", missing_label=-1, random_state=0),
    "mutual_information": lambda: pool.GreedyBALD(
        sample_predictions_method_name="sample_proba", missing_label=-1, random_state=0
    ),
    "badge": lambda: pool.Badge(missing_label=-1, random_state=0),
    "core_set": lambda: pool.CoreSet(missing_label=-1, random_state=0),
    "contrastive": lambda: pool.ContrastiveAL({"n_neighbors": 10}, missing_label=-1, random_state=0),
    "dropquery": lambda: pool.DropQuery(
        n_dropout_samples=3, cluster_algo_dict={"random_state": 0}, missing_label=-1, random_state=0
    ),
}


class GivenView(PoolView):
    """A view whose predictions are there already."""

    passes: list[np.ndarray]

    def pool_blocks(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield what has been predicted, in the blocks that predicting has."""
        for start in range(0, len(self.pool_ids), 256):
            rows = slice(start, start + 256)
            yield rows, self.pool_probabilities[rows], self.pool_representations[rows]

    def monte_carlo_probabilities(self, passes: int) -> Iterator[np.ndarray]:
        """Yield what has been predicted."""
        yield from self.passes[:passes]


class Given(SkactivemlClassifier):
    """The same for scikit-activeml: the first column of X is the row. Other input it predicts, as DropQuery asks."""

    def __init__(self, view: Any = None, with_psi: bool = True, missing_label: int = -1) -> None:
        """Take everything from a view."""
        classes = list(range(view.pool_probabilities.shape[1]))
        super().__init__(classes=classes, missing_label=missing_label, random_state=0)
        self.view, self.with_psi = view, with_psi
        self._validate_data(np.zeros((1, 1)), np.zeros(1, dtype=int))
        self.table = np.concatenate([view.labelled_probabilities, view.pool_probabilities])
        self.psi = np.concatenate([view.labelled_representations, view.pool_representations])

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Refuse: nothing is to be fitted."""
        raise NotImplementedError

    def predict_proba(self, X: np.ndarray) -> Any:
        """Look probabilities and Psi up."""
        rows = X[:, 0].astype(np.int64)
        return (self.table[rows], self.psi[rows]) if self.with_psi else self.table[rows]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predict from features."""
        return predict(self.view.model, X.astype(np.float32))[0].argmax(axis=1)

    def sample_proba(self, X: np.ndarray) -> np.ndarray:
        """Look the passes up, of the pool, which is all that is asked for."""
        return np.array(self.view.passes)


def library_query(name: str, view: GivenView) -> Callable[[], object]:
    """scikit-activeml's strategy, ready to be asked."""
    model = Given(view, with_psi=name in {"badge", "contrastive"})
    y = np.where(np.arange(len(model.table)) < len(view.labelled_ids), 0, -1)
    rows = np.arange(len(y), dtype=np.float64)[:, None]
    if name == "core_set":
        return lambda: THEIRS[name]().query(model.psi, y, batch_size=QUERY)
    if name == "mutual_information":
        return lambda: THEIRS[name]().query(rows, y, model, fit_ensemble=False, batch_size=QUERY)
    if name == "dropquery":
        rows = view.features[np.concatenate([view.labelled_ids, view.pool_ids])]
    return lambda: THEIRS[name]().query(rows, y, model, fit_clf=False, batch_size=QUERY)


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU seconds and MB of one call in a process of its own."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    def inside() -> None:
        peak, done, before = 0, threading.Event(), anonymous_memory()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.002):
                peak = max(peak, anonymous_memory())

        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.thread_time()
        work()
        seconds = time.thread_time() - start
        done.set()
        watcher.join()
        queue.put((seconds, (max(peak, anonymous_memory()) - before) / 1024))

    process = context.Process(target=inside)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("the measured process failed")
    return queue.get()


def anonymous_memory() -> int:
    """Return the process's own memory in KiB, without mapped files."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon:")).split()[1])


def main() -> None:
    """Measure what the command line names, and print a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--strategies", nargs="+", choices=STRATEGIES, default=STRATEGIES)
    parser.add_argument("--repeats", type=int, default=3, help="of ours; the library's is timed once where it is slow")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    print(
        "| size | strategy | scikit-activeml, s | ours, s | ratio | scikit-activeml, MB | ours, MB "
        "| with predictions, s | share of the iteration |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size_name in options.sizes:
        size = SIZES[size_name]
        with tempfile.TemporaryDirectory() as folder:
            data = write_features(Path(folder), size)
            run = paper_run(data, "random", size)
            labelled = seed_set_ids(data.train_labels, data.train_features, size.seed_set, run.seed, run.protocol)
            start = time.process_time()
            trained = train_main_classifier(data, labelled, run.seed, 0, run.main_settings, run.protocol)
            predict_test(data, trained.model, run.seed, 0, run.protocol)
            training = time.process_time() - start

            def fresh(of: type[PoolView]) -> Any:
                return of(
                    features=data.train_features,  # noqa: B023
                    labelled_ids=labelled,  # noqa: B023
                    labels=data.train_labels[labelled],  # noqa: B023
                    pool_ids=np.setdiff1d(np.arange(size.train), labelled),  # noqa: B023
                    correctness=correctness(trained.record.correct),  # noqa: B023
                    model=trained.model,  # noqa: B023
                    record=trained.record,  # noqa: B023
                    protocol=run.protocol,  # noqa: B023
                    binary_settings=run.binary_settings,  # noqa: B023
                    seed=run.seed,  # noqa: B023
                    iteration=0,
                )

            given = fresh(GivenView)
            if "mutual_information" in options.strategies:
                given.passes = list(fresh(PoolView).monte_carlo_probabilities(PASSES))
            _ = given.pool_representations, given.labelled_representations
            for name in options.strategies:
                entry, parameters = resolve_strategy(name, CONFIGURATION["acquisition"])
                select = load_strategy(name, entry.function, parameters)
                ours = [measure(lambda: select(given, QUERY)) for _ in range(options.repeats)]  # noqa: B023
                whole = [measure(lambda: select(fresh(PoolView), QUERY))[0] for _ in range(options.repeats)]  # noqa: B023
                seconds, memory = (statistics.median(values) for values in zip(*ours, strict=True))
                theirs = [measure(library_query(name, given))] if name in THEIRS else []
                if theirs and theirs[0][0] < 10:
                    theirs += [measure(library_query(name, given)) for _ in range(options.repeats - 1)]
                columns = [f"{seconds:.3f}", f"{memory:.0f}"]
                beside = ["", "", ""]
                if theirs:
                    slow, large = (statistics.median(values) for values in zip(*theirs, strict=True))
                    beside = [f"{slow:.2f}", f"{slow / seconds:.1f}", f"{large:.0f}"]
                waited = statistics.median(whole)
                cells = [size_name, name, beside[0], columns[0], beside[1], beside[2], columns[1]]
                cells += [f"{waited:.2f}", f"{waited / (waited + training):.0%}"]
                print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
