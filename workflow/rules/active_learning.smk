# Active learning: for each data set, strategy and seed a chain of iterations, each with a checkpoint of its own.
#   run_iterations_<first>_to_<last>  ->  <strategy>/seed-<seed>/iteration-<iteration>.parquet, a block of them a job
#   train_on_full_data                ->  full_data/seed-<seed>.json, what a model reaches that was shown everything
#   collect_runs                      ->  runs.parquet, acquisitions.parquet, full_data.parquet: the chains as frames


# Seconds, so no SLURM job.
localrules:
    collect_runs,


# A rule's outputs are fixed when it is written, so each block of iterations is a rule of its own. Protocols without
# weight reset (D3) hand the model's state to the next block in a temporary file.
for (first, last, weight_reset), protocols in protocols_by_block().items():

    rule:
        name:
            f"run_iterations_{first}_to_{last}" + ("" if weight_reset else "_carrying_weights")
        input:
            **learning_inputs(),
            previous=f"{CHAIN}/iteration-{first - 1:03d}.parquet" if first else [],
            state=(f"{CHAIN}/iteration-{first - 1:03d}-state.parquet" if first and not weight_reset else []),
            code=run_sources,
        output:
            [f"{CHAIN}/iteration-{iteration:03d}.parquet" for iteration in range(first, last + 1)],
            **({} if weight_reset else {"state": temp(f"{CHAIN}/iteration-{last:03d}-state.parquet")}),
        log:
            f"{LOGS}/active_learning/run_iterations_{first}_to_{last}/{{protocol}}-{{dataset}}-{{strategy}}-{{seed}}.log",
        benchmark:
            f"{BENCHMARKS}/run_iterations_{first}_to_{last}/{{protocol}}-{{dataset}}-{{strategy}}-{{seed}}.tsv"
        wildcard_constraints:
            protocol="|".join(protocols),
        conda:
            "../../envs/cartography.yaml"
        resources:
            **({"mem_mb": 1500} | profile_resources("run_iterations")),
        params:
            first=first,
            last=last,
            run=run_settings,
            workspace=f"{CHAIN}/unfinished",
        script:
            "../scripts/run_iterations.py"


rule train_on_full_data:
    input:
        **learning_inputs(),
        code=sources("train_on_full_data"),
    output:
        f"{ACTIVE_LEARNING}/full_data/seed-{{seed}}.json",
    log:
        f"{LOGS}/active_learning/train_on_full_data/{{protocol}}-{{dataset}}-{{seed}}.log",
    benchmark:
        f"{BENCHMARKS}/train_on_full_data/{{protocol}}-{{dataset}}-{{seed}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=1500,
    params:
        training=training_settings,
    script:
        "../scripts/train_on_full_data.py"


rule collect_runs:
    input:
        checkpoints=lambda wildcards: expand(
            f"{CHAIN}/iteration-{{iteration}}.parquet",
            strategy=STRATEGIES,
            seed=SEEDS,
            iteration=[f"{iteration:03d}" for iteration in range(LAST_ITERATION + 1)],
            allow_missing=True,
        ),
        full_data=expand(
            f"{ACTIVE_LEARNING}/full_data/seed-{{seed}}.json",
            seed=SEEDS,
            allow_missing=True,
        ),
        code=sources("collect_runs"),
    output:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        acquisitions=f"{ACTIVE_LEARNING}/acquisitions.parquet",
        seed_sets=f"{ACTIVE_LEARNING}/seed_sets.parquet",
        full_data=f"{ACTIVE_LEARNING}/full_data.parquet",
    log:
        f"{LOGS}/active_learning/collect_runs/{{protocol}}-{{dataset}}.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/collect_runs.py"
