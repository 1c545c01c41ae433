"""The chains of a finished experiment beside their floor, strategy by strategy.

python benchmarks/whole.py EXPERIMENT

CPU seconds of one chain: what the chains' logs say of their iterations, and what floor.py adds up, which is for the
paper's strategies as written and vectors as wide as a hidden layer (300). Run it with nothing else on the machine, on
the processor that ran the experiment.
"""

import argparse
import statistics
from pathlib import Path

import floor
import torch
import yaml
from sizes import Size

from cartography_al.acquisition.registry import parse_strategy
from cartography_al.analysis.chain_cost import cpu_seconds
from cartography_al.datasets.splits import read_description
from cartography_al.learning.models import ClassifierSettings
from cartography_al.naming import strategy_title
from cartography_al.pipeline.plan import Plan


def main() -> None:
    """Print a row for each data set and strategy, and the sums over all chains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", help="folder results/EXPERIMENT")
    folder = Path("results") / parser.parse_args().experiment
    if not (folder / "config.yaml").is_file():
        parser.error(f"{folder}/config.yaml: no such file; run the experiment first")
    torch.set_num_threads(1)
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    plan, run = Plan(config), config["run"]
    whole = least_whole = 0.0
    print("| data set | strategy | chain, s | floor, s | chain / floor |")
    print("|---|---|---|---|---|")
    for case in plan.cases:
        entry = config["datasets"][case.dataset]
        splits = read_description(folder / f"data/{case.dataset}/dataset.json")["splits"]
        rows = [splits[split]["rows"] for split in ("train", "test")]
        classifiers = [
            ClassifierSettings(**plan.classifier_settings(case, name))
            for name in ("main_classifier", "binary_classifier")
        ]
        for strategy in plan.strategies:
            logs = (folder / "logs/active_learning/run_iterations").glob(f"{'-'.join(case)}-{strategy}-[0-9]*.log")
            chains = [cpu_seconds([log.read_text(encoding="utf-8")], run["iterations"] + 1) for log in logs]
            least = sum(
                floor.iteration(
                    parse_strategy(strategy)[0],
                    Size(*rows, len(entry["classes"]), entry["seed_set_size"] + done * run["query_size"], 0),
                    *classifiers,
                )
                for done in range(run["iterations"] + 1)
            )
            own = statistics.mean(chains)
            whole, least_whole = whole + sum(chains), least_whole + least * len(chains)
            title = strategy_title(strategy)
            print(f"| {case.dataset} | {title} | {own:.0f} | {least:.0f} | {own / least:.2f} |", flush=True)
    print(f"| all chains | | {whole:.0f} | {least_whole:.0f} | {whole / least_whole:.2f} |")


if __name__ == "__main__":
    main()
