# Input and output functions that the rules of several stages share.

from functools import cache, partial

from cartography_al.features.encoder_files import encoder_folder, model_files
from cartography_al.pipeline.report import FINDINGS_CATEGORY, report_entry


@cache
def sources(script, *modules):
    """Package modules behind a script (and further modules), so that editing one reruns what depends on it.

    Found once and kept: every job asks for them, several times.
    """
    return script_sources(Path(workflow.basedir), script, *modules)


def of_cases(cases, *names):
    """Named inputs: for each name of FRAMES, and for the descriptions, one path for each case."""
    return {name: [FRAMES[name].format(**case._asdict()) for case in cases] for name in (*names, "description")}


def subjects(cases):
    """What a reader calls the cases, for the scripts' parameters."""
    return [tuple(PLAN.subject(case)) for case in cases]


def case_of(wildcards):
    """The case that a job is about."""
    return Case(wildcards.protocol, wildcards.representation, wildcards.dataset)


def dataset_settings(wildcards):
    """The configuration's entry of a data set."""
    return config["datasets"][wildcards.dataset]


def embedding_settings(wildcards):
    """The settings of a representation of a data set."""
    return PLAN.embedding(wildcards.dataset, wildcards.representation)


def word_vector_file(wildcards):
    """The model file behind embedding.source; none for vectors trained on the corpus."""
    source = embedding_settings(wildcards)["source"]
    return {"corpus": [], "cc.en.300": [PRETRAINED]}.get(source, [source])


def encoder_files(wildcards):
    """The files of an encoder, modules.json before the others; or the one that says that they have been fetched."""
    folder, is_fetched = encoder_folder(embedding_settings(wildcards)["encoder"], ENCODERS)
    if is_fetched:
        return [f"{folder}.json"]
    return list(dict.fromkeys(map(str, [folder / "modules.json", *model_files(folder)])))


def vector_files(wildcards):
    """The user's files of vectors, whose paths may hold {dataset}."""
    settings = embedding_settings(wildcards)["precomputed"]
    return {f"{split}_vectors": settings[split].replace("{dataset}", wildcards.dataset) for split in ("train", "test")}


def features_key(wildcards):
    """What a user turns where the features are useless."""
    if embedding_settings(wildcards)["source"] == "corpus":
        return "up embedding.corpus.epochs or learning_rate, or to another embedding.source"
    return "to another embedding.source, for texts of this kind and language"


def features_folder(case):
    """Where the features of a case are: protocols that read the texts alike share them."""
    return FEATURES.format(**case._asdict(), reading=PLAN.reading(case))


def full_data_files(case, seeds):
    """One file for each seed; protocols that cannot differ after full data share them."""
    case = case._replace(protocol=PLAN.full_data_protocol(case))
    return [f"{ACTIVE_LEARNING}/full_data/seed-{seed}.json".format(**case._asdict()) for seed in seeds]


def audited_full_data(protocol, wildcards):
    """The full-data accuracies of an audited protocol."""
    return full_data_files(Case(protocol, wildcards.representation, wildcards.dataset), PLAN.audit_seeds)


def density_title(case):
    """What the report calls the figure: by keys, as Snakemake would expand the braces of a title."""
    of = f"{case.dataset}, {case.representation}" if len(PLAN.representations) > 1 else case.dataset
    return f"density of {of}"


def learning_inputs(wildcards):
    """Named inputs of the rules that train on a data set."""
    features = features_folder(case_of(wildcards))
    return {
        "train": f"{DATA}/train.parquet".format(**wildcards),
        "test": f"{DATA}/test.parquet".format(**wildcards),
        "description": FRAMES["description"].format(**wildcards),
        "train_features": f"{features}/train.npy",
        "test_features": f"{features}/test.npy",
        "features": f"{features}/features.json",
    }


def profile_resources(rule_name):
    """What a profile's set-resources says of rules that are made under several names."""

    def value(resource, wildcards, **job):
        """Of an expression, such as `60 * attempt`, this job's value."""
        return resource.evaluate(wildcards, **job).value

    settings = workflow.resource_settings.overwrite_resources.get(rule_name, {})
    return {name: partial(value, resource) for name, resource in settings.items()}


def reported(path, caption, title):
    """A file of the report. One label: Snakemake takes a second one for a switch in a category of two entries."""
    category, title = report_entry(title, figures=4 + len(PLAN.cases))
    return report(path, caption=f"../report/{caption}.rst", category=category, labels={"page": title})


def figure_output(name, caption, title):
    """The two files of a figure; the PNG goes into the report under the title."""
    path = f"{RESULTS}/figures/{name}"
    return {"pdf": f"{path}.pdf", "png": reported(f"{path}.png", caption, title)}


def chain_logs(case, strategies):
    """Case, strategy, seed and the logs of the jobs of a chain."""
    name = CASE_NAME.format(**case._asdict())
    folders = [f"{LOGS}/active_learning/{PLAN.block_name(block)}" for block in PLAN.blocks(case.protocol)]
    return [
        (name, strategy, seed, [f"{folder}/{name}-{strategy}-{seed}.log" for folder in folders])
        for strategy in strategies
        for seed in PLAN.seeds
    ]


def table_output(name, title, path=None):
    """The files of a table, in tables/ unless there is a path; the HTML page goes into the report under the title."""
    path = path or f"{RESULTS}/tables/{name}"
    files = {format: f"{path}.{format}" for format in TABLE_FORMATS}
    return files | {"html": reported(files["html"], name, title)}
