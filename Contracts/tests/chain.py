"""An Ethereum chain in this process: py-evm under Prague rules, behind eth-tester and web3."""

import importlib.util
import sys
from pathlib import Path

import eth.precompiles
from eth_account import Account
from eth_tester import EthereumTester, PyEVMBackend
from eth_utils import ValidationError, keccak
from web3 import EthereumTesterProvider, Web3

from tools.build import compiled

# Enough for every call, below the limit of a block.
GAS = 25_000_000
# An address without code.
NOBODY = "0x000000000000000000000000000000000000dEaD"

# The package exports a function of the module's name, so the module is looked up.
ecpairing = sys.modules[eth.precompiles.__name__ + ".ecpairing"]
# What py-evm itself computes, with py_ecc, takes two seconds for a proof.
slow_pairing = ecpairing._ecpairing
# Calls of the pairing precompile with coordinates below the modulus and points in their groups, and its answers.
pairings = {}

_file = Path(__file__).resolve().parents[2] / "Tests" / "EthereumBridge" / "pairing.py"
_specification = importlib.util.spec_from_file_location("pairing", _file)
_pairing = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_pairing)


def _check(data):
    data = bytes(data)
    if data not in pairings:
        try:
            pairings[data] = _pairing.check(data)
        except _pairing.InvalidInput as error:
            raise ValidationError(str(error)) from error
    return pairings[data]


# The bridge's pairing check is fifty times as fast. It has tests of its own against py_ecc and the vectors of EIP-197, and
# `test_pairings` compares both on what the tests of the verifiers asked for.
ecpairing._ecpairing = _check


class Reverted(Exception):
    """A call or transaction that the chain undid; `reason` is its text, empty if there is none."""

    def __init__(self, reason):
        super().__init__(reason or "reverted without a reason")
        self.reason = reason


class Chain:
    """A fresh chain with funded accounts, whose clock the test sets."""

    def __init__(self, start=2_000_000_000):
        self.tester = EthereumTester(PyEVMBackend(genesis_state=PyEVMBackend.generate_genesis_state(num_accounts=20)))
        self.web3 = Web3(EthereumTesterProvider(self.tester))
        self.accounts = list(self.web3.eth.accounts)
        self.keys = {
            key.public_key.to_checksum_address(): key.to_bytes() for key in self.tester.backend.account_keys}
        self.time = start
        # Gas of every transaction that was not undone, by function or contract.
        self.gas = {}
        backend = self.tester.backend
        apply = backend.chain.apply_transaction

        def recorded(transaction):
            result = apply(transaction)
            self._computation = result[2]
            return result

        backend.chain.apply_transaction = recorded

    def at(self, time):
        """Sets the time that the next block has at least."""
        self.time = time

    @property
    def ledger(self):
        """What stands for this chain in the contexts of proofs."""
        return f"eip155:{self.web3.eth.chain_id}"

    def send(self, call, sender, value=0, gas=GAS, at=None, name=None):
        """Sends a transaction in a block of its own, at `at` if given, and returns its receipt; raises `Reverted`."""
        if at is not None:
            self.time = at
        chain = self.tester.backend.chain
        chain.header = chain.header.copy(timestamp=max(self.time, chain.get_canonical_head().timestamp + 1))
        transaction = call.build_transaction(
            {"from": sender, "gas": gas, "value": value, "maxFeePerGas": 10**10, "maxPriorityFeePerGas": 1,
             "chainId": self.web3.eth.chain_id, "nonce": self.web3.eth.get_transaction_count(sender)})
        signed = Account.sign_transaction(transaction, self.keys[sender])
        digest = self.web3.eth.send_raw_transaction(signed.raw_transaction)
        receipt = self.web3.eth.get_transaction_receipt(digest)
        if receipt["status"] != 1:
            raise Reverted(_reason(bytes(self._computation.output)))
        self.gas.setdefault(name or call.fn_name, []).append(receipt["gasUsed"])
        return receipt

    def deploy(self, contract, *arguments, sender=None):
        """Deploys a contract of `build`, by its name, or one just compiled; returns it and the receipt."""
        entry = compiled(contract) if isinstance(contract, str) else contract
        factory = self.web3.eth.contract(abi=entry["abi"], bytecode=entry["bytecode"])
        name = contract if isinstance(contract, str) else "another contract"
        receipt = self.send(factory.constructor(*arguments), sender or self.accounts[0], name=name)
        return self.web3.eth.contract(address=receipt["contractAddress"], abi=entry["abi"]), receipt

    def snapshot(self):
        return self.tester.take_snapshot(), self.time

    def revert(self, snapshot):
        self.tester.revert_to_snapshot(snapshot[0])
        self.time = snapshot[1]


def _reason(output):
    if len(output) >= 68 and output[:4] == keccak(b"Error(string)")[:4]:
        length = int.from_bytes(output[36:68], "big")
        return output[68 : 68 + length].decode("utf-8", "replace")
    return ""
