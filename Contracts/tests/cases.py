"""A registry with registered accounts and one order of inner products: what most tests of the rules start from."""

import unittest

from tests import places, rules
from tests.chain import Reverted
from tests.places import ANN, BOB, EVE, PUBLISHER
from tests.points import words
from tests.registry import CONTENTS, NO_AUDIT, NO_MODEL, ROLES, Registry

VAL, VIC, ZOE, DAN, KIM, AGG, SAM, SUE = range(5, 13)
STAKES = {
    PUBLISHER: "publisher", ANN: "participant", BOB: "participant", EVE: "participant", VAL: "validator",
    VIC: "validator", ZOE: "verifier", DAN: "verifier", KIM: "verifier", AGG: "aggregator"}
# t1, commitDeadline, t2 … t7, in seconds after the start.
TIMES = [100, 200, 300, 400, 500, 600, 700, 800]
SPLIT = [4000, 3000, 2000, 1000]
SALT, BASELINE, SAMPLES = bytes([7] * 32), 15, 100
NAME = places.PRODUCTS["name"]
TASK = rules.task_number(NAME)
MODELS = {ANN: [10, 0, 0, 0], BOB: [5, 0, 5, 0], EVE: [1, 1, 1, 1]}
CORRECT = {ANN: 10, BOB: 20, EVE: 10}


def secret(number):
    return rules.word(1000 + number)


class RegistryCase(unittest.TestCase):
    """Accounts by number, calls by name. Every test starts from the state that `prepare` left."""

    # Chunks of the order's test set, and other terms.
    chunk_count = 1
    reward, bond = 1000, 101
    weighted, entry_share = False, 0
    # Further stakes that the books have to count, by account: role.
    further_stakes = {}

    @classmethod
    def setUpClass(cls):
        cls.registry = Registry()
        cls.calls, cls.chain = cls.registry.calls, cls.registry.chain
        cls.accounts = cls.chain.accounts
        cls.products = places.fixtures()["products"]
        for number in range(1, 13):
            cls.do(cls.calls.deposit(), number, value=10_000)
        for number, role in STAKES.items():
            cls.do(cls.calls.register(ROLES.index(role), 300 if role == "publisher" else 100), number)
        cls.verifier = cls.registry.verifier("product", "ProductVerifier")
        cls.registry.start = cls.chain.time + 100
        cls.prepare()
        cls.snapshot = cls.chain.snapshot()

    @classmethod
    def prepare(cls):
        """Opens the task and its first order."""
        cls.do(cls.open_task(), PUBLISHER)
        cls.do(cls.open_order(), PUBLISHER, at=0)

    def setUp(self):
        self.chain.revert(self.snapshot)

    @classmethod
    def do(cls, call, sender, at=None, value=0):
        return cls.registry.send(call, cls.accounts[sender], at=at, value=value)

    def refuse(self, reason, call, sender, at=None, value=0):
        with self.assertRaises(Reverted) as caught:
            self.do(call, sender, at=at, value=value)
        self.assertEqual(caught.exception.reason, reason)

    # The usual arguments.

    @classmethod
    def open_task(cls, name=NAME, verifier=None, samples=SAMPLES, minimum=10, audit=NO_AUDIT, entry=None):
        return cls.calls.openTask(
            name, verifier or cls.verifier, samples, minimum, cls.weighted,
            cls.entry_share if entry is None else entry, audit)

    @classmethod
    def chunks(cls):
        commitment = words(cls.product(ANN)["commitments"][1])
        return [(commitment, SAMPLES)] * cls.chunk_count

    @classmethod
    def open_order(cls, name=NAME, round=0, chunks=None, times=None, hash=None, baseline=BASELINE, **terms):
        if hash is None:
            hash = rules.test_set_hash(
                cls.registry.name(name, round), SALT, CONTENTS, baseline, cls.chunks() if chunks is None else chunks)
        values = {
            "reward": cls.reward, "bond": cls.bond, "split": SPLIT,
            "times": [cls.registry.start + time for time in times or TIMES],
            "signers": [cls.accounts[SAM], cls.accounts[SUE]], "threshold": 1, "start": NO_MODEL} | terms
        return cls.calls.openOrder(rules.task_number(name), round, hash, tuple(values.values()))

    @classmethod
    def product(cls, number, round=0, chunk=0, model=None):
        return cls.products[places.product_name(number, round, chunk, model or MODELS[number])]

    @classmethod
    def commitment(cls, number, model=None):
        return words(cls.product(number, model=model)["commitments"][0])

    def commit(self, number, commitment=None, round=0, task=TASK, root=bytes(32)):
        commitment = self.commitment(number) if commitment is None else commitment
        return self.calls.commitModel(
            task, round, commitment, root, rules.beacon_commitment(self.accounts[number], secret(number)))

    def reveal(self, name=NAME, chunks=None, baseline=BASELINE, salt=SALT, round=0):
        return self.calls.revealTestSet(
            rules.task_number(name), round, salt, CONTENTS, baseline, self.chunks() if chunks is None else chunks)

    def reveal_secret(self, number):
        return self.calls.revealSecret(TASK, 0, secret(number))

    def prove(self, number, correct=None, fixture=None, proof=None, chunk=0, model=None, test_set=None, round=0):
        fixture = fixture or self.product(number, chunk=chunk)
        return self.calls.proveQuality(
            TASK, round, chunk, proof or words(fixture["proof"]), CORRECT[number] if correct is None else correct,
            model or words(fixture["commitments"][0]), test_set or words(fixture["commitments"][1]))

    def finalize(self, *accepted, model=None, round=0):
        """With the sum of the accepted participants' commitments, none of nobody's."""
        from tests.points import add

        points = [self.commitment(number) for number in accepted]
        model = model or (add(*points) if points else NO_MODEL)
        return self.calls.finalize(TASK, round, model, rules.sha(b"file"), points)

    def payout(self, *signers, round=0):
        return self.calls.payout(
            TASK, round, self.registry.sign_payout(NAME, round, [self.accounts[number] for number in signers]))

    def ascending(self, *numbers):
        return rules.ascending(self.accounts[number] for number in numbers)

    def fix_survivors(self, survivors, signers, task=NAME, round=0):
        """By numbers of accounts: the survivors, and who of them sign."""
        accounts = self.ascending(*survivors)
        digest = rules.survivors_digest(self.registry.name(task, round), accounts)
        return self.calls.fixSurvivors(
            rules.task_number(task), round, accounts,
            self.registry.sign(digest, [self.accounts[number] for number in signers]))

    def balance(self, number):
        return self.calls.balanceOf(self.accounts[number]).call()

    def stake(self, number):
        return self.registry.stake(self.accounts[number], STAKES[number])

    def assert_books_balance(self):
        """Balances, stakes, escrow of the open order and what is burnt are all that came in, and it is there."""
        balances = sum(self.balance(number) for number in range(1, 13))
        stakes = sum(self.stake(number)[0] for number in STAKES)
        stakes += sum(self.registry.stake(self.accounts[n], role)[0] for n, role in self.further_stakes.items())
        order = self.calls.orderOf(TASK, 0).call()
        outcome, paid = order[0] >> 208 & 255, order[0] >> 216 & 1
        rewarded = order[6] >> 128 & (2**32 - 1) if outcome else 1
        escrow = 0 if not order[0] or paid or not rewarded else self.reward
        escrow += self.bond if order[0] and not outcome else 0
        held, supply = self.registry.held()
        self.assertEqual(held, supply)
        self.assertEqual(balances + stakes + escrow + self.calls.burnt().call(), supply)
