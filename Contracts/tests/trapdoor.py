"""A prover that knows a key's secrets: valid proofs of keys of any shape, without circuits.

Contracts see keys and proofs only, so such proofs serve to test and to measure them.
"""

import hashlib

from py_ecc.optimized_bn128 import G1, G2, curve_order, multiply, normalize

from tests.points import words
from tools.template import VerifyingKey


def g1(scalar):
    """[scalar]₁, uncompressed."""
    if scalar % curve_order == 0:
        return bytes(64)
    x, y = normalize(multiply(G1, scalar % curve_order))
    return int(x).to_bytes(32, "big") + int(y).to_bytes(32, "big")


def g2(scalar):
    """[scalar]₂, uncompressed, imaginary parts first."""
    x, y = normalize(multiply(G2, scalar % curve_order))
    return b"".join(int(part).to_bytes(32, "big") for c in (x, y) for part in (c.coeffs[1], c.coeffs[0]))


class TrapdoorKey:
    """Secrets drawn from a seed, and the verifying key that they make."""

    def __init__(self, seed, challenges, inputs, commitments, linked=True):
        self._seed, self._counter = seed, 0
        self.alpha, self.beta, self.gamma, self.delta = (self.scalar() for _ in range(4))
        self.ic = [self.scalar() for _ in range(1 + challenges + inputs)]
        self.link = [self.scalar() for _ in range(commitments + 1)] if linked else []
        self.challenges, self.inputs, self.commitments = challenges, inputs, commitments
        self.verifying = VerifyingKey(
            digest=hashlib.sha256(repr((seed, "digest")).encode()).hexdigest(), circuit_digest=bytes(32).hex(),
            challenge_count=challenges, commitment_count=commitments if linked else 0, alpha=g1(self.alpha).hex(),
            beta=g2(self.beta).hex(), gamma=g2(self.gamma).hex(), delta=g2(self.delta).hex(),
            ic=[g1(value).hex() for value in self.ic],
            link=[g2(self.gamma * value % curve_order).hex() for value in self.link])

    def scalar(self):
        """The next number of the seed's sequence, below the order of the groups."""
        self._counter += 1
        digest = hashlib.sha512(repr((self._seed, self._counter)).encode()).digest()
        return int.from_bytes(digest, "big") % curve_order

    def plain_proof(self, inputs):
        """(A ‖ B ‖ C) as words."""
        a, b = self.scalar(), self.scalar()
        ic = sum(x * y for x, y in zip(self.ic, [1] + inputs))
        c = (a * b - self.alpha * self.beta - ic * self.gamma) * pow(self.delta, -1, curve_order)
        return words(g1(a) + g2(b) + g1(c))

    def linked_proof(self, context, inputs):
        """(A ‖ B ‖ C ‖ D ‖ π, inputs ‖ commitments) as words."""
        a, b, d = self.scalar(), self.scalar(), self.scalar()
        exponents = [self.scalar() for _ in range(self.commitments)]
        statement = b"".join(x.to_bytes(32, "big") for x in inputs) + b"".join(g1(x) for x in exponents)
        claim = (
            bytes.fromhex(self.verifying.digest) + context + len(inputs).to_bytes(4, "big")
            + self.commitments.to_bytes(4, "big") + statement)
        challenges = [
            int.from_bytes(
                hashlib.sha256(b"ZKPOT-V1-CHALLENGE" + i.to_bytes(4, "big") + claim + g1(d)).digest()[:31], "big")
            for i in range(self.challenges)]
        ic = sum(x * y for x, y in zip(self.ic, [1] + challenges + inputs))
        c = (a * b - self.alpha * self.beta - (ic + d) * self.gamma) * pow(self.delta, -1, curve_order)
        argument = d * self.link[0] + sum(x * y for x, y in zip(exponents, self.link[1:]))
        return words(g1(a) + g2(b) + g1(c) + g1(d) + g1(argument)), words(statement)
