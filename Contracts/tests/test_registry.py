"""The rules of the registry, from money to proofs: what each accepts and what it refuses."""

import unittest

from tests import rules
from tests.cases import (
    ANN, BOB, EVE, PUBLISHER, SAMPLES, SUE, TASK, TIMES, VAL, ZOE, RegistryCase, secret)
from tests.points import Q, R, add, negate, rerandomised, words
from tests.registry import NO_MODEL, ROLES
from tools.build import compile_source

PARTICIPANT = ROLES.index("participant")
OFF_CURVE = [1, 3]

# Takes its deposit back, and again while it is being paid.
REENTRANT = """
# pragma version 0.4.3
interface Registry:
    def deposit(): payable
    def withdraw(amount: uint256): nonpayable
registry: address
again: public(uint256)

@deploy
@payable
def __init__(registry: address):
    self.registry = registry
    extcall Registry(registry).deposit(value=msg.value)

@external
def attack(amount: uint256):
    extcall Registry(self.registry).withdraw(amount)

@external
@payable
def __default__():
    self.again += 1
    success: bool = raw_call(
        self.registry, abi_encode(msg.value, method_id=method_id("withdraw(uint256)")), revert_on_failure=False)
    assert not success
"""
# Wants no money.
UNPAYABLE = REENTRANT.replace("    self.again += 1\n", "    assert msg.value == 0\n")


class MoneyTests(RegistryCase):
    @classmethod
    def prepare(cls):
        pass

    def test_amounts(self):
        c = self.calls
        self.refuse("zero-amount", c.deposit(), ANN)
        self.refuse("zero-amount", c.withdraw(0), ANN)
        self.refuse("insufficient-balance", c.withdraw(self.balance(ANN) + 1), ANN)
        self.refuse("zero-amount", c.register(PARTICIPANT, 0), ANN)
        self.refuse("insufficient-balance", c.register(PARTICIPANT, self.balance(ANN) + 1), ANN)
        self.refuse("stake-below-minimum", c.register(ROLES.index("validator"), 19), ANN)
        self.refuse("unknown-role", c.register(5, 100), ANN)
        self.refuse("not-registered", c.unregister(ROLES.index("validator")), ANN)
        self.do(c.unregister(PARTICIPANT), ANN)
        self.assertEqual(self.stake(ANN), [0, 0])
        self.assertEqual(self.balance(ANN), 10_000)
        self.assertEqual(*self.registry.held())

    def test_withdrawal_pays(self):
        eth, account = self.chain.web3.eth, self.accounts[ANN]
        before = eth.get_balance(account)
        receipt = self.do(self.calls.withdraw(9_000), ANN)
        self.assertEqual(
            eth.get_balance(account), before + 9_000 - receipt["gasUsed"] * receipt["effectiveGasPrice"])
        self.assertEqual(*self.registry.held())

    def test_payment_without_a_call(self):
        """Money that no call names is refused: it would belong to nobody."""
        sent = {"from": self.accounts[ANN], "to": self.registry.contract.address, "value": 1}
        with self.assertRaises(Exception):
            self.chain.web3.eth.call(sent)
        payable = self.calls.stakeOf(self.accounts[ANN], 0).build_transaction({"gas": 10**6, "gasPrice": 0})
        with self.assertRaises(Exception):
            self.chain.web3.eth.call(sent | {"data": payable["data"]})

    def test_reentrancy(self):
        """A contract that asks again while it is being paid gets its money once."""
        entry = compile_source(REENTRANT)
        factory = self.chain.web3.eth.contract(abi=entry["abi"], bytecode=entry["bytecode"])
        receipt = self.chain.send(
            factory.constructor(self.registry.contract.address), self.accounts[ZOE], value=500, name="another contract")
        attacker = self.chain.web3.eth.contract(address=receipt["contractAddress"], abi=entry["abi"])
        self.do(attacker.functions.attack(200), ZOE)
        self.assertEqual(attacker.functions.again().call(), 1)
        self.assertEqual(self.calls.balanceOf(attacker.address).call(), 300)
        self.assertEqual(self.chain.web3.eth.get_balance(attacker.address), 200)
        self.assertEqual(*self.registry.held())

    def test_receiver_that_refuses(self):
        entry = compile_source(UNPAYABLE)
        factory = self.chain.web3.eth.contract(abi=entry["abi"], bytecode=entry["bytecode"])
        receipt = self.chain.send(
            factory.constructor(self.registry.contract.address), self.accounts[ZOE], value=500, name="another contract")
        attacker = self.chain.web3.eth.contract(address=receipt["contractAddress"], abi=entry["abi"])
        self.refuse("transfer-failed", attacker.functions.attack(200), ZOE)
        self.assertEqual(self.calls.balanceOf(attacker.address).call(), 500)

    def test_settlement_holds_nothing(self):
        """Called by its own address, the settlement has no task to work on."""
        eth = self.chain.web3.eth
        address = self.calls.settlement().call()
        contract = eth.contract(address=address, abi=self.registry.contract.abi)
        self.refuse("unknown-task", contract.functions.finalize(TASK, 0, NO_MODEL, bytes(32), []), ANN)
        self.assertEqual(eth.get_balance(address), 0)


class PutTests(RegistryCase):
    @classmethod
    def prepare(cls):
        cls.do(cls.open_task(), PUBLISHER)

    def test_tasks(self):
        self.refuse("not-staked", self.open_task("other"), ANN)
        self.refuse("task-exists", self.open_task(), PUBLISHER)
        self.refuse("no-quality-key", self.open_task("other", verifier=self.accounts[ANN]), PUBLISHER)
        for samples, minimum in ((0, 10), (2**32, 10), (100, 0), (100, 2**32)):
            self.refuse(
                "sample-count-out-of-range", self.open_task("other", samples=samples, minimum=minimum), PUBLISHER)
        self.refuse("malformed-task", self.open_task(""), PUBLISHER)
        self.refuse("entry-share-out-of-range", self.open_task("other", entry=10_001), PUBLISHER)
        for audit in (
            (self.accounts[ANN], 10, 2), (self.verifier, 0, 2), (self.verifier, 225, 2), (self.verifier, 10, 0)):
            self.refuse("malformed-audit-policy", self.open_task("other", audit=audit), PUBLISHER)

    def test_orders(self):
        self.refuse("unknown-task", self.open_order(name="other"), PUBLISHER)
        self.refuse("not-the-publisher", self.open_order(), ANN)
        self.refuse("wrong-round", self.open_order(round=1), PUBLISHER)
        for place in range(8):
            times = list(TIMES)
            times[place] = TIMES[place - 1] if place else -1
            self.refuse("deadlines-out-of-order", self.open_order(times=times), PUBLISHER, at=0)
        far = list(TIMES[:7]) + [2**32]
        self.refuse("deadlines-out-of-order", self.open_order(times=far), PUBLISHER, at=0)
        for split in ([4000, 3000, 2000, 999], [10_001, 0, 0, 0], [2**255, 2**255, 10_000, 0], [0] * 4):
            self.refuse("split-not-whole", self.open_order(split=split), PUBLISHER)
        self.refuse("bond-below-minimum", self.open_order(bond=49), PUBLISHER)
        signers = [self.accounts[ANN], self.accounts[BOB]]
        for changed in (
            {"signers": signers, "threshold": 0}, {"signers": signers, "threshold": 3},
            {"signers": [], "threshold": 1}, {"signers": [signers[0]] * 2, "threshold": 1}):
            self.refuse("malformed-payout-signers", self.open_order(**changed), PUBLISHER)
        self.refuse("insufficient-balance", self.open_order(reward=self.balance(PUBLISHER)), PUBLISHER)
        self.refuse("insufficient-balance", self.open_order(reward=2**255, bond=2**255), PUBLISHER)

    def test_stake_is_not_shared(self):
        """A publisher with stake for three orders opens three."""
        self.do(self.open_order(), PUBLISHER, at=0)
        self.refuse("previous-round-not-finalized", self.open_order(round=1), PUBLISHER, at=1)
        for name in ("two", "three", "four"):
            self.do(self.open_task(name), PUBLISHER)
            if name != "four":
                self.do(self.open_order(name=name), PUBLISHER)
        self.refuse("not-staked", self.open_order(name="four"), PUBLISHER)
        self.refuse("stake-locked", self.calls.unregister(0), PUBLISHER)
        self.assertEqual(self.stake(PUBLISHER), [300, 300])


class ClaimTests(RegistryCase):
    chunk_count = 2

    def test_commitments(self):
        self.refuse("unknown-task", self.commit(ANN, task=rules.task_number("other")), ANN, at=100)
        self.refuse("unknown-round", self.commit(ANN, round=1), ANN, at=101)
        good = self.commitment(ANN)
        for point in (NO_MODEL, OFF_CURVE, [good[0] + Q, good[1]], [good[0], good[1] + Q], [good[0], 0]):
            self.refuse("malformed-commitment", self.commit(ANN, commitment=point), ANN, at=102)
        self.refuse("audit-not-wanted", self.calls.commitData(TASK, 0, bytes(32), 1), ANN, at=103)

    def test_reveal_of_the_test_set(self):
        """Orders with test sets of every kind of fault."""
        (commitment, _) = self.chunks()[0]
        cases = {
            "malformed-test-set": [[], [(commitment, 0)], [(commitment, SAMPLES + 1)]],
            "malformed-commitment": [[(OFF_CURVE, 50)], [(NO_MODEL, 50)], [(commitment, 50), (OFF_CURVE, 50)]],
            "test-set-too-small": [[(commitment, 9)]]}
        self.do(self.calls.register(0, 2_000), PUBLISHER)
        at = 0
        for reason, sets in cases.items():
            for chunks in sets:
                name, at = f"{reason}-{at}", at + 1
                self.do(self.open_task(name), PUBLISHER)
                self.do(self.open_order(name=name, chunks=chunks, baseline=0, reward=0), PUBLISHER)
                cases[reason][sets.index(chunks)] = (name, chunks)
        self.do(self.open_task("baseline"), PUBLISHER)
        self.do(self.open_order(name="baseline", baseline=2 * SAMPLES + 1, reward=0), PUBLISHER)
        self.refuse("too-early", self.reveal(), PUBLISHER, at=199)
        for reason, sets in cases.items():
            for name, chunks in sets:
                self.refuse(reason, self.reveal(name, chunks, baseline=0), PUBLISHER, at=200)
        self.refuse(
            "malformed-test-set", self.reveal("baseline", baseline=2 * SAMPLES + 1), PUBLISHER)
        self.refuse("unknown-task", self.reveal("other"), PUBLISHER)
        self.refuse("unknown-round", self.reveal(round=1), PUBLISHER)
        self.refuse("not-the-publisher", self.reveal(), ANN)
        for changed in ({"salt": bytes(32)}, {"baseline": 14}, {"chunks": self.chunks()[:1]}):
            self.refuse("test-set-hash-mismatch", self.reveal(**changed), PUBLISHER)
        self.refuse("late-reveal", self.reveal(), PUBLISHER, at=300)

    def to_proofs(self):
        """Ann and bob have committed, bob to ann's point, and everything is revealed."""
        self.do(self.commit(ANN), ANN, at=100)
        self.do(self.commit(BOB, commitment=self.commitment(ANN)), BOB, at=101)
        self.do(self.commit(EVE), EVE, at=102)
        self.do(self.reveal(), PUBLISHER, at=200)
        self.refuse("test-set-already-revealed", self.reveal(), PUBLISHER, at=201)
        self.refuse("secret-mismatch", self.calls.revealSecret(TASK, 0, secret(BOB)), ANN)
        for number in (ANN, BOB, EVE):
            self.do(self.reveal_secret(number), number)

    def test_proofs(self):
        self.to_proofs()
        proof = words(self.product(ANN)["proof"])
        self.refuse("unknown-chunk", self.prove(ANN, fixture=self.product(ANN), chunk=2), ANN)
        for correct in (0, SAMPLES + 1, R + 10, 2**255):
            self.refuse("claim-out-of-range", self.prove(ANN, correct=correct), ANN)
        # A proof for the other chunk, another round, another number; and of a commitment that is not the sender's.
        self.refuse("proof-does-not-verify", self.prove(ANN, fixture=self.product(ANN, chunk=1)), ANN)
        self.refuse("proof-does-not-verify", self.prove(ANN, fixture=self.product(ANN, round=1)), ANN)
        self.refuse("proof-does-not-verify", self.prove(ANN, correct=11), ANN)
        self.refuse("proof-does-not-verify", self.prove(EVE, fixture=self.product(ANN)), EVE)
        other = add(self.chunks()[0][0], [1, 2])
        self.refuse("proof-does-not-verify", self.prove(ANN, test_set=other), ANN)
        self.refuse("proof-does-not-verify", self.prove(ANN, proof=negate(proof[:2]) + proof[2:]), ANN)
        self.refuse("malformed-proof", self.prove(ANN, proof=[proof[0] + Q] + proof[1:]), ANN)
        self.refuse("malformed-proof", self.prove(ANN, proof=[0, 0] + proof[2:]), ANN)
        # The copy of a pending proof arrives first, with the owner's commitment copied as well: worth nothing.
        self.refuse("proof-does-not-verify", self.prove(BOB, correct=10, fixture=self.product(ANN)), BOB)
        receipt = self.do(self.prove(ANN), ANN)
        self.assertLessEqual(receipt["gasUsed"], 430_000)
        self.refuse("replayed-proof", self.prove(BOB, correct=10, fixture=self.product(ANN)), BOB)
        self.refuse("claim-not-better", self.prove(ANN), ANN)
        self.refuse("claim-not-better", self.prove(ANN, proof=rerandomised(proof)), ANN)
        # One chunk of two: not complete, nothing to validate, and nobody is accepted.
        self.refuse("claim-missing", self.validate(ANN, 10), VAL, at=400)
        self.refuse("late-proof", self.prove(ANN, chunk=1), ANN, at=401)
        self.refuse("global-model-of-nobody", self.finalize(ANN), ANN, at=700)
        self.do(self.finalize(), ANN, at=701)
        self.assert_books_balance()
        self.refuse("already-paid", self.calls.payout(TASK, 0, []), ANN, at=800)

    def validate(self, participant, correct):
        return self.calls.validate(TASK, 0, self.accounts[participant], correct)

    def test_every_chunk_counts_once(self):
        self.to_proofs()
        self.do(self.prove(ANN), ANN)
        self.do(self.prove(ANN, chunk=1), ANN)
        self.refuse("claim-not-better", self.prove(ANN, chunk=1), ANN)
        # The score is the sum; more than all samples is no score.
        self.refuse("claim-out-of-range", self.validate(ANN, 2 * SAMPLES + 1), VAL, at=400)
        self.do(self.validate(ANN, 20), VAL)
        self.refuse("conflict-of-interest", self.validate(ANN, 20), BOB)
        self.refuse("conflict-of-interest", self.validate(ANN, 20), PUBLISHER)
        challenge = self.calls.challenge(TASK, 0, self.accounts[ANN], self.accounts[VAL])
        self.refuse("conflict-of-interest", challenge, VAL)
        self.refuse("not-staked", challenge, SUE)
        self.do(challenge, ZOE)
        self.assertEqual(self.stake(ZOE), [90, 0])
        self.refuse("already-challenged", challenge, ZOE)
        self.assert_books_balance()


class LimitTests(RegistryCase):
    """At most as many participants as the parameters say."""

    @classmethod
    def prepare(cls):
        cls.registry_parameters = cls.calls.parameters().call()
        super().prepare()

    def test_participants(self):
        most = self.registry_parameters[5]
        self.assertEqual(most, 16)
        accounts = [number for number in range(2, 20) if number != 5]
        self.chain.at(self.registry.start + 100)
        for place, number in enumerate(accounts[: most + 1]):
            if number not in (ANN, BOB, EVE):
                self.do(self.calls.deposit(), number, value=100)
                self.do(self.calls.register(PARTICIPANT, 40), number)
            if place < most:
                self.do(self.commit(number, commitment=[1, 2]), number)
            else:
                self.refuse("too-many-participants", self.commit(number, commitment=[1, 2]), number)
        # Who is in may still replace its commitment.
        self.do(self.commit(ANN), ANN)


if __name__ == "__main__":
    unittest.main()
