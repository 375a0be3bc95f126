# What a learner and a maintainer need. `make` alone lists it. Works with GNU make 3.81.

PYTHON ?= python3
PORT ?= 8000
LAB ?=
NAME ?=

BIN := .venv/bin
READY := .venv/.installed
# this tree's own kernel and settings come first, whatever else the machine has
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_PLATFORM_DIRS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help serve build test lab check bench bench-site fuzz outputs messages add-lab lock clean

help: ## list these commands
	@echo "make COMMAND, with"
	@sed -n 's/^\([a-z-]*\):.*## /  \1@/p' $(firstword $(MAKEFILE_LIST)) | awk -F@ '{ printf "%-10s %s\n", $$1, $$2 }'

serve: $(READY) ## build both languages and serve the site (PORT=8000)
	@$(BIN)/python -m tools.site.serve --port "$(PORT)"

build: $(READY) ## build both languages into site/
	@$(BIN)/python -m tools.site.build

test: $(READY) check ## everything that must hold: code, labs, translations, site
	@$(BIN)/python -m tools.site.build
	@$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder

lab: $(READY) ## open JupyterLab on the labs (LAB=kernel/memory for one of them)
	@lab="$(LAB)"; lab="$${lab%.ipynb}"; lab="$${lab#labs/}"; \
	if [ -z "$$lab" ]; then file=""; \
	elif [ -f "labs/$$lab.ipynb" ]; then file="$$lab.ipynb"; \
	elif [ -f "labs/ko/$$lab.ipynb" ]; then file="ko/$$lab.ipynb"; \
	else echo "There is no lab $$lab. These are there:"; \
	  (cd labs && find . -name '*.ipynb' ! -path '*/.*/*' | sed 's|^\./|  LAB=|; s|\.ipynb$$||' | sort); exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then set -- --allow-root; fi; \
	exec $(BIN)/jupyter-lab --notebook-dir=labs "$$@" $$file

bench: $(READY) ## how fast the simulators are
	@$(BIN)/python -m tools.bench

fuzz: $(READY) ## a million random system calls against the simulated kernel
	@$(BIN)/python -m tools.fuzz

bench-site: $(READY) ## measure the site against its own SLOs and keep the figures
	@$(BIN)/python -m tools.bench_site

check: $(READY) ## lint, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tools.types_js

outputs: $(READY) ## run the labs again and keep what they print
	@$(BIN)/python -m tools.outputs

add-lab: $(READY) ## begin a topic in both languages (NAME=kernel/processes)
	@test -n '$(NAME)' || { echo "Say which: make add-lab NAME=kernel/processes"; exit 1; }
	@$(BIN)/python -m tools.add_lab '$(NAME)'

messages: $(READY) ## collect the messages to translate, and compile the Korean ones
	@$(BIN)/python -m tools.messages

lock: $(READY) ## pin everything again, with hashes (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group dev --output-file requirements.txt
	uv pip compile --quiet --no-deps --python-version 3.14 --generate-hashes --no-emit-index-url \
	  --constraint requirements.txt --group browser --output-file tools/site/notebooks/wheels.txt

clean: ## remove what was built, not what was installed
	@rm -rf site build dist .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

# One line for each thing that can be missing; then install exactly what the lock says.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c '' >/dev/null 2>&1 || { \
	  echo "Python 3.11 or newer is needed and $(PYTHON) is not here. Install it, or say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python tools/install.py
	@touch $@
