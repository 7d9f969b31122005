# `make` lists the targets.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

CARGO ?= cargo
export CARGO

# What the tests run against, and where Debian has it: Docker's client, which may be any other that has
# `docker trust`, and its registry of images; the Notary programs of the Go project, OpenSSL, age, a
# secret store like that of a desktop, a hardware token in software, and strace, which lets system
# calls fail. Without a C compiler nothing can be built or linked.
DOCKER := $(shell command -v docker || echo /usr/bin/docker)
PEERS := $(DOCKER):docker.io /usr/bin/notary:notary /usr/bin/notary-server:notary \
    /usr/bin/docker-registry:docker-registry /usr/bin/openssl:openssl /usr/bin/age:age \
    /usr/bin/dbus-run-session:dbus /usr/bin/gnome-keyring-daemon:gnome-keyring \
    /usr/bin/secret-tool:libsecret-tools /usr/bin/softhsm2-util:softhsm2 /usr/bin/strace:strace
COMPILER := /usr/bin/cc:build-essential

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: quickstart
quickstart: ## Build the program and run the main job
	@tests/peers.sh $(COMPILER)
	@tests/quickstart.sh

.PHONY: test
test: peers check ## Install what the tests need, then check everything and run all tests
	@$(CARGO) test --locked --quiet --doc
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	    $(CARGO) nextest run --locked --no-fail-fast --status-level slow; \
	else \
	    $(CARGO) test --locked --no-fail-fast --lib --bins --tests 2>&1 | awk '\
	        { print } \
	        /^test result:/ { passed += $$4; failed += $$6; ignored += $$8 } \
	        END { printf "test result: %s. %d passed; %d failed; %d ignored\n", \
	              failed ? "FAILED" : "ok", passed, failed, ignored }'; \
	fi

.PHONY: check
check: ## Check the format, the lints and the documentation
	@tests/peers.sh --components fmt clippy
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items

.PHONY: bench
bench: peers ## Compare speed and memory with the programs of the Go project
	$(CARGO) bench --locked

.PHONY: generate
generate: ## Write completions/ and man/ anew after a change of the command line
	NOTARY_REGENERATE=1 $(CARGO) test --locked --test main up_to_date

.PHONY: build
build: ## Build the program for use, target/release/notary
	$(CARGO) build --release --locked

.PHONY: clean
clean: ## Remove everything that was built
	$(CARGO) clean

.PHONY: peers
peers:
	@tests/peers.sh $(COMPILER) $(PEERS)
