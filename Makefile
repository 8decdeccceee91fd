# Everything a newcomer needs, in one word each. `make run` and `make test` need nothing set up before them.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check fix docs bench semantic clean

run: .venv/run.ready
	@$(BIN)/schoolgate demo --port $(PORT)

test: .venv/test.ready
	@scripts/test

check: .venv/test.ready
	@scripts/check

fix: .venv/test.ready
	@$(BIN)/ruff check --fix src tests scripts
	@$(BIN)/ruff format src tests scripts

docs: .venv/test.ready
	@$(BIN)/python scripts/write_docs.py

bench: .venv/test.ready
	@scripts/bench

# Sentence vectors: better suggestions of controls and partners, 160 MB more on disk.
semantic: .venv/run.ready requirements-semantic.txt
	@PYTHON=$(PYTHON) scripts/install requirements.txt requirements-semantic.txt

clean:
	rm -rf .venv build var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/run.ready: requirements.txt pyproject.toml scripts/install
	@PYTHON=$(PYTHON) scripts/install requirements.txt
	@touch $@

.venv/test.ready: .venv/run.ready requirements-dev.txt requirements-semantic.txt
	@PYTHON=$(PYTHON) scripts/install requirements.txt requirements-dev.txt requirements-semantic.txt
	@touch $@
