"""Audits on the chain, with real training: digits, 32 stages of one step each, 16 batches, four stages drawn."""

import unittest

from tests import places, rules
from tests.cases import ANN, BOB, EVE, PUBLISHER, AGG, SALT, SAM, VAL, RegistryCase, secret
from tests.places import DIGITS
from tests.points import Q, add, negate, words
from tests.registry import NO_MODEL

NAME, STAGES, BATCHES = DIGITS["name"], DIGITS["stages"], DIGITS["batches"]
TASK = rules.task_number(NAME)
NO_PROOF = [1, 2, 0, 0, 0, 0, 1, 2, 1, 2, 1, 2]


class AuditCase(RegistryCase):
    """Ann is honest; bob commits to data and a model that do not exist."""

    @classmethod
    def setUpClass(cls):
        fixtures = places.fixtures()
        cls.ann = fixtures["trainers"]["ann"]
        cls.checkpoints = [bytes.fromhex(text) for text in cls.ann["checkpoints"]]
        cls.batches = [bytes.fromhex(text) for text in cls.ann["batches"]]
        cls.checkpoint_tree = rules.Tree(
            rules.checkpoint_leaf(i, commitment) for i, commitment in enumerate(cls.checkpoints))
        cls.batch_tree = rules.Tree(rules.batch_leaf(i, commitment) for i, commitment in enumerate(cls.batches))
        cls.test_set_point = words(fixtures["testSet"])
        super().setUpClass()

    @classmethod
    def chunks(cls):
        return [(cls.test_set_point, DIGITS["samples"])]

    @classmethod
    def open(cls, name, audits, start=0):
        audit = (cls.registry.verifier("step", "StepVerifier"), STAGES, audits)
        quality = cls.registry.verifier("quality", "QualityVerifier")
        cls.do(cls.open_task(name, verifier=quality, audit=audit), PUBLISHER)
        # A baseline that nobody reaches: answered audits are rewarded for themselves.
        cls.do(cls.open_order(name, baseline=90, start=words(cls.checkpoints[start])), PUBLISHER)

    @classmethod
    def prepare(cls):
        cls.open(NAME, DIGITS["audits"])

    def data(self, name=NAME):
        return self.calls.commitData(rules.task_number(name), 0, self.batch_tree.root, BATCHES)

    def data_beacon(self, name=NAME, others=True):
        before, after = rules.data_beacon_parts(
            self.registry.name(name), places.other_datasets(self.chain) if others else {}, self.accounts[ANN])
        return rules.sha(before, self.dataset, after)

    @property
    def dataset(self):
        return rules.dataset_digest(self.batch_tree.root, BATCHES)

    def answer(self, stage, /, batch=None, name=NAME, **changes):
        """Ann's answer for a stage, with changes."""
        batch = self.ann["order"][stage] if batch is None else batch
        paths = (
            self.checkpoint_tree.path(stage) + self.checkpoint_tree.path(stage + 1) + self.batch_tree.path(batch))
        arguments = {
            "stage": stage, "proof": words(self.ann["steps"][stage]["proof"]),
            "before": words(self.checkpoints[stage]), "after": words(self.checkpoints[stage + 1]),
            "batch": words(self.batches[batch]), "batchIndex": batch, "paths": paths} | changes
        return self.calls.answerAudit(rules.task_number(name), 0, *arguments.values())


class AuditTests(AuditCase):
    def test_commitments_to_data(self):
        self.refuse("publisher-may-not-compete", self.data(), PUBLISHER)
        self.refuse("not-staked", self.data(), VAL)
        for count in (0, 2**16 + 1):
            self.refuse("batch-count-out-of-range", self.calls.commitData(TASK, 0, bytes(32), count), ANN)
        self.do(self.calls.commitData(TASK, 0, bytes(32), 3), ANN)
        self.do(self.data(), ANN)
        draw = self.calls.drawDataBeacon(TASK, 0, self.ascending(ANN))
        self.refuse("too-early", draw, ANN, at=99)
        self.refuse("late-commitment", self.data(), ANN, at=100)
        for accounts in ([], [self.accounts[BOB]], self.ascending(ANN, BOB), [self.accounts[ANN]] * 2):
            self.refuse("malformed-secrets", self.calls.drawDataBeacon(TASK, 0, accounts), ANN)
        self.do(draw, BOB)
        self.refuse("beacon-already-drawn", draw, ANN)
        self.assertEqual(self.calls.orderOf(TASK, 0).call()[9], self.data_beacon(others=False))
        model = words(self.checkpoints[STAGES])
        root = self.checkpoint_tree.root
        self.refuse("data-not-committed", self.commit(BOB, commitment=model, task=TASK, root=root), BOB)
        self.refuse("checkpoint-root-missing", self.commit(ANN, commitment=model, task=TASK), ANN)

    def test_audited_order(self):
        """From data to payout: four stages proven, everything else refused."""
        task = TASK
        self.do(self.data(), ANN)
        self.do(self.calls.commitData(task, 0, places.BOB_ROOT, BATCHES), BOB)
        self.do(self.calls.drawDataBeacon(task, 0, self.ascending(ANN, BOB)), EVE, at=100)
        root, model = self.checkpoint_tree.root, words(self.checkpoints[STAGES])
        self.do(self.commit(ANN, commitment=model, task=task, root=root), ANN)
        # Bob copies ann's model and root; its data are others.
        self.do(self.commit(BOB, commitment=model, task=task, root=root), BOB)
        self.do(self.reveal(NAME, baseline=90), PUBLISHER, at=200)
        self.refuse("secret-not-revealed", self.answer(0), ANN)
        for number in (ANN, BOB):
            self.do(self.calls.revealSecret(task, 0, secret(number)), number)
        draw = self.calls.drawBeacon(task, 0, self.ascending(ANN, BOB))
        self.refuse("too-early", draw, ANN, at=290)
        self.refuse("too-early", self.answer(0), ANN)
        self.refuse("beacon-not-drawn", self.answer(0), ANN, at=300)
        for accounts in ([], self.ascending(ANN), self.ascending(ANN, EVE), self.ascending(ANN, BOB)[::-1]):
            self.refuse("malformed-secrets", self.calls.drawBeacon(task, 0, accounts), ANN)
        self.do(draw, EVE)
        self.refuse("beacon-already-drawn", draw, ANN)

        beacon = rules.audit_beacon(
            self.registry.name(NAME), {self.accounts[n]: secret(n) for n in (ANN, BOB)}, SALT)
        self.assertEqual(self.calls.orderOf(task, 0).call()[8], beacon)
        sample = rules.sampled_stages(STAGES, DIGITS["audits"], beacon, NAME, self.accounts[ANN], root)
        self.assertEqual(len(sample), 4)
        for stage in range(STAGES):
            if stage not in sample:
                self.refuse("stage-not-sampled", self.answer(stage), ANN)
        for stage in (STAGES, 2**200):
            self.refuse("stage-not-sampled", self.answer(0, stage=stage), ANN)
        self.refuse("not-committed", self.answer(sample[1]), EVE)
        self.refuse("audit-answer-mismatch", self.answer(0), BOB)
        self.forged_answers(sample)

        gas = []
        for stage in sample:
            gas.append(self.do(self.answer(stage), ANN)["gasUsed"])
            self.refuse("stage-already-answered", self.answer(stage), ANN)
        self.assertLessEqual(max(gas), 500_000)
        quality = self.ann["quality"]
        receipt = self.do(
            self.calls.proveQuality(
                task, 0, 0, words(quality["proof"]), self.ann["correct"], *(words(p) for p in quality["commitments"])),
            ANN)
        self.assertLessEqual(receipt["gasUsed"], 430_000)
        self.refuse("late-proof", self.answer(sample[0]), ANN, at=400)

        finalize = self.calls.finalize(task, 0, model, rules.sha(b"file"), [model])
        # Whoever has not answered its audits is not accepted, and not counted: ann alone is more than half.
        for survivors in ([BOB], [ANN, BOB]):
            self.refuse(
                "survivor-not-accepted", self.fix_survivors(survivors, [ANN], task=NAME), AGG, at=700)
        self.do(self.fix_survivors([ANN], [ANN], task=NAME), AGG)
        self.do(finalize, AGG)
        # Bob has answered nothing and loses its lock.
        self.assertEqual(self.stake(BOB), [60, 0])
        self.assertEqual(self.stake(ANN), [100, 0])
        self.assertEqual(self.calls.burnt().call(), 40)
        before = self.balance(ANN)
        signatures = self.registry.sign_payout(NAME, 0, [self.accounts[SAM]])
        self.do(self.calls.payout(task, 0, signatures), EVE, at=800)
        self.assertEqual(self.balance(ANN) - before, 900)

    def forged_answers(self, sample):
        stage, other = sample[1], sample[2]
        step, place = self.ann["steps"][stage], self.ann["order"][stage]
        checkpoints, paths = self.checkpoint_tree, self.batch_tree
        honest = checkpoints.path(stage) + checkpoints.path(stage + 1) + paths.path(place)
        mismatches = {
            "a node changed": {"paths": [bytes(32)] + honest[1:]}, "a node missing": {"paths": honest[:-1]},
            "a node too many": {"paths": honest + honest[-1:]}, "no nodes": {"paths": []},
            "checkpoints swapped": {"before": words(self.checkpoints[stage + 1]),
                                    "after": words(self.checkpoints[stage])},
            "another checkpoint before": {"before": words(self.checkpoints[other])},
            "another checkpoint after": {"after": words(self.checkpoints[other])},
            "the batch of another place": {"batchIndex": (place + 1) % BATCHES},
            "a place that is not there": {"batchIndex": BATCHES}}
        for name, changes in mismatches.items():
            with self.subTest(forgery=name):
                self.refuse("audit-answer-mismatch", self.answer(stage, **changes), ANN)
        with self.subTest(forgery="a batch of the own data that the beacon does not give"):
            self.refuse("audit-answer-mismatch", self.answer(stage, batch=(place + 1) % BATCHES), ANN)
        proof = words(step["proof"])
        wrong = {
            "another stage": words(self.ann["steps"][other]["proof"]), "A negated": negate(proof[:2]) + proof[2:],
            "D and the link argument swapped": proof[:8] + proof[10:] + proof[8:10]}
        for name, changed in wrong.items():
            with self.subTest(forgery=name):
                self.refuse("proof-does-not-verify", self.answer(stage, proof=changed), ANN)
        for name, changed in (("q added", [proof[0] + Q] + proof[1:]), ("no proof", NO_PROOF)):
            with self.subTest(forgery=name):
                self.refuse("malformed-proof", self.answer(stage, proof=changed), ANN)


class EndOfTheChainTests(AuditCase):
    """The chain starts at the public start and ends at the model; all stages are wanted, so no beacon is needed."""

    @classmethod
    def prepare(cls):
        cls.open("right", STAGES)
        cls.open("another start", STAGES, start=1)
        cls.do(cls.calls.register(0, 1_000), PUBLISHER)
        cls.open("another model", STAGES)

    def to_answers(self, name, model):
        task = rules.task_number(name)
        self.do(self.data(name), ANN, at=50)
        self.do(self.calls.drawDataBeacon(task, 0, self.ascending(ANN)), ANN, at=100)
        self.do(self.commit(ANN, commitment=model, task=task, root=self.checkpoint_tree.root), ANN)
        self.do(self.reveal(name, baseline=90), PUBLISHER, at=200)
        self.do(self.calls.revealSecret(task, 0, secret(ANN)), ANN)
        self.chain.at(self.registry.start + 300)

    def result(self, name, stage):
        """With everything but the proof, which is none: a fitting answer gets as far as the proof."""
        batch = rules.batch_of_step(
            BATCHES, self.dataset, self.data_beacon(name, others=False), name, self.accounts[ANN], stage)
        return self.answer(stage, batch=batch, name=name, proof=NO_PROOF)

    def test_ends(self):
        model = words(self.checkpoints[STAGES])
        self.to_answers("right", model)
        self.refuse("malformed-proof", self.result("right", 0), ANN)
        self.refuse("malformed-proof", self.result("right", STAGES - 1), ANN)

    def test_another_start(self):
        self.to_answers("another start", words(self.checkpoints[STAGES]))
        self.refuse("audit-answer-mismatch", self.result("another start", 0), ANN)
        self.refuse("malformed-proof", self.result("another start", STAGES - 1), ANN)

    def test_another_model(self):
        self.to_answers("another model", add(words(self.checkpoints[STAGES]), [1, 2]))
        self.refuse("malformed-proof", self.result("another model", 0), ANN)
        self.refuse("audit-answer-mismatch", self.result("another model", STAGES - 1), ANN)

    def test_orders_need_a_start(self):
        self.do(self.open_task("no start", audit=(self.verifier, STAGES, 1)), PUBLISHER)
        for start in (NO_MODEL, [1, 3], [1 + Q, 2]):
            self.refuse("malformed-commitment", self.open_order("no start", start=start), PUBLISHER)


class BatchOrderTests(AuditCase):
    """The order of the batches: ours, the Swift program's and the contract's are one."""

    @classmethod
    def prepare(cls):
        pass

    def test_order_of_the_fixtures(self):
        order = [
            rules.batch_of_step(
                BATCHES, self.dataset, self.data_beacon(), NAME, self.accounts[ANN], step)
            for step in range(STAGES)]
        self.assertEqual(order, self.ann["order"])
        self.assertEqual(self.dataset.hex(), self.ann["datasetDigest"])
        for stage, step in enumerate(self.ann["steps"]):
            self.assertEqual(rules.context_digest(step["context"]).hex(), step["contextDigest"])
            self.assertEqual(step["context"]["stage"], stage)


if __name__ == "__main__":
    unittest.main()
