# One command for each thing one does here. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BOOTSTRAP = $(PYTHON) -I project/bootstrap.py
PY = .venv/bin/python
PYTEST = $(PY) -m pytest
# The suite chooses its databases itself; whatever the shell carries stays out of it.
SQLITE = env -u DATABASE_URL -u REDIS_URL -u DATA_DIR DEMO=1
SERVERS = $(SQLITE) $(PY) tests/pg/with_servers.py
WORKERS ?= 2
# Tests without a browser wait for servers now and then: a third worker fills what they leave.
BACKEND_WORKERS ?= 3
MINUTES ?= 10
TESTS ?= tests
PHONE_COVERED = var/test/phone-coverage/coverage-summary.json
MEASURE_PHONE = PATH="$(CURDIR)/.venv/bin:$$PATH" npm test --silent -- --coverage || true

export PORT
# Some shells forbid Python to keep what it compiled; here every start would pay for that again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run demo-reset test test-phone fast coverage coverage-phone sets durations lint format bench bench-placing bench-phone deploy-test fuzz story pictures faces packages lock audit hooks clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the demo city at http://127.0.0.1:8000 (PORT=… and HOST=… choose another place)
	@$(BOOTSTRAP) run
	@exec $(PY) manage.py serve --host $(HOST) --port $(PORT)

demo-reset: ## throw the demo city's data away; the next `make run` starts over
	@$(BOOTSTRAP) reset

test: export CI = 1
test: ## prove everything: checks, phone app, SQLite, Chromium, PostgreSQL with Redis
	@$(BOOTSTRAP) test
	@$(MAKE) -j2 --output-sync=target lint test-phone
	@echo "· the suite on SQLite"
	@$(SQLITE) $(PYTEST) -n $(BACKEND_WORKERS) --dist worksteal -m "not browser"
	@echo "· journeys in Chromium"
	@$(SQLITE) $(PYTEST) -n $(WORKERS) --dist worksteal -m browser
	@echo "· the suite on PostgreSQL with Redis"
	@$(SERVERS) -- $(PYTEST) -n $(BACKEND_WORKERS) --dist worksteal -m "not browser"

fast: ## the quickest tests: SQLite, no browser, under 20 s
	@$(BOOTSTRAP) python
	@$(SQLITE) $(PYTEST) -q -n $(WORKERS) -p no:schemathesis --fast -m "not browser and not slow"

coverage: export PYTHONPATH = $(CURDIR)/var/made/coverage
coverage: MEASURED = COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml
coverage: ## print which branches of each room the tests on SQLite and the phone's take; TESTS=tests/grid for a part of them
	@$(BOOTSTRAP) test
	@$(PY) -m tests.covered
	@$(PY) -m coverage erase
	@$(SQLITE) $(MEASURED) $(PYTEST) -q -n $(WORKERS) --dist worksteal -m "not browser" $(TESTS) || true
	@$(PY) -m coverage combine -q
	@$(PY) -m coverage json -q -o var/test/coverage.json
	@$(if $(filter tests,$(TESTS)),$(MEASURE_PHONE))
	@$(PY) -m tests.covered var/test/coverage.json $(if $(filter tests,$(TESTS)),$(PHONE_COVERED))

coverage-phone: ## print which branches of each room of the phone app its own tests take
	@$(BOOTSTRAP) test
	@$(MEASURE_PHONE)
	@$(PY) -m tests.covered $(PHONE_COVERED)

sets: ## list which tests are asked on SQLite, again on PostgreSQL, and in Chromium
	@$(BOOTSTRAP) python
	@$(SQLITE) $(PYTEST) -qq --collect-only --sets

durations: ## record how long each file of tests takes, for `make fast`
	@$(BOOTSTRAP) test
	@$(SQLITE) $(PYTEST) -q -n $(WORKERS) --keep-durations -m "not browser"

lint: ## ruff, mypy, import directions, missing migrations
	@$(BOOTSTRAP) python
	@echo "· ruff"
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@echo "· mypy"
	@$(PY) -m mypy --no-error-summary
	@echo "· import directions"
	@.venv/bin/lint-imports --no-logo
	@echo "· migrations"
	@$(SQLITE) DATA_DIR=var/test/lint $(PY) manage.py makemigrations --check --dry-run

format: ## let ruff put the code into shape
	@$(BOOTSTRAP) python
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

test-phone: ## the phone app: its types and its own tests
	@echo "· the phone app: types and tests"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent check
	@PATH="$(CURDIR)/.venv/bin:$$PATH" npm test --silent

bench: ## measure on SQLite, then on PostgreSQL with Redis
	@$(BOOTSTRAP) test
	@$(SQLITE) DATA_DIR=var/bench $(PY) -m tests.bench
	@$(SERVERS) --durable -- $(PY) -m tests.bench

bench-placing: ## measure how far addresses reach: real rows where they lie, 30,000 made-up ones; a plot under var/bench
	@$(BOOTSTRAP) test
	@$(SQLITE) $(PY) -m tests.bench.bench_placing

bench-phone: ## measure the phone app in Chromium: first load, off-line list, scrolling, syncs
	@$(BOOTSTRAP) test
	@$(SQLITE) $(PY) -m tests.bench.phone

deploy-test: ## install the large size in a folder, go over to a new version under traffic, kill its parts, and in containers where podman is; a table
	@$(BOOTSTRAP) test
	@$(SQLITE) $(PY) -m tests.deploy

fuzz: ## MINUTES=10 of new generated cases for every parser, property and address of the API
	@$(BOOTSTRAP) test
	@$(SQLITE) WORKERS=$(WORKERS) $(PY) -m tests.fuzz $(MINUTES)

story: ## one finding through all stations, on a fresh demo city beside yours
	@$(BOOTSTRAP) story
	@$(SQLITE) DATA_DIR=var/story $(PY) manage.py story

pictures: ## take the README's pictures from the demo city being served at PORT, and set one of each paper
	@$(PY) -m tests.paper_pictures
	@$(PY) -m tests.browser.pictures http://127.0.0.1:$(PORT)

faces: ## fetch the free 仿宋, 楷体 and 黑体 from Debian, for official papers
	@$(BOOTSTRAP) faces

packages: ## install the packages and build the phone app, without any data (deploy/README.md)
	@$(BOOTSTRAP) packages

lock: ## write the hashes of what the requirements pin into project/python.lock
	@$(PYTHON) -I project/packages.py lock

audit: ## ask for known weaknesses of the Python and npm packages
	@$(PYTHON) -I project/packages.py audit

hooks: ## let git run these checks before each commit (.pre-commit-config.yaml)
	@$(BOOTSTRAP) python
	@$(PYTHON) -I project/packages.py hooks

clean: ## remove what is built from the sources; the data in var/ stays
	@rm -rf .venv node_modules var/phone var/made var/test var/pg var/story var/bench \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
