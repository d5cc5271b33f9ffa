# Recollect: `make demo` shows it, `make test` proves it, `make help` lists the rest.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
JOBS ?= auto
ARGS ?=

RUNTIME := $(VENV)/.installed
DEVELOPMENT := $(VENV)/.installed-dev

.PHONY: help install install-dev demo test check format lock clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

install: $(RUNTIME) ## set up .venv with everything that Recollect needs to run
	@echo "Recollect is installed in $(VENV). Next: make demo, or . $(BIN)/activate"

install-dev: $(DEVELOPMENT) ## the same, with everything that tests and checks need

demo: $(RUNTIME) ## add a conversation, ask five questions, show what is found and why
	@$(BIN)/recollect demo

test: $(DEVELOPMENT) ## run all tests in parallel; ARGS="-k time" picks some, JOBS=1 runs them one by one
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: $(DEVELOPMENT) ## lint, format, types, import rules, sizes, generated files
	@$(BIN)/python tools/check.py

format: $(DEVELOPMENT) ## put the code into the house's format and generate what is generated
	@$(BIN)/python -m ruff format --quiet .
	@$(BIN)/python -m ruff check --fix --quiet .
	@$(BIN)/python tools/generate_sync.py
	@$(BIN)/python tools/generate_settings_table.py

lock: $(VENV)/.made ## resolve the newest allowed versions into requirements.lock and requirements-dev.lock
	@$(PIP) install uv
	@$(BIN)/python tools/lock.py

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "there is no $(PYTHON); name a Python 3.11 to 3.14: make install PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || { \
	  echo "Recollect needs Python 3.11 to 3.14, but $(PYTHON) is $$($(PYTHON) --version 2>&1 | tail -n 1); name another one: make install PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv (or python3.12-venv for python3.12)" >&2; exit 1; }
	@echo "creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The lock files name every package with its version and hashes; the package itself is installed in place.
$(RUNTIME): requirements.lock pyproject.toml | $(VENV)/.made
	@echo "installing Recollect and what it needs"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "installing what tests and checks need"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
