# netmon: `make run` and `make test` are all that a newcomer needs. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test setup check lint types layers spelling fix bench soak fuzz lock clean
BIN := .venv/bin
ARGS ?=

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## watch a simulated Mechelen on http://127.0.0.1:8080 (ARGS="--port 9000" for another port)
	@scripts/venv.sh requirements.lock
	@exec $(BIN)/netmon demo $(ARGS)

test: setup ## run every test (ARGS="-k name" for some)
	@scripts/components.sh
	$(BIN)/pytest $(ARGS)

setup: ## make .venv with everything that development needs
	@scripts/venv.sh requirements-dev.lock

check: lint types layers spelling ## everything that is checked without running netmon

lint: setup ## ruff: style, bugs, docstrings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## mypy, strict
	$(BIN)/mypy

layers: setup ## import-linter: arrows point down only
	$(BIN)/lint-imports

spelling: setup ## codespell over code and manual
	$(BIN)/codespell README.md CHANGELOG.md CONTRIBUTING.md docs netmon collectors web tests scripts

fix: setup ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure what docs/benchmarks.md states (twenty minutes)
	@status=0; for each in availability collecting polling rounds pinging scale store growth series coverage ledger siting plan; do \
	  $(BIN)/python -m bench.$$each || status=1; done; exit $$status

soak: setup ## a day of 500 devices in 24 minutes (ARGS="--minutes 5" for less)
	$(BIN)/python -m bench.soak $(ARGS)

fuzz: setup ## all mutations of every decoder, all kills and power cuts (eight minutes)
	FUZZ=1 $(BIN)/pytest -q tests/collectors/test_hostile_datagrams.py \
	  tests/collectors/test_hostile_pages.py tests/collectors/test_hostile_answers.py \
	  tests/collectors/test_sources.py tests/web/test_heartbeats.py \
	  tests/storage/test_crash.py tests/storage/test_power_cut.py

lock: setup ## write the lock files anew from the ranges in pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --upgrade --quiet --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --upgrade --quiet --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean: ## remove what was made here, the demo's data too
	rm -rf .venv var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
