# Everything a newcomer needs: `make demo` shows the product, `make test` proves the tree.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/python -m pytest
# What reads and writes most differently on PostgreSQL; `make test-full` runs everything on it.
ON_POSTGRES := tests/contracts/test_unit_of_work.py tests/contracts/test_pending_store.py \
  tests/properties/test_people_machine.py tests/properties/test_control_totals.py \
  tests/properties/test_queue_tally.py tests/integration/test_api_review.py \
  tests/integration/test_api_audit.py tests/integration/test_api_quality.py \
  tests/integration/test_flows.py tests/integration/test_upkeep.py \
  tests/unit/service/test_writer.py tests/unit/service/test_operations.py \
  tests/unit/service/test_contract_screens.py
# A file stays with one process; those that start browsers and servers come first.
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup browser demo demo-once serve lint format test test-fast test-full bench screenshots lock clean

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY) ## Make .venv from requirements.lock

# Debian packs venv apart from Python; as root it is installed on the way.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

browser: ## Install Chromium for the browser tests where it is missing
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }

demo: setup ## Run the product on a generated firm and print where to look
	$(BIN)/countersign demo

demo-once: setup ## Run the whole line once, print its figures, leave nothing running
	$(BIN)/countersign demo --once

serve: setup ## Run an installation on COUNTERSIGN_HOME
	$(BIN)/countersign serve

lint: setup ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Put the code into its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup browser lint ## Prove the tree: lint and every test but the long ones
	$(PYTEST) $(IN_TWO) -m "not long"
	$(PYTEST) $(IN_TWO) -m "not long" --database postgres $(ON_POSTGRES)

test-fast: setup ## The tests without a server, a browser or an ERP
	$(PYTEST) $(IN_TWO) -m "not long" tests/unit tests/properties tests/golden

test-full: setup browser lint ## Every test, the long ones too, then the figures
	$(PYTEST) $(IN_TWO)
	$(PYTEST) $(IN_TWO) --database postgres --ignore=tests/browser
	$(MAKE) bench

bench: setup ## Measure, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.run

screenshots: setup browser ## Take the pictures of docs/screenshots anew
	$(BIN)/python -m tests.browser.take_screenshots

lock: setup ## Compile requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes \
	  --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" \
	  --output-file requirements.lock --quiet

clean: ## Remove what was built and what the demo keeps; Tryton's download stays
	rm -rf .venv .countersign .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
