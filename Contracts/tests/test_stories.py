"""Plays the stories of Docs/protocol.md on the contracts: the receipts and amounts must be those of the ledger."""

import unittest

from tests import places, rules, stories
from tests.chain import Reverted
from tests.points import add, negate, words
from tests.registry import CONTENTS, NO_AUDIT, NO_MODEL, ROLES, SURVIVOR, SURVIVORS_FIXED, Registry

# Blocks have times of their own, so a story's second is so many here.
SCALE = 100
SUBJECTS, KINDS = ["testSet", "globalModel"], ["irretrievable", "unfit"]


class StoryRunner:
    """One story on one registry."""

    def __init__(self, test, file, story):
        self.test, self.file, self.story = test, file, story
        self.registry = Registry(story["parameters"])
        accounts = self.registry.chain.accounts
        self.accounts = {actor: accounts[stories.account_number(story, actor)] for actor in story["actors"]}
        self.fixtures = places.fixtures()["products"]
        self.task = story["task"]["name"]
        self.number = rules.task_number(self.task)
        # What each actor committed to last, by round, in the order of their first commitments.
        self.models, self.accepted_proofs = {}, {}
        for actor, amount in story["actors"].items():
            if amount:
                self.registry.send(self.registry.calls.deposit(), self.accounts[actor], value=amount)
        self.verifier = self.registry.verifier("product", "ProductVerifier")
        self.registry.start = self.registry.chain.time + 1000

    def play(self):
        for index, step in enumerate(self.story["steps"]):
            with self.test.subTest(story=self.file, step=index, does=step["do"], by=step["by"]):
                result = "accepted"
                try:
                    call = getattr(self, step["do"])(step)
                    self.registry.send(call, self.accounts[step["by"]], at=SCALE * step["at"])
                except Reverted as error:
                    result = error.reason
                self.test.assertEqual(result, step["expect"])
                if result == "accepted":
                    self.remember(step)
                self.compare(step)
        self.compare(self.story)

    def compare(self, expected):
        calls = self.registry.calls
        for actor, amount in expected.get("balances", {}).items():
            self.test.assertEqual(calls.balanceOf(self.accounts[actor]).call(), amount, f"balance of {actor}")
        for actor, stakes in expected.get("stakes", {}).items():
            for role, amount in stakes.items():
                self.test.assertEqual(
                    self.registry.stake(self.accounts[actor], role)[0], amount, f"stake of {actor} as {role}")
        if "burnt" in expected:
            self.test.assertEqual(calls.burnt().call(), expected["burnt"], "burnt")
        self.test.assertEqual(*self.registry.held())

    def remember(self, step):
        if step["do"] == "commitModel":
            self.models.setdefault(step.get("round", 0), {})[step["by"]] = step["model"]
        if step["do"] == "proveQuality":
            self.accepted_proofs[step["by"]] = self.proof_words(step)

    def fixture(self, actor, round, model):
        name = stories.proof_name(self.file, actor, round, model)
        if name not in self.fixtures:
            raise AssertionError(f"there is no proof for {name}: run make contract-fixtures")
        return self.fixtures[name]

    def proven(self, step):
        """The fixture of what the actor committed to last; of any model where it has not committed."""
        round = step.get("round", 0)
        model = self.models.get(round, {}).get(step["by"])
        if model is None:
            return next(iter(self.fixtures.values()))
        return self.fixture(step["by"], round, model)

    def proof_words(self, step):
        kind = step.get("proof", "")
        if kind.startswith("for:"):
            return self.accepted_proofs[kind[4:]]
        proof = words(self.proven(step)["proof"])
        if kind == "flipped":
            proof[:2] = negate(proof[:2])
        return proof

    def test_set(self):
        """The one chunk: its commitment is that of the first proof of the story."""
        story = self.story["testSet"]
        actor, round, model = stories.commitments(self.story)[0]
        commitment = words(self.fixture(actor, round, model)["commitments"][1])
        return bytes.fromhex(story["salt"]), story["baseline"], [(commitment, story["samples"])]

    # The transactions.

    def register(self, step):
        return self.registry.calls.register(ROLES.index(step["role"]), step["amount"])

    def unregister(self, step):
        return self.registry.calls.unregister(ROLES.index(step["role"]))

    def openTask(self, step):
        task = self.story["task"]
        return self.registry.calls.openTask(
            task["name"], self.verifier, task["samples"], task["minimumSamples"], False, task.get("entryShare", 0),
            NO_AUDIT)

    def openOrder(self, step):
        round = step.get("round", 0)
        salt, baseline, chunks = self.test_set()
        hash = rules.test_set_hash(self.registry.name(self.task, round), salt, CONTENTS, baseline, chunks)
        times = [self.registry.start + SCALE * time for time in step["times"]]
        signers = [self.accounts[actor] for actor in step["signers"]]
        return self.registry.calls.openOrder(
            self.number, round, hash,
            (step["reward"], step["bond"], step["split"], times, signers, step["threshold"], NO_MODEL))

    def commitModel(self, step):
        round = step.get("round", 0)
        commitment = words(self.fixture(step["by"], round, step["model"])["commitments"][0])
        secret = rules.beacon_commitment(self.accounts[step["by"]], rules.word(step["secret"]))
        return self.registry.calls.commitModel(self.number, round, commitment, bytes(32), secret)

    def revealTestSet(self, step):
        salt, baseline, chunks = self.test_set()
        return self.registry.calls.revealTestSet(
            self.number, step.get("round", 0), salt, CONTENTS, baseline, chunks)

    def revealSecret(self, step):
        return self.registry.calls.revealSecret(
            self.number, step.get("round", 0), rules.word(step["secret"]))

    def proveQuality(self, step):
        model, test_set = (words(text) for text in self.proven(step)["commitments"])
        return self.registry.calls.proveQuality(
            self.number, step.get("round", 0), 0, self.proof_words(step), step["correct"], model, test_set)

    def validate(self, step):
        return self.registry.calls.validate(
            self.number, step.get("round", 0), self.accounts[step["participant"]], step["correct"])

    def challenge(self, step):
        return self.registry.calls.challenge(
            self.number, step.get("round", 0), self.accounts[step["participant"]],
            self.accounts[step["validator"]])

    def report(self, step):
        return self.registry.calls.report(
            self.number, step.get("round", 0), SUBJECTS.index(step["subject"]), KINDS.index(step["kind"]))

    def vote(self, step):
        return self.registry.calls.vote(self.number, step.get("round", 0), step["report"], step["upholds"])

    def fixSurvivors(self, step):
        round = step.get("round", 0)
        survivors = sorted(
            (self.accounts[actor] for actor in step["survivors"]), key=rules.account_bytes,
            reverse=step.get("order") == "descending")
        digest = rules.survivors_digest(self.registry.name(self.task, round), survivors)
        signatures = []
        for actor in step["signers"]:
            signed = rules.sha(digest) if actor.startswith("!") else digest
            signatures += self.registry.sign(signed, [self.accounts[actor.removeprefix("!")]])
        return self.registry.calls.fixSurvivors(self.number, round, survivors, signatures)

    def finalize(self, step):
        round = step.get("round", 0)
        if step["model"] == "none":
            return self.registry.calls.finalize(self.number, round, NO_MODEL, bytes(32), [])
        commitments = [
            words(self.fixture(actor, round, model)["commitments"][0])
            for actor, model in self.models.get(round, {}).items()
            if self.is_summed(actor, round, survivors=step["model"] != "all")]
        model = add(*commitments) if commitments else [1, 2]
        if step["model"] == "wrong":
            model = add(model, model)
        return self.registry.calls.finalize(self.number, round, model, rules.sha(b"file"), commitments)

    def is_summed(self, actor, round, survivors):
        """
        Whether a participant is on record as a survivor. Where none is, or nobody asks: whether it has a claim, as stories
        demand no more.
        """
        word, claims, _ = self.registry.calls.memberOf(self.number, round, self.accounts[actor]).call()
        gate = self.registry.calls.orderOf(self.number, round).call()[0]
        return word & SURVIVOR != 0 if survivors and gate & SURVIVORS_FIXED else claims != 0

    def payout(self, step):
        round = step.get("round", 0)
        try:
            signatures = self.registry.sign_payout(
                self.task, round, [self.accounts[actor] for actor in step["signers"]])
        except Exception:
            # Nothing to sign: the order is not finalized, or is paid.
            signatures = []
        return self.registry.calls.payout(self.number, round, signatures)


class StoryTests(unittest.TestCase):
    """One test for each file."""

    def test_there_are_stories(self):
        self.assertGreaterEqual(len(stories.load()), 3)


def _test(file, story):
    return lambda self: StoryRunner(self, file, story).play()


for _file, _story in stories.load().items():
    setattr(StoryTests, "test_" + _file.replace("-", "_"), _test(_file, _story))


if __name__ == "__main__":
    unittest.main()
