# Two commands: `make demo` for a first answer, `make test` for every check that CI runs.
# Both make .venv themselves; PYTHON chooses the interpreter it is made from.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Recordings to build and measure with; tests that need them say so where they are not there.
export VOXTRAIT_CORPORA ?= $(abspath ../shared/corpora)
# Two test processes on two cores: more threads in each would only wait for one another.
export OMP_NUM_THREADS ?= 1
# Says only that mkdocs-material will have a successor.
export NO_MKDOCS_2_WARNING := 1

.PHONY: demo test checks install debian-packages docs clean
.DEFAULT_GOAL := demo
# Checks begin when everything is installed, whatever -j says.
.NOTPARALLEL:

demo: $(VENV)/base.stamp
	$(BIN)/voxtrait predict examples/recordings
	@echo "Installed in $(VENV): $(BIN)/voxtrait, or just voxtrait after '. $(BIN)/activate'." >&2

test: install debian-packages checks

# The order is that of the waiting: what fails fastest comes first, and pytest's own line last.
checks:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate_help.py --check
	$(BIN)/python docs/generate_sheets.py --check
	$(BIN)/python benchmarks/write_model_tables.py --check
	$(BIN)/python benchmarks/write_model_cards.py --check --recipes
	$(BIN)/mkdocs build --strict --site-dir build/site
	@$(BIN)/python -m pytest -q -n 2

install: $(VENV)/everything.stamp

# The base install alone: what a user gets from `pip install voxtrait`. pip compiles what it copies,
# but leaves an editable package to its first start.
$(VENV)/base.stamp: pyproject.toml constraints.txt
	$(call debian,$(PYTHON) -c 'import ensurepip',python3-venv)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	$(BIN)/python -m compileall -q src
	touch $@

# torch comes first and alone, so that nothing that asks for it can choose another build.
$(VENV)/everything.stamp: $(VENV)/base.stamp
	$(PIP) install -c constraints.txt torch
	$(PIP) install -c constraints.txt -e '.[train,evaluate,export,media,dev]'
	touch $@

# espeak-ng speaks for tests, strace watches a prediction, ffmpeg makes odd files to decode.
debian-packages:
	$(call debian,command -v espeak-ng,espeak-ng)
	$(call debian,command -v strace,strace)
	$(call debian,command -v ffmpeg,ffmpeg)

# $(call debian,CHECK,PACKAGE): installs the package where the check fails, as root on Debian; else
# names it and goes on.
define debian
@if ! $(1) >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends $(2) >/dev/null; fi; \
$(1) >/dev/null 2>&1 || echo "Not installed here: $(2). What needs it is skipped, or says so."
endef

# The generated pages: help of every command, tables of the shipped models.
docs: install
	$(BIN)/python docs/generate_help.py
	$(BIN)/python docs/generate_sheets.py
	$(BIN)/python benchmarks/write_model_tables.py
	$(BIN)/python benchmarks/write_model_cards.py
	$(BIN)/mkdocs build --strict --site-dir build/site

clean:
	rm -rf $(VENV) build site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
