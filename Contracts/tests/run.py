"""Runs every test of this folder, suite by suite in two processes, and ends with a line that counts them.

`python -m tests.run [MODULE …]` runs some of them.
"""

import importlib
import io
import sys
import time
import unittest
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# The interpreter of the chain computes on one core.
PROCESSES = 2
# Modules with the same proofs share a process, which remembers their pairings. The longest start first.
GROUPS = [
    ["test_linked_verifier"], ["test_audits", "test_gas"], ["test_registry", "test_settlement", "test_survivors"], ["test_build"],
    ["test_stories"], ["test_random"], ["test_plain_verifier"]]


def run_group(modules):
    return [run(module) for module in modules]


def run(module):
    """The report of one module's tests, how many ran, whether all passed."""
    start = time.monotonic()
    suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(f"tests.{module}"))
    output = io.StringIO()
    result = unittest.TextTestRunner(stream=output, verbosity=0).run(suite)
    passed = result.wasSuccessful() and not result.skipped and result.testsRun > 0
    line = f"{module}: {result.testsRun} tests in {time.monotonic() - start:.1f} s\n"
    return (line if passed else output.getvalue() + line), result.testsRun, passed


def main(arguments):
    present = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    groups = [[module] for module in arguments] or GROUPS
    if not arguments and sorted(module for group in groups for module in group) != present:
        print("GROUPS in run.py does not name the modules that are there", file=sys.stderr)
        return 1
    start = time.monotonic()
    results = []
    with ProcessPoolExecutor(PROCESSES) as pool:
        for group in pool.map(run_group, groups):
            for report, count, passed in group:
                print(report, end="", flush=True)
                results.append((count, passed))
    total = sum(count for count, _ in results)
    if not all(passed for _, passed in results):
        print("Tests of the contracts failed", file=sys.stderr)
        return 1
    print(f"Test run with {total} tests in {len(results)} suites passed after {time.monotonic() - start:.3f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
