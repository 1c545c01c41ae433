"""Check a configuration against the schema and against itself, with errors that name the key and the cure."""

import difflib
import math
import re
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
from cartography_al.pipeline.protocols import audit_protocols, resolve_protocol

LARGEST = 2**31 - 1
"""The largest whole number: FastText's options are 32-bit integers, and no other key needs more."""

DATASET_DEFAULTS = {"max_tokens": 200, "seed_set_size": 200, "batch_size": 16}
"""What a data set's entry need not say."""

_WITHOUT_COLUMNS = ("trec", "lines", "text")


def check_configuration(config: Mapping[str, Any], schema_path: str | Path) -> None:
    """Raise ConfigError with one line for each thing that is wrong with `config`; return if nothing is."""
    schema = yaml.safe_load(Path(schema_path).read_text(encoding="utf-8"))
    try:
        unusable = list(_unusable(config, "top level"))
        errors = sorted(
            _Validator(schema).iter_errors(dict(config)), key=lambda error: [str(key) for key in error.path]
        )
    except RecursionError:
        raise ConfigError("the configuration is nested too deeply, or an alias in it refers to itself") from None
    unknown = {where: line for error in errors for where, line in _unknown_keys(error)}
    # What an unknown key holds is no matter: a delimiter's tab is not what is wrong with `delimiter`.
    problems = [line for where, line in unusable if not any(f"{where}.".startswith(f"{key}.") for key in unknown)]
    if problems:
        problems += unknown.values()
    else:
        # Two missing keys are two errors, and each of them tells of both.
        problems = list(dict.fromkeys(line for error in errors for line in _explain(error)))
        # The schema does not know the names of strategies that a user has registered.
        acquisition = config.get("acquisition")
        if isinstance(acquisition, Mapping):
            ours = {*STRATEGIES, *(name for name in acquisition if str(name).startswith(LIBRARY_MARK))}
            unregistered = [name for name in acquisition if name not in ours]
            problems += [_unknown_key("acquisition", name, list(STRATEGIES)) for name in unregistered]
        problems += _unquoted_classes(config)
    problems = problems or list(_contradictions(config))
    if problems:
        heading = "the configuration (config.yaml and what --configfile lays over it) is wrong:"
        raise ConfigError("\n  ".join([heading, *problems]))


def fill_defaults(config: Mapping[str, Any]) -> None:
    """Set what the entries of a checked configuration leave out."""
    for name, entry in config["datasets"].items():
        for key, value in {**DATASET_DEFAULTS, **whole_entry(config["datasets"], name)}.items():
            entry.setdefault(key, value)


def whole_entry(datasets: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """A data set's entry; of one with label noise, what its own leaves out is as in that of the right labels."""
    noise = datasets[name].get("label_noise")
    return {**datasets[noise["of"]], **datasets[name]} if noise and noise["of"] in datasets else datasets[name]


def data_files(entry: Mapping[str, Any]) -> list[str]:
    """The local files of a data set's entry: of each split one, or one for each class."""
    splits = [files for split in ("train", "test") if (files := (entry.get("files") or {}).get(split))]
    return [path for files in splits for path in ([files] if isinstance(files, str) else files.values())]


# To JSON Schema, 3.0 is an integer; to Python's range it is not.
_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
)


def _unusable(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Yield place and complaint of what YAML can say and no key means: paths, logs and 32-bit libraries would trip."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            if isinstance(key, str):
                yield from _unusable(key, f"{where}, the key {key!r}")
            yield from _unusable(below, str(key) if where == "top level" else f"{where}.{key}")
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _unusable(below, f"{where}.{position}")
    elif isinstance(value, str) and any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        yield where, f"{where}: {value!r} holds a line break or another control character; remove it"
    elif isinstance(value, float) and not math.isfinite(value):
        yield where, f"{where}: {value} is not a finite number"
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield where, f"{where}: {value} is too large; {LARGEST} is the largest whole number"


def _unknown_keys(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Place and complaint of each key that the schema does not know."""
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        where = ".".join(map(str, error.absolute_path))
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                yield f"{where}.{key}".lstrip("."), _unknown_key(where or "top level", key, known)


def _explain(error: ValidationError) -> Iterator[str]:
    where = ".".join(map(str, error.absolute_path)) or "top level"
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        yield from (line for _, line in _unknown_keys(error))
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield f"{where}: key '{key}' is missing"
    else:
        described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
        yield f"{where}: {error.message}" + (f" ({described})" if described else "") + _hint_at_text(error)


def _hint_at_text(error: ValidationError) -> str:
    """Say why a number is text, where it may have come from the command line."""
    value = error.instance
    if error.validator != "type" or not isinstance(value, str) or not re.fullmatch(r"-?[0-9.]+|true|false", value):
        return ""
    return "; values nested in --config arrive as text: write them into a file, and name it with --configfile"


def _unquoted_classes(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the label values that YAML took for something else than text or a whole number."""
    datasets = config.get("datasets")
    for name, entry in datasets.items() if isinstance(datasets, Mapping) else ():
        classes = entry.get("classes") if isinstance(entry, Mapping) else None
        for value in classes if isinstance(classes, list | Mapping) else ():
            if type(value) not in (str, int):
                is_word = value is None or isinstance(value, bool)
                as_read = "yes, no, on, off, true, false or null" if is_word else "such a value"
                yield (
                    f"datasets.{name}.classes: {value!r} is what YAML makes of {as_read} without quotes; put the label "
                    'in quotes, as it stands in the data, for example "no"'
                )


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
            continue
        entry, noise = whole_entry(datasets, name), datasets[name].get("label_noise")
        if noise and (noise["of"] not in run["datasets"] or datasets[noise["of"]].get("label_noise")):
            yield (
                f"datasets.{name}.label_noise.of: '{noise['of']}' must be one of run.datasets, with the right labels; "
                "the runs are compared with its runs"
            )
        elif not {"hub", "files", "docstrings"} & set(entry):
            yield f"datasets.{name}: say where the texts come from: hub, files or docstrings"
        else:
            yield from _entry_contradictions(f"datasets.{name}", entry)
    for name in config["analysis"]["margins"]:
        if name not in {"default", *datasets}:
            yield f"analysis.margins: '{name}' is no data set; described under datasets are {', '.join(datasets)}"
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


def _entry_contradictions(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """What does not fit together in the entry of a data set that is run."""
    files = entry.get("files")
    if files or entry.get("hub"):
        for key in ("text_column", "label_column"):
            one_class_each = files and isinstance(files["train"], Mapping)
            if key not in entry and not one_class_each and not (files and files.get("format") in _WITHOUT_COLUMNS):
                yield f"{where}: key '{key}' is missing"
        has_test = "test" in (files or entry["hub"]["splits"])
        if not has_test and "test_fraction" not in entry:
            yield f"{where}: no test split; name its file, or set test_fraction, the share of the texts to test on"
        if has_test and "test_fraction" in entry:
            yield f"{where}: test_fraction is for data without a test split, and this has one; take one of them out"
    libraries = (entry.get("docstrings") or {}).get("libraries", []) if not files else []
    classes = len(entry.get("classes") or libraries)
    size = entry.get("seed_set_size", DATASET_DEFAULTS["seed_set_size"])
    if size < classes:
        yield (
            f"{where}.seed_set_size: {size} is less than the {classes} classes, of each of which the seed set has at "
            "least one text; raise it"
        )
