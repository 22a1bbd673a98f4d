# Needs Python 3.11 or later, git and make; everything else is put into .venv by the locks.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKS := .ci/locks
THEME := themes/default
LOCK := $(BIN)/uv pip compile --quiet --no-config --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --no-annotate --no-header

.PHONY: help demo serve site test check lint format race bench slow lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "%-8s %s\n", $$1, $$2 }'

demo: .venv/.installed ## make the demo registries, build their portal and serve it
	$(BIN)/sitegen demo _demo --serve

serve: .venv/.installed ## serve this project's own portal, rebuilt on every change
	$(BIN)/sitegen serve

site: .venv/.installed ## build the portal of the demo registries, with this documentation, into _site
	$(BIN)/sitegen demo _demo -o _site

test: .venv/.dev .venv-oracle/.installed $(THEME)/node_modules/.package-lock.json ## run every test, the browser's too
	@$(BIN)/python tests/browser/install.py
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: lint test ## lint, then every test

lint: .venv/.dev ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/.dev ## let ruff put the code in shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

race: .venv/.dev ## write tags from many clones at once, 50 rounds
	$(BIN)/python -m pytest -m slow tests/integration/test_races.py

bench: .venv/.dev ## measure time and memory on a large registry
	$(BIN)/python -m pytest -m bench -s tests/benchmarks

slow: .venv/.dev .venv-oracle/.installed ## run the longer form of some tests, and new examples of others
	SITEGEN_EXAMPLES=other $(BIN)/python -m pytest -n 2 -m "slow or hypothesis"

lock: .venv/.dev ## resolve every dependency again and write the locks
	mkdir -p $(LOCKS)
	$(LOCK) --upgrade pyproject.toml -o $(LOCKS)/runtime.txt
	$(LOCK) --upgrade pyproject.toml --group dev -c $(LOCKS)/runtime.txt -o $(LOCKS)/dev.txt
	$(LOCK) --upgrade --group oracle -o $(LOCKS)/oracle.txt
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(LOCK) --upgrade - -c $(LOCKS)/dev.txt -o $(LOCKS)/build.txt
	$(BIN)/python themes/build_hook.py --lock

clean: ## remove everything that the other targets made
	rm -rf .venv .venv-oracle _site _demo dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf $(THEME)/node_modules $(THEME)/static/lib $(THEME)/.lib.sha256
	find sitegen tests themes -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, in steps, so that running sitegen does not need what its tests need.

define VENV
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "sitegen needs Python 3.11 or later; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
endef

.venv/pyvenv.cfg:
	$(VENV)
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/pyvenv.cfg pyproject.toml $(LOCKS)/build.txt $(LOCKS)/runtime.txt \
		themes/build_hook.py $(THEME)/package.json $(THEME)/package-lock.json
	$(PIP) --require-hashes -r $(LOCKS)/build.txt -r $(LOCKS)/runtime.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.installed $(LOCKS)/dev.txt
	$(PIP) --require-hashes -r $(LOCKS)/dev.txt
	@touch $@

# gto and dvc only confirm what the other tests check against recorded answers.
.venv-oracle/.installed: $(LOCKS)/oracle.txt
	$(VENV)
	@rm -rf .venv-oracle
	@$(PYTHON) -m venv .venv-oracle && .venv-oracle/bin/python -m pip --disable-pip-version-check \
	    install --quiet --require-hashes -r $(LOCKS)/oracle.txt && touch $@ \
	  || { rm -rf .venv-oracle; echo "gto and dvc could not be installed: the tests against them are skipped" >&2; }

$(THEME)/node_modules/.package-lock.json: $(THEME)/package-lock.json .venv/.installed
	$(BIN)/python themes/build_hook.py --dev
	@touch $@
