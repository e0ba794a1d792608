"""Compiles the contracts: `python -m tools.build` writes `build/NAME.json`, `--check` only compares.

A file holds the compiler's version, the settings that its source fixes by pragmas, the ABI and the byte code.
"""

import json
import sys
from pathlib import Path

import vyper
from vyper import compile_code
from vyper.compiler import compile_from_file_input
from vyper.compiler.input_bundle import FilesystemInputBundle

from tools.template import fill

FOLDER = Path(__file__).resolve().parent.parent
BUILD = FOLDER / "build"
OUTPUTS = ["abi", "bytecode", "bytecode_runtime"]
# An account of Ethereum holds no more code (EIP-170).
MOST_CODE = 24_576

# Shapes of linked keys: challenges, public inputs, linked commitments.
LINKED = {
    # Quality of a model: product and look-up challenge; k; model and test set.
    "QualityVerifier": (2, 1, 2),
    # One training step: also a challenge that folds rows; model before and after, batch.
    "StepVerifier": (3, 0, 3),
    # The inner products that stories are played with.
    "ProductVerifier": (1, 1, 2),
}
# Plain keys, by the number of public inputs.
PLAIN = (1, 2, 3, 4)
REGISTRY = ("Registry", "Settlement")


def template(name):
    return (FOLDER / "templates" / f"{name}.vy.in").read_text()


def linked_source(challenges, inputs, commitments):
    """The source of the verifier for linked keys of one shape."""
    return fill(template("LinkedVerifier"), challenges, inputs, commitments)


def plain_source(inputs):
    """The source of the verifier for plain keys with so many public inputs."""
    return fill(template("PlainVerifier"), 0, inputs, linked=False)


def compile_source(source):
    """ABI and byte code of a source that stands alone."""
    return _entry(compile_code(source, output_formats=OUTPUTS))


def compile_registry(name):
    """ABI and byte code of a contract in `registry`."""
    return _entry(_compile_file(name, OUTPUTS))


def registry_layout(name):
    """Where a contract in `registry` keeps what `state.vy` declares."""
    return _compile_file(name, ["layout"])["layout"]["storage_layout"]["state"]


def _compile_file(name, outputs):
    bundle = FilesystemInputBundle([FOLDER / "registry"])
    source = bundle.load_file(FOLDER / "registry" / f"{name}.vy")
    return compile_from_file_input(source, input_bundle=bundle, output_formats=outputs)


def _entry(output):
    return {
        "compiler": f"vyper {vyper.__version__}", "abi": output["abi"], "bytecode": output["bytecode"],
        "runtimeBytes": (len(output["bytecode_runtime"]) - 2) // 2,
    }


def everything():
    """All contracts that are kept compiled, by name."""
    contracts = {name: compile_source(linked_source(*shape)) for name, shape in LINKED.items()}
    contracts |= {f"PlainVerifier{count}": compile_source(plain_source(count)) for count in PLAIN}
    contracts |= {name: compile_registry(name) for name in REGISTRY}
    # What the registry does not answer, the code of the settlement does: callers need both ABIs in one.
    registry, settlement = contracts["Registry"], contracts["Settlement"]
    known = [_signature(entry) for entry in registry["abi"]]
    registry["abi"] = registry["abi"] + [
        entry for entry in settlement["abi"]
        if entry["type"] in ("function", "event") and _signature(entry) not in known]
    return contracts


def _signature(entry):
    return (entry["type"], entry.get("name"), json.dumps([item["type"] for item in entry.get("inputs", [])]))


def encode(entry):
    """The bytes of a contract's file."""
    return json.dumps(entry, indent=1, sort_keys=True) + "\n"


def compiled(name):
    """A contract of `build`."""
    return json.loads((BUILD / f"{name}.json").read_text())


def main(arguments):
    if arguments not in ([], ["--check"]):
        print("usage: python -m tools.build [--check]", file=sys.stderr)
        return 2
    contracts = {f"{name}.json": encode(entry) for name, entry in everything().items()}
    present = {path.name for path in BUILD.glob("*.json")} if BUILD.exists() else set()
    if arguments:
        wrong = sorted(present ^ set(contracts)) + [
            name for name in sorted(contracts) if name in present and (BUILD / name).read_text() != contracts[name]]
        for name in wrong:
            print(f"Contracts/build/{name} is not what `make contracts` makes", file=sys.stderr)
        return 1 if wrong else 0
    BUILD.mkdir(exist_ok=True)
    for name in present - set(contracts):
        (BUILD / name).unlink()
    for name, text in contracts.items():
        (BUILD / name).write_text(text)
        entry = json.loads(text)
        print(f"{name}: {entry['runtimeBytes']:,} of {MOST_CODE:,} bytes of code without immutables")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
