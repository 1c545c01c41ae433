"""Look at your own data before anything trains: check the data sets of an overlay, or propose an overlay for a file."""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml
from snakemake.utils import update_config

from cartography_al.datasets.inspect import inspect
from cartography_al.datasets.propose import propose
from cartography_al.errors import CartographyError, ConfigError, printable
from cartography_al.files import write_text
from cartography_al.pipeline.configuration import check_configuration, fill_defaults

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run a subcommand; 1 if the data would be refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="report on the data sets of an experiment")
    check.add_argument("data", help="an overlay (experiments/NAME.yaml), or NAME alone")
    overlay = commands.add_parser("propose", help="write an overlay for a file of texts")
    overlay.add_argument("train", type=Path, nargs="+", help="training file, or one file for each class")
    overlay.add_argument("--test", type=Path, help="test file; else a fifth of the texts is split off")
    overlay.add_argument("--output", type=Path, help="where to write it; else to the terminal")
    arguments = parser.parse_args()
    try:
        if arguments.command == "check":
            return check_experiment(arguments.data)
        text = propose(arguments.train, arguments.test, str(arguments.output or "<this file>"))
        if arguments.output is None:
            print(text, end="")
        elif arguments.output.exists():
            raise ConfigError(f"{arguments.output}: is there already; choose another name, or delete it")
        else:
            write_text(arguments.output, text)
            print(f"{arguments.output} is written. Read its comments, then: make check DATA={arguments.output}")
    except CartographyError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    return 0


def check_experiment(data: str) -> int:
    """Report on every data set that an experiment runs."""
    config = experiment(data)
    run, refused = config["run"], 0
    for name in run["datasets"]:
        try:
            found = inspect(name, config["datasets"][name], run["query_size"], run["iterations"])
        except CartographyError as error:
            print(f"REFUSED {name}: {printable(str(error))}")
            refused += 1
            continue
        for finding in found:
            print(("REFUSED " if finding.is_fatal else "        ") + printable(finding.text))
            refused += finding.is_fatal
    print("This data would be refused." if refused else "Nothing that would be refused.")
    return 1 if refused else 0


def experiment(data: str) -> dict[str, Any]:
    """The configuration of an overlay, or of a data set that config.yaml or an overlay of its name describes."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    path = Path(data)
    if path.suffix not in (".yaml", ".yml"):
        path = ROOT / f"experiments/{data}.yaml"
    if path.is_file():
        update_config(config, yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    elif data in config["datasets"]:
        config["run"]["datasets"] = [data]
    else:
        raise ConfigError(f"{data}: neither an overlay nor a data set; there are {', '.join(config['datasets'])}")
    check_configuration(config, ROOT / "workflow/schemas/config.schema.yaml")
    fill_defaults(config)
    return config


if __name__ == "__main__":
    sys.exit(main())
