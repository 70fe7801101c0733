# Maristan. `make help` explains every target; `make demo` and `make test` need Python 3.11, git and make, nothing else.
SHELL := /bin/sh
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
TESTS ?= tests
WORKERS ?= 3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint format messages lock clean

help: ## what each target does
	@while IFS= read -r line; do case "$$line" in \
	  [a-z]*:*'## '*) printf '  make %-10s %s\n' "$${line%%:*}" "$${line##*## }";; esac; done < Makefile

demo: $(VENV)/.ready build/.ready ## open the invented territory on http://localhost:8000 (PORT=… for another one)
	@exec $(BIN)/maristan demo --port $(PORT)

test: $(VENV)/.ready-test build/.ready ## run every check and test; installs Chromium if the machine has none (TESTS=… for a part)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check --quiet src tests benchmarks
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

bench: $(VENV)/.ready-test build/.ready ## list the benchmarks, or run one: make bench NAME=search_people
	@$(BIN)/python -m benchmarks $(NAME)

lint: $(VENV)/.ready-test ## style and import contracts only
	@$(BIN)/ruff check src tests benchmarks && $(BIN)/lint-imports

format: $(VENV)/.ready-test ## put the code in its one format
	@$(BIN)/ruff check --fix --quiet src tests benchmarks; $(BIN)/ruff format src tests benchmarks

messages: $(VENV)/.ready-test ## bring the French and Arabic catalogues up to date with the sources
	@$(BIN)/maristan messages update && $(BIN)/maristan messages compile

lock: $(VENV)/.ready-test ## resolve requirements/*.in again into the locked files (hashes, no addresses)
	@$(BIN)/python -m pip install --quiet 'uv~=0.13' && for part in base test; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --only-binary :all: --python-version 3.11 --universal requirements/$$part.in -o requirements/$$part.txt; done

clean: ## remove what was built and the demo's data
	@rm -rf $(VENV) node_modules build .data

$(VENV)/.ready: requirements/base.txt pyproject.toml
	@echo "Preparing Python packages (once)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready requirements/test.txt
	@echo "Preparing test packages (once)…"
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/test.txt
	@touch $@

# Words and front-end files: made again when a catalogue or the lock file changes.
build/.ready: package-lock.json $(VENV)/.ready $(wildcard src/maristan/*/*/locale/*/LC_MESSAGES/django.po)
	@echo "Preparing front-end files (once)…"
	@$(BIN)/maristan front
	@$(BIN)/maristan messages compile
	@touch $@
