"""The survivors of secure aggregation: who fixes them, by whose consent, once; and the global model that is their sum."""

import unittest

from tests import rules
from tests.cases import (
    AGG, ANN, BOB, DAN, EVE, KIM, NAME, PUBLISHER, SAM, SUE, TASK, VAL, ZOE, RegistryCase)
from tests.points import add, multiply
from tests.registry import ACCEPTED, CONSENTED, NO_MODEL, ROLES, SECP256K1_ORDER, SURVIVOR, SURVIVORS_FIXED
from tests.test_settlement import GLOBAL_MODEL, TEST_SET, UNFIT, SettlementCase


class SurvivorCase(RegistryCase):
    """Ann (10), bob (20) and eve (10) are accepted; val reveals no secret, zoe proves nothing."""

    further_stakes = {VAL: "participant", ZOE: "participant"}

    @classmethod
    def prepare(cls):
        super().prepare()
        for number, role in cls.further_stakes.items():
            cls.do(cls.calls.register(ROLES.index(role), 100), number)
        for number in (BOB, ANN, EVE, VAL, ZOE):
            point = cls.commitment(number if number in (ANN, BOB, EVE) else ANN)
            cls.do(cls.commit(cls, number, commitment=point), number, at=100)
        cls.do(cls.reveal(cls), PUBLISHER, at=200)
        for number in (ANN, BOB, EVE, ZOE):
            cls.do(cls.reveal_secret(cls, number), number)
        for number in (ANN, BOB, EVE):
            cls.do(cls.prove(cls, number), number)

    def digest(self, accounts):
        return rules.survivors_digest(self.registry.name(NAME), accounts)

    def signatures(self, accounts, *signers):
        """Good ones, on the set of these accounts as it stands."""
        return self.registry.sign(self.digest(accounts), [self.accounts[number] for number in signers])

    def words(self, *numbers):
        return [self.calls.memberOf(TASK, 0, self.accounts[number]).call()[0] for number in numbers]


class SurvivorTests(SurvivorCase):
    def test_reasons_in_their_order(self):
        """A call in which everything is wrong; then one fault after the other is mended."""
        c, good = self.calls, self.ascending(ANN, EVE)
        wrong = self.ascending(ANN, EVE, VAL)[::-1]
        ann, eve = self.signatures(good, ANN, EVE)
        forged = (ann[0], *eve[1:])
        strangers = [eve, (self.accounts[BOB], *ann[1:]), eve, forged]

        def call(survivors, signatures, task=TASK, round=0):
            return c.fixSurvivors(task, round, survivors, signatures)

        self.refuse("unknown-task", call(wrong, strangers, rules.task_number("other"), 1), SUE, at=600)
        self.refuse("unknown-round", call(wrong, strangers, round=1), SUE)
        self.refuse("too-early", call(wrong, strangers), SUE, at=699)
        self.refuse("not-staked", call(wrong, strangers), SUE, at=700)
        # None, descending, twice the same: before it is asked who they are.
        for survivors in ([], wrong, good[:1] + good, good + good[1:], self.ascending(VAL, ZOE)[::-1]):
            self.refuse("malformed-survivors", call(survivors, strangers), AGG)
        # Without secret, without proof, without commitment, nobody.
        for number in (VAL, ZOE, DAN, AGG):
            self.refuse("survivor-not-accepted", call(self.ascending(ANN, number), strangers), AGG)
        for other in ("0x" + 40 * "0", "0x" + 40 * "f"):
            survivors = sorted(good + [self.chain.web3.to_checksum_address(other)], key=rules.account_bytes)
            self.refuse("survivor-not-accepted", call(survivors, strangers), AGG)
        self.refuse("unknown-survivor-signer", call(good, strangers), AGG)
        self.refuse("duplicate-survivor-signer", call(good, [eve] + strangers[2:]), AGG)
        self.refuse("bad-survivor-signature", call(good, strangers[2:]), AGG)
        # Two of three are more than half; one is not.
        self.refuse("survivor-signatures-missing", call(good, [eve]), AGG)
        self.refuse("survivor-signatures-missing", call(good, []), AGG)
        self.assert_books_balance()
        self.assertEqual([word & (SURVIVOR | CONSENTED) for word in self.words(ANN, BOB, EVE)], [0, 0, 0])
        self.do(call(good, [eve, ann]), AGG)
        # Once: whatever else is wrong, and whoever sends it.
        for survivors in (good, self.ascending(ANN, BOB, EVE), wrong, []):
            self.refuse("survivors-already-fixed", call(survivors, strangers), SUE)
        self.refuse("late-survivors", call(wrong, strangers), SUE, at=800)
        self.do(self.finalize(), SUE, at=801)
        self.refuse("round-finalized", call(wrong, strangers), SUE)

    def test_late(self):
        """Refused at t7, and then the order lapses as ever."""
        self.refuse("late-survivors", self.fix_survivors([ANN, BOB], [ANN, BOB]), AGG, at=800)
        self.do(self.finalize(), DAN)
        self.assertEqual(self.words(VAL, ZOE)[0] & ACCEPTED, 0)
        self.assert_books_balance()

    def test_what_is_on_record(self):
        """The event, the flags, the digest; nothing is locked and no amount changes."""
        accounts = self.ascending(ANN, EVE, BOB)
        digest = self.calls.survivorsDigest(TASK, 0, accounts).call()
        self.assertEqual(digest, self.digest(accounts))
        self.assertNotEqual(digest, self.calls.survivorsDigest(TASK, 0, accounts[:2]).call())
        before = [self.balance(number) for number in range(1, 13)]
        receipt = self.do(self.fix_survivors([ANN, EVE, BOB], [BOB, EVE]), AGG, at=700)
        [event] = self.registry.contract.events.SurvivorsFixed().process_receipt(receipt)
        self.assertEqual(event["args"]["survivors"], accounts)
        self.assertEqual(event["args"]["aggregator"], self.accounts[AGG])
        self.assertEqual((event["args"]["task"], event["args"]["round"]), (TASK, 0))
        flags = [word & (SURVIVOR | CONSENTED) for word in self.words(ANN, BOB, EVE, VAL, ZOE)]
        self.assertEqual(flags, [SURVIVOR, SURVIVOR | CONSENTED, SURVIVOR | CONSENTED, 0, 0])
        self.assertTrue(self.calls.orderOf(TASK, 0).call()[0] & SURVIVORS_FIXED)
        self.assertEqual(self.stake(AGG), [100, 0])
        self.assertEqual([self.balance(number) for number in range(1, 13)], before)
        self.assert_books_balance()
        # Claims and sequence numbers are untouched: the end is that of an order without survivors.
        self.do(self.finalize(BOB, ANN, EVE), AGG)
        self.assertEqual(
            [bool(word & ACCEPTED) for word in self.words(ANN, BOB, EVE, VAL, ZOE)],
            [True, True, True, False, False])
        self.assert_books_balance()

    def test_forged_signatures(self):
        """Each instead of ann's, next to a good one of eve's."""
        accounts = self.ascending(ANN, EVE)
        ann, eve = self.signatures(accounts, ANN, EVE)
        signer, v, r, s = ann
        others = {
            "another set": self.signatures(self.ascending(ANN, BOB), ANN)[0],
            "the same set in another order": self.signatures(accounts[::-1], ANN)[0],
            "another round": self.registry.sign(
                rules.survivors_digest(self.registry.name(NAME, 1), accounts), [signer])[0],
            "another task": self.registry.sign(
                rules.survivors_digest(self.registry.name("other"), accounts), [signer])[0],
            "another registry": self.registry.sign(
                rules.survivors_digest(
                    rules.order_name(self.chain.ledger, self.accounts[SUE], NAME, 0), accounts), [signer])[0],
            "another chain": self.registry.sign(
                rules.survivors_digest(
                    rules.order_name("eip155:1", self.registry.contract.address, NAME, 0), accounts), [signer])[0],
            "a digest without tag": self.registry.sign(
                rules.sha(self.registry.name(NAME), *map(rules.account_bytes, accounts)), [signer])[0],
            "somebody else's": (signer, *self.signatures(accounts, SUE)[0][1:]),
            "another survivor's": (signer, *eve[1:]),
            "the same with the greater s": (signer, 55 - v, r, SECP256K1_ORDER - s),
            "the greater s alone": (signer, v, r, SECP256K1_ORDER - s),
            "s changed": (signer, v, r, s + 1), "r changed": (signer, v, r + 1, s), "v flipped": (signer, 55 - v, r, s),
            "v of 0": (signer, v - 27, r, s), "v of 29": (signer, 29, r, s), "huge v": (signer, v + 2**64, r, s),
            "zeros": (signer, 0, 0, 0), "r of 0": (signer, v, 0, s), "s of 0": (signer, v, r, 0),
            "the group's order as s": (signer, v, r, SECP256K1_ORDER)}
        self.chain.at(self.registry.start + 700)
        for name, wrong in others.items():
            with self.subTest(forgery=name):
                call = self.calls.fixSurvivors(TASK, 0, accounts, [eve, wrong])
                self.refuse("bad-survivor-signature", call, AGG)
        # Of nobody, which is what a signature that opens to nobody would name.
        nobody = self.chain.web3.to_checksum_address("0x" + 40 * "0")
        for wrong in ((nobody, 0, 0, 0), (nobody, v, r, s)):
            call = self.calls.fixSurvivors(TASK, 0, accounts, [eve, wrong])
            self.refuse("unknown-survivor-signer", call, AGG)
        # More signatures than are needed must all be good.
        call = self.calls.fixSurvivors(TASK, 0, accounts, [eve, ann, self.signatures(accounts, BOB)[0]])
        self.refuse("unknown-survivor-signer", call, AGG)
        self.do(self.calls.fixSurvivors(TASK, 0, accounts, [eve, ann]), AGG)

    def test_nobody_is_left_out_by_one_alone(self):
        """Half of the accepted must agree, and one more: the number counts those who are left out."""
        self.do(self.calls.register(ROLES.index("aggregator"), 30), ANN)
        self.refuse("survivor-signatures-missing", self.fix_survivors([ANN], [ANN]), ANN, at=700)
        for signers in ([ANN], [BOB], [EVE]):
            self.refuse("survivor-signatures-missing", self.fix_survivors([ANN, BOB, EVE], signers), ANN)
        self.do(self.fix_survivors([ANN, BOB], [BOB, ANN]), ANN)

    def test_global_model_of_the_survivors(self):
        """Bob is left out: it keeps its rank and reward, and only the sum does not hold it."""
        self.do(self.fix_survivors([ANN, EVE], [ANN, EVE]), AGG, at=700)
        self.refuse("global-model-missing", self.finalize(), AGG)
        self.refuse("not-staked", self.finalize(ANN, EVE), SUE)
        right = add(self.commitment(ANN), self.commitment(EVE))
        everybody = add(right, self.commitment(BOB))
        ann, bob, eve = (self.commitment(number) for number in (ANN, BOB, EVE))
        for name, model, points in (
                ("the sum over all", everybody, [bob, ann, eve]),
                ("the sum over all, the survivors named", everybody, [ann, eve]),
                ("all named", right, [bob, ann, eve]), ("another order", right, [eve, ann]),
                ("one missing", ann, [ann]), ("another one", add(ann, bob), [bob, ann]),
                ("nobody named", right, []), ("one named twice", right, [ann, eve, eve]),
                ("another model", add(right, [1, 2]), [ann, eve])):
            with self.subTest(forgery=name):
                call = self.calls.finalize(TASK, 0, model, rules.sha(b"file"), points)
                self.refuse("aggregate-mismatch", call, AGG)
        self.assert_books_balance()
        self.do(self.finalize(ANN, EVE), AGG)
        self.assertEqual(self.calls.orderOf(TASK, 0).call()[11], self.accounts[BOB])
        self.assertTrue(self.words(BOB)[0] & ACCEPTED)
        # Bob alone is above the baseline; nobody validated.
        self.assertEqual(
            self.calls.payments(TASK, 0).call(), [(self.accounts[BOB], 900), (self.accounts[AGG], 100)])
        self.do(self.payout(SAM), DAN, at=800)
        self.assert_books_balance()

    def test_another_aggregator_may_finish(self):
        """Who fixes the survivors is not bound to finalize."""
        self.do(self.calls.register(ROLES.index("aggregator"), 30), DAN)
        self.do(self.fix_survivors([BOB, EVE], [BOB, EVE]), DAN, at=700)
        self.do(self.calls.unregister(ROLES.index("aggregator")), DAN)
        self.do(self.finalize(BOB, EVE), AGG)
        self.assertEqual(self.calls.orderOf(TASK, 0).call()[12], self.accounts[AGG])
        self.assert_books_balance()

    def test_lapsed(self):
        """Fixed, and no global model by t7: anybody ends the order without one, as if nothing had been fixed."""
        self.do(self.fix_survivors([ANN, EVE], [ANN, EVE]), AGG, at=700)
        self.refuse("late-finalize", self.finalize(ANN, EVE), AGG, at=800)
        self.do(self.finalize(), DAN)
        self.assertEqual(self.calls.payments(TASK, 0).call(), [(self.accounts[BOB], 1000)])
        self.do(self.payout(SUE), DAN)
        self.assert_books_balance()

    def test_without_survivors(self):
        """The sum over all who are accepted, as before."""
        self.refuse("aggregate-mismatch", self.finalize(ANN, EVE), AGG, at=700)
        self.do(self.finalize(BOB, ANN, EVE), AGG)
        self.refuse("round-finalized", self.fix_survivors([ANN, EVE], [ANN, EVE]), AGG)
        self.assert_books_balance()

    def test_bad_global_model_of_survivors(self):
        """Reports on the global model are as ever."""
        self.do(self.fix_survivors([ANN, EVE], [ANN, EVE]), AGG, at=700)
        self.do(self.finalize(ANN, EVE), AGG)
        self.do(self.calls.report(TASK, 0, GLOBAL_MODEL, UNFIT), ZOE)
        for number in (DAN, KIM):
            self.do(self.calls.vote(TASK, 0, 0, True), number)
        self.do(self.payout(SUE), DAN, at=800)
        self.assertEqual(self.stake(AGG), [70, 0])
        self.assert_books_balance()

    def test_order_with_a_bad_test_set(self):
        """Nobody is accepted: the order ends aborted, and without a global model."""
        self.do(self.calls.report(TASK, 0, TEST_SET, UNFIT), ZOE)
        for number in (DAN, KIM):
            self.do(self.calls.vote(TASK, 0, 0, True), number)
        self.refuse("survivor-not-accepted", self.fix_survivors([ANN, EVE], [ANN, EVE]), AGG, at=700)
        self.refuse("global-model-of-nobody", self.finalize(ANN, EVE), AGG)
        self.do(self.finalize(), AGG)
        self.assert_books_balance()


class WeightedSurvivorTests(SurvivorCase):
    """Weights are the proven numbers; eve's and ann's 10 are just 66 % of the baseline."""

    weighted, entry_share = True, 6_600

    def test_weighted_sum(self):
        self.do(self.fix_survivors([BOB, EVE], [BOB, EVE]), AGG, at=700)
        self.refuse("aggregate-mismatch", self.finalize(BOB, EVE), AGG)
        right = add(multiply(self.commitment(BOB), 20), multiply(self.commitment(EVE), 10))
        self.do(self.finalize(BOB, EVE, model=right), AGG)
        self.assert_books_balance()


class EntrySurvivorTests(SurvivorCase):
    """Ann's and eve's 10 are less than two thirds and a little of 15: bob alone is accepted."""

    entry_share = 6_700

    def test_useless_models_do_not_survive(self):
        for survivors in ([ANN, BOB], [EVE], [ANN, BOB, EVE]):
            self.refuse("survivor-not-accepted", self.fix_survivors(survivors, [BOB]), AGG, at=700)
        self.do(self.fix_survivors([BOB], [BOB]), AGG)
        self.refuse("aggregate-mismatch", self.finalize(BOB, ANN, EVE), AGG)
        self.do(self.finalize(BOB), AGG)
        self.assert_books_balance()


class HalfTests(SettlementCase):
    """Ann and bob are accepted, eve reveals no secret."""

    def test_half_is_not_enough(self):
        for survivors, signers in (([BOB], [BOB]), ([ANN, BOB], [ANN])):
            self.refuse("survivor-signatures-missing", self.fix_survivors(survivors, signers), AGG, at=700)
        self.do(self.fix_survivors([ANN, BOB], [ANN, BOB]), AGG)
        self.do(self.finalize(ANN, BOB), AGG)
        self.assert_books_balance()


class UnrevealedTests(RegistryCase):
    """An order in which nobody is accepted has no survivors."""

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.do(cls.commit(cls, ANN), ANN, at=100)

    def test_test_set_was_not_revealed(self):
        self.refuse("survivor-not-accepted", self.fix_survivors([ANN], [ANN]), AGG, at=700)
        self.refuse("malformed-survivors", self.calls.fixSurvivors(TASK, 0, [], []), AGG)
        self.do(self.calls.finalize(TASK, 0, NO_MODEL, bytes(32), []), ANN)
        self.assert_books_balance()


if __name__ == "__main__":
    unittest.main()
