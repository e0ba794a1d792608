# All of these install the system packages they need where apt is at hand, and say what is missing elsewhere.
SWIFT ?= swift
SWIFTFLAGS ?= -c release
# What "make bench" measures.
BENCH ?= all
# Where MNIST's files lie, for "make bench-learning".
MNIST ?= ../shared/data
BIN = .build/release
SOURCES = Package.swift Sources Tests Circuits Benchmarks

.PHONY: build demo test bench bench-learning format lint clean dependencies

build: dependencies
	$(SWIFT) build $(SWIFTFLAGS) --product zkpot

demo: build
	$(BIN)/zkpot demo --output demo

test: dependencies
	$(SWIFT) build $(SWIFTFLAGS) --build-tests
	$(SWIFT) test $(SWIFTFLAGS) --skip-build

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
