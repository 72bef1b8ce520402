# Everything runs inside .venv and .state below this folder; nothing needs installing before `make demo`.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench bench-large messages screens spark lock clean-demo
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
QIAOQIAO := $(PY) -m qiaoqiao
LOCK = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url
# What was once installed on request stays when the packages are brought up to date.
ASKED = $(shell [ ! -e .venv/spark.stamp ] || echo requirements-spark.txt)
PORT ?= 8000
HOST ?= 127.0.0.1
export PYTHONUTF8 := 1
export UV_PYTHON := $(PY)
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
# Offices behind a proxy of their own add its certificate to the machine's; use those where there are any.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif
# A user without a home folder of their own still needs a place for downloads.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export UV_CACHE_DIR := .venv/cache/uv
export npm_config_cache := .venv/cache/npm
export PIP_NO_CACHE_DIR := 1
endif

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: export QIAOQIAO_DEMO := yes
demo: export PUBLIC_URL ?= http://127.0.0.1:$(PORT)
demo: .venv/runtime.stamp ## Build everything and serve the demo at http://127.0.0.1:8000 (PORT=... for another)
	@$(QIAOQIAO) port --host $(HOST) --port $(PORT)
	@$(QIAOQIAO) build
	@$(QIAOQIAO) setup
	@$(QIAOQIAO) demo load
	@$(QIAOQIAO) serve --host $(HOST) --port $(PORT)

test: .venv/dev.stamp .venv/chromium.stamp lint ## Check everything: style, types, walls between rooms, catalogue, all tests
	@$(QIAOQIAO) build
	@$(PY) -m pytest -n 2 --dist worksteal

lint: .venv/dev.stamp ## Check style, types, walls between rooms and the catalogue only
	@echo "Style"; $(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@echo "Types"; $(PY) -m mypy
	@echo "Walls between rooms"; PYTHONPATH=. .venv/bin/lint-imports
	@echo "Catalogue"; $(QIAOQIAO) catalogue check

bench: .venv/runtime.stamp ## Measure speed against plain SQL in the same run
	@$(QIAOQIAO) build
	@$(QIAOQIAO) bench

bench-large: .venv/runtime.stamp ## The same with 200,000 cases and a million files of people
	@$(QIAOQIAO) build
	@$(QIAOQIAO) bench --large

messages: .venv/runtime.stamp ## Compile the translations and list what lacks one
	@$(QIAOQIAO) messages

screens: .venv/dev.stamp .venv/chromium.stamp ## Take docs/screens anew from the demo that runs in another window
	@$(PY) -m demo.screens --port $(PORT)

spark: .venv/spark.stamp ## Install Spark for `qiaoqiao link --engine spark`; Java 17 or later must be there

lock: .venv/dev.stamp ## Compile the lock files anew from requirements*.in and package.json
	@$(LOCK) requirements.in -o requirements.txt
	@for name in build dev node spark; do \
	    $(LOCK) -c requirements.txt requirements-$$name.in -o requirements-$$name.txt || exit 1; \
	done
	@npm install --package-lock-only

clean-demo: ## Stop the demo's PostgreSQL and remove the state folder with all its data
	@if [ -x $(PY) ]; then $(QIAOQIAO) port --host $(HOST) --port $(PORT); fi
	@if [ -x $(PY) ]; then $(QIAOQIAO) db remove; fi
	@rm -rf "$${STATE_DIR:-.state}"

.venv/made.stamp:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        "$$python" -m venv .venv && touch $@ && exit 0; \
	    fi; \
	done; \
	echo "No Python 3.11 or later with its venv module was found (on Debian: apt-get install python3-venv)." >&2; \
	exit 1

# One environment serves both: once the test tools are there, they stay.
.venv/runtime.stamp: requirements.txt requirements-build.txt .venv/made.stamp
	@echo "Python packages ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	@if [ -e .venv/dev.stamp ]; then what=requirements-dev.txt; else what=requirements.txt; fi; \
	    $(PY) -m uv pip sync --require-hashes "$$what" requirements-build.txt $(ASKED)
	@printf '#!/bin/sh\nPYTHONPATH="$$(cd "$$(dirname "$$0")/../.." && pwd)" exec "$$(dirname "$$0")/python" -m qiaoqiao "$$@"\n' \
	    > .venv/bin/qiaoqiao && chmod +x .venv/bin/qiaoqiao
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	@echo "Test tools ..."
	@$(PY) -m uv pip sync --require-hashes requirements-dev.txt requirements-build.txt $(ASKED)
	@touch $@

.venv/spark.stamp: requirements-spark.txt .venv/runtime.stamp
	@echo "Spark ..."
	@$(PY) -m uv pip install --quiet --require-hashes -r requirements-spark.txt
	@touch $@

.venv/chromium.stamp: .venv/made.stamp
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium ..."; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null; \
	else \
	    echo "The browser tests need Chromium: install it (on Debian: sudo apt-get install chromium), then again." >&2; \
	    exit 1; \
	fi
	@touch $@
