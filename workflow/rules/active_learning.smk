# Active learning: for each data set, strategy and seed a chain of iterations, each with a checkpoint of its own.
#   run_iterations      ->  <strategy>/seed-<seed>/iteration-<iteration>.parquet, a chain a job; chains in several jobs
#                           (iterations_per_job) have a rule for each block, run_iterations_<first>_to_<last>
#   train_on_full_data  ->  full_data/seed-<seed>.json, what a model reaches that was shown everything
#   collect_runs        ->  runs, acquisitions, seed_sets, predictions and full_data, .parquet: the chains as frames
#   collect_replicates  ->  replicates.parquet, chains of Random that differ by their choices alone; for `calibration`


# Seconds, so no SLURM job.
localrules:
    collect_runs,
    collect_replicates,


# A rule's outputs are fixed when it is written, so each block of iterations is a rule of its own. Protocols without
# weight reset (D3) hand the model's state to the next block in a temporary file.
for block, protocols in PLAN.protocols_by_block().items():

    rule:
        name:
            PLAN.block_name(block)
        input:
            unpack(learning_inputs),
            previous=f"{CHAIN}/{checkpoint_name(block.first - 1)}" if block.first else [],
            state=f"{CHAIN}/{checkpoint_name(block.first - 1, '-state')}" if block.state_in else [],
            code=lambda wildcards: sources(
                "run_iterations", strategy_module(wildcards.strategy), *PLAN.seed_set_modules
            ),
        output:
            [f"{CHAIN}/{checkpoint_name(iteration)}" for iteration in range(block.first, block.last + 1)],
            **({"state": temp(f"{CHAIN}/{checkpoint_name(block.last, '-state')}")} if block.state_out else {}),
        log:
            f"{LOGS}/active_learning/{PLAN.block_name(block)}/{CASE_NAME}-{{strategy}}-{{seed}}.log",
        benchmark:
            f"{BENCHMARKS}/{PLAN.block_name(block)}/{CASE_NAME}-{{strategy}}-{{seed}}.tsv"
        wildcard_constraints:
            protocol="|".join(protocols),
        conda:
            "../../envs/cartography.yaml"
        resources:
            **({"mem_mb": 1500} | profile_resources("run_iterations")),
        params:
            first=block.first,
            last=block.last,
            run=lambda wildcards: PLAN.run_settings(case_of(wildcards), wildcards.strategy),
            workspace=f"{CHAIN}/unfinished",
        script:
            "../scripts/run_iterations.py"


rule train_on_full_data:
    input:
        unpack(learning_inputs),
        code=sources("train_on_full_data"),
    output:
        f"{ACTIVE_LEARNING}/full_data/seed-{{seed}}.json",
    log:
        f"{LOGS}/active_learning/train_on_full_data/{CASE_NAME}-{{seed}}.log",
    benchmark:
        f"{BENCHMARKS}/train_on_full_data/{CASE_NAME}-{{seed}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=1500,
    params:
        training=lambda wildcards: PLAN.training_settings(case_of(wildcards)),
    script:
        "../scripts/train_on_full_data.py"


rule collect_runs:
    input:
        checkpoints=lambda wildcards: expand(
            [f"{CHAIN}/{checkpoint_name(iteration)}" for iteration in range(RUN["iterations"] + 1)],
            strategy=PLAN.strategies,
            seed=PLAN.seeds,
            allow_missing=True,
        ),
        full_data=lambda wildcards: full_data_files(case_of(wildcards), PLAN.seeds),
        code=sources("collect_runs"),
    output:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        acquisitions=f"{ACTIVE_LEARNING}/acquisitions.parquet",
        seed_sets=f"{ACTIVE_LEARNING}/seed_sets.parquet",
        predictions=f"{ACTIVE_LEARNING}/predictions.parquet",
        full_data=f"{ACTIVE_LEARNING}/full_data.parquet",
    log:
        f"{LOGS}/active_learning/collect_runs/{CASE_NAME}.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/collect_runs.py"


rule collect_replicates:
    input:
        checkpoints=lambda wildcards: expand(
            [f"{CHAIN}/{checkpoint_name(iteration)}" for iteration in range(RUN["iterations"] + 1)],
            strategy=PLAN.replicates,
            seed=PLAN.seeds,
            allow_missing=True,
        ),
        code=sources("collect_replicates"),
    output:
        f"{ACTIVE_LEARNING}/replicates.parquet",
    log:
        f"{LOGS}/active_learning/collect_replicates/{CASE_NAME}.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/collect_replicates.py"
