# Two commands do all: make serve, make test. Everything is installed into .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check

.PHONY: serve test install bench lint types eval train docs reference widget panel clean

# The demo page may change the demo world; it is offered only while all source systems are that world.
serve: export PLUGDESK_DEMO ?= on
serve: install
	$(BIN)/plugdesk serve

install: $(VENV)/installed
	$(BIN)/plugdesk index --if-changed

# A file stays with one worker, since its tests share what is dear to make; a worker holds up to 2 GB. Browsers need all the machine.
test: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --ignore tests/browser
	$(BIN)/python -m pytest tests/browser

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

eval: $(VENV)/installed-dev
	$(BIN)/plugdesk index --if-changed
	$(BIN)/python -m eval
	$(BIN)/python -m eval.report

bench: $(VENV)/installed-dev
	$(BIN)/plugdesk index --if-changed
	$(BIN)/python -m eval.bench

# CORPORA is a folder of parallel sentences; see indexer/train/README.md.
train: $(VENV)/installed-dev
	$(BIN)/python -m indexer.train general --corpora $(CORPORA)
	$(BIN)/python -m indexer.train tune --corpora $(CORPORA)

# The documentation site, in var/site; a page that leads nowhere, or to which nothing leads, is an error.
docs: $(VENV)/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# Pages of the documentation that the settings and the commands themselves write.
reference: $(VENV)/installed-dev
	$(BIN)/python -m handbook

# These need Node 20; the built files are committed, so that nothing else does.
widget:
	widget/build

panel:
	bot/panel/web/build

clean:
	rm -rf $(VENV) var

# torch comes first and alone: asked for by version, a CPU build is taken where one is offered.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Plugdesk needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt torch==2.13.0
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
