"""What an experiment consists of, as a pure function of its configuration. Knows no path and no Snakemake."""

import csv
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from cartography_al.acquisition.registry import random_replicates, resolve_strategy, threshold_strategy
from cartography_al.naming import Subject
from cartography_al.pipeline.protocols import audit_protocols, protocol_switches, resolve_protocol
from cartography_al.protocol import Protocol
from cartography_al.seeding import PAPER_SEEDS, derived_seeds

Settings = dict[str, Any]

FROZEN = ("encoder", "precomputed")
"""Kinds of `embedding.source` that the switches D1 and D16 cannot act on."""
DIVERSE_MODULE = "cartography_al.active_learning.diverse_seed_set"
PLAIN = "plain"
"""The reading of the texts as the paper describes it."""


class Case(NamedTuple):
    """What is run: one protocol on one representation of one data set. The fields are wildcards of paths."""

    protocol: str
    representation: str
    dataset: str


class Block(NamedTuple):
    """Consecutive iterations of a chain that one job does; whether a model's state comes in and goes out (D3)."""

    first: int
    last: int
    state_in: bool
    state_out: bool


class Plan:
    """The resolved experiment. `config` must have passed `check_configuration`; its seeds are resolved in place."""

    def __init__(self, config: Settings) -> None:
        """Resolve what is a name or a number in the configuration."""
        self.config, run, analysis = config, config["run"], config["analysis"]
        seeds = run["seeds"]
        # In place, for the saved configuration and the report's captions.
        run["seeds"] = self.seeds = seeds if isinstance(seeds, list) else derived_seeds(PAPER_SEEDS, seeds)
        self.protocol = config["protocol"] if isinstance(config["protocol"], str) else "custom"
        # The paper's claims are about its own data sets: others need no runs under a second protocol.
        self.judged_datasets = [name for name in run["datasets"] if name in _paper_datasets()]
        self.claim_protocols: list[str] = analysis["claim_protocols"] if self.judged_datasets else []
        self.audit_protocols = audit_protocols(config["audit"]["switches"])
        self.audit_seeds = self.seeds[: config["audit"]["seeds"]]
        self.audit_iterations = min(config["audit"]["iterations"], run["iterations"])
        self.compared = [name for name in analysis["compared_strategies"] if name in run["strategies"]]
        self.batch_strategies = [name for name in analysis["batch_strategies"] if name in run["strategies"]]
        self.baselines = [name for name in ("random", "cal") if name in run["strategies"]]  # of comparisons of areas

    @cached_property
    def protocols(self) -> dict[str, Protocol]:
        """Every protocol that a path may name."""
        named = self.audit_protocols | {name: resolve_protocol(name) for name in self.claim_protocols}
        return named | {self.protocol: resolve_protocol(self.config["protocol"])}

    @cached_property
    def threshold_strategies(self) -> list[str]:
        """CAL at each correctness threshold of Table 3; none without CAL."""
        if "cal" not in self.config["run"]["strategies"]:
            return []
        configured = self.config["acquisition"]["cal"]["correctness_threshold"]
        return [threshold_strategy(value, configured) for value in self.config["analysis"]["correctness_thresholds"]]

    @cached_property
    def strategies(self) -> list[str]:
        """Every strategy that is run under the experiment's protocol, once."""
        return list(dict.fromkeys([*self.config["run"]["strategies"], *self.threshold_strategies]))

    @property
    def replicates(self) -> list[str]:
        """Random as often as strategies are compared, which calibrates their comparison."""
        return random_replicates(len(self.compared))

    @property
    def calibrated(self) -> list[Case]:
        """The cases whose tests are calibrated: those that claims are judged by, and the experiment itself."""
        return list(dict.fromkeys([*self.judged, *self.cases]))

    def margin(self, dataset: str) -> float:
        """The largest difference of mean accuracies on a data set that does not matter to a reader."""
        margins = self.config["analysis"]["margins"]
        return float(margins.get(dataset, margins["default"]))

    # ---- representations

    @cached_property
    def representations(self) -> dict[str, str]:
        """Title of each representation by its name: those of the section, or the one that `embedding` describes."""
        section = self.config.get("representations") or {}
        if not section:
            name, title = _kind(self.config["embedding"])
            return {name: self.config["embedding"].get("title", title)}
        found = {}
        for name, laid_over in section.items():
            embedding = _merged(self.config["embedding"], laid_over)
            found[name] = laid_over.get("title", _kind(embedding)[1] if "source" in laid_over else name)
        return found

    @property
    def titles(self) -> list[str]:
        """The titles that figures and tables show: of the data sets, and of representations where there are several."""
        own = list(self.representations.values()) if len(self.representations) > 1 else []
        return [*(self.config["datasets"][name]["title"] for name in self.config["run"]["datasets"]), *own]

    def embedding(self, dataset: str, representation: str) -> Settings:
        """The settings of a representation of a data set."""
        return embedding_settings(self.config, dataset, representation)

    def source(self, case: Case) -> str:
        """What the vectors of a case come from: `embedding.source`, or the encoder's name."""
        settings = self.embedding(case.dataset, case.representation)
        if settings["source"] != "encoder":
            return str(settings["source"])
        return str(settings["encoder"].get("folder") or settings["encoder"]["model"])

    def reading(self, case: Case) -> str:
        """How a protocol reads the texts (D1, D16): a part of the features' path, the same for protocols that agree."""
        protocol = self.protocols[case.protocol]
        source = self.embedding(case.dataset, case.representation)["source"]
        if source in FROZEN:
            return str(source)
        marks = ["padded"] * (protocol.padding != "none") + ["joined"] * (protocol.backslashes == "removed")
        return "-".join(marks) or PLAIN

    def full_data_protocol(self, case: Case) -> str:
        """The first of the protocols whose training on full data is the case's; most switches act on choices alone."""

        def training(protocol: str) -> tuple[object, ...]:
            switches = self.protocols[protocol]
            reading = self.reading(case._replace(protocol=protocol))
            return (reading, switches.hidden_layers, switches.shuffling, switches.evaluation_dropout)

        return next(name for name in self.protocols if training(name) == training(case.protocol))

    @property
    def readings(self) -> dict[str, Settings]:
        """The switches behind each reading."""
        return {
            "-".join(filter(None, (padded, joined))) or PLAIN: {
                "padding": "first_word" if padded else "none",
                "backslashes": "removed" if joined else "space",
            }
            for padded in ("", "padded")
            for joined in ("", "joined")
        }

    # ---- cases

    def cases_of(self, datasets: Iterable[str], protocols: Collection[str]) -> list[Case]:
        """All representations of the data sets under the protocols, in the order of readers."""
        return [
            Case(protocol, representation, dataset)
            for dataset in datasets
            for representation in self.representations
            for protocol in protocols
        ]

    @property
    def cases(self) -> list[Case]:
        """The experiment itself."""
        return self.cases_of(self.config["run"]["datasets"], [self.protocol])

    @property
    def judged(self) -> list[Case]:
        """What the paper's claims are judged by."""
        return self.cases_of(self.judged_datasets, self.claim_protocols)

    @property
    def noisy(self) -> list[Case]:
        """The cases of the experiment in which labels were made wrong on purpose."""
        return [case for case in self.cases if self.config["datasets"][case.dataset].get("label_noise")]

    def clean(self, case: Case) -> Case:
        """The case with the right labels beside one of `noisy`."""
        return case._replace(dataset=self.config["datasets"][case.dataset]["label_noise"]["of"])

    def subject(self, case: Case) -> Subject:
        """What a reader calls a case; without the protocol, and without the representation where there is one only."""
        title, dataset = self.config["datasets"][case.dataset]["title"], case.dataset
        representation = self.representations[case.representation] if len(self.representations) > 1 else ""
        return Subject(dataset, title, case.representation, representation, self.reading(case) not in FROZEN)

    def claim_settings(self, case: Case) -> Settings:
        """What judging the paper's claims needs besides the frames, as claims.evidence.Evidence names it."""
        return {
            "dataset": case.dataset,
            "protocol": case.protocol,
            "representation": self.subject(case).representation_title,
            "embedding_source": self.source(case),
            "correctness_threshold": self.config["acquisition"]["cal"]["correctness_threshold"],
            "correctness_rounding": self.protocols[case.protocol].correctness_rounding,
            "margin": self.margin(case.dataset),
        }

    # ---- settings of trainings and chains

    def classifier_settings(self, case: Case, classifier: str) -> Settings:
        """Settings of the main or the binary classifier, as learning.models.ClassifierSettings names them."""
        protocol = self.protocols[case.protocol]
        depth = protocol.hidden_layers if classifier == "main_classifier" else int(protocol.binary_hidden_layer)
        return {
            "dropout": 0.0,
            "hidden_layers": depth,
            "batch_size": self.config["datasets"][case.dataset]["batch_size"],
            **self.config[classifier],
            **self.config["optimizer"],
        }

    def training_settings(self, case: Case, epochs: int | None = None) -> Settings:
        """What decides a training of the main classifier; epochs replaces the configured number."""
        settings = self.classifier_settings(case, "main_classifier")
        return {
            "main_settings": settings | ({"epochs": epochs} if epochs else {}),
            "protocol": protocol_switches(self.protocols[case.protocol]),
        }

    def run_settings(self, case: Case, strategy: str) -> Settings:
        """What decides an active-learning run besides its data, as active_learning.iteration.Run names it."""
        entry, parameters = resolve_strategy(strategy, self.config["acquisition"])
        binary = self.classifier_settings(case, "binary_classifier") if entry.binary_classifier else None
        return self.training_settings(case) | {
            "binary_settings": binary,
            "parameters": parameters,
            "seed_set_size": self.config["datasets"][case.dataset]["seed_set_size"],
            "seed_set": self.config["run"]["seed_set"],
            "query_size": self.config["run"]["query_size"],
        }

    @property
    def seed_set_modules(self) -> list[str]:
        """Modules behind the drawing of the seed set that the scripts do not import by themselves."""
        return [DIVERSE_MODULE] if self.config["run"]["seed_set"] == "diverse" else []

    def blocks(self, protocol: str) -> list[Block]:
        """The jobs of a chain; iteration 0, the seed set's, belongs to the first one."""
        size = self.config["iterations_per_job"]
        whole = protocol in {self.protocol, *self.claim_protocols}
        end = self.config["run"]["iterations"] if whole else self.audit_iterations
        starts = [0, *range(size + 1, end + 1, size)]
        carries = not self.protocols[protocol].weight_reset
        return [
            Block(first, following - 1, carries and first > 0, carries and following <= end)
            for first, following in zip(starts, [*starts[1:], end + 1], strict=True)
        ]

    def protocols_by_block(self) -> dict[Block, list[str]]:
        """The protocols whose chains have a block, for each block."""
        found: dict[Block, list[str]] = {}
        for protocol in self.protocols:
            for block in self.blocks(protocol):
                found.setdefault(block, []).append(protocol)
        return found

    def block_name(self, block: Block) -> str:
        """The name of a block's rule: `run_iterations`, unless a chain of the experiment takes several jobs."""
        if (block.first, block.last) == (0, self.config["run"]["iterations"]):
            return "run_iterations"
        carries = "_carrying_weights" if block.state_in or block.state_out else ""
        return f"run_iterations_{block.first}_to_{block.last}{carries}"


def embedding_settings(config: Mapping[str, Any], dataset: str, representation: str) -> Settings:
    """The settings of a representation of a data set: `embedding`, the data set's own, the representation's."""
    own = config["datasets"][dataset].get("embedding", {})
    section = config.get("representations") or {}
    return _merged(_merged(config["embedding"], own), section.get(representation, {}))


def _kind(embedding: Mapping[str, Any]) -> tuple[str, str]:
    """Name and title of a representation that was given none."""
    return {
        "encoder": ("encoder", "Encoder"),
        "precomputed": ("precomputed", "Own vectors"),
    }.get(embedding["source"], ("fasttext", "FastText sums"))


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Settings:
    """Mappings laid over each other at every level, as Snakemake does with configuration files."""
    merged = dict(below)
    for key, value in above.items():
        nested = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if nested else value
    return merged


def _paper_datasets() -> set[str]:
    """Without pandas, which takes longer to import than the workflow to read: see paper.paper_datasets."""
    with (files("cartography_al") / "paper_values" / "table1.csv").open(encoding="utf-8") as file:
        return {row["dataset"] for row in csv.DictReader(file)}
