"""Three iterations on the real TREC, where its label files lie beside the repository."""

from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.workflow

DATA = Path(__file__).resolve().parents[3] / "shared/data"
FILES = {"train": DATA / "trec_train_5500.label", "test": DATA / "trec_10.label"}
TREC = {
    "experiment": "small_trec",
    "run": {"datasets": ["trec"], "strategies": ["random", "cal"], "seeds": [11], "query_size": 50},
    "datasets": {"trec": {"files": {**{split: str(path) for split, path in FILES.items()}, "format": "trec"}}},
    "embedding": {"corpus": {"dimension": 50, "epochs": 10, "learning_rate": 0.2, "buckets": 20000}},
    "main_classifier": {"hidden_size": 300, "learning_rate": 0.001, "epochs": 30},
    "analysis": {"correctness_thresholds": [], "claim_protocols": ["as_written", "released"]},
}


@pytest.mark.skipif(not all(path.is_file() for path in FILES.values()), reason=f"no TREC label files in {DATA}")
def test_three_iterations_of_trec_learn(new_checkout):
    checkout = new_checkout()
    checkout.run("figure3", "figure3_protocols", "table1", "claims", changes=TREC)
    results = checkout.folder / "results/small_trec"
    train = pd.read_parquet(results / "data/trec/train.parquet")
    test = pd.read_parquet(results / "data/trec/test.parquet")
    assert (len(train), len(test)) == (5452, 500)
    folder = results / "active_learning/as_written/fasttext/trec"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("iteration-*")) == sorted(
        f"{strategy}/seed-11/iteration-{iteration:03d}.parquet"
        for strategy in ("cal", "random")
        for iteration in range(4)
    )
    runs = pd.read_parquet(folder / "runs.parquet").set_index(["strategy", "iteration"])
    assert list(runs.loc["cal", "labelled"]) == [500, 550, 600, 650]
    majority = test["label"].value_counts(normalize=True).max()
    for strategy in ("random", "cal"):
        assert runs.loc[(strategy, 3), "test_accuracy"] > majority + 0.05
    for name in (
        "figure3.pdf",
        "figure3.png",
        "figure3_protocols.pdf",
        "table1.csv",
        "table1.md",
        "table1.tex",
        "claims.html",
    ):
        assert next(results.glob(f"*/{name}")).stat().st_size
    claims = pd.read_csv(results / "tables/claims.csv").set_index("claim")
    assert set(claims["protocol"]) == {"as_written", "released"}
    assert set(claims["dataset"]) == {"trec"}
    for protocol in ("as_written", "released"):
        judged = claims[(claims["dataset"] == "trec") & (claims["protocol"] == protocol)]
        assert judged.loc["C17", "verdict"] == "cannot be decided"  # one seed
        assert judged.loc["C17", "value"].startswith("area 0.")  # from the data maps
        assert judged.loc["C13a", "value"].startswith("not run")  # cal_dal is not among the strategies
