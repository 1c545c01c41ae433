# Many strategies side by side, beyond the paper: write_*
#
#   write_ranks    mean ranks, and which strategy is above which; for more than the paper's seven
#   write_balance  which classes each strategy acquires
# Measured, so neither the same on every run nor in tables/:
#   write_costs    benchmarks/strategies.csv: the ranks beside the CPU time of a chain

COSTS = expand(f"{BENCHMARKS}/strategies.{{format}}", format=TABLE_FORMATS) if "ranks" in TABLE_NAMES else []


# Seconds each, so no SLURM jobs.
localrules:
    write_ranks,
    write_balance,
    write_costs,


rule write_ranks:
    input:
        **of_cases(PLAN.cases, "runs"),
        code=sources("write_ranks"),
    output:
        **table_output("ranks", "Ranks"),
    log:
        f"{LOGS}/tables/write_ranks.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=RUN["strategies"],
        samples=POOL_SAMPLES,
    script:
        "../scripts/write_ranks.py"


# What was measured of the chains is no input: results that are there without it, copied or measured never, need no chain
# again.
rule write_costs:
    input:
        **of_cases(PLAN.cases, "runs"),
        code=sources("write_costs"),
    output:
        **table_output("costs", "Ranks and cost", f"{BENCHMARKS}/strategies"),
    log:
        f"{LOGS}/tables/write_costs.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=RUN["strategies"],
        samples=POOL_SAMPLES,
        chains=[chain for case in PLAN.cases for chain in chain_logs(case, RUN["strategies"])],
        iterations=RUN["iterations"] + 1,
    script:
        "../scripts/write_costs.py"


rule write_balance:
    input:
        **of_cases(PLAN.cases, "acquisitions"),
        code=sources("write_balance"),
    output:
        **table_output("balance", "Classes acquired"),
    log:
        f"{LOGS}/tables/write_balance.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=RUN["strategies"],
        samples=POOL_SAMPLES,
        ends=sorted({min(ANALYSIS["early_iterations"], RUN["iterations"]), RUN["iterations"]}),
    script:
        "../scripts/write_balance.py"


if COSTS:

    rule costs:
        input:
            COSTS,
