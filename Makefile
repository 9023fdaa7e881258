# Each target builds what it needs first: .venv, from the locked lists in requirements/. Without make: see README.md.
# PYTHON=/path/to/python3.12 chooses another Python; ARGS="…" is handed to pytest.

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
endif
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
NEEDS_PYTHON = $(if $(PYTHON),,$(error Minutier needs Python 3.11 or newer and found none: install it, or name it with PYTHON=/path/to/python))

.PHONY: help demo test check lock lock-upgrade bench evaluate clean run-environment environment

help:
	@echo "make demo    a made-up town on this machine, crawled into corpus/"
	@echo "make test    all tests"
	@echo "make check   style, types, layers, the lock, and the rules of the house"
	@echo "make lock    writes requirements/ from pyproject.toml (needs uv); lock-upgrade moves everything to its newest version"
	@echo "make bench   the measurements that docs/figures.md reports"
	@echo "make evaluate  how good the extraction is: one table, kept in docs/quality.md"
	@echo "make clean   removes the environment and the caches; never a corpus"

run-environment:
	$(NEEDS_PYTHON)@$(PYTHON) tools/environment.py --for run

environment:
	$(NEEDS_PYTHON)@$(PYTHON) tools/environment.py --for dev

demo: run-environment
	@$(BIN)/minutier demo

test: environment
	@$(BIN)/python tools/machine.py test
	$(BIN)/python -m pytest $(ARGS)

check: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/lock.py --check
	$(BIN)/python -m pytest -q tests/house

lock:
	$(NEEDS_PYTHON)@$(PYTHON) tools/lock.py

lock-upgrade:
	$(NEEDS_PYTHON)@$(PYTHON) tools/lock.py --upgrade

bench: environment
	@for measurement in bench/[a-z]*.py; do echo "== $$measurement"; $(BIN)/python $$measurement || exit 1; done

evaluate: environment
	$(BIN)/python bench/evaluate.py $(ARGS) --write

clean:
	rm -rf .venv build dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find minutier crawlers bundles storage extract tests tools bench -name __pycache__ -prune -exec rm -rf {} +
