# Gradstep's two commands, on a machine that has only make and Python 3.11 or newer:
#   make run    sets up, then opens the window on the first example (without a display: records it and prints its table)
#   make test   sets up, then runs every check: lint, types, who may import whom, tests
# Both are quick the second time. Everything is installed into .venv/; PYTHON=python3.12 chooses the interpreter.

# Modules that were compiled once stay compiled, whatever the environment says: tests start hundreds of Pythons.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run test clean

help:
	@sed -n '1,4s/^# \{0,1\}//p' Makefile

setup:
	@PYTHON='$(PYTHON)' sh scripts/setup.sh

run: setup
	@sh scripts/run.sh

test: setup
	@.venv/bin/python scripts/qt_libraries.py offscreen
	@.venv/bin/python scripts/qt_libraries.py display || echo 'Without them, the tests on an X11 display are skipped.'
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy --strict -n auto gradstep.py engine app scripts
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
