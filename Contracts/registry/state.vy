# pragma version 0.4.3
"""
@title   State of the registry, and what all of its rules use
@license Apache-2.0
@notice  The money-bearing rules of Docs/protocol.md run in two contracts with this one storage: Registry.vy (claims and
         proofs), and Settlement.vy (judgements), whose code the registry runs by delegated calls. Several numbers share a word
         where a proof's cost depends on it; each layout stands with its word.
"""

import reasons as why

# --- Roles -------------------------------------------------------------------------------------------------------

PUBLISHER: constant(uint256) = 0
PARTICIPANT: constant(uint256) = 1
VALIDATOR: constant(uint256) = 2
VERIFIER: constant(uint256) = 3
AGGREGATOR: constant(uint256) = 4

# --- Bounds ------------------------------------------------------------------------------------------------------

# Entries of every list that a single call walks through.
MOST_MEMBERS: constant(uint256) = 256
MOST_CHUNKS: constant(uint256) = 8
MOST_SIGNERS: constant(uint256) = 16
# One report for each subject and kind.
MOST_REPORTS: constant(uint256) = 4
MOST_BATCHES: constant(uint256) = 2**16
# Stages of a training: bits 0 … 223 of an audit word.
MOST_STAGES: constant(uint256) = 224
WHOLE: constant(uint256) = 10_000
LOW_128: constant(uint256) = 2**128 - 1
# The order of the base field.
Q: constant(uint256) = 21888242871839275222246405745257275088696311157297823662689037894645226208583

SHA256: constant(address) = 0x0000000000000000000000000000000000000002
ECADD: constant(address) = 0x0000000000000000000000000000000000000006
ECMUL: constant(address) = 0x0000000000000000000000000000000000000007
# Half of secp256k1's order, rounded down: the greatest s of a signature (EIP-2).
MOST_S: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

# --- An order's gate: what every proof looks at, in one word -------------------------------------------------------

# Bits 0 … 159: the verifier of quality proofs. 160 … 199: proofDeadline. 200 … 207: chunks of the test set, 0 before the
# reveal. 208 … 215: outcome, 0 before finalize. 216: paid. 217: the task has audits. 218: the survivors are fixed.
# 224 … 255: revealDeadline.
GATE_PAID: constant(uint256) = 1 << 216
GATE_AUDITED: constant(uint256) = 1 << 217
GATE_SURVIVORS: constant(uint256) = 1 << 218

EMPTY: constant(uint256) = 1
ABORTED: constant(uint256) = 2
SETTLED: constant(uint256) = 3

# --- Times: eight of 32 bits in one word, t1 in the lowest -----------------------------------------------------------

COMMIT_START: constant(uint256) = 0
COMMIT_DEADLINE: constant(uint256) = 1
REVEAL_DEADLINE: constant(uint256) = 2
PROOF_DEADLINE: constant(uint256) = 3
VALIDATION_DEADLINE: constant(uint256) = 4
CHALLENGE_DEADLINE: constant(uint256) = 5
VOTE_DEADLINE: constant(uint256) = 6
FINALIZE_DEADLINE: constant(uint256) = 7

# --- A participant's word --------------------------------------------------------------------------------------------

# Bits 0 … 215: the commitment's name (`_pointName`). 216 … 239: its sequence number. Then flags.
NAME_MASK: constant(uint256) = 2**216 - 1
COMMITTED: constant(uint256) = 1 << 240
REVEALED: constant(uint256) = 1 << 241
ACCEPTED: constant(uint256) = 1 << 242
REWARDED: constant(uint256) = 1 << 243
# The global model is the sum over these, once they are fixed; and who of them signed that.
SURVIVOR: constant(uint256) = 1 << 244
CONSENTED: constant(uint256) = 1 << 245

# What `_standing` finds against a participant.
NO_FAULT: constant(uint256) = 0
SECRET_WITHHELD: constant(uint256) = 1
AUDIT_UNANSWERED: constant(uint256) = 2

# --- A validator's and a voter's word ----------------------------------------------------------------------------------

# A validator is known in an order, made a false validation, was slashed by a challenge.
KNOWN: constant(uint256) = 1
FALSIFIED: constant(uint256) = 2
SLASHED: constant(uint256) = 4
# A validation: the number of correct samples in bits 0 … 63, and these.
VALIDATED: constant(uint256) = 1 << 64
CHALLENGED: constant(uint256) = 1 << 65

# --- A report's word ------------------------------------------------------------------------------------------------

# Bits 0 … 159: reporter. 160: subject. 161: kind. 168 … 199: votes that uphold. 200 … 231: votes that reject.
TEST_SET: constant(uint256) = 0
GLOBAL_MODEL: constant(uint256) = 1
UNDECIDED: constant(uint256) = 0
UPHELD: constant(uint256) = 1
REJECTED: constant(uint256) = 2

struct Parameters:
    minimumStake: uint256[5]
    minimumBond: uint256
    nonRevealSlash: uint256
    challengerShare: uint256
    voteQuorum: uint256
    maximumParticipants: uint256
    maximumValidators: uint256

struct AuditPolicy:
    # Verifier of training-step proofs with three commitments, zero where there are no audits.
    verifier: address
    stages: uint256
    audits: uint256

struct Task:
    publisher: address
    qualityVerifier: address
    # Samples that the quality key has room for.
    samples: uint256
    minimumSamples: uint256
    # Whether models are weighted by their proven number of correct samples.
    weighted: bool
    # In basis points of the baseline: who scores less is not accepted.
    entryShare: uint256
    nextRound: uint256
    # 0 … 159: verifier of steps. 160 … 175: stages. 176 … 191: stages to prove. Zero where there are no audits.
    audit: uint256

struct Order:
    gate: uint256
    times: uint256
    # Reward in the lower half, bond in the upper half.
    money: uint256
    testSetHash: bytes32
    # Name of the public start's commitment; 0 where there is none.
    start: uint256
    # Leader, participants, validators, aggregator in bp, 16 bits each; 64 … 71: signatures that a payout needs.
    terms: uint256
    # 0 … 31: samples of the test set. 32 … 63: baseline. 64 … 95: next sequence number. 96 … 127: revealed secrets.
    # 128 … 159: rewarded participants. 160 … 191: validators to pay.
    counts: uint256
    salt: bytes32
    # What draws the audited stages, and what puts the batches in order; 0 until drawn.
    beacon: bytes32
    dataBeacon: bytes32
    # Participants that committed to their data.
    dataCommitments: uint256
    leader: address
    aggregator: address
    # SHA-256 of the file that opens the global model, and its commitment's name.
    globalModel: bytes32
    globalModelName: uint256
    signers: DynArray[address, MOST_SIGNERS]
    participants: DynArray[address, MOST_MEMBERS]
    validators: DynArray[address, MOST_MEMBERS]
    voters: DynArray[address, MOST_MEMBERS]
    reports: DynArray[uint256, MOST_REPORTS]

struct Terms:
    reward: uint256
    bond: uint256
    # Shares of leader, participants, validators and aggregator, in basis points.
    split: uint256[4]
    # t1, commitDeadline, t2 … t7.
    times: uint256[8]
    signers: DynArray[address, MOST_SIGNERS]
    threshold: uint256
    # The public start's commitment, with blinding 0; zeros where there are no audits.
    start: uint256[2]

struct Chunk:
    commitment: uint256[2]
    samples: uint256

struct Signature:
    signer: address
    v: uint256
    r: uint256
    s: uint256

event Deposited:
    account: indexed(address)
    amount: uint256

event Withdrawn:
    account: indexed(address)
    amount: uint256

event StakeChanged:
    account: indexed(address)
    role: indexed(uint256)
    stake: uint256
    locked: uint256

event Burnt:
    account: indexed(address)
    amount: uint256

balanceOf: public(HashMap[address, uint256])
supply: public(uint256)
burnt: public(uint256)
parameters: Parameters
# SHA-256 of the texts that stand for this chain and this contract in the contexts of proofs.
ledgerDigest: public(bytes32)
contractDigest: public(bytes32)
# Stake in the lower half, what of it is locked in the upper half.
stakes: HashMap[address, HashMap[uint256, uint256]]
tasks: HashMap[bytes32, Task]
orders: HashMap[bytes32, Order]
# order → account → participant's word, the sum of its claims, and so on.
members: HashMap[bytes32, HashMap[address, uint256]]
# The claims of up to eight chunks, 32 bits each.
claims: HashMap[bytes32, HashMap[address, uint256]]
# Where there are audits: answered stages in bits 0 … 223, their number in 224 … 231, the batches of the participant's
# data above. It is written with the model's commitment, so that an answer changes a word and needs no new one.
answers: HashMap[bytes32, HashMap[address, uint256]]
# The commitment to a beacon secret, and after its reveal the secret.
secrets: HashMap[bytes32, HashMap[address, bytes32]]
checkpointRoots: HashMap[bytes32, HashMap[address, bytes32]]
batchRoots: HashMap[bytes32, HashMap[address, bytes32]]
batchCounts: HashMap[bytes32, HashMap[address, uint256]]
# order → chunk → samples in bits 0 … 31, the name of its commitment above.
chunks: HashMap[bytes32, HashMap[uint256, uint256]]
# Digests of accepted proofs: a copy is named as such.
acceptedProofs: HashMap[bytes32, bool]
validatorWords: HashMap[bytes32, HashMap[address, uint256]]
validations: HashMap[bytes32, HashMap[address, HashMap[address, uint256]]]
# KNOWN, and bit 8 + i for a vote on report i.
voterWords: HashMap[bytes32, HashMap[address, uint256]]


@deploy
def __init__(parameters: Parameters):
    for stake: uint256 in parameters.minimumStake:
        assert stake > 0 and stake <= LOW_128, "minimum stake"
    assert parameters.minimumBond > 0 and parameters.minimumBond <= LOW_128, "minimum bond"
    assert parameters.nonRevealSlash <= WHOLE and parameters.challengerShare <= WHOLE, "share"
    assert parameters.voteQuorum > 0 and parameters.voteQuorum <= MOST_MEMBERS, "quorum"
    assert parameters.maximumParticipants > 0 and parameters.maximumParticipants <= MOST_MEMBERS, "participants"
    assert parameters.maximumValidators > 0 and parameters.maximumValidators <= MOST_MEMBERS, "validators"
    self.parameters = parameters


@internal
@pure
def _refuse(reason: bytes32):
    """
    @notice Reverts with the text of a reason, as `assert` would.
    """
    length: uint256 = 0
    rest: uint256 = convert(reason, uint256)
    for _: uint256 in range(32):
        if rest == 0:
            break
        rest <<= 8
        length += 1
    raw_revert(concat(0x08c379a0, convert(32, bytes32), convert(length, bytes32), reason))


@internal
@pure
def _orderKey(task: bytes32, round: uint256) -> bytes32:
    return keccak256(concat(task, convert(round, bytes32)))


@internal
@view
def _gate(task: bytes32, order: bytes32) -> uint256:
    """
    @notice The gate of an order that is not finalized: the three checks that Docs/protocol.md calls "the order".
    """
    gate: uint256 = self._existing(task, order)
    if self._outcome(gate) != 0:
        self._refuse(why.ROUND_FINALIZED)
    return gate


@internal
@view
def _existing(task: bytes32, order: bytes32) -> uint256:
    gate: uint256 = self.orders[order].gate
    if gate == 0:
        if self.tasks[task].publisher == empty(address):
            self._refuse(why.UNKNOWN_TASK)
        self._refuse(why.UNKNOWN_ROUND)
    return gate


@internal
@pure
def _outcome(gate: uint256) -> uint256:
    return (gate >> 208) & 255


@internal
@view
def _time(order: bytes32, index: uint256) -> uint256:
    return (self.orders[order].times >> (32 * index)) & (2**32 - 1)


@internal
@view
def _requireWindow(order: bytes32, opens: uint256, closes: uint256, late: bytes32):
    times: uint256 = self.orders[order].times
    if block.timestamp < (times >> (32 * opens)) & (2**32 - 1):
        self._refuse(why.TOO_EARLY)
    if block.timestamp >= (times >> (32 * closes)) & (2**32 - 1):
        self._refuse(late)


@internal
@pure
def _pointName(point: uint256[2]) -> uint256:
    """
    @notice 216 bits that stand for a point: harder to collide than the curve's logarithm is to find.
    """
    return convert(keccak256(abi_encode(point)), uint256) >> 40


@internal
@view
def _orderName(task: bytes32, round: uint256) -> bytes32:
    """
    @notice What stands for an order in hashes that are computed elsewhere too.
    """
    return sha256(
        concat(b"ZKPOT-V1-ORDER", self.ledgerDigest, self.contractDigest, task, convert(convert(round, uint64), bytes8))
    )


@internal
@pure
def _share(amount: uint256, points: uint256) -> uint256:
    return amount * points // WHOLE


# --- Money -----------------------------------------------------------------------------------------------------------


@internal
def _pay(account: address, amount: uint256):
    if amount > 0:
        self.balanceOf[account] += amount


@internal
def _burn(account: address, amount: uint256):
    if amount > 0:
        self.burnt += amount
        log Burnt(account=account, amount=amount)


@internal
def _take(account: address, amount: uint256):
    balance: uint256 = self.balanceOf[account]
    if balance < amount:
        self._refuse(why.INSUFFICIENT_BALANCE)
    self.balanceOf[account] = balance - amount


@internal
@view
def _requireFree(account: address, role: uint256):
    word: uint256 = self.stakes[account][role]
    if (word & LOW_128) - (word >> 128) < self.parameters.minimumStake[role]:
        self._refuse(why.NOT_STAKED)


@internal
def _setStake(account: address, role: uint256, stake: uint256, locked: uint256):
    self.stakes[account][role] = stake | (locked << 128)
    log StakeChanged(account=account, role=role, stake=stake, locked=locked)


@internal
def _lock(account: address, role: uint256):
    """
    @notice Locks what one engagement in a role locks.
    """
    self._requireFree(account, role)
    word: uint256 = self.stakes[account][role]
    self._setStake(account, role, word & LOW_128, (word >> 128) + self.parameters.minimumStake[role])


@internal
def _release(account: address, role: uint256, slash: uint256):
    """
    @notice Ends a lock; `slash` of it is taken from the stake. Who gets that is the caller's affair.
    """
    word: uint256 = self.stakes[account][role]
    self._setStake(
        account, role, (word & LOW_128) - slash, (word >> 128) - self.parameters.minimumStake[role]
    )


@internal
@view
def _isPoint(point: uint256[2]) -> bool:
    """
    @notice Whether it is a point of G1 other than the identity, in its one encoding.
    """
    if point[0] >= Q or point[1] >= Q or point[0] | point[1] == 0:
        return False
    success: bool = False
    response: Bytes[64] = b""
    # The precompile keeps all gas it is given where a point is not on the curve.
    success, response = raw_call(
        ECADD, abi_encode(point, empty(uint256[2])), max_outsize=64, gas=1000, is_static_call=True,
        revert_on_failure=False
    )
    return success and len(response) == 64


# --- Claims ----------------------------------------------------------------------------------------------------------


@internal
@view
def _score(order: bytes32, gate: uint256, participant: address) -> (bool, uint256):
    """
    @notice Whether every chunk is proven, and the sum of the correct samples.
    """
    word: uint256 = self.claims[order][participant]
    score: uint256 = 0
    for chunk: uint256 in range((gate >> 200) & 255, bound=MOST_CHUNKS):
        correct: uint256 = (word >> (32 * chunk)) & (2**32 - 1)
        if correct == 0:
            return False, 0
        score += correct
    return gate >> 200 & 255 != 0, score


@internal
@view
def _demands(task: bytes32, order: bytes32) -> (uint256, uint256):
    """
    @notice What every participant must reach: the answered stages, and 10,000 times the score.
    """
    baseline: uint256 = (self.orders[order].counts >> 32) & (2**32 - 1)
    return (self.tasks[task].audit >> 176) & (2**16 - 1), baseline * self.tasks[task].entryShare


@internal
@view
def _standing(
    order: bytes32, gate: uint256, participant: address, member: uint256, stages: uint256, entry: uint256
) -> (uint256, bool, uint256):
    """
    @notice What is found against a participant (rows a and b of Docs/protocol.md), whether it is accepted, and its score.
            Once claims and audits are closed it does not change.
    @param member The participant's word; 0 for nobody, who is not accepted.
    @param stages Of `_demands`, as `entry`.
    """
    if member & REVEALED == 0:
        return SECRET_WITHHELD, False, 0
    if stages > 0 and (self.answers[order][participant] >> 224) & 255 < stages:
        return AUDIT_UNANSWERED, False, 0
    complete: bool = False
    score: uint256 = 0
    complete, score = self._score(order, gate, participant)
    return NO_FAULT, complete and score * WHOLE >= entry, score


# --- Signatures ------------------------------------------------------------------------------------------------------


@internal
@pure
def _message(digest: bytes32) -> bytes32:
    """
    @notice What `eth_sign` signs of a message of 32 bytes.
    """
    return keccak256(concat(b"\x19Ethereum Signed Message:\n32", digest))


@internal
@view
def _requireSigned(message: bytes32, signature: Signature, reason: bytes32):
    """
    @notice Refuses a signature that is not its signer's, and one of two with the same meaning: that with the greater s.
    """
    if (
        signature.s > MOST_S or signature.signer == empty(address)
        or signature.signer != ecrecover(message, signature.v, signature.r, signature.s)
    ):
        self._refuse(reason)


@internal
@pure
def _decision(report: uint256, quorum: uint256) -> uint256:
    upholds: uint256 = (report >> 168) & (2**32 - 1)
    rejects: uint256 = (report >> 200) & (2**32 - 1)
    if upholds + rejects >= quorum:
        if upholds > rejects:
            return UPHELD
        if rejects > upholds:
            return REJECTED
    return UNDECIDED


@internal
@view
def _firstUpheld(order: bytes32, subject: uint256) -> address:
    """
    @notice Who made the first report on a subject that is upheld.
    """
    for word: uint256 in self.orders[order].reports:
        if (word >> 160) & 1 == subject and self._decision(word, self.parameters.voteQuorum) == UPHELD:
            return convert(word & (2**160 - 1), address)
    return empty(address)
