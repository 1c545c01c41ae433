"""The configuration: what the repository ships passes; what is misspelt, missing or contradictory is named."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.errors import ConfigError
from cartography_al.pipeline.configuration import DATASET_DEFAULTS, check_configuration, data_files, fill_defaults

ROOT = Path(__file__).parents[3]


SCHEMA_PATH = ROOT / "workflow/schemas/config.schema.yaml"


SCHEMA = yaml.safe_load(SCHEMA_PATH.read_text(encoding="utf-8"))


EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))


Keys = tuple[str, ...]


def dotted(value: object) -> str:
    """How a section, or anything else, is shown in a test's name."""
    return ".".join(map(str, value)) or "top level" if isinstance(value, tuple) else str(value)[:40]


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def configuration(experiment: Path | None = None, /, **changes: Any) -> dict[str, Any]:
    """config.yaml with an experiment's file and then changes laid over it, as Snakemake does it."""
    update_config = pytest.importorskip("snakemake.utils").update_config
    config = load(ROOT / "config.yaml")
    for layer in (load(experiment) if experiment else {}, deepcopy(changes)):
        update_config(config, layer)
    return config


def refusal(config: dict[str, Any]) -> list[str]:
    """The lines of the refusal below its heading."""
    with pytest.raises(ConfigError) as caught:
        check_configuration(config, SCHEMA_PATH)
    heading, *lines = str(caught.value).splitlines()
    assert heading == "the configuration (config.yaml and what --configfile lays over it) is wrong:"
    return [line.strip() for line in lines]


def test_the_shipped_configuration_passes():
    check_configuration(configuration(), SCHEMA_PATH)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_shipped_experiment_passes(experiment):
    """And has results of its own."""
    config = configuration(experiment)
    check_configuration(config, SCHEMA_PATH)
    assert config["experiment"] == experiment.stem


def test_experiments_are_there():
    assert {path.stem for path in EXPERIMENTS} >= {"demo", "trec_local", "agnews_local"}


def with_stars(path: Keys) -> Keys:
    """A data set's name is the user's choice."""
    return tuple("*" if position == 1 and path[0] == "datasets" else key for position, key in enumerate(path))


def sections(config: dict[str, Any], path: Keys = ()) -> Iterator[Keys]:
    """Each section of a configuration, but for the classes, whose keys are the data's."""
    yield path
    for key, value in config.items():
        if isinstance(value, dict) and key != "classes":
            yield from sections(value, (*path, key))


def schema_keys(schema: dict[str, Any], path: Keys = ()) -> Iterator[Keys]:
    """Every key that the schema knows, with * for any name; and the top level."""
    if path[-1:] != ("*",):
        yield path
    for key, below in [*schema.get("properties", {}).items(), ("*", schema.get("additionalProperties"))]:
        if isinstance(below, dict):
            yield from schema_keys(below, (*path, key))


def at(config: dict[str, Any], path: Keys) -> dict[str, Any]:
    for key in path:
        config = config[key]
    return config


# Local files (trec_local) and the hub (config.yaml) between them use every section there is.
SECTIONS = [
    (experiment, path)
    for experiment in (None, ROOT / "experiments/trec_local.yaml")
    for path in sections(load(experiment or ROOT / "config.yaml"))
    if path not in (("datasets",), ("analysis", "margins"))  # whose keys are names of data sets
]


@pytest.mark.parametrize(("experiment", "path"), SECTIONS, ids=dotted)
def test_a_misspelt_key_is_named_with_section_and_closest_key(experiment, path):
    for key in list(at(configuration(experiment), path)):
        config = configuration(experiment)
        section = at(config, path)
        middle = len(key) // 2
        misspelt = key[:middle] + key[middle + 1 :]  # a letter is missing
        section[misspelt] = section.pop(key)
        where = ".".join(path) or "top level"
        assert f"{where}: unknown key '{misspelt}'; did you mean '{key}'?" in refusal(config)


def test_a_key_like_no_other_is_named_with_those_there_are():
    (line,) = refusal(configuration(optimizer={"zzz": 1}))
    assert line == "optimizer: unknown key 'zzz'; the keys here are betas, epsilon, weight_decay"


def test_everything_that_is_wrong_is_said_at_once():
    config = configuration(run={"sedes": [1]}, device="gpu")
    del config["optimizer"]["epsilon"], config["optimizer"]["betas"]
    lines = refusal(config)
    assert len(lines) == 4
    assert "run: unknown key 'sedes'; did you mean 'seeds'?" in lines
    assert "optimizer: key 'betas' is missing" in lines
    assert "optimizer: key 'epsilon' is missing" in lines
    assert any(line.startswith("device: 'gpu' is not one of") for line in lines)


def required(schema: dict[str, Any], path: Keys = ()) -> Iterator[tuple[Keys, str]]:
    for key in schema.get("required", []):
        yield path, key
    for key, below in schema.get("properties", {}).items():
        if isinstance(below, dict):
            yield from required(below, (*path, key))


@pytest.mark.parametrize(("path", "key"), list(required(SCHEMA)), ids=dotted)
def test_a_missing_key_is_named(path, key):
    config = configuration()
    del at(config, path)[key]
    assert refusal(config) == [f"{'.'.join(path) or 'top level'}: key '{key}' is missing"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"run": {"seeds": [1, 1]}}, "run.seeds: [1, 1] has non-unique elements"),
        ({"run": {"seeds": [-1]}}, "run.seeds.0: -1 is less than the minimum of 0"),
        ({"run": {"seeds": 0}}, "run.seeds: 0 is less than the minimum of 1"),
        ({"run": {"strategies": []}}, "run.strategies: []"),
        ({"run": {"iterations": 1000}}, "run.iterations: 1000 is greater than the maximum of 999"),
        ({"main_classifier": {"epochs": 1}}, "main_classifier.epochs: 1 is less than the minimum of 2"),
        ({"main_classifier": {"dropout": 1.0}}, "main_classifier.dropout: 1.0 is greater than or equal"),
        ({"main_classifier": {"hidden_size": "300"}}, "main_classifier.hidden_size: '300' is not of type 'integer'"),
        # YAML takes 1e-4 for a word: a number needs the point.
        ({"main_classifier": yaml.safe_load("learning_rate: 1e-4")}, "main_classifier.learning_rate: '1e-4' is not"),
        ({"optimizer": {"betas": [0.9]}}, "optimizer.betas: [0.9]"),
        ({"optimizer": {"betas": [0.9, 1.0]}}, "optimizer.betas.1: 1.0"),
        (
            {"acquisition": {"cal": {"correctness_threshold": 1}}},
            "acquisition.cal.correctness_threshold: 1 is greater than or equal",
        ),
        ({"analysis": {"correctness_thresholds": [0.2, 1.2]}}, "analysis.correctness_thresholds.1: 1.2"),
        ({"analysis": {"significance": {"alpha": 0}}}, "analysis.significance.alpha: 0"),
        ({"datasets": {"trec": {"batch_size": 0}}}, "datasets.trec.batch_size: 0 is less than the minimum of 1"),
        ({"datasets": {"trec": {"files": {"format": "xml"}}}}, "datasets.trec.files.format: 'xml' is not one of"),
        ({"datasets": {"a/b": {}}}, "datasets: 'a/b' does not match"),
        ({"experiment": "../elsewhere"}, "experiment: '../elsewhere' does not match"),
        ({"experiment": "downloads"}, "experiment: 'downloads'"),
        ({"device": "tpu"}, "device: 'tpu' is not one of"),
        ({"protocol": "as_writen"}, "protocol: 'as_writen' is not valid"),
    ],
)
def test_a_value_that_cannot_be_is_named(changes, line):
    assert any(found.startswith(line) for found in refusal(configuration(**changes)))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"run": {"datasets": ["agnew"]}},
            "run.datasets: 'agnew' is not described under datasets; described are agnews",
        ),
        (
            {"run": {"strategies": ["random", "bodge"]}},
            "run.strategies: unknown strategy 'bodge'; registered are ",
        ),
        ({"run": {"strategies": ["dal-threshold-0.4"]}}, "run.strategies: strategy 'dal-threshold-0.4': write cal"),
        ({"audit": {"strategies": ["kal"]}}, "audit.strategies: unknown strategy 'kal'"),
        ({"audit": {"switches": ["pading"]}}, "protocol: unknown switch 'pading'; the switches are padding,"),
        ({"analysis": {"compared_strategies": ["randm"]}}, "analysis.compared_strategies: unknown strategy 'randm'"),
        ({"analysis": {"batch_strategies": ["randm"]}}, "analysis.batch_strategies: unknown strategy 'randm'"),
        ({"protocol": {"paddng": "none"}}, "protocol: unknown switch 'paddng'; the switches are padding,"),
        ({"protocol": {"padding": "zeros"}}, "protocol: switch 'padding' cannot be 'zeros'; use one of"),
        ({"analysis": {"margins": {"tree": 0.1}}}, "analysis.margins: 'tree' is no data set; described under datasets"),
    ],
)
def test_what_contradicts_itself_is_named(changes, line):
    (found,) = refusal(configuration(**changes))
    assert found.startswith(line)


def test_an_encoder_without_a_name_is_named():
    config = configuration(embedding={"source": "encoder"}, run={"datasets": ["trec"]})
    del config["embedding"]["encoder"]["revision"]
    assert refusal(config) == [
        "embedding (of trec): source encoder needs encoder.model and encoder.revision, or encoder.folder"
    ]


def test_a_missing_column_of_vectors_is_named():
    own = {"source": "precomputed", "precomputed": {"train": "a.npy", "test": "b.parquet"}}
    config = configuration(representations={"own": own}, run={"datasets": ["trec"]})
    assert refusal(config) == [
        "representations.own (of trec): precomputed.column must name the column of the .parquet files that holds the "
        "vectors"
    ]


def test_a_data_set_that_comes_from_nowhere_is_named():
    config = configuration()
    del config["datasets"]["trec"]["hub"]
    assert refusal(config) == ["datasets.trec: say where the texts come from: hub, files or docstrings"]


def refused_entry(**entry: Any) -> list[str]:
    """What is said of an entry for local files that is laid over config.yaml."""
    base = {
        "title": "Own",
        "files": {"train": "a.csv", "test": "b.csv"},
        "text_column": "text",
        "label_column": "label",
    }
    own = {key: value for key, value in (base | entry).items() if value is not None}
    return refusal(configuration(run={"datasets": ["own"]}, datasets={"own": own}))


@pytest.mark.parametrize(
    ("entry", "lines"),
    [
        ({"text_column": None}, ["datasets.own: key 'text_column' is missing"]),
        ({"label_column": None}, ["datasets.own: key 'label_column' is missing"]),
        ({"seed_set_size": 2, "classes": list("abc")}, ["datasets.own.seed_set_size: 2 is less than the 3 classes"]),
        ({"files": {"train": "a.csv"}}, ["datasets.own: no test split; name its file, or set test_fraction"]),
        ({"test_fraction": 0.2}, ["datasets.own: test_fraction is for data without a test split"]),
        # A tab is what the value needs, so what is wrong is the key.
        (
            {"files": {"train": "a", "test": "b", "delimiter": "\t"}},
            ["datasets.own.files: unknown key 'delimiter'; the keys here are train, test, format, encoding, header"],
        ),
        (
            {"classes": yaml.safe_load("{no: Bad, yes: Good}")},
            [
                "datasets.own.classes: False is what YAML makes of yes, no, on, off, true, false or null without",
                "datasets.own.classes: True is what YAML makes of yes, no, on, off, true, false or null without",
            ],
        ),
        ({"classes": yaml.safe_load("[1.5, 2]")}, ["datasets.own.classes: 1.5 is what YAML makes of such a value"]),
        ({"classes": ["a"]}, ["datasets.own.classes: ['a'] is too short"]),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_before_anything_runs(entry, lines):
    found = refused_entry(**entry)
    assert len(found) == len(lines)
    for line, start in zip(found, lines, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"classes": {1: "bad", 2: "good"}},
        {"classes": ["no", "yes"]},
        {"files": {"train": "a.label", "test": "b.label", "format": "trec"}, "text_column": None, "label_column": None},
        {
            "files": {"train": {"good": "a.txt", "bad": "b.txt"}},
            "test_fraction": 0.2,
            "text_column": None,
            "label_column": None,
        },
        {"drop_invalid": True, "seed_set_size": 20},
    ],
)
def test_what_an_entry_may_leave_out(entry):
    base = {
        "title": "Own",
        "files": {"train": "a.csv", "test": "b.csv"},
        "text_column": "text",
        "label_column": "label",
    }
    own = {key: value for key, value in (base | entry).items() if value is not None}
    config = configuration(run={"datasets": ["own"]}, datasets={"own": own})
    check_configuration(config, SCHEMA_PATH)
    fill_defaults(config)
    filled = config["datasets"]["own"]
    assert {key: filled[key] for key in DATASET_DEFAULTS} == DATASET_DEFAULTS | {
        key: own[key] for key in DATASET_DEFAULTS if key in own
    }


def test_an_entry_with_label_noise_is_that_of_the_right_labels():
    noisy = {"title": "5% wrong", "label_noise": {"of": "docstrings", "share": 0.05}}
    config = configuration(run={"datasets": ["docstrings", "noisy"]}, datasets={"noisy": noisy})
    check_configuration(config, SCHEMA_PATH)
    fill_defaults(config)
    right, filled = config["datasets"]["docstrings"], config["datasets"]["noisy"]
    assert filled == {**right, **noisy}
    assert "label_noise" not in right


@pytest.mark.parametrize("run", [["noisy"], ["noisy", "noisier"]])
def test_label_noise_needs_the_runs_with_the_right_labels(run):
    of = {"noisy": "docstrings" if run == ["noisy"] else "noisier", "noisier": "noisy"}
    entries = {name: {"title": name, "label_noise": {"of": of[name], "share": 0.05}} for name in run}
    lines = refusal(configuration(run={"datasets": run}, datasets=entries))
    assert lines[0].startswith(f"datasets.noisy.label_noise.of: '{of['noisy']}' must be one of run.datasets, with the")


def test_the_files_of_an_entry():
    assert data_files({"files": {"train": "a", "test": "b", "format": "csv"}}) == ["a", "b"]
    assert data_files({"files": {"train": {"good": "a", "bad": "b"}}}) == ["a", "b"]
    assert data_files({"hub": {}}) == []


def test_a_number_from_the_command_line_that_arrives_as_text_is_explained():
    (line,) = refusal(configuration(run={"iterations": "3"}))
    assert line.startswith("run.iterations: '3' is not of type 'integer'")
    assert line.endswith(
        "values nested in --config arrive as text: write them into a file, and name it with --configfile"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"protocol": "released"},
        {"protocol": {"padding": "first_word", "shuffling": False, "hidden_layers": 2}},
        {"run": {"seeds": 20}},
        {"run": {"strategies": ["cal-threshold-0.4", "cal"]}},
        {"analysis": {"correctness_thresholds": []}},
        {"embedding": {"source": "vectors/mine.bin", "sha256": "0" * 64}},
        {"embedding": {"source": "encoder"}},
        {"embedding": {"source": "encoder", "encoder": {"folder": "../models/mine"}}},
        {"embedding": {"source": "precomputed"}},
        {
            "representations": {
                "own": {"source": "precomputed", "precomputed": {"train": "a.npy", "test": "{dataset}.npy"}}
            }
        },
        {"datasets": {"trec": {"expected": {"train": None, "train_sha256": None}}}},
        {"main_classifier": {"dropout": 0}},
    ],
)
def test_what_the_schema_describes_is_taken(changes):
    check_configuration(configuration(**changes), SCHEMA_PATH)


def test_the_checked_configuration_is_not_changed():
    config = configuration()
    before = deepcopy(config)
    check_configuration(config, SCHEMA_PATH)
    assert config == before


def objects(schema: dict[str, Any], path: Keys = ()) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Every schema of an object below this one."""
    if schema.get("type") == "object" or "properties" in schema:
        yield path, schema
    for key, below in schema.get("properties", {}).items():
        yield from objects(below, (*path, key))
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from objects(schema[key], (*path, "*"))
    for key in ("oneOf", "anyOf", "allOf"):
        for below in schema.get(key, []):
            yield from objects(below, path)


# Where any name may stand, the values are described instead; the protocol's switches and the parameters of a user's
# strategies are checked by the package, which alone knows them.
NAMED_BY_THE_USER = {
    ("datasets",),
    ("datasets", "*", "classes"),
    ("representations",),
    ("acquisition",),
    ("analysis", "margins"),
}
CHECKED_BY_THE_PACKAGE = {("protocol",), ("acquisition", "*")}


@pytest.mark.parametrize(("path", "schema"), list(objects(SCHEMA)), ids=[dotted(path) for path, _ in objects(SCHEMA)])
def test_every_object_of_the_schema_is_closed_and_described(path, schema):
    if path in NAMED_BY_THE_USER:
        assert isinstance(schema["additionalProperties"], dict)
    elif path not in CHECKED_BY_THE_PACKAGE:
        assert schema["additionalProperties"] is False
        assert set(schema.get("required", [])) <= set(schema["properties"])
    for key, below in schema.get("properties", {}).items():
        assert below.get("description"), ".".join((*path, key))
        assert {"type", "enum", "oneOf"} & set(below), f"{'.'.join((*path, key))} takes anything"


def config_keys(config: dict[str, Any], path: Keys = ()) -> Iterator[Keys]:
    for key, value in config.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from config_keys(value, (*path, key))


def test_the_shipped_configuration_shows_every_key():
    """Whoever reads config.yaml sees what can be set; the keys of own data are in experiments and docs/extending.md.

    So the misspellings above also reach every section there is.
    """
    shown = {with_stars(path) for path in config_keys(load(ROOT / "config.yaml"))}
    for experiment in EXPERIMENTS:
        files = [path for path in config_keys(load(experiment)) if path[2:3] == ("files",)]
        shown |= {with_stars(path) for path in files}
    of_strategies = SCHEMA["properties"]["acquisition"]["properties"]
    without_parameters = {("acquisition", name) for name, below in of_strategies.items() if not below["properties"]}
    hidden = {keys for keys in set(schema_keys(SCHEMA)) - shown if not is_overlay(keys)}
    own_data = {("datasets", "*", key) for key in ("test_fraction", "test_seed", "drop_invalid")}
    noise = {key for key in hidden if key[2:3] == ("label_noise",)}  # experiments/label_noise.yaml has it
    assert hidden == {(), ("datasets", "*", "files", "encoding"), *own_data, *noise, *without_parameters}
    assert of_strategies.keys() == STRATEGIES.keys()


def is_overlay(keys: Keys) -> bool:
    """Whether a key is one of `embedding` again, laid over it for a data set or a representation."""
    return keys[:1] == ("representations",) or keys[2:3] == ("embedding",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"experiment": "../elsewhere"}, "experiment: '../elsewhere' does not match"),
        ({"experiment": "paper\n"}, r"experiment: 'paper\n' holds a line break or another control character"),
        ({"experiment": "x" * 101}, "is too long"),
        ({"datasets": {"../x": {}}}, "datasets: '../x' does not match"),
        ({"datasets": {"x\n": {}}}, r"datasets, the key 'x\n': 'x\n' holds a line break"),
        ({"datasets": {7: {}}}, "datasets: 7 is not of type 'string'"),
        ({"datasets": {"trec": {"title": "a\x1b[31m"}}}, r"datasets.trec.title: 'a\x1b[31m' holds a line break"),
        ({"datasets": {"trec": {"title": "\ud800"}}}, r"datasets.trec.title: '\ud800' holds a line break or another"),
        ({"datasets": {"trec": {"files": {"train": "{dataset}"}}}}, "files.train: '{dataset}' does not match"),
        ({"datasets": {"trec": {"hub": {"repository": "pandas"}}}}, "hub.repository: 'pandas' does not match"),
        ({"datasets": {"docstrings": {"docstrings": {"libraries": ["os", "a.b"]}}}}, "'a.b' does not match"),
        ({"embedding": {"source": "{x}.bin"}}, "embedding.source: '{x}.bin' does not match"),
        ({"embedding": {"source": "model.pkl"}}, "embedding.source: 'model.pkl' does not match"),
        ({"embedding": {"sha256": "abc"}}, "embedding.sha256: 'abc' does not match"),
        ({"run": {"iterations": 3.0}}, "run.iterations: 3.0 is not of type 'integer'"),
        ({"run": {"seeds": 1001}}, "run.seeds: 1001 is greater than the maximum of 1000"),
        ({"run": {"seeds": [2**31]}}, "run.seeds.0: 2147483648 is too large; 2147483647 is the largest whole number"),
        ({"main_classifier": {"learning_rate": float("nan")}}, "main_classifier.learning_rate: nan is not a finite"),
        ({"optimizer": {"epsilon": float("inf")}}, "optimizer.epsilon: inf is not a finite number"),
    ],
)
def test_what_no_path_log_or_library_can_take_is_refused(changes, message):
    assert any(message in line for line in refusal(configuration(**changes)))


def test_an_alias_that_refers_to_itself_is_refused():
    looped = yaml.safe_load("run: &run {datasets: *run}")
    with pytest.raises(ConfigError, match="refers to itself"):
        check_configuration(configuration() | looped, SCHEMA_PATH)
