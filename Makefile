# Three words: run, test, lint. See CONTRIBUTING.md.
SHELL := /bin/sh
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
PACKAGES := ledsite plugins_app display_app
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -q

BENCHMARKS := lists pages store installs queues panel frames product

.PHONY: run tools test test-quick lint format lock crash fuzz bench

run: $(RUN_READY)  ## set up what is missing and start the product
	@exec $(BIN)/python manage.py up

tools: $(TEST_READY)  ## what tests need besides, also those of plugins

test: $(TEST_READY)  ## the whole suite
	$(PYTEST)

test-quick: $(TEST_READY)  ## without browser and real processes
	$(PYTEST) -m "not process and not browser"

crash: $(TEST_READY)  ## kill the work at every step and look at what recovery makes of it
	CRASH_FULL=1 $(BIN)/python -m pytest -s -v tests/crash

fuzz: $(TEST_READY)  ## archives, documents, lines, addresses by the ten thousands, and histories in any order; FUZZ_SEED=n begins elsewhere
	FUZZ_FULL=1 $(BIN)/python -m pytest -s tests/fuzz tests/properties

bench: $(TEST_READY)  ## measure; by hand, on a quiet machine
	@for name in $(BENCHMARKS); do echo "== tests/benchmarks/$$name.py"; $(BIN)/python -m tests.benchmarks.$$name || exit 1; done

lint: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/interrogate -q $(PACKAGES)

format: $(TEST_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(RUN_READY): requirements.txt deploy/setup-venv
	@deploy/setup-venv $(VENV) requirements.txt
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

$(TEST_READY): $(RUN_READY) requirements-dev.txt
	@deploy/setup-venv $(VENV) requirements.txt requirements-dev.txt
	@touch $@

lock:  ## after a change of the dependencies in pyproject.toml
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	@cat deploy/requirements-head.txt requirements.txt > requirements.tmp && mv requirements.tmp requirements.txt
