# All of these install the system packages they need where apt is at hand, and say what is missing elsewhere.
SWIFT ?= swift
SWIFTFLAGS ?= -c release
# What "make bench" measures.
BENCH ?= all
# Where MNIST's files lie, for "make bench-learning".
MNIST ?= ../shared/data
BIN = .build/release
SOURCES = Package.swift Sources Tests Circuits Benchmarks Contracts
# The Python of the contracts' compiler and tests, in an environment of the project's own.
PYTHON = ../.venv/bin/python

.PHONY: build demo test bench bench-learning format lint clean dependencies python contracts test-contracts contract-fixtures gas

build: dependencies
	$(SWIFT) build $(SWIFTFLAGS) --product zkpot

demo: build
	$(BIN)/zkpot demo --output demo

test: dependencies python
	$(SWIFT) build $(SWIFTFLAGS) --build-tests
	$(SWIFT) test $(SWIFTFLAGS) --skip-build
	$(MAKE) test-contracts

# Makes .venv with the compiler and the chain that Contracts/requirements.txt names.
python: dependencies
	@sh Contracts/tools/environment

# Compiles the contracts into Contracts/build.
contracts: python
	cd Contracts && $(PYTHON) -m tools.build

test-contracts: python
	cd Contracts && $(PYTHON) -m tests.run

# New keys and proofs for the tests of the contracts.
contract-fixtures: python
	$(SWIFT) build $(SWIFTFLAGS) --product contract-fixtures
	cd Contracts && $(PYTHON) -m tests.make_request ../.build/fixture-request.json
	$(BIN)/contract-fixtures .build/fixture-request.json Contracts/tests/fixtures/fixtures.json
	$(MAKE) gas

# Writes the table of gas in Docs/evm.md.
gas: python
	cd Contracts && $(PYTHON) -m tests.gas

bench: dependencies
	$(SWIFT) build $(SWIFTFLAGS) --product zkpot-bench
	$(BIN)/zkpot-bench $(BENCH)

# Rewrites the table of accuracies; a few minutes.
bench-learning: dependencies
	$(SWIFT) build $(SWIFTFLAGS) --product zkpot-bench
	$(BIN)/zkpot-bench learning --images $(MNIST)/t10k-images-idx3-ubyte.gz \
		--labels $(MNIST)/t10k-labels-idx1-ubyte.gz --document Docs/quantization.md

format:
	$(SWIFT) format -i -r $(SOURCES)

lint:
	$(SWIFT) format lint --strict -r $(SOURCES)

clean:
	rm -rf .build demo

dependencies:
	@sh .ci/dependencies
