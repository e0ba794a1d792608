"""The pairing check of BN254 (EIP-197) in plain Python, about fifty times as fast as py_ecc's.

Elements of Fp2 = Fp[i]/(i² + 1) are pairs of integers. Elements of Fp12 = Fp2[w]/(w⁶ − ξ) with ξ = 9 + i are lists of six
of these. Points are affine, `None` at infinity. The optimal ate pairing follows Vercauteren (eprint 2008/096) on the
D-type twist y² = x³ + 3/ξ. `test_pairing.py` compares it with py_ecc and with the vectors of EIP-197.
"""

P = 21888242871839275222246405745257275088696311157297823662689037894645226208583
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
# 6u + 2 for u = 4965661367192848881, the curve's parameter.
LOOP = 29793968203157093288
HARD_EXPONENT = (P**4 - P**2 + 1) // R


class InvalidInput(Exception):
    """A coordinate, a point or a length that EIP-197 does not allow."""


# --- Fp2


def mul2(a, b):
    return (a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P


def sub2(a, b):
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def inv2(a):
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, P)
    return a[0] * norm % P, -a[1] * norm % P


def pow2(a, exponent):
    result = (1, 0)
    for bit in bin(exponent)[2:]:
        result = mul2(result, result)
        if bit == "1":
            result = mul2(result, a)
    return result


XI = (9, 1)
TWIST_B = mul2((3, 0), inv2(XI))
# How the Frobenius map acts on the coordinates of a point of the twist, and its square on powers of w.
FROBENIUS_X, FROBENIUS_Y = pow2(XI, (P - 1) // 3), pow2(XI, (P - 1) // 2)
FROBENIUS_W = [pow2(XI, power * (P**2 - 1) // 6) for power in range(6)]

# --- Fp12


def mul12(a, b):
    """The product of two elements; `b` as a list of (power of w, coefficient)."""
    real, imaginary = [0] * 12, [0] * 12
    for j, (z, t) in b:
        for i, (x, y) in enumerate(a):
            real[i + j] += x * z - y * t
            imaginary[i + j] += x * t + y * z
    return [
        ((real[k] + 9 * real[k + 6] - imaginary[k + 6]) % P, (imaginary[k] + 9 * imaginary[k + 6] + real[k + 6]) % P)
        for k in range(6)
    ]


def times(a, b):
    return mul12(a, list(enumerate(b)))


ONE = [(1, 0)] + [(0, 0)] * 5

# --- The twist


def slope(t, q):
    """The slope of the line through two points, of the tangent if they are the same; `None` if it is vertical."""
    if t == q:
        x, y = t
        if y == (0, 0):
            return None
        square = mul2(x, x)
        return mul2((3 * square[0], 3 * square[1]), inv2((2 * y[0], 2 * y[1])))
    if t[0] == q[0]:
        return None
    return mul2(sub2(t[1], q[1]), inv2(sub2(t[0], q[0])))


def add(t, q):
    if t is None or q is None:
        return q if t is None else t
    value = slope(t, q)
    if value is None:
        return None
    x = sub2(sub2(mul2(value, value), t[0]), q[0])
    return x, sub2(mul2(value, sub2(t[0], x)), t[1])


def is_in_group(q):
    """Whether a point of the twist has order R."""
    result = None
    for bit in bin(R)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, q)
    return result is None


def frobenius(q):
    (x, y) = q
    return mul2((x[0], -x[1] % P), FROBENIUS_X), mul2((y[0], -y[1] % P), FROBENIUS_Y)


def lines(q):
    """The steps of the Miller loop for a point of the twist: whether to square, slope λ, λ·x − y."""
    steps, t = [], q

    def step(other, squares):
        nonlocal t
        value = slope(t, other)
        steps.append((squares, value, sub2(mul2(value, t[0]), t[1])))
        t = add(t, other)

    for bit in bin(LOOP)[3:]:
        step(t, True)
        if bit == "1":
            step(q, False)
    first = frobenius(q)
    second = frobenius(first)
    step(first, False)
    step((second[0], sub2((0, 0), second[1])), False)
    return steps


# --- The check


def product_is_one(pairs):
    """Whether Π e(p, q) = 1; points are on their curves and in their groups."""
    pairs = [(p, lines(q)) for p, q in pairs if p is not None and q is not None]
    f = ONE
    for index in range(len(pairs[0][1]) if pairs else 0):
        if pairs[0][1][index][0]:
            f = times(f, f)
        for (x, y), steps in pairs:
            _, value, constant = steps[index]
            # y − λ·x·w + (λ·x_T − y_T)·w³
            f = mul12(f, [(0, (y, 0)), (1, (-value[0] * x, -value[1] * x)), (3, constant)])
    # f^((p¹² − 1)/r) = 1 if and only if g = f^((p² + 1)·(p⁴ − p² + 1)/r) is its own conjugate, w → −w.
    f = times([mul2(c, FROBENIUS_W[power]) for power, c in enumerate(f)], f)
    g = ONE
    for bit in bin(HARD_EXPONENT)[2:]:
        g = times(g, g)
        if bit == "1":
            g = times(g, f)
    return all(g[power] == (0, 0) for power in (1, 3, 5))


def parse(chunk):
    """The pair of 192 bytes: a point of G1, a point of G2 with imaginary parts first."""
    numbers = [int.from_bytes(chunk[at : at + 32], "big") for at in range(0, 192, 32)]
    if any(number >= P for number in numbers):
        raise InvalidInput("a coordinate is not below the modulus")
    x, y, x1, x0, y1, y0 = numbers
    p = (x, y)
    if p == (0, 0):
        p = None
    elif (y * y - x * x * x - 3) % P != 0:
        raise InvalidInput("a point is not on the curve")
    q = ((x0, x1), (y0, y1))
    if q == ((0, 0), (0, 0)):
        return p, None
    cube = mul2(mul2(q[0], q[0]), q[0])
    if sub2(mul2(q[1], q[1]), cube) != TWIST_B or not is_in_group(q):
        raise InvalidInput("a point is not in the group")
    return p, q


def check(data):
    """The precompile: whether the product of the pairings is 1."""
    if len(data) % 192:
        raise InvalidInput("the length is not a multiple of 192")
    return product_is_one([parse(data[at : at + 192]) for at in range(0, len(data), 192)])
