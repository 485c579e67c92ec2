# Everything a person runs here.  `make help` lists it.
# The virtual environment is made once; a stamp for each set of packages keeps repeated runs fast.

VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check

# The tests start Python hundreds of times: what is compiled once is kept, whoever says not to.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check fuzz bench derivations pages book functions clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed  ## set up the virtual environment, install, derive the softmax Jacobian
	@$(BIN)/symderiv jacobian --k 3

test: $(VENV)/.tests  ## the tests, with the examples in docstrings and README
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: $(VENV)/.development  ## linter, formatter, type checker, tests, and where their time went
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --durations 20 $(ARGS)

fuzz: $(VENV)/.tests  ## random formulas and command lines, FOR seconds each (600), another SEED each time
	FUZZ_SECONDS=$(or $(FOR),600) FUZZ_SEED=$(or $(SEED),$$(date +%s)) $(BIN)/python -m pytest tests/test_fuzz.py tests/test_fuzz_notation.py tests/test_fuzz_programs.py tests/test_random_formulas.py tests/test_targets.py -s $(ARGS)

bench: $(VENV)/.tests  ## times side by side; ARGS=opponent: an attack; ARGS=reach PAGES=folder: how much check reads; ARGS="targets jax": beside an engine; PEERS=1 installs scipy and torch
	$(if $(PEERS),$(PIP) install -q --group peers)
	SYMPY_GROUND_TYPES=python MPMATH_NOGMPY=1 $(BIN)/python -m tests.bench $(ARGS)  # as it is installed

derivations: $(VENV)/.tests  ## write derivations/ and the verdicts of the list anew
	$(BIN)/symderiv export derivations
	$(BIN)/python -m symderiv.face.verdicts

pages: $(VENV)/.tests  ## write what the README and the tests show of pages anew
	SYMDERIV_PAGES=write $(BIN)/python -m pytest -q -k 'block or look' tests/test_readme.py tests/test_documents_text.py

book: $(VENV)/.tests  ## all derivations in one PDF with contents, build/book.pdf (needs TeX)
	@mkdir -p build
	$(BIN)/symderiv export --book build/book.tex
	cd build && for run in 1 2; do pdflatex -interaction=batchmode -halt-on-error book.tex; done

functions: $(VENV)/.tests  ## write symderiv/functions.py anew from the catalogue
	$(BIN)/python -m symderiv.emit symderiv/functions.py

clean:  ## remove the virtual environment and everything made
	rm -rf $(VENV) build dist node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "symderiv needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -q --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.installed: $(VENV)/.pip pyproject.toml
	$(PIP) install -q --editable .
	$(BIN)/python -m compileall -q symderiv
	@touch $@

$(VENV)/.tests: $(VENV)/.pip pyproject.toml
	$(PIP) install -q --editable '.[pdf,pretty,sphinx]' --group test
	@touch $(VENV)/.installed $@

$(VENV)/.development: $(VENV)/.pip pyproject.toml
	$(PIP) install -q --editable '.[pdf,pretty,sphinx]' --group dev
	@touch $(VENV)/.installed $(VENV)/.tests $@
