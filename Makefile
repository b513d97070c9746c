# Every target sets up what it needs into .venv; nothing else has to be installed but Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROWS ?= 1000000
DEMO_ROWS ?= 20000
SEED ?= 1
KILLS ?= 100
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup ui browser demo demo-down test unit check check-ui bench bench-store bench-attribution bench-latency bench-idle bench-access bench-lists bench-browser bench-decisions bench-reviewers crash chaos lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## Create .venv with locked dependencies and the package itself

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

UI := src/greenai/bff/static/index.html
UI_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)

ui: $(UI) ## Build the workstation into the package

frontend/node_modules/.ready: frontend/package-lock.json frontend/.npmrc
	cd frontend && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(UI): frontend/node_modules/.ready $(UI_SOURCES)
	cd frontend && npm run --silent build
	@rm -rf src/greenai/bff/static
	cp -r frontend/dist src/greenai/bff/static

browser: setup ## Make sure that there is a Chromium for the tests in a browser
	@sh scripts/browser.sh $(BIN)/python

demo: export GREENAI_HOME := $(CURDIR)/demo/home
demo: setup ui ## Bring up a platform with a realistic recon, people and history, show a run, leave it up to look around
	@if test -d demo/home; then $(BIN)/greenai down >/dev/null 2>&1; $(BIN)/greenai db stop >/dev/null; fi
	@rm -rf demo
	@mkdir demo
	@$(BIN)/greenai demo --rows $(DEMO_ROWS) --folder demo --detach >demo/opened.txt || { cat demo/opened.txt; exit 2; }
	@$(BIN)/greenai show 5
	@cat demo/opened.txt
	@echo "or: make demo-down"

demo-down: export GREENAI_HOME := $(CURDIR)/demo/home
demo-down: setup ## Stop the demo; what is in it stays until the next one
	@$(BIN)/greenai down

test: check check-ui ui browser ## Lint, types, architecture and all tests
	$(BIN)/python -m pytest tests -m "not chaos" -n $(JOBS) --dist loadfile --durations 25

check-ui: setup frontend/node_modules/.ready ## Lint, types and unit tests of the workstation; its client is what the BFF says
	cd frontend && PYTHON=$(CURDIR)/$(BIN)/python npm run --silent check

unit: setup ## The tests that need no files and no processes, in seconds
	$(BIN)/python -m pytest tests/unit

check: setup ## Lint, types and the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: setup ## Measure greenai diff beside its peers (ROWS=1000000, ARGS="--quick")
	$(BIN)/python -m benchmarks --rows $(ROWS) $(ARGS)

bench-store: setup ## Measure greenai run of CSV into PostgreSQL (ROWS=1000000)
	$(BIN)/python -m benchmarks.store --rows $(ROWS) $(ARGS)

crash: setup ## Kill greenai run at random moments and look at the store (KILLS=100)
	$(BIN)/python tests/crash.py --kills $(KILLS) $(ARGS)

chaos: setup ## Strike at engines and servers, first in ways that are known, then at random moments of large runs (KILLS=100)
	$(BIN)/python -m pytest tests/integration -m chaos
	$(BIN)/python tests/chaos.py --kills $(KILLS) $(ARGS)

bench-access: setup ## Measure synchronous beside asynchronous access to the store
	$(BIN)/python -m benchmarks.access

bench-lists: setup ## Measure lists of breaks over HTTP, a million of them stored
	$(BIN)/python -m benchmarks.lists $(ARGS)

bench-browser: setup ui browser ## Measure the workstation in a browser, a million breaks stored (ARGS="--home ...")
	$(BIN)/python -m benchmarks.browser $(ARGS)

bench-decisions: setup ## Measure one decision about 100,000 breaks: proposed, approved, decided
	$(BIN)/python -m benchmarks.decisions $(ARGS)

bench-reviewers: setup ## 200 reviewers at once for a minute: rates, latencies, nothing lost (ARGS="--users 40")
	$(BIN)/python -m benchmarks.reviewers $(ARGS)

bench-idle: setup ## Measure the processor time of a platform that has nothing to do
	$(BIN)/python -m benchmarks.idle $(ARGS)

bench-latency: setup ## Measure the way through the queue beside greenai run
	$(BIN)/python -m benchmarks.latency $(ARGS)

bench-attribution: setup ## Hold mined causes against planted ones (fresh seeds: SEED=..., ARGS=--quick)
	$(BIN)/python -m benchmarks.attribution --first $(SEED) $(ARGS)

screenshots: setup ui browser ## Renew the pictures of every page in docs/screenshots (ARGS="--only work")
	$(BIN)/python scripts/screenshots.py $(ARGS)

lock: ## Renew the locked versions and hashes in requirements/
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet pip-tools
	cd requirements && for name in runtime dev; do \
	  ../.venv-lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-options \
	    --output-file $$name.txt $$name.in; done
	rm -rf .venv-lock

clean: ## Remove what the targets made
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
