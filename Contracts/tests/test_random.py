"""Random transactions by random accounts: whatever is accepted, no amount is lost or made, and every lock ends."""

import random
import unittest

from eth_utils.abi import function_abi_to_4byte_selector

from tests.cases import (
    AGG, ANN, BOB, DAN, EVE, KIM, NAME, PUBLISHER, SAM, SUE, TASK, VAL, VIC, ZOE, RegistryCase, secret)
from tests.chain import Reverted
from tests.registry import NO_MODEL, ROLES

PEOPLE = [PUBLISHER, ANN, BOB, EVE, VAL, VIC, ZOE, DAN, KIM, AGG, SAM, SUE]
TIMES = [100, 300, 500, 700, 900, 1100, 1300, 1500]


class RandomTests(RegistryCase):
    """Two rounds of a task for each seed. Bob's proof is the one that is good in round 0."""

    @classmethod
    def prepare(cls):
        cls.do(cls.open_task(entry=0), PUBLISHER)

    def assert_all_is_accounted_for(self):
        escrow = 0
        for round in range(2):
            order = self.calls.orderOf(TASK, round).call()
            gate, money, counts = order[0], order[2], order[6]
            outcome, paid, rewarded = gate >> 208 & 255, gate >> 216 & 1, counts >> 128 & (2**32 - 1)
            if not gate:
                continue
            if not outcome:
                escrow += money >> 128
            if not paid and (not outcome or rewarded):
                escrow += money & (2**128 - 1)
        balances = sum(self.balance(number) for number in PEOPLE)
        stakes = [self.registry.stake(self.accounts[n], role) for n in PEOPLE for role in ROLES]
        for stake, locked in stakes:
            self.assertLessEqual(locked, stake)
        held, supply = self.registry.held()
        self.assertEqual(held, supply)
        self.assertEqual(balances + sum(stake for stake, _ in stakes) + escrow + self.calls.burnt().call(), supply)
        return sum(locked for _, locked in stakes)

    def random_call(self, draw, round):
        """A call that may well be refused: its sender, the call, what is sent with it."""
        c, person, other = self.calls, draw.choice(PEOPLE), draw.choice(PEOPLE)
        participant, role = draw.choice([ANN, BOB, EVE]), draw.choice(range(5))
        validator = draw.choice([VAL, VIC])
        point = self.commitment(participant)
        kinds = [
            lambda: (person, c.deposit(), draw.choice([0, 1, 500])),
            lambda: (person, c.withdraw(draw.choice([0, 7, 300, 10**6])), 0),
            lambda: (person, c.register(role, draw.choice([0, 1, 40, 300])), 0),
            lambda: (person, c.unregister(role), 0),
            lambda: (PUBLISHER, self.open_order(
                round=draw.choice([round, round + 2]), reward=draw.choice([0, 999, 10**6]),
                bond=draw.choice([49, 50, 103]), times=[self.chain.time - self.registry.start + t for t in TIMES]), 0),
            lambda: (participant, self.commit(participant, round=round), 0),
            lambda: (other, self.commit(other, commitment=point, round=round), 0),
            lambda: (PUBLISHER, self.reveal(round=round), 0),
            lambda: (participant, c.revealSecret(TASK, round, secret(participant)), 0),
            lambda: (validator, c.validate(TASK, round, self.accounts[BOB], draw.choice([19, 20, 20, 20])), 0),
            lambda: (draw.choice([ZOE, DAN, KIM]), c.challenge(
                TASK, round, self.accounts[BOB], self.accounts[validator]), 0),
            lambda: (draw.choice([ZOE, DAN, KIM, person]), c.report(
                TASK, round, draw.choice([0, 1]), draw.choice([0, 1])), 0),
            lambda: (draw.choice([ZOE, DAN, KIM, ANN, VAL]), c.vote(
                TASK, round, draw.choice([0, 1]), draw.choice([True, False])), 0),
            lambda: (draw.choice([AGG, AGG, person]), self.fix_survivors(
                draw.choice([[BOB], [BOB, participant], []]), draw.choice([[BOB], [participant, BOB]]), round=round), 0),
            lambda: (draw.choice([AGG, person]), self.finalize(round=round), 0),
            lambda: (AGG, self.finalize(BOB, round=round), 0),
            lambda: (person, c.payout(TASK, round, self.signatures(round)), 0)]
        return draw.choice(kinds)()

    def signatures(self, round):
        try:
            return self.registry.sign_payout(NAME, round, [self.accounts[SUE]])
        except Exception:
            # Not finalized, or paid: there is nothing to sign.
            return []

    def attempt(self, sender, call, value=0):
        try:
            self.do(call, sender, value=value)
            return True
        except Reverted as error:
            self.assertNotEqual(error.reason, "", "every refusal has a reason")
            return False

    def play(self, seed, proves):
        draw = random.Random(seed)
        accepted = 0
        for round in range(2):
            start = self.chain.time - self.registry.start + 1
            self.assertTrue(
                self.attempt(PUBLISHER, self.open_order(round=round, times=[start + t for t in TIMES])))
            for span in range(len(TIMES)):
                if span == 7 and proves and round == 0:
                    for survivors in ([BOB, draw.choice([ANN, EVE])], [BOB]):
                        accepted += self.attempt(AGG, self.fix_survivors(survivors, [BOB]))
                for _ in range(6):
                    accepted += self.attempt(*self.random_call(draw, round))
                if span == 1 and proves and round == 0:
                    for call in (self.commit(BOB), self.reveal_secret(BOB)):
                        self.attempt(BOB, call)
                if span == 2 and proves and round == 0:
                    self.attempt(PUBLISHER, self.reveal())
                    self.attempt(BOB, self.reveal_secret(BOB))
                    self.attempt(BOB, self.prove(BOB))
                if span % 3 == 2:
                    self.assert_all_is_accounted_for()
                self.chain.at(self.registry.start + start + TIMES[span])
            # Whatever happened, the order can be ended by anybody now, and paid.
            self.attempt(EVE, self.calls.finalize(TASK, round, NO_MODEL, bytes(32), []))
            self.attempt(EVE, self.calls.payout(TASK, round, self.signatures(round)))
            gate = self.calls.orderOf(TASK, round).call()[0]
            self.assertNotEqual(gate >> 208 & 255, 0)
            self.assertEqual(gate >> 216 & 1, 1)
            self.assertEqual(self.assert_all_is_accounted_for(), 0, "every lock has ended")
        return accepted

    def test_random_sequences(self):
        for seed in range(2):
            with self.subTest(seed=seed):
                self.setUp()
                self.assertGreater(self.play(seed, proves=seed % 2 == 0), 10)

    def test_arguments_that_are_none(self):
        """Random call data for every function: a refusal, and nothing has changed."""
        draw = random.Random(1)
        before = self.assert_all_is_accounted_for()
        contract, eth = self.registry.contract, self.chain.web3.eth
        for entry in contract.abi:
            if entry["type"] != "function" or entry["stateMutability"] in ("view", "pure", "payable"):
                continue
            selector = function_abi_to_4byte_selector(entry)
            for length in (0, 31, 32 * len(entry["inputs"]), 1000):
                data = selector + draw.randbytes(length)
                with self.assertRaises(Exception, msg=entry["name"]):
                    eth.call({"from": self.accounts[ANN], "to": contract.address, "data": data, "gas": 10**7})
        self.assertEqual(self.assert_all_is_accounted_for(), before)


if __name__ == "__main__":
    unittest.main()
