# Two commands for everybody: make run, make test. Everything else is: .venv/bin/twohats --help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test
.DELETE_ON_ERROR:

run: .venv/ready-to-run
	$(BIN)/python -m twohats demo-home --home home-demo --people 2000
	$(BIN)/python -m twohats serve --home home-demo --port 8000

test: .venv/ready-to-test
	$(BIN)/python -m pytest -n 2 -rs tests

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "twohats runs on Python 3.11; found " + sys.version + ". Try: make run PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv

.venv/ready-to-run: requirements.txt pyproject.toml .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "twohats.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m twohats "$$@"\n' "$(CURDIR)" > $(BIN)/twohats && chmod +x $(BIN)/twohats
	touch $@

.venv/ready-to-test: requirements-dev.txt .venv/ready-to-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
