"""The end of an order: reports and votes, global models, payouts; nothing twice, nothing early, nothing lost."""

import unittest

from tests.cases import (
    AGG, ANN, BOB, DAN, EVE, KIM, NAME, PUBLISHER, SAM, SUE, TASK, VAL, VIC, ZOE, RegistryCase)
from tests.points import add, multiply
from tests.registry import SECP256K1_ORDER

TEST_SET, GLOBAL_MODEL, IRRETRIEVABLE, UNFIT = 0, 1, 0, 1


class SettlementCase(RegistryCase):
    """Ann proves 10 and bob 20 correct samples with a baseline of 15; eve commits and reveals no secret."""

    @classmethod
    def prepare(cls):
        super().prepare()
        for number in (ANN, BOB, EVE):
            cls.do(cls.commit(cls, number), number, at=100)
        cls.do(cls.reveal(cls), PUBLISHER, at=200)
        for number in (ANN, BOB):
            cls.do(cls.reveal_secret(cls, number), number)
            cls.do(cls.prove(cls, number), number)

    def report(self, subject, kind):
        return self.calls.report(TASK, 0, subject, kind)

    def vote(self, report, upholds):
        return self.calls.vote(TASK, 0, report, upholds)

    def validate(self, participant, correct):
        return self.calls.validate(TASK, 0, self.accounts[participant], correct)

    def total(self, *numbers):
        return [self.balance(number) for number in numbers]

    def to_the_end(self):
        """Finalized with a global model by the aggregator; val has validated the truth."""
        self.do(self.validate(BOB, 20), VAL, at=400)
        self.do(self.finalize(ANN, BOB), AGG, at=700)


class ReportTests(SettlementCase):
    def test_order_with_a_bad_test_set(self):
        """Upheld: the bond goes to the reporter and to those who committed; the reward goes back."""
        self.refuse("subject-missing", self.report(2, IRRETRIEVABLE), ZOE)
        self.refuse("subject-missing", self.report(TEST_SET, 2), ZOE)
        self.refuse("not-finalized", self.report(GLOBAL_MODEL, UNFIT), ZOE)
        self.refuse("conflict-of-interest", self.report(TEST_SET, UNFIT), PUBLISHER)
        self.refuse("not-staked", self.report(TEST_SET, UNFIT), SUE)
        self.do(self.report(TEST_SET, UNFIT), ZOE)
        self.refuse("already-reported", self.report(TEST_SET, UNFIT), DAN)
        self.do(self.report(TEST_SET, IRRETRIEVABLE), DAN)
        self.refuse("unknown-report", self.vote(2, True), KIM)
        self.refuse("conflict-of-interest", self.vote(0, False), PUBLISHER)
        self.refuse("conflict-of-interest", self.vote(0, True), ZOE)
        self.refuse("not-staked", self.vote(0, True), SUE)
        self.do(self.vote(0, True), KIM)
        self.do(self.vote(0, True), DAN)
        self.do(self.vote(1, False), KIM)
        self.do(self.vote(1, False), ZOE)
        self.refuse("already-voted", self.vote(0, False), KIM)
        self.do(self.validate(BOB, 19), VIC, at=400)
        self.refuse("late-report", self.report(TEST_SET, UNFIT), KIM, at=600)
        self.refuse("too-early", self.finalize(), ANN, at=699)
        self.refuse("late-vote", self.vote(0, True), ANN, at=700)
        self.refuse("global-model-of-nobody", self.finalize(ANN, BOB), AGG)
        before = self.total(ZOE, ANN, BOB, EVE, PUBLISHER)
        self.do(self.finalize(), ANN)
        # 101: the reporter gets 50, three participants 17 each, nothing remains; the reward returns.
        gained = [b - a for a, b in zip(before, self.total(ZOE, ANN, BOB, EVE, PUBLISHER))]
        self.assertEqual(gained, [50, 17, 17, 17, 1000])
        # The rejected report costs its stake; nobody else is slashed, and every lock has ended.
        self.assertEqual(self.calls.burnt().call(), 10)
        self.assertEqual(self.stake(DAN), [90, 0])
        for number in (ZOE, KIM, VIC, ANN, BOB, EVE):
            self.assertEqual(self.stake(number), [100, 0])
        self.assertEqual(self.stake(PUBLISHER), [300, 0])
        self.assert_books_balance()
        self.refuse("already-paid", self.calls.payout(TASK, 0, []), ANN, at=800)

    def test_undecided_report(self):
        """Too few votes, or as many on both sides: nobody is slashed, the order is settled."""
        self.do(self.report(TEST_SET, UNFIT), ZOE)
        self.do(self.report(TEST_SET, IRRETRIEVABLE), ZOE)
        self.do(self.vote(0, True), DAN)
        self.do(self.vote(0, False), KIM)
        self.do(self.vote(1, True), KIM)
        self.do(self.finalize(ANN, BOB), AGG, at=700)
        self.assertEqual([self.stake(number) for number in (ZOE, DAN, KIM)], [[100, 0]] * 3)
        # Eve did not reveal: a quarter of its lock.
        self.assertEqual(self.stake(EVE), [90, 0])
        self.assertEqual(self.calls.burnt().call(), 10)
        self.assert_books_balance()

    def test_bad_global_model(self):
        """Upheld after the end: the aggregator loses its stake and its share, which the leader gets."""
        self.to_the_end()
        self.refuse("round-finalized", self.report(TEST_SET, UNFIT), ZOE)
        self.refuse("conflict-of-interest", self.report(GLOBAL_MODEL, UNFIT), AGG)
        self.do(self.report(GLOBAL_MODEL, UNFIT), ZOE)
        self.refuse("round-finalized", self.vote(1, True), KIM)
        self.do(self.vote(0, True), DAN)
        self.do(self.vote(0, True), KIM)
        self.assertEqual(self.stake(KIM), [100, 10])
        self.refuse("late-vote", self.vote(0, True), ANN, at=800)
        self.refuse("late-report", self.report(GLOBAL_MODEL, IRRETRIEVABLE), DAN)
        before = self.total(BOB, VAL, AGG, ZOE)
        self.do(self.payout(SAM), ANN)
        gained = [b - a for a, b in zip(before, self.total(BOB, VAL, AGG, ZOE))]
        self.assertEqual(gained, [800, 200, 0, 15])
        self.assertEqual(self.stake(AGG), [70, 0])
        self.assertEqual(self.calls.burnt().call(), 10 + 15)
        self.assertEqual(self.stake(KIM), [100, 0])
        self.assertEqual(self.stake(ZOE), [100, 0])
        self.assert_books_balance()

    def test_good_global_model(self):
        self.to_the_end()
        self.do(self.report(GLOBAL_MODEL, UNFIT), ZOE)
        self.do(self.vote(0, False), DAN)
        self.do(self.vote(0, False), KIM)
        before = self.total(BOB, VAL, AGG, ANN)
        self.do(self.payout(SUE), ANN, at=800)
        gained = [b - a for a, b in zip(before, self.total(BOB, VAL, AGG, ANN))]
        self.assertEqual(gained, [700, 200, 100, 0])
        self.assertEqual(self.stake(ZOE), [90, 0])
        self.assertEqual(self.stake(AGG), [100, 0])
        self.assert_books_balance()


class FinalizeTests(SettlementCase):
    def test_global_models(self):
        self.refuse("too-early", self.finalize(ANN, BOB), AGG, at=699)
        self.refuse("global-model-missing", self.finalize(), AGG, at=700)
        self.refuse("not-staked", self.finalize(ANN, BOB), SUE)
        right = add(self.commitment(ANN), self.commitment(BOB))
        points = [self.commitment(ANN), self.commitment(BOB)]
        for model, given in (
            (add(right, [1, 2]), points), (right, points[::-1]), (right, points[:1]), (points[0], points[:1]),
            (right, points + [self.commitment(EVE)]), (add(right, self.commitment(EVE)), points)):
            call = self.calls.finalize(TASK, 0, model, bytes(32), given)
            self.refuse("aggregate-mismatch", call, AGG)
        self.assert_books_balance()
        self.do(self.finalize(ANN, BOB), AGG)
        self.refuse("round-finalized", self.finalize(ANN, BOB), AGG)
        order = self.calls.orderOf(TASK, 0).call()
        self.assertEqual(order[11], self.accounts[BOB])
        self.assertEqual(order[12], self.accounts[AGG])
        # Everything is refused in a finalized order.
        self.refuse("round-finalized", self.commit(ANN), ANN)
        self.refuse("round-finalized", self.prove(ANN), ANN)
        self.refuse("round-finalized", self.validate(BOB, 20), VAL)
        self.do(self.open_order(round=1, times=[time + 1000 for time in range(0, 800, 100)]), PUBLISHER)

    def test_late_global_model(self):
        self.refuse("late-finalize", self.finalize(ANN, BOB), AGG, at=800)
        self.do(self.finalize(), ZOE, at=801)
        before = self.total(BOB)
        self.do(self.payout(SAM, SUE), ANN)
        self.assertEqual(self.balance(BOB) - before[0], 1000)
        self.assert_books_balance()

    def test_payout(self):
        """Early, without signatures, with others', on another digest, twice."""
        self.refuse("not-finalized", self.calls.payout(TASK, 0, []), ANN)
        self.refuse("unknown-round", self.calls.payout(TASK, 1, []), ANN)
        self.to_the_end()
        signatures = self.registry.sign_payout(NAME, 0, [self.accounts[SAM]])
        self.refuse("too-early", self.calls.payout(TASK, 0, signatures), ANN, at=799)
        self.refuse("payout-signatures-missing", self.calls.payout(TASK, 0, []), ANN, at=800)
        self.refuse("unknown-payout-signer", self.payout(ANN), ANN)
        self.refuse("duplicate-payout-signer", self.payout(SAM, SAM), ANN)
        signer, v, r, s = signatures[0]
        # The last of them is a second signature with the same meaning.
        for wrong in (
                (signer, v, r, s + 1), (signer, 55 - v, r, s), (signer, 0, r, s), (self.accounts[SUE], v, r, s),
                (signer, 55 - v, r, SECP256K1_ORDER - s)):
            self.refuse("bad-payout-signature", self.calls.payout(TASK, 0, [wrong]), ANN)
        self.do(self.calls.payout(TASK, 0, signatures), ANN)
        self.refuse("already-paid", self.calls.payout(TASK, 0, signatures), ANN)
        self.assert_books_balance()

    def test_every_account_is_paid_once(self):
        """Bob leads, and aggregates as well: one payment, the sum of its titles."""
        self.do(self.calls.register(4, 30), BOB)
        self.do(self.validate(BOB, 20), VAL, at=400)
        self.do(self.finalize(ANN, BOB), BOB, at=700)
        payments = self.calls.payments(TASK, 0).call()
        self.assertEqual(payments, [(self.accounts[BOB], 800), (self.accounts[VAL], 200)])
        before = self.total(BOB, VAL)
        self.do(self.payout(SAM), ANN, at=800)
        self.assertEqual([b - a for a, b in zip(before, self.total(BOB, VAL))], [800, 200])
        self.assertEqual(self.calls.stakeOf(self.accounts[BOB], 4).call(), [30, 0])

    def test_false_validation_found_at_the_end(self):
        self.do(self.validate(BOB, 20), VAL, at=400)
        self.do(self.validate(BOB, 21), VIC)
        self.do(self.validate(ANN, 10), VIC)
        self.do(self.finalize(ANN, BOB), AGG, at=700)
        self.assertEqual(self.stake(VIC), [80, 0])
        before = self.total(VIC, VAL)
        self.do(self.payout(SAM), ANN, at=800)
        self.assertEqual([b - a for a, b in zip(before, self.total(VIC, VAL))], [0, 200])
        self.assert_books_balance()


class WeightedTests(SettlementCase):
    """Weights are the proven numbers; 10 is just 66 % of the baseline."""

    weighted, entry_share = True, 6_600

    def test_weighted_sum(self):
        wrong = add(self.commitment(ANN), self.commitment(BOB))
        self.refuse("aggregate-mismatch", self.finalize(ANN, BOB, model=wrong), AGG, at=700)
        right = add(multiply(self.commitment(ANN), 10), multiply(self.commitment(BOB), 20))
        self.do(self.finalize(ANN, BOB, model=right), AGG)
        self.assert_books_balance()


class EntryTests(SettlementCase):
    """Ann's 10 are less than two thirds and a little of 15."""

    entry_share = 6_700

    def test_useless_model_is_left_out(self):
        self.refuse("aggregate-mismatch", self.finalize(ANN, BOB), AGG, at=700)
        self.do(self.finalize(BOB), AGG)
        # No offence.
        self.assertEqual(self.stake(ANN), [100, 0])
        self.assert_books_balance()


class EmptyTests(RegistryCase):
    def test_nobody_commits(self):
        self.refuse("too-early", self.finalize(), ANN, at=199)
        self.refuse("global-model-of-nobody", self.finalize(model=[1, 2]), AGG, at=200)
        before = self.balance(PUBLISHER)
        self.do(self.finalize(), ANN)
        self.assertEqual(self.balance(PUBLISHER) - before, self.reward + self.bond)
        self.refuse("already-paid", self.calls.payout(TASK, 0, []), ANN, at=800)
        self.refuse("already-paid", self.calls.report(TASK, 0, GLOBAL_MODEL, UNFIT), ZOE)
        self.assert_books_balance()


if __name__ == "__main__":
    unittest.main()
