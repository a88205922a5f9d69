# Two commands do everything on a machine with Python 3.11 or newer and make:
#   make demo   creates .venv, installs nqpf and scores the sample document
#   make test   the same for lint, types, layers and tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

SHARED ?= ../shared
FUZZ_SECONDS ?= 60

.PHONY: demo test lint types layers pytest wheel fuzz audit lock sample model reference docs bench profile clean

demo: $(VENV)/.installed
	$(BIN)/nqpf demo

test: lint types layers pytest wheel

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

pytest: $(VENV)/.dev
	$(BIN)/pytest

# A wheel, installed into an empty environment, scores the sample from another folder.
wheel: $(VENV)/.dev
	rm -rf dist $(VENV)-wheel
	$(BIN)/python -m build --wheel --outdir dist > /dev/null
	$(PYTHON) -m venv $(VENV)-wheel
	$(VENV)-wheel/bin/pip install --quiet dist/*.whl
	cd / && $(CURDIR)/$(VENV)-wheel/bin/nqpf demo --format json > /dev/null
	rm -rf $(VENV)-wheel

# Mutated documents, lexicons and tables for a while; what breaks a promise is kept in .fuzz.
fuzz: $(VENV)/.dev
	$(BIN)/python -m fuzz --seconds $(FUZZ_SECONDS) --shared $(SHARED)

# Known vulnerabilities of the locked packages; needs the network.
audit: $(VENV)/.dev
	$(BIN)/pip install --quiet --group audit
	$(BIN)/python -m tools.audit

# The very versions that development uses, for Python 3.11 and newer on all systems.
lock: $(VENV)/.dev
	$(BIN)/pip install --quiet --group audit
	$(BIN)/uv pip compile pyproject.toml --group dev --group sample --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --upgrade --quiet \
	  --custom-compile-command "make lock" -o requirements/dev.txt

# Makes corpora/sample/report.pdf anew from report.md.
sample: $(VENV)/.dev
	$(BIN)/pip install --quiet --group sample
	$(BIN)/python corpora/sample/make_pdf.py

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --group dev
	touch $@

# Trains the wording model on the coded units; renews the figures in README and docs.
model: $(VENV)/.dev
	$(BIN)/python -m training.train --reports $(SHARED)/corpora

# Makes corpora/reference anew: figures of the work reports in the shared folder.
reference: $(VENV)/.dev
	$(BIN)/python -m tools.reference --shared $(SHARED)

docs: $(VENV)/.dev
	$(BIN)/python -m tools.manual
	$(BIN)/python -m tools.pictures
	$(BIN)/python -m tools.refresh $(if $(wildcard $(SHARED)/gold),--shared $(SHARED))

# Measures nqpf beside its peers and renews benchmarks/README.md: some minutes on a quiet machine.
# cntext wants other versions than we do, so it gets an environment of its own.
bench: $(VENV)/.dev $(VENV)-cntext/bin/python
	$(BIN)/pip install --quiet --group bench
	$(BIN)/python -m benchmarks --cntext $(CURDIR)/$(VENV)-cntext/bin/python --shared $(SHARED)

$(VENV)-cntext/bin/python:
	$(PYTHON) -m venv $(VENV)-cntext
	$(VENV)-cntext/bin/pip install --quiet cntext ipython "setuptools<81"  # both imported, neither declared

# Says where the time goes, stage by stage: FILES= names documents or folders.
profile: $(VENV)/.installed
	$(BIN)/python -m benchmarks.profile $(FILES)

clean:
	rm -rf $(VENV) $(VENV)-cntext .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
