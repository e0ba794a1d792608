"""The verifier for linked proofs: what it accepts, and every forgery it must refuse."""

import unittest

from py_ecc.optimized_bn128 import G2, normalize

from tests import places, rules
from tests.chain import NOBODY, Chain, Reverted, pairings, slow_pairing
from tests.points import Q, R, add, multiply, negate, outside_subgroup, rerandomised, words
from tests.trapdoor import TrapdoorKey, g1, g2
from tools.build import compile_source, linked_source
from tools.template import VerifyingKey

# Words of the proof.
A, B, C, D, PI = slice(0, 2), slice(2, 6), slice(6, 8), slice(8, 10), slice(10, 12)


def read_key(name):
    """A key of the fixtures."""
    return VerifyingKey.decode(bytes.fromhex(places.fixtures()["keys"][name]))


def read_proof(fixture):
    """Proof, digest of the context, and statement of a fixture."""
    statement = [word for part in fixture["inputs"] + fixture["commitments"] for word in words(part)]
    return words(fixture["proof"]), bytes.fromhex(fixture["contextDigest"]), statement


def replaced(values, position, new):
    values = list(values)
    values[position] = new
    return values


class LinkedVerifierTests(unittest.TestCase):
    """A proof of quality by the Swift program: two challenges, one input, two commitments."""

    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        cls.key = read_key("quality")
        cls.contract, _ = cls.chain.deploy("QualityVerifier", cls.key.constructor_bytes)
        cls.fixture = places.fixtures()["trainers"]["ann"]["quality"]
        cls.proof, cls.context, cls.statement = read_proof(cls.fixture)

    def verify(self, proof=None, context=None, statement=None, contract=None):
        contract = contract or self.contract
        call = contract.functions.verify(
            proof or self.proof, context or self.context, statement or self.statement)
        return self.chain.send(call, self.chain.accounts[0])

    def refused(self, reason=None, **changes):
        with self.assertRaises(Reverted) as caught:
            self.verify(**changes)
        if reason is not None:
            self.assertEqual(caught.exception.reason, reason)

    def test_valid_proof(self):
        receipt = self.verify()
        self.assertLessEqual(receipt["gasUsed"], 380_000)
        call = self.contract.functions.verify(self.proof, self.context, self.statement)
        self.assertIs(call.call(), True)
        self.assertEqual(self.contract.functions.keyDigest().call().hex(), self.key.digest)

    def test_rerandomised_proof(self):
        """It is valid; that is why the registry keeps claims by statement."""
        proof = rerandomised(self.proof)
        self.assertNotEqual(proof, self.proof)
        self.verify(proof=proof)

    def test_changed_words(self):
        """A changed coordinate is off its curve: a precompile fails, or the hash has changed."""
        for position in range(12):
            with self.subTest(word=position):
                self.refused(proof=replaced(self.proof, position, (self.proof[position] + 1) % Q))

    def test_negated_points(self):
        """Other points of the curve: every check of form passes, the equation fails."""
        for name, part in (("A", A), ("B", B), ("C", C), ("D", D), ("link argument", PI)):
            with self.subTest(point=name):
                self.refused("false proof", proof=self._with(part, negate(self.proof[part])))

    def _with(self, part, point):
        proof = list(self.proof)
        proof[part] = point
        return proof

    def test_other_statement(self):
        """The input, each commitment, their order and the context are bound."""
        x, c1, c2 = self.statement[:1], self.statement[1:3], self.statement[3:]
        self.refused("false proof", statement=[x[0] + 1] + c1 + c2)
        self.refused("false proof", statement=x + c2 + c1)
        self.refused("false proof", statement=x + add(c1, c2) + c2)
        self.refused("false proof", statement=x + [0, 0] + c2)
        self.refused("false proof", context=self.context[::-1])
        for name, value in (("round", 1), ("stage", 1), ("chunk", 1), ("task", "other"), ("ledger", "eip155:1"),
                            ("contract", NOBODY.lower()), ("participant", NOBODY.lower()),
                            ("roles", ["test set", "model"])):
            with self.subTest(context=name):
                context = rules.context_digest(self.fixture["context"] | {name: value})
                self.refused("false proof", context=context)

    def test_commitments_off_the_curve(self):
        for place in (1, 3):
            for step in (0, 1):
                changed = replaced(self.statement, place + step, (self.statement[place + step] + 1) % Q)
                self.refused("", statement=changed)

    def test_numbers_out_of_range(self):
        """Another number for the same residue is refused, wherever it stands."""
        names = ["A"] * 2 + ["B"] * 4 + ["C"] * 2 + ["D"] * 2 + ["link argument"] * 2
        for position, name in enumerate(names):
            with self.subTest(word=position):
                self.refused(
                    f"coordinate of {name}", proof=replaced(self.proof, position, self.proof[position] + Q))
        self.refused("input", statement=replaced(self.statement, 0, self.statement[0] + R))
        self.refused("input", statement=replaced(self.statement, 0, R))
        for position in range(1, 5):
            self.refused(
                "coordinate of commitment",
                statement=replaced(self.statement, position, self.statement[position] + Q))

    def test_identities(self):
        for name, part, size in (("A", A, 2), ("B", B, 4), ("C", C, 2), ("D", D, 2)):
            self.refused(f"{name} is the identity", proof=self._with(part, [0] * size))
        # The identity as (0, q) in the negated A.
        self.refused("coordinate of A", proof=self._with(A, [0, Q]))
        self.refused("false proof", proof=self._with(PI, [0, 0]))

    def test_point_outside_the_subgroup(self):
        point = outside_subgroup()
        self.assertNotEqual(point, [0] * 4)
        self.refused("", proof=self._with(B, point))

    def test_trivial_solution(self):
        """A = α, B = β, C = 0, D = −IC(public) satisfies the first equation."""
        key = self.key
        for argument in ([0, 0], self.proof[PI]):
            d = negate(words(key.ic[0]))
            proof = words(key.alpha) + words(key.beta) + [0, 0] + d + argument
            self.refused("C is the identity", proof=proof)

    def test_data_too_short(self):
        data = self.contract.encode_abi("verify", [self.proof, self.context, self.statement])
        account = self.chain.accounts[0]
        for shorter in (data[:-2], data[: 10 + 12 * 64], data[:10], "0x"):
            with self.assertRaises(Exception):
                self.chain.web3.eth.call({"to": self.contract.address, "from": account, "data": shorter})

    def test_precompile_without_data(self):
        """A call of an address without code succeeds and returns nothing: that must not pass for an answer."""
        source = linked_source(2, 1, 2)
        start = source.index("@external")
        for number, reason in ((2, "sha256"), (6, "ecAdd"), (7, "ecMul"), (8, "pairing")):
            with self.subTest(precompile=number):
                name = {2: "SHA256", 6: "ECADD", 7: "ECMUL", 8: "PAIRING"}[number]
                patched = source[:start] + source[start:].replace(f"{name},", f"{NOBODY},")
                self.assertNotEqual(patched, source)
                contract, _ = self.chain.deploy(compile_source(patched), self.key.constructor_bytes)
                self.refused(reason, contract=contract)


class StepTests(unittest.TestCase):
    """Proofs of training steps by the Swift program: three challenges, no input, three commitments."""

    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        cls.contract, _ = cls.chain.deploy("StepVerifier", read_key("step").constructor_bytes)
        cls.steps = [read_proof(step) for step in places.fixtures()["trainers"]["ann"]["steps"][:2]]

    def verify(self, proof, context, statement):
        return self.chain.send(self.contract.functions.verify(proof, context, statement), self.chain.accounts[0])

    def test_valid_proofs(self):
        for step in self.steps:
            self.assertLessEqual(self.verify(*step)["gasUsed"], 420_000)

    def test_other_statements(self):
        (proof, context, statement), (_, other, next_statement) = self.steps
        before, after, batch = statement[:2], statement[2:4], statement[4:]
        for changed in (after + before + batch, before + batch + after, before + after + next_statement[4:]):
            with self.assertRaises(Reverted):
                self.verify(proof, context, changed)
        with self.assertRaises(Reverted):
            self.verify(proof, other, statement)


class ForgeryTests(unittest.TestCase):
    """Forgeries that pass a verifier without one of its checks, and must fail ours. The circuit has no challenge: then a
    forger need not solve a hash."""

    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        cls.key = read_key("unbound")
        cls.source = linked_source(0, 1, 2)
        cls.contract, _ = cls.chain.deploy(compile_source(cls.source), cls.key.constructor_bytes)
        cls.proof, cls.context, cls.statement = read_proof(places.fixtures()["unbound"])

    def with_weight(self, weight):
        """The verifier with a weight that is known beforehand."""
        line = "    weight: uint256 = convert(hash, uint256) >> 128\n    assert weight != 0, \"weight\"\n"
        self.assertIn(line, self.source)
        patched = self.source.replace(line, f"    weight: uint256 = {weight}\n")
        return self.chain.deploy(compile_source(patched), self.key.constructor_bytes)[0]

    def verify(self, contract, proof, statement):
        self.chain.send(contract.functions.verify(proof, self.context, statement), self.chain.accounts[0])

    def refused(self, proof, statement):
        with self.assertRaises(Reverted) as caught:
            self.verify(self.contract, proof, statement)
        self.assertEqual(caught.exception.reason, "false proof")

    def test_public_input_hidden_in_the_commitment(self):
        """D + 1000·IC_1 with the input 1000 less: only the link equation notices."""
        statement = replaced(self.statement, 0, (self.statement[0] - 1000) % R)
        ic = words(self.key.ic[1])
        proof = list(self.proof)
        proof[D] = add(self.proof[D], multiply(ic, 1000))
        self.verify(self.contract, self.proof, self.statement)
        self.verify(self.with_weight(0), proof, statement)
        self.refused(proof, statement)
        proof[PI] = add(self.proof[PI], multiply(ic, 1000))
        self.refused(proof, statement)

    def test_known_weight(self):
        """B absorbs d·γ + d·w·[γ·k_0]₂, and D + d·A passes: the first equation stands inverted beside the second."""
        key, d, weight = self.key, 31337, 77
        proof = list(self.proof)
        proof[D] = add(self.proof[D], multiply(self.proof[A], d))
        proof[B] = add(
            self.proof[B], multiply(words(key.gamma), d), multiply(words(key.link[0]), d * weight))
        self.verify(self.with_weight(weight), proof, self.statement)
        self.refused(proof, self.statement)

    def test_swapped_roles_of_the_proof(self):
        """C and D, D and the link argument in each other's places."""
        proof = list(self.proof)
        proof[C], proof[D] = self.proof[D], self.proof[C]
        self.refused(proof, self.statement)
        proof = list(self.proof)
        proof[D], proof[PI] = self.proof[PI], self.proof[D]
        self.refused(proof, self.statement)


class PairingTests(unittest.TestCase):
    """The chain's own pairing check, which is slow, agrees on a good proof and on a false one."""

    def test_pairings(self):
        chain = Chain()
        contract, _ = chain.deploy("StepVerifier", read_key("step").constructor_bytes)
        steps = [read_proof(step) for step in places.fixtures()["trainers"]["ann"]["steps"][:2]]
        pairings.clear()
        chain.send(contract.functions.verify(*steps[0]), chain.accounts[0])
        with self.assertRaises(Reverted):
            chain.send(contract.functions.verify(*steps[0][:2], steps[1][2]), chain.accounts[0])
        self.assertEqual(sorted(pairings.values()), [False, True])
        for data, answer in pairings.items():
            self.assertIs(slow_pairing(data), answer)


class ConstructorTests(unittest.TestCase):
    """Keys with which anything can be proven are refused, whoever made them."""

    @classmethod
    def setUpClass(cls):
        cls.chain = Chain()
        cls.trapdoor = TrapdoorKey("constructor", challenges=2, inputs=1, commitments=2)

    def deploy(self, **changes):
        key = self.trapdoor.verifying
        values = {name: changes.get(name, getattr(key, name)) for name in (
            "digest", "circuit_digest", "challenge_count", "commitment_count", "alpha", "beta", "gamma", "delta", "ic",
            "link")}
        return self.chain.deploy("QualityVerifier", VerifyingKey(**values).constructor_bytes)

    def refused(self, reason, **changes):
        with self.assertRaises(Reverted) as caught:
            self.deploy(**changes)
        self.assertEqual(caught.exception.reason, reason)

    def test_unsound_keys(self):
        key, zero1, zero2 = self.trapdoor.verifying, bytes(64).hex(), bytes(128).hex()
        generator = g2(1).hex()
        self.deploy()
        self.deploy(gamma=generator)
        self.refused("alpha is the identity", alpha=zero1)
        for name in ("beta", "gamma", "delta"):
            self.refused("identity in key", **{name: zero2})
        self.refused("repetition in key", delta=key.gamma)
        self.refused("repetition in key", delta=generator)
        for place in range(3):
            link = list(key.link)
            link[place] = zero2
            self.refused("identity in key", link=link)
            link[place] = key.gamma
            self.refused("repetition in key", link=link)
            link[place] = key.link[(place + 1) % 3]
            self.refused("repetition in key", link=link)

    def test_points_that_are_none(self):
        key = self.trapdoor.verifying
        off = (words(key.ic[1])[0].to_bytes(32, "big") + (1).to_bytes(32, "big")).hex()
        self.refused("", ic=[key.ic[0], off] + key.ic[2:])
        self.refused("", alpha=off)
        outside = b"".join(word.to_bytes(32, "big") for word in outside_subgroup()).hex()
        self.refused("", link=[outside] + key.link[1:])
        self.refused("", gamma=outside)

    def test_length(self):
        key = self.trapdoor.verifying.constructor_bytes
        for wrong in (key[:-1], key[:-64]):
            with self.assertRaises(Reverted) as caught:
                self.chain.deploy("QualityVerifier", wrong)
            self.assertEqual(caught.exception.reason, "length of key")

    def test_generator_of_the_source(self):
        """The generator that the constructor compares with is the group's."""
        x, y = normalize(G2)
        text = "".join(f"{int(part):064x}" for c in (x, y) for part in (c.coeffs[1], c.coeffs[0]))
        self.assertIn(f'x"{text}"', linked_source(2, 1, 2))
        self.assertEqual(g1(1).hex(), f"{1:064x}{2:064x}")


if __name__ == "__main__":
    unittest.main()
