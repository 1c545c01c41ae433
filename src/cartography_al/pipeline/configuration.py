"""Check a configuration against the schema and against itself, with errors that name the key and the cure."""

import difflib
import math
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from cartography_al.acquisition.registry import LIBRARY_MARK, STRATEGIES, parse_strategy
from cartography_al.errors import ConfigError
from cartography_al.pipeline.plan import embedding_settings
from cartography_al.protocol import audit_protocols, resolve_protocol

LARGEST = 2**31 - 1
"""The largest whole number: FastText's options are 32-bit integers, and no other key needs more."""


def check_configuration(config: Mapping[str, Any], schema_path: str | Path) -> None:
    """Raise ConfigError with one line for each thing that is wrong with `config`; return if nothing is."""
    schema = yaml.safe_load(Path(schema_path).read_text(encoding="utf-8"))
    try:
        problems = list(_unusable(config, "top level"))
    except RecursionError:
        raise ConfigError("the configuration is nested too deeply, or an alias in it refers to itself") from None
    if not problems:
        errors = _Validator(schema).iter_errors(dict(config))
        by_place = sorted(errors, key=lambda error: [str(key) for key in error.path])
        # Two missing keys are two errors, and each of them tells of both.
        problems = list(dict.fromkeys(line for error in by_place for line in _explain(error)))
        # The schema does not know the names of strategies that a user has registered.
        acquisition = config.get("acquisition")
        if isinstance(acquisition, Mapping):
            ours = {*STRATEGIES, *(name for name in acquisition if str(name).startswith(LIBRARY_MARK))}
            unknown = [name for name in acquisition if name not in ours]
            problems += [_unknown_key("acquisition", name, list(STRATEGIES)) for name in unknown]
    problems = problems or list(_contradictions(config))
    if problems:
        heading = "the configuration (config.yaml and what --configfile lays over it) is wrong:"
        raise ConfigError("\n  ".join([heading, *problems]))


# To JSON Schema, 3.0 is an integer; to Python's range it is not.
_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
)


def _unusable(value: object, where: str) -> Iterator[str]:
    """Yield what YAML can say and no key means: paths, logs, tables and 32-bit libraries would trip over it."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            if isinstance(key, str):
                yield from _unusable(key, f"{where}, the key {key!r}")
            yield from _unusable(below, str(key) if where == "top level" else f"{where}.{key}")
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _unusable(below, f"{where}.{position}")
    elif isinstance(value, str) and any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        yield f"{where}: {value!r} holds a line break or another control character; remove it"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where}: {value} is not a finite number"
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield f"{where}: {value} is too large; {LARGEST} is the largest whole number"


def _explain(error: ValidationError) -> Iterator[str]:
    where = ".".join(map(str, error.absolute_path)) or "top level"
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                yield _unknown_key(where, key, known)
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield f"{where}: key '{key}' is missing"
    else:
        described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
        yield f"{where}: {error.message}" + (f" ({described})" if described else "")


def _unknown_key(where: str, key: object, known: list[str]) -> str:
    close = difflib.get_close_matches(str(key), known, n=1)
    there = f"the keys here are {', '.join(known)}" if known else "there are none here"
    return f"{where}: unknown key '{key}'; " + (f"did you mean '{close[0]}'?" if close else there)


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
    for name in run["datasets"]:
        for representation in config.get("representations") or [""]:
            if name in datasets:
                settings = embedding_settings(config, name, representation)
                where = f"representations.{representation}" if representation else "embedding"
                yield from _source_contradictions(settings, f"{where} (of {name})")
    try:
        resolve_protocol(config["protocol"])
        audit_protocols(config["audit"]["switches"])
    except ConfigError as error:
        yield str(error)


def _source_contradictions(embedding: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield what a source needs and does not have."""
    source = embedding["source"]
    section = embedding.get(source, {})
    if source == "encoder" and not section.get("folder") and not {"model", "revision"} <= set(section):
        yield f"{where}: source encoder needs encoder.model and encoder.revision, or encoder.folder"
    if source == "precomputed":
        files = [section.get(split) for split in ("train", "test")]
        if None in files:
            yield f"{where}: source precomputed needs precomputed.train and precomputed.test"
        elif not section.get("column") and any(file.endswith(".parquet") for file in files):
            yield f"{where}: precomputed.column must name the column of the .parquet files that holds the vectors"
