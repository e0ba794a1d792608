"""Fills a verifier's template with the shape of a key, and writes the key as the constructor wants it.

A template is a Vyper source with two additions:

    {{name}}            the value of that name
    #each KIND … #end   the lines between, once for every challenge, input, input but the first (`further`), or
                        commitment of the key

Both marks of a block stand alone on their lines; blocks are not nested. Values, for the whole text and per item, are
those of `shape_values`.
"""

import hashlib
import re


class TemplateError(Exception):
    """A template that cannot be filled; says where and why."""


class VerifyingKey:
    """What a contract needs of a verifying key, points as hexadecimal digits of their uncompressed encoding."""

    def __init__(
        self, *, digest, circuit_digest, challenge_count, commitment_count, alpha, beta, gamma, delta, ic, link
    ):
        self.digest, self.circuit_digest = digest, circuit_digest
        self.challenge_count, self.commitment_count = challenge_count, commitment_count
        self.alpha, self.beta, self.gamma, self.delta = alpha, beta, gamma, delta
        self.ic, self.link = ic, link
        self.input_count = len(ic) - 1 - challenge_count
        if self.input_count < 0 or len(link) not in (0, commitment_count + 1):
            raise TemplateError("numbers of IC points, challenges, commitments and link points do not agree")

    @classmethod
    def decode(cls, data):
        """Reads the file of a verifying key (`VerifyingKey.encoded`): header, circuit digest, counts, names, points."""
        at = 0

        def take(count, what):
            nonlocal at
            if count < 0 or at + count > len(data):
                raise TemplateError(f"the verifying key ends within {what}")
            at += count
            return data[at - count : at]

        def number(what):
            return int.from_bytes(take(4, what), "little")

        header = take(HEADER_BYTES, "its header")
        if header[:6] != b"ZKPOTV" or header[8:12] != b"\1\0\0\0":
            raise TemplateError("not a file of a verifying key on BN254")
        circuit_digest = take(32, "the circuit's digest").hex()
        ic_count, challenge_count, link_count = number("counts"), number("counts"), number("counts")
        for _ in range(max(0, link_count - 1)):
            take(number("a name"), "a name")
        alpha = take(64, "α").hex()
        beta, gamma, delta = (take(128, name).hex() for name in "βγδ")
        link = [take(128, "a link point").hex() for _ in range(link_count)]
        ic = [take(64, "an IC point").hex() for _ in range(ic_count)]
        if at != len(data):
            raise TemplateError("the verifying key has bytes behind its end")
        return cls(
            digest=hashlib.sha256(data).hexdigest(), circuit_digest=circuit_digest, challenge_count=challenge_count,
            commitment_count=max(0, link_count - 1), alpha=alpha, beta=beta, gamma=gamma, delta=delta, ic=ic, link=link)


    @property
    def constructor_bytes(self):
        """The argument of the constructor: digest ‖ α ‖ β ‖ γ ‖ δ ‖ link points ‖ IC, points uncompressed."""
        return bytes.fromhex(
            self.digest + self.alpha + self.beta + self.gamma + self.delta + "".join(self.link) + "".join(self.ic))


# Bytes of the header of every file of zkpot.
HEADER_BYTES = 16
# Where the link points start in the constructor's argument.
FIRST_LINK = 480


def shape_values(challenges, inputs, commitments, linked):
    """The values for the whole text, and for each item of the kinds of blocks."""
    words = inputs + 2 * commitments
    links = commitments + 1 if linked else 0
    ic_offset = FIRST_LINK + 128 * links
    ic_count = 1 + challenges + inputs
    whole = {
        "challengeCount": challenges, "inputCount": inputs, "commitmentCount": commitments,
        "counts": f"{inputs:08x}{commitments:08x}", "statementWords": words, "statementBytes": 32 * words,
        "claimBytes": 72 + 32 * words, "keyBytes": ic_offset + 64 * ic_count, "icOffset": ic_offset,
        "distinctCount": 3 + links,
        "g1Offsets": ", ".join(str(at) for at in [32] + [ic_offset + 64 * i for i in range(ic_count)]),
        "g2Offsets": ", ".join(str(96 + 128 * i) for i in range(3 + links)),
    }
    input_items = [{"index": i, "icOffset": ic_offset + 64 * (1 + challenges + i)} for i in range(inputs)]
    items = {
        "challenge": [
            {"index": i, "indexBytes": f"{i:08x}", "icOffset": ic_offset + 64 * (1 + i)} for i in range(challenges)],
        "input": input_items, "further": input_items[1:],
        "commitment": [
            {
                "index": i, "linkOffset": FIRST_LINK + 128 * (1 + i), "xWord": inputs + 2 * i,
                "yWord": inputs + 2 * i + 1,
            } for i in range(commitments)],
    }
    return whole, items


def fill(template, challenges, inputs, commitments=0, linked=True):
    """The Vyper source of the verifier for keys of one shape.

    Raises `TemplateError` for a shape without anything to state: the call would have an argument of no words."""
    if inputs + 2 * commitments < 1 or (not linked and challenges + commitments > 0):
        raise TemplateError("a verifier needs a public input or a commitment, and plain keys have neither "
                            "challenges nor commitments")
    whole, items = shape_values(challenges, inputs, commitments, linked)

    def substitute(line, values, number):
        def value(match):
            name = match.group(1)
            if name not in values:
                raise TemplateError(f"line {number}: no value is called {name}")
            return str(values[name])

        return re.sub(r"\{\{([A-Za-z0-9]+)\}\}", value, line)

    output, block, kind = [], None, None
    for number, line in enumerate(template.splitlines(), start=1):
        if line.startswith("#each "):
            kind = line[len("#each "):]
            if block is not None or kind not in items:
                raise TemplateError(f"line {number}: no block of {kind} can start here")
            block = []
        elif line == "#end":
            if block is None:
                raise TemplateError(f"line {number}: no block ends here")
            for item in items[kind]:
                output += [substitute(text, whole | item, at) for at, text in block]
            block = None
        elif block is not None:
            block.append((number, line))
        else:
            output.append(substitute(line, whole, number))
    if block is not None:
        raise TemplateError(f"a block of {kind} does not end")
    return "\n".join(output) + "\n"
