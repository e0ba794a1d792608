"""Gas of every call, measured on an order with audits; `python -m tests.gas` writes the table into Docs/evm.md."""

import sys
from pathlib import Path

from tests import places, rules
from tests.cases import AGG, ANN, BOB, DAN, EVE, KIM, PUBLISHER, SALT, SAM, SUE, VAL, VIC, ZOE, secret
from tests.points import words
from tests.test_audits import NAME, STAGES, TASK, AuditCase
from tests.trapdoor import TrapdoorKey
from tools.build import MOST_CODE, PLAIN, compiled

PAGE = Path(__file__).resolve().parents[2] / "Docs" / "evm.md"
START, END = "<!-- gas: written by `make gas` -->\n", "<!-- end of gas -->\n"
# Whole transactions with the verifier alone, and with the registry: what they may cost at most.
LIMITS = {"quality": 380_000, "step": 420_000, "proveQuality": 430_000, "answerAudit": 500_000}


def plain_limit(inputs):
    return 210_000 + 7_200 * inputs


class GasCase(AuditCase):
    """An order that ends well, with every kind of transaction in it."""

    def play(self):
        c, task = self.calls, TASK
        root, model = self.checkpoint_tree.root, words(self.checkpoints[STAGES])
        self.do(self.data(), ANN)
        self.do(c.commitData(task, 0, places.BOB_ROOT, places.DIGITS["batches"]), BOB)
        self.do(c.drawDataBeacon(task, 0, self.ascending(ANN, BOB)), EVE, at=100)
        for number in (ANN, BOB):
            self.do(self.commit(number, commitment=model, task=task, root=root), number)
        self.do(self.reveal(NAME, baseline=90), PUBLISHER, at=200)
        for number in (ANN, BOB):
            self.do(c.revealSecret(task, 0, secret(number)), number)
        self.do(c.drawBeacon(task, 0, self.ascending(ANN, BOB)), EVE, at=300)
        beacon = rules.audit_beacon(
            self.registry.name(NAME), {self.accounts[n]: secret(n) for n in (ANN, BOB)}, SALT)
        for stage in rules.sampled_stages(
                STAGES, places.DIGITS["audits"], beacon, NAME, self.accounts[ANN], root):
            self.do(self.answer(stage), ANN)
        quality, correct = self.ann["quality"], self.ann["correct"]
        commitments = [words(text) for text in quality["commitments"]]
        self.do(c.proveQuality(task, 0, 0, words(quality["proof"]), correct, *commitments), ANN)
        ann = self.accounts[ANN]
        self.do(c.validate(task, 0, ann, correct), VAL, at=400)
        self.do(c.validate(task, 0, ann, correct - 1), VIC)
        self.do(c.challenge(task, 0, ann, self.accounts[VIC]), ZOE)
        self.do(c.report(task, 0, 0, 0), ZOE)
        self.do(c.vote(task, 0, 0, False), DAN)
        self.do(c.vote(task, 0, 0, False), KIM)
        self.do(self.fix_survivors([ANN], [ANN], task=NAME), AGG, at=700)
        self.do(c.finalize(task, 0, model, rules.sha(b"file"), [model]), AGG)
        signatures = self.registry.sign_payout(NAME, 0, [self.accounts[SAM], self.accounts[SUE]])
        self.do(c.payout(task, 0, signatures), EVE, at=800)
        self.do(c.unregister(1), ANN)
        self.do(c.withdraw(1_000), ANN)

    def verify_alone(self, key, fixture):
        contract = self.registry.verifiers[key][0]
        call = contract.functions.verify(
            words(fixture["proof"]), bytes.fromhex(fixture["contextDigest"]),
            [word for part in fixture["inputs"] + fixture["commitments"] for word in words(part)])
        return self.chain.send(call, self.accounts[EVE])["gasUsed"]

    def verify_plain(self, count):
        key = TrapdoorKey(("plain", count), challenges=0, inputs=count, commitments=0, linked=False)
        contract, _ = self.chain.deploy(f"PlainVerifier{count}", key.verifying.constructor_bytes)
        # Inputs without zero bytes cost the most.
        inputs = [int.from_bytes(bytes([0x2A] * 32), "big") + i for i in range(count)]
        proof = key.plain_proof(inputs)
        call = contract.functions.verifyProof(proof[:2], [proof[2:4], proof[4:6]], proof[6:], inputs)
        return self.chain.send(call, self.accounts[EVE])["gasUsed"]


def measure():
    """Gas of the verifiers alone, by name, with their limits; and of deployments and calls, lists by name."""
    GasCase.setUpClass()
    case = GasCase()
    case.play()
    alone = {
        "quality proof, two linked commitments": (
            case.verify_alone("quality", case.ann["quality"]), LIMITS["quality"]),
        "training step, three linked commitments": (
            max(case.verify_alone("step", step) for step in case.ann["steps"][:1]), LIMITS["step"])}
    for count in PLAIN:
        inputs = "1 public input" if count == 1 else f"{count} public inputs"
        alone[f"plain Groth16, {inputs}"] = (case.verify_plain(count), plain_limit(count))
    return alone, case.chain.gas


def table(alone, gas):
    """The measured numbers as Markdown."""
    lines = ["| verifier alone, whole transaction | gas | limit |", "|---|---|---|"]
    lines += [f"| {name} | {used:,} | {limit:,} |" for name, (used, limit) in alone.items()]
    lines += ["", "| deployment | gas | bytes of code, of 24,576 |", "|---|---|---|"]
    deployed = [name for name in gas if name[0].isupper()]
    lines += [f"| `{name}` | {gas[name][0]:,} | {compiled(name)['runtimeBytes']:,} |" for name in deployed]
    lines += ["", "| call of the registry | gas | limit |", "|---|---|---|"]
    for name, used in gas.items():
        if name not in deployed and name not in ("verify", "verifyProof"):
            span = f"{min(used):,}" if min(used) == max(used) else f"{min(used):,} … {max(used):,}"
            limit = f"{LIMITS[name]:,}" if name in LIMITS else ""
            lines.append(f"| `{name}` | {span} | {limit} |")
    assert MOST_CODE == 24_576
    return "\n".join(lines) + "\n"


def replaced(page, text):
    """The page with the table between its marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    if not rest or not after and END not in rest:
        raise ValueError("Docs/evm.md has no marks for the table of gas")
    return before + START + text + END + after


if __name__ == "__main__":
    if len(sys.argv) != 1:
        sys.exit("usage: python -m tests.gas")
    PAGE.write_text(replaced(PAGE.read_text(), table(*measure())))
