# Everything a person or the CI does here is a verb of this file. `make help` lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

PORT ?= 8080
DATA ?= data
SECONDS ?= 60

RELEASE := .build/release/parley
DEBUG := .build/debug/parley
# Folders are listed as well as files, so that a deleted file counts as a change.
SOURCES := Package.swift $(shell find Sources)
PARLEY := env PARLEY_DATA_DIR='$(DATA)' PARLEY_PUBLIC_URL='http://localhost:$(PORT)' $(RELEASE)

.PHONY: help run build demo migrate test test-swift test-web test-websocket test-system test-proxies test-security test-threads test-durability test-durability-broken test-budgets fuzz check fmt bench-realtime clean

help: ## list the verbs
	@echo 'make VERB, where VERB is one of'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' Makefile
	@echo 'Variables: PORT=$(PORT) (run), DATA=$(DATA) (run, demo, migrate), SECONDS=$(SECONDS) (fuzz)'

run: build demo ## install what is missing, build, make the demo data, serve on PORT
	@exec $(PARLEY) serve --listen 127.0.0.1:$(PORT)

build: $(RELEASE) ## build the release binary

# Built when it is older than a source; touched, since an unchanged link leaves the old date.
$(RELEASE): $(SOURCES)
	@dev/install build
	swift build -c release --product parley
	@touch $(RELEASE)

demo: $(RELEASE) ## make the demo people and rooms (a second time changes nothing)
	@$(PARLEY) demo

migrate: $(RELEASE) ## bring the database in DATA up to date
	@$(PARLEY) migrate

test: ## install what the tests need and run them all
	@dev/test swift web websocket system proxies security

test-swift: ## the Swift tests
	@dev/test swift

test-web: ## the web client's types and tests
	@dev/test web

test-websocket: ## the Autobahn suite, whole (builds a debug binary; needs Python 2.7)
	@dev/test websocket-full

test-system: ## the tests from outside: browser, sockets, kill -9 (builds a debug binary)
	@dev/test system

test-proxies: ## the tests behind nginx, Caddy, Apache, HAProxy, Traefik, and fail2ban (builds a debug binary)
	@dev/test proxies

test-security: ## the security tools of others and the walker (builds a debug binary; SECURITY=long for all they know)
	@SECURITY='$(SECURITY)' dev/test security

test-threads: ## the Swift tests under the Thread Sanitizer (a build of its own)
	@dev/test threads

fuzz: ## made-up bytes for SECONDS into each of the ways in (a build of its own)
	@dev/fuzz $(SECONDS)

test-durability: $(RELEASE) ## kill, cut off and starve the release binary 1,000 times (half an hour; KILLS=…)
	@dev/install test
	@.venv/bin/python Tests/Durability/run.py --kills $(or $(KILLS),1000) --binary $(abspath $(RELEASE))

test-durability-broken: ## prove the checker of test-durability on builds that are broken on purpose
	@dev/install build test
	@.venv/bin/python Tests/Durability/broken.py

test-budgets: ## count the instructions of a message's way, and fail where they are too many (release build)
	@dev/budgets

check: ## format, lint, types, sizes: strict
	@dev/check

fmt: ## format the Swift code in place
	swift format --in-place --parallel --recursive Sources Tests Package.swift

bench-realtime: $(RELEASE) ## measure the release binary beside its peers (uWebSockets, ws, Channels), 15 minutes
	@dev/install bench
	@python3 Benchmarks/bench $(BENCH)

clean: ## remove what was built and the tests' leavings; never DATA
	rm -rf .build .build-* .venv .venv-autobahn .venv-bench .venv-proxies .venv-security artifacts .pytest_cache
	rm -rf Tests/System/__pycache__ Tests/System/support/__pycache__ Tests/Proxies/__pycache__ Tests/Security/__pycache__
	@echo 'What people wrote stays in $(DATA)/; remove that by hand if you mean to.'
