# Everything a newcomer needs: `make demo` shows the product, `make test` proves the tree.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/python -m pytest

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

test: setup browser lint ## Prove the tree: lint and every test (about ten minutes on two cores)
	$(PYTEST) -n 2 --dist loadfile

test-fast: setup ## The tests without a server, a browser or an ERP
	$(PYTEST) -n 2 --dist loadfile tests/unit tests/properties tests/golden

test-full: test bench ## The tests, then the figures

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
