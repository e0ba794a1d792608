"""The verifier for plain proofs: keys and proofs of snarkjs and rapidsnark, and everything that it must refuse."""

import json
import unittest
from pathlib import Path

from tests.chain import NOBODY, Chain, Reverted
from tests.points import Q, R, negate, outside_subgroup
from tests.trapdoor import TrapdoorKey
from tools.build import PLAIN, compile_source, plain_source
from tools.template import VerifyingKey

VECTORS = Path(__file__).resolve().parents[2] / "Tests" / "Vectors" / "snarkjs"


def read(name):
    return json.loads((VECTORS / name).read_text())


def g1(values):
    return [int(values[0]), int(values[1])]


def g2(values):
    """snarkjs writes real parts first."""
    return [[int(values[i][1]), int(values[i][0])] for i in (0, 1)]


def digits(numbers):
    return "".join(f"{number:064x}" for number in numbers)


class PlainVerifierTests(unittest.TestCase):
    """The key of `Tests/Vectors/snarkjs`."""

    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        key = read("verification_key.json")
        twice = {name: digits(sum(g2(key[f"vk_{name}_2"]), [])) for name in ("beta", "gamma", "delta")}
        cls.key = VerifyingKey(
            digest=bytes(32).hex(), circuit_digest=bytes(32).hex(), challenge_count=0, commitment_count=0,
            alpha=digits(g1(key["vk_alpha_1"])), ic=[digits(g1(point)) for point in key["IC"]], link=[], **twice)
        cls.inputs = [int(number) for number in read("public.json")]
        cls.contract, cls.receipt = cls.chain.deploy(
            f"PlainVerifier{len(cls.inputs)}", cls.key.constructor_bytes)
        cls.proof = cls.read_proof("proof_snarkjs.json")

    @staticmethod
    def read_proof(name):
        proof = read(name)
        return g1(proof["pi_a"]), g2(proof["pi_b"]), g1(proof["pi_c"])

    def verify(self, a=None, b=None, c=None, inputs=None, contract=None):
        contract = contract or self.contract
        call = contract.functions.verifyProof(
            a or self.proof[0], b or self.proof[1], c or self.proof[2], inputs or self.inputs)
        return self.chain.send(call, self.chain.accounts[0])

    def refused(self, reason, **changes):
        with self.assertRaises(Reverted) as caught:
            self.verify(**changes)
        self.assertEqual(caught.exception.reason, reason)

    def test_published_proofs(self):
        self.assertLessEqual(self.verify()["gasUsed"], 210_000 + 7_200 * len(self.inputs))
        self.proof, kept = self.read_proof("proof_rapidsnark.json"), self.proof
        self.verify()
        self.proof = kept

    def test_gas_by_inputs(self):
        for count in PLAIN:
            with self.subTest(inputs=count):
                key = TrapdoorKey(("plain", count), challenges=0, inputs=count, commitments=0, linked=False)
                contract, _ = self.chain.deploy(f"PlainVerifier{count}", key.verifying.constructor_bytes)
                # Inputs without zero bytes cost the most.
                inputs = [int.from_bytes(bytes([0x2A] * 32), "big") + i for i in range(count)]
                proof = key.plain_proof(inputs)
                call = contract.functions.verifyProof(proof[:2], [proof[2:4], proof[4:6]], proof[6:], inputs)
                receipt = self.chain.send(call, self.chain.accounts[0])
                self.assertLessEqual(receipt["gasUsed"], 210_000 + 7_200 * count)

    def test_other_inputs(self):
        for place in range(len(self.inputs)):
            inputs = list(self.inputs)
            inputs[place] = (inputs[place] + 1) % R
            self.refused("false proof", inputs=inputs)
            inputs[place] = self.inputs[place] + R
            self.refused("input", inputs=inputs)

    def test_wrong_number_of_inputs(self):
        """Another number is another function, which is not there; fewer words are too few."""
        data = self.contract.encode_abi("verifyProof", [*self.proof, self.inputs])
        for wrong in (data[:-64], data[:10]):
            with self.assertRaises(Exception):
                self.chain.web3.eth.call({"to": self.contract.address, "data": wrong})

    def test_other_points(self):
        (x, y), b, c = self.proof
        self.refused("false proof", a=negate([x, y]))
        self.refused("false proof", c=negate(c))
        self.refused("false proof", a=c, c=[x, y])
        self.refused("", a=[x, (y + 1) % Q])
        self.refused("", c=[c[0], (c[1] + 1) % Q])
        outside = outside_subgroup()
        self.refused("", b=[outside[:2], outside[2:]])

    def test_numbers_out_of_range(self):
        (x, y), b, c = self.proof
        self.refused("coordinate of A", a=[x + Q, y])
        self.refused("coordinate of A", a=[x, y + Q])
        self.refused("coordinate of C", c=[c[0] + Q, c[1]])
        for i in range(2):
            for j in range(2):
                changed = [list(part) for part in b]
                changed[i][j] += Q
                self.refused("coordinate of B", b=changed)

    def test_identities(self):
        self.refused("A is the identity", a=[0, 0])
        self.refused("B is the identity", b=[[0, 0], [0, 0]])
        self.refused("C is the identity", c=[0, 0])

    def test_precompile_without_data(self):
        source = plain_source(len(self.inputs))
        start = source.index("@external")
        for name, reason in (("ECADD", "ecAdd"), ("ECMUL", "ecMul"), ("PAIRING", "pairing")):
            patched = source[:start] + source[start:].replace(f"{name},", f"{NOBODY},")
            contract, _ = self.chain.deploy(compile_source(patched), self.key.constructor_bytes)
            self.refused(reason, contract=contract)


if __name__ == "__main__":
    unittest.main()
