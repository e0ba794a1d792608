"""Who and where: accounts, names and addresses that proofs of the fixtures are bound to."""

import json
from pathlib import Path

from eth._utils.address import generate_contract_address
from eth_utils import to_canonical_address
from web3 import Web3

from tests.chain import Chain
from tests.rules import dataset_digest

# Contracts are deployed in this order by the first account, so their addresses are known beforehand.
SETTLEMENT_NONCE, REGISTRY_NONCE = 0, 1
DEPLOYER, PUBLISHER, ANN, BOB, EVE = range(5)

# The task with audits that ann works on, and the one with inner products.
DIGITS = {"name": "digits", "samples": 100, "batches": 16, "stages": 32, "audits": 4}
BOB_ROOT = bytes(range(32))
PRODUCTS = {"name": "products", "testSet": [1, 2, 3, 4]}
# Account, round, chunk and model of every proof of an inner product outside the stories. One blinding for each account,
# round and model: the chunks of a test set are proven for one commitment.
PRODUCT_PROOFS = [
    (ANN, 0, 0, [10, 0, 0, 0]), (ANN, 0, 1, [10, 0, 0, 0]), (ANN, 0, 0, [10, 5, 0, 0]), (BOB, 0, 0, [5, 0, 5, 0]),
    (EVE, 0, 0, [1, 1, 1, 1]), (ANN, 1, 0, [10, 0, 0, 0])]
QUALITY_ROLES = ["model", "test set"]
STEP_ROLES = ["model before", "model after", "batch 1"]


def registry_address(chain):
    """Where the registry will be on a fresh chain."""
    deployer = to_canonical_address(chain.accounts[DEPLOYER])
    return Web3.to_checksum_address(generate_contract_address(deployer, REGISTRY_NONCE))


def context(chain, account, task, roles, round=0, stage=0, chunk=0, contract=None):
    """The context of a proof for the registry, as JSON has it."""
    return {
        "ledger": chain.ledger, "contract": (contract or registry_address(chain)).lower(), "task": task,
        "round": round, "stage": stage, "chunk": chunk, "participant": account.lower(), "roles": roles}


def product_name(number, round, chunk, model):
    """The fixture of an account's model and proof."""
    return f"{opening_name(number, model)}/{round}/{chunk}"


def opening_name(number, model):
    return f"{number}/{','.join(str(value) for value in model)}"


def other_datasets(chain):
    """Digests of the data sets that others than ann commit to, by account: bob's root is no tree's."""
    return {chain.accounts[BOB]: dataset_digest(BOB_ROOT, DIGITS["batches"])}


def fixtures():
    """What `contract-fixtures` made."""
    return json.loads((Path(__file__).parent / "fixtures" / "fixtures.json").read_text())


def new_chain():
    return Chain()
