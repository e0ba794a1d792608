"""An Ethereum chain in this process: py-evm under Prague rules, behind eth-tester and web3."""

import functools
import sys

import eth.precompiles
from eth_account import Account
from eth_tester import EthereumTester, PyEVMBackend
from eth_utils import keccak
from py_ecc import optimized_bn128 as bn128
from web3 import EthereumTesterProvider, Web3

from tools.build import compiled

# Enough for every call, below the limit of a block.
GAS = 25_000_000
# An address without code.
NOBODY = "0x000000000000000000000000000000000000dEaD"

# The package exports a function of the module's name, so the module is looked up.
ecpairing = sys.modules[eth.precompiles.__name__ + ".ecpairing"]
_pair = ecpairing._process_point


@functools.lru_cache(maxsize=None)
def _known_pair(chunk):
    return _pair(chunk, bn128.FQ12.one())


# The interpreter computes a pairing in about a third of a second. Tests repeat many, so it remembers them: the
# same function, once for each argument.
ecpairing._process_point = lambda chunk: lambda exponent: exponent * _known_pair(bytes(chunk))


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

    def send(self, call, sender, value=0, gas=GAS, at=None):
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
        return receipt

    def deploy(self, contract, *arguments, sender=None):
        """Deploys a contract of `build`, by its name, or one just compiled; returns it and the receipt."""
        entry = compiled(contract) if isinstance(contract, str) else contract
        factory = self.web3.eth.contract(abi=entry["abi"], bytecode=entry["bytecode"])
        receipt = self.send(factory.constructor(*arguments), sender or self.accounts[0])
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
