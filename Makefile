# What can be done in this checkout. `make` alone lists it.

PY ?= python3
PORT ?= 8000
UPGRADE ?=

# Python keeps what it has compiled, whatever the machine says: else each of the thousand processes of the tests, and
# each command of `make run`, compiles everything anew, which doubles its time.
unexport PYTHONDONTWRITEBYTECODE

PYTHON := .venv/bin/python
# How many files of tests are at work at once.
WORKERS ?= auto
PYTEST := $(PYTHON) -m pytest

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: setup ## build the demo blog and serve it on http://localhost:8000 (PORT=… changes it)
	@[ ! -f content/conversation.json ] || .venv/bin/permalien import content/conversation.json > /dev/null
	@PORT=$(PORT) exec .venv/bin/permalien serve

test: browser checkers lint ## pass every test, a real browser's included
	@$(PYTEST) -n $(WORKERS) --dist loadfile

check: lint ## the quick part of it: format, lint, types, the tests without a browser
	@$(PYTEST) -q -m 'not soak and not browser'

build: setup ## build the demo blog into output/
	@PORT=$(PORT) .venv/bin/permalien build

bench: setup ## measure, and print a table
	@$(PYTHON) -m bench

soak: setup browser checkers postgresql webservers ## pass the long tests: load, kill -9, fresh set-ups
	@$(PYTEST) -m soak

lock: setup ## remake requirements.lock from pyproject.toml (UPGRADE=--upgrade: newest versions)
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group dev \
	  --custom-compile-command 'make lock' $(UPGRADE) -o requirements.lock pyproject.toml

clean: ## remove what was made here, but never var/, where the comments are
	@rm -rf .venv output .output.press cache dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@.ci/set-up '$(PY)'

lint: setup
	@$(PYTHON) -m ruff format --check -q
	@$(PYTHON) -m ruff check -q
	@$(PYTHON) -m mypy --no-error-summary

# Debian's own chromium, where root may install it.
browser:
	@command -v chromium > /dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && export DEBIAN_FRONTEND=noninteractive && \
	  { $(APT) install chromium || { $(APT) update && $(APT) install chromium; }; } > /dev/null; \
	} || echo 'No chromium here: the tests that need a browser will be skipped.'

# Debian's own PostgreSQL, where root may install it; the tests start a server of their own.
postgresql:
	@command -v postgres > /dev/null || ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1 || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && export DEBIAN_FRONTEND=noninteractive && \
	  { $(APT) install postgresql || { $(APT) update && $(APT) install postgresql; }; } > /dev/null; \
	} || echo 'No PostgreSQL here: the tests that need it will be skipped.'

# axe and the Nu checker, where npm can get them; a copy of their lock says that they are here.
checkers: setup
	@cmp -s tests/node/package-lock.json .venv/node/ready || { \
	  mkdir -p .venv/node && cp tests/node/package*.json .venv/node && (cd .venv/node && $(NPM)) && \
	  cp tests/node/package-lock.json .venv/node/ready; \
	} > /dev/null 2>&1 || echo 'npm cannot get axe, Nu and Lighthouse: their tests will be skipped.'

NPM := npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 \
  --fetch-timeout=30000
APT := apt-get -qq -y --no-install-recommends -o Acquire::Retries=1 -o Acquire::http::Timeout=20

# Debian's own nginx and Caddy, the same way.
webservers:
	@{ command -v caddy && PATH="$$PATH:/usr/sbin" command -v nginx; } > /dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && export DEBIAN_FRONTEND=noninteractive && \
	  { $(APT) install nginx-light caddy || { $(APT) update && $(APT) install nginx-light caddy; }; } > /dev/null; \
	} || echo 'No nginx or no Caddy here: the tests that need them will be skipped.'

.PHONY: help run test check build bench soak lock clean setup lint browser checkers postgresql webservers
