"""Compares pairing.py with py_ecc, and with the vectors of EIP-197 in Tests/Vectors/eip.

Run by EthereumTests; by hand: `.venv/bin/python Tests/EthereumBridge/test_pairing.py`.
"""

import json
import random
import sys
from pathlib import Path

import pairing
from py_ecc import optimized_bn128 as bn128

VECTORS = Path(__file__).resolve().parent.parent / "Vectors" / "eip"


def encode(p, q):
    """A pair as the precompile takes it."""
    (x, y) = bn128.normalize(p)
    (u, v) = bn128.normalize(q)
    parts = [x.n, y.n, u.coeffs[1], u.coeffs[0], v.coeffs[1], v.coeffs[0]]
    return b"".join(int(part).to_bytes(32, "big") for part in parts)


def published():
    count = 0
    for vector in json.loads((VECTORS / "bn256Pairing.json").read_text()):
        result = pairing.check(bytes.fromhex(vector["Input"]))
        assert result == (int(vector["Expected"], 16) == 1), vector["Name"]
        count += 1
    return count


def random_products(seed):
    """e(a·G1, b·G2)·e(−ab·G1, G2) = 1, and with another factor it is not; py_ecc says the same."""
    generator = random.Random(seed)
    a, b = generator.randrange(1, bn128.curve_order), generator.randrange(1, bn128.curve_order)
    for offset in (0, 1):
        pairs = [
            (bn128.multiply(bn128.G1, a), bn128.multiply(bn128.G2, b)),
            (bn128.multiply(bn128.G1, (offset - a * b) % bn128.curve_order), bn128.G2),
        ]
        expected = bn128.FQ12.one()
        for p, q in pairs:
            expected *= bn128.pairing(q, p, final_exponentiate=False)
        expected = bn128.final_exponentiate(expected) == bn128.FQ12.one()
        assert expected == (offset == 0)
        assert pairing.check(b"".join(encode(p, q) for p, q in pairs)) == expected


def right_side(x):
    """x³ + 3/ξ."""
    cube = pairing.mul2(pairing.mul2(x, x), x)
    return (cube[0] + pairing.TWIST_B[0]) % pairing.P, (cube[1] + pairing.TWIST_B[1]) % pairing.P


def square_root(a):
    """A root in Fp2, `None` if there is none (Adj, Rodríguez-Henríquez, eprint 2012/685, algorithm 9)."""
    power = pairing.pow2(a, (pairing.P - 3) // 4)
    alpha, root = pairing.mul2(pairing.mul2(power, power), a), pairing.mul2(power, a)
    if alpha == (pairing.P - 1, 0):
        root = (-root[1] % pairing.P, root[0])
    else:
        root = pairing.mul2(pairing.pow2(((1 + alpha[0]) % pairing.P, alpha[1]), (pairing.P - 1) // 2), root)
    return root if pairing.mul2(root, root) == a else None


def refused():
    """Points off the curve or outside the group, large coordinates, wrong lengths."""
    good = encode(bn128.G1, bn128.G2)
    # A point of the twist that is not in the group: the first x for which there is a y.
    outside = next(
        ((x, 0), y) for x in range(1, 50) if (y := square_root(right_side((x, 0)))) is not None)
    assert not pairing.is_in_group(outside)
    (x0, x1), (y0, y1) = outside
    foreign = good[:64] + b"".join(part.to_bytes(32, "big") for part in (x1, x0, y1, y0))
    large = (pairing.P + 1).to_bytes(32, "big") + good[32:]
    for data in (good[:-1], good[:31] + b"\x07" + good[32:], good[:-1] + b"\x01", large, foreign):
        try:
            pairing.check(data)
        except pairing.InvalidInput:
            continue
        raise AssertionError("a wrong input is taken")
    assert pairing.check(b"") and not pairing.check(good) and pairing.check(bytes(192))


if __name__ == "__main__":
    vectors = published()
    random_products(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    refused()
    print(f"{vectors} vectors of EIP-197, py_ecc and pairing.py agree")
