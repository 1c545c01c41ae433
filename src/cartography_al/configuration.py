"""Check a configuration against the schema and against itself, with errors that name the key and the cure."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from cartography_al.acquisition.registry import parse_strategy
from cartography_al.errors import ConfigError
from cartography_al.protocol import audit_protocols, resolve_protocol


def check_configuration(config: Mapping[str, Any], schema_path: str | Path) -> None:
    """Raise ConfigError with one line for each thing that is wrong with `config`; return if nothing is."""
    schema = yaml.safe_load(Path(schema_path).read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(dict(config))
    by_place = sorted(errors, key=lambda error: [str(key) for key in error.path])
    # Two missing keys are two errors, and each of them tells of both.
    problems = list(dict.fromkeys(line for error in by_place for line in _explain(error)))
    problems = problems or list(_contradictions(config))
    if problems:
        heading = "the configuration (config.yaml and what --configfile lays over it) is wrong:"
        raise ConfigError("\n  ".join([heading, *problems]))


def _explain(error: ValidationError) -> Iterator[str]:
    where = ".".join(map(str, error.absolute_path)) or "top level"
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f"did you mean '{close[0]}'?" if close else f"the keys here are {', '.join(known)}"
                yield f"{where}: unknown key '{key}'; {hint}"
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield f"{where}: key '{key}' is missing"
    else:
        described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
        yield f"{where}: {error.message}" + (f" ({described})" if described else "")


def _contradictions(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the schema cannot see."""
    run, datasets = config["run"], config["datasets"]
    for name in run["datasets"]:
        if name not in datasets:
            yield f"run.datasets: '{name}' is not described under datasets; described are {', '.join(datasets)}"
        elif not {"hub", "files", "docstrings"} & set(datasets[name]):
            yield f"datasets.{name}: say where the texts come from: hub, files or docstrings"
        elif "classes" not in datasets[name] and "docstrings" not in datasets[name]:
            yield f"datasets.{name}: key 'classes' is missing"
    titles = [datasets[name]["title"] for name in run["datasets"] if name in datasets]
    if len(set(titles)) < len(titles):
        yield "run.datasets: two of them have the same title; figures and tables could not tell them apart"
    for section, key in (
        ("run", "strategies"),
        ("audit", "strategies"),
        ("analysis", "compared_strategies"),
        ("analysis", "batch_strategies"),
    ):
        for name in config[section][key]:
            try:
                parse_strategy(name)
            except ConfigError as error:
                yield f"{section}.{key}: {error}"
    try:
        resolve_protocol(config["protocol"])
        audit_protocols(config["audit"]["switches"])
    except ConfigError as error:
        yield str(error)
