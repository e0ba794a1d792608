# All of these install the system packages they need where apt is at hand, and say what is missing elsewhere.
SWIFT ?= swift
SWIFTFLAGS ?= -c release
# What "make bench" measures.
BENCH ?= all
BIN = .build/release
SOURCES = Package.swift Sources Tests Circuits Benchmarks

.PHONY: build demo test bench format lint clean dependencies

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

format:
	$(SWIFT) format -i -r $(SOURCES)

lint:
	$(SWIFT) format lint --strict -r $(SOURCES)

clean:
	rm -rf .build demo

dependencies:
	@sh .ci/dependencies
