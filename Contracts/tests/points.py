"""Points of BN254 as the words that contracts take: x, y in G1; imaginary before real parts in G2; infinity is zeros."""

from py_ecc import optimized_bn128 as bn128
from py_ecc.optimized_bn128 import FQ, FQ2

Q = bn128.field_modulus
R = bn128.curve_order


def words(data):
    """The 32-byte numbers of `data`, which may be hexadecimal digits."""
    if isinstance(data, str):
        data = bytes.fromhex(data)
    return [int.from_bytes(data[i : i + 32], "big") for i in range(0, len(data), 32)]


def joined(numbers):
    """The bytes of words."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def _g1(point):
    return (FQ(point[0]), FQ(point[1]), FQ(1)) if any(point) else (FQ(1), FQ(1), FQ(0))


def _g2(point):
    if not any(point):
        return (FQ2.one(), FQ2.one(), FQ2.zero())
    return (FQ2([point[1], point[0]]), FQ2([point[3], point[2]]), FQ2.one())


def _words(point):
    if bn128.is_inf(point):
        return [0] * (2 if isinstance(point[0], FQ) else 4)
    x, y = bn128.normalize(point)
    if isinstance(x, FQ):
        return [int(x), int(y)]
    return [int(part) for value in (x, y) for part in (value.coeffs[1], value.coeffs[0])]


def add(*points):
    """The sum of points of one group."""
    lift = _g1 if len(points[0]) == 2 else _g2
    total = lift(points[0])
    for point in points[1:]:
        total = bn128.add(total, lift(point))
    return _words(total)


def multiply(point, scalar):
    """A multiple of a point."""
    lift = _g1 if len(point) == 2 else _g2
    return _words(bn128.multiply(lift(point), scalar % R))


def negate(point):
    """The inverse of a point."""
    half = len(point) // 2
    return list(point[:half]) + [(Q - part) % Q for part in point[half:]]


def rerandomised(proof, factor=12345):
    """Another proof of the same statement, which anybody can make: (t·A, B/t, C, …)."""
    return multiply(proof[:2], factor) + multiply(proof[2:6], pow(factor, -1, R)) + list(proof[6:])


def outside_subgroup():
    """A point of the twist that is not in G2: only one of about 2^254 points is in it, so the first will do."""
    for x in range(1, 100):
        value = FQ2([x, 0])
        root = _square_root(value * value * value + bn128.b2)
        if root is not None:
            point = (value, root, FQ2.one())
            if bn128.is_on_curve(point, bn128.b2) and not bn128.is_inf(bn128.multiply(point, R)):
                return _words(point)
    raise ArithmeticError("no point found")


def _square_root(value):
    """A square root in Fq2, or None, for q = 3 modulo 4 (Adj, Rodriguez-Henriquez, eprint 2012/685, algorithm 9)."""
    power = value ** ((Q - 3) // 4)
    candidate = power * value
    alpha = power * candidate
    if alpha == FQ2([Q - 1, 0]):
        root = FQ2([0, 1]) * candidate
    else:
        root = (FQ2.one() + alpha) ** ((Q - 1) // 2) * candidate
    return root if root * root == value else None
