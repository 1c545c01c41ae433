# One command on a fresh machine: each target below first sets up .venv, from requirements.lock.
# Needs GNU make and Python 3.11, 3.12 or 3.13 with venv; nothing else has to be installed by hand.
#
# PYTHON  the Python that makes .venv; the first usable of these: make demo PYTHON=python3.12
# CORES   cores that Snakemake may use, a number or `all`:        make demo CORES=4
# EXPERIMENT, COMMIT   of which reference run, computed by what:  make verify EXPERIMENT=demo

PYTHON ?= python3 python3.13 python3.12 python3.11
CORES ?= all
EXPERIMENT ?= trec_local

# The tools of .venv by name (snakefmt, for one, looks for shfmt on the PATH), without activating it.
run := PATH="$(CURDIR)/.venv/bin:$$PATH"

# A progress bar for each rule where a person looks on, plain lines in a file or in CI. Targets go before the options.
snakemake_options := --cores $(CORES) $(if $(MAKE_TERMOUT),--logger rich)
demo_options := --configfile experiments/demo.yaml $(snakemake_options)

.PHONY: help demo test test-cluster all overlay check verify reference judge ranks lint clean

help: ## list the targets (the default)
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 22

demo: .venv/.installed ## a small experiment from start to report, in results/demo
	$(run) snakemake all $(demo_options)
	$(run) snakemake all --report results/demo/report.html $(demo_options)

test: .venv/.installed ## unit tests and small real runs of the pipeline
	$(run) pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-cluster: .venv/.installed ## tests on a real SLURM of one node, which they start and stop: slurm-wlm and munge must be there
	$(run) pytest -m cluster tests/cluster

all: .venv/.installed ## the paper's whole experiment (config.yaml), in results
	$(run) snakemake all $(snakemake_options)

overlay: .venv/.installed ## propose a configuration for a file of texts: FILE=texts.csv, or one FILE for each class
	$(run) python workflow/own_data.py propose $(FILE) $(if $(TEST),--test $(TEST)) $(if $(OUTPUT),--output $(OUTPUT))

check: .venv/.installed ## report on data before anything trains: DATA=experiments/name.yaml
	$(run) python workflow/own_data.py check $(DATA)

verify: .venv/.installed ## recompute one chain of a committed reference run, and compare (EXPERIMENT=demo: no files)
	$(run) python workflow/reference.py verify $(EXPERIMENT) --cores $(CORES)

reference: .venv/.installed ## gather a finished experiment into results/reference: EXPERIMENT=name
	$(run) python workflow/reference.py gather $(EXPERIMENT) $(if $(COMMIT),--commit $(COMMIT))

judge: .venv/.installed ## judge the accuracies of committed reference runs by the rules of today, several as one: EXPERIMENT=name
	$(run) python workflow/judge_reference.py $(EXPERIMENT)

ranks: .venv/.installed ## rank the strategies that committed reference runs share, over all their data: RUNS="one another"
	$(run) python workflow/rank_references.py $(RUNS)

lint: .venv/.installed ## style, types, formatting, and dry runs of the demo and of the paper's experiment
	$(run) ruff check
	$(run) ruff format --check
	$(run) mypy
	$(run) snakefmt --check Snakefile workflow
	$(run) snakemake --lint
	$(run) snakemake all --dry-run --quiet rules $(demo_options)
	$(run) snakemake all --dry-run --quiet rules $(snakemake_options)

clean: ## delete .venv, results/demo and caches; results of other experiments stay
	rm -rf .venv results/demo results/verify_* .hypothesis .mypy_cache .pytest_cache .ruff_cache build src/*.egg-info
	find src tests workflow -name __pycache__ -prune -exec rm -rf {} +

# The two steps of the set-up. Each leaves its stamp only when it is done, and the first starts from an empty .venv:
# after an interrupted installation, calling make again is enough.
.venv/.installed: .venv/.requirements pyproject.toml
	.venv/bin/python -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps --editable .
	touch $@

.venv/.requirements: requirements.lock
	@$(find_python); \
	echo "Making .venv with $$python, and installing requirements.lock into it: once, some minutes."; \
	"$$python" -m venv --clear .venv
	.venv/bin/python -m pip install --disable-pip-version-check --requirement requirements.lock
	touch $@

# A .venv that was copied or moved here, or whose Python is gone, would run other code or none: it is made anew.
ifeq ($(shell test -x .venv/bin/python && grep -s -m 1 -F '$(CURDIR)/.venv/bin/' .venv/bin/pip),)
.PHONY: .venv/.requirements
endif

# Sets $python to the first usable one of $(PYTHON), or ends with the reason for each.
define find_python
tried=; \
for python in $(PYTHON); do \
	reason=$$("$$python" -c '$(why_unusable)' 2>&1) && break; \
	tried="$$tried  $$python: $$(echo "$$reason" | head -n 1)\n"; \
	python=; \
done; \
if [ -z "$$python" ]; then \
	printf "%b" "No usable Python: 3.11, 3.12 or 3.13 with venv is needed. Tried:\n$$tried" >&2; \
	echo "Install one (Debian, Ubuntu: apt install python3 python3-venv)," \
		"or name one: make PYTHON=/path/to/python3.12 TARGET" >&2; \
	exit 1; \
fi
endef
why_unusable = import sys; \
	(3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit("it is Python %d.%d" % sys.version_info[:2]); \
	from importlib.util import find_spec; \
	find_spec("ensurepip") and find_spec("venv") or sys.exit("it has no venv (apt install python%d.%d-venv)" % sys.version_info[:2])
