# The explorers: each data set as one HTML file that opens without a network, to look at texts and acquisitions.
#   explore_dataset  ->  explorer/<protocol>-<representation>-<dataset>.html

EXPLORER = f"{RESULTS}/explorer/{CASE_NAME}.html"
EXPLORERS = [EXPLORER.format(**case._asdict()) for case in PLAN.cases]
EXPLORED = ("full_map", "runs", "acquisitions", "seed_sets", "full_data", "description")


# Seconds each, so no SLURM jobs.
localrules:
    explore_dataset,


rule explore_dataset:
    input:
        **{name: FRAMES[name] for name in EXPLORED},
        train=f"{DATA}/train.parquet",
        code=sources("explore_dataset"),
        browser_code=sorted(os.path.relpath(path) for path in PACKAGE_ROOT.glob("cartography_al/explorer/browser/*.js")),
    output:
        EXPLORER,
    log:
        f"{LOGS}/explorer/explore_dataset/{CASE_NAME}.log",
    benchmark:
        f"{BENCHMARKS}/explore_dataset/{CASE_NAME}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        subject=lambda wildcards: tuple(PLAN.subject(case_of(wildcards))),
        texts=config["explorer"]["texts"],
    script:
        "../scripts/explore_dataset.py"


rule explorer:
    input:
        EXPLORERS,
