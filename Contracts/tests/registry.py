"""A registry on a fresh chain, and the calls that the tests make of it."""

from eth_account import Account
from eth_account.messages import encode_defunct

from tests import places, rules
from tests.points import words
from tools.template import VerifyingKey

ROLES = ["publisher", "participant", "validator", "verifier", "aggregator"]
PARAMETERS = {
    "minimumStake": {"publisher": 100, "participant": 40, "validator": 20, "verifier": 10, "aggregator": 30},
    "minimumBond": 50, "nonRevealSlash": 2500, "challengerShare": 5000, "voteQuorum": 2, "maximumParticipants": 16,
    "maximumValidators": 16}
NO_AUDIT = ("0x" + 40 * "0", 0, 0)
CONTENTS = rules.sha(b"samples")
NO_MODEL = [0, 0]
SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
# Bits of an order's gate and of a participant's word (`state.vy`).
SURVIVORS_FIXED, ACCEPTED, SURVIVOR, CONSENTED = 1 << 218, 1 << 242, 1 << 244, 1 << 245


def key_argument(name):
    """The constructor's argument for a key of the fixtures."""
    return VerifyingKey.decode(bytes.fromhex(places.fixtures()["keys"][name])).constructor_bytes


class Registry:
    """The contract with its verifiers, deployed as the fixtures' proofs want it."""

    def __init__(self, parameters=PARAMETERS):
        self.chain = chain = places.new_chain()
        values = tuple(
            [parameters["minimumStake"][role] for role in ROLES] if name == "minimumStake" else parameters[name]
            for name in ("minimumStake", "minimumBond", "nonRevealSlash", "challengerShare", "voteQuorum",
                         "maximumParticipants", "maximumValidators"))
        settlement, self.settlement_receipt = chain.deploy("Settlement", values)
        self.contract, self.receipt = chain.deploy("Registry", settlement.address, values)
        self.calls = self.contract.functions
        self.start = chain.time
        self.verifiers = {}

    def verifier(self, key, build):
        """The address of a key's verifier, deployed when it is first asked for."""
        if key not in self.verifiers:
            self.verifiers[key] = self.chain.deploy(build, key_argument(key))
        return self.verifiers[key][0].address

    def send(self, call, sender, at=None, value=0):
        """Sends a call; `at` is in seconds after the start. Returns the receipt, raises `Reverted`."""
        return self.chain.send(call, sender, value=value, at=None if at is None else self.start + at)

    def name(self, task, round=0):
        """The order's name."""
        return rules.order_name(self.chain.ledger, self.contract.address, task, round)

    def stake(self, account, role):
        return self.calls.stakeOf(account, ROLES.index(role)).call()

    def sign(self, digest, signers):
        """Signatures of accounts on 32 bytes, as `eth_sign` makes them."""
        result = []
        for signer in signers:
            signed = Account.sign_message(encode_defunct(digest), self.chain.keys[signer])
            result.append((signer, signed.v, signed.r, signed.s))
        return result

    def sign_payout(self, task, round, signers):
        """Signatures of accounts on the payout as it would be now."""
        return self.sign(self.calls.payoutDigest(rules.task_number(task), round).call(), signers)

    def held(self):
        """What the contract holds, and what its books say: equal after every transaction."""
        return self.chain.web3.eth.get_balance(self.contract.address), self.calls.supply().call()


def point(hexadecimal):
    """A point of the fixtures as two words."""
    return words(hexadecimal)
