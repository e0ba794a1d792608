# pragma version 0.4.3
# pragma evm-version prague
# pragma optimize gas
"""
@title   Registry: stakes, orders, commitments and proofs
@license Apache-2.0
@notice  The part of Docs/protocol.md that is about money, first half. What this contract does not answer itself is answered by the
         code of Settlement.vy on this contract's storage.
"""

import reasons as why
import state

initializes: state

exports: (state.balanceOf, state.supply, state.burnt, state.ledgerDigest, state.contractDigest)

# What stands for names in the contexts of proofs (`ProofContext.digest`).
CONTEXT_TAG: constant(bytes32) = sha256(b"ZKPOT-V1-CONTEXT")
MODEL: constant(bytes32) = sha256(b"model")
TEST_SET: constant(bytes32) = sha256(b"test set")
MODEL_BEFORE: constant(bytes32) = sha256(b"model before")
MODEL_AFTER: constant(bytes32) = sha256(b"model after")
BATCH: constant(bytes32) = sha256(b"batch 1")

# Nodes of a path in a tree of at most 2^16 leaves.
MOST_NODES: constant(uint256) = 16

# Bytes of the longest answer of a view, 513 payments of two words behind two more, and of all other answers.
LONG_ANSWER: constant(uint256) = 64 * 513 + 64
SHORT_ANSWER: constant(uint256) = 512

SETTLEMENT: immutable(address)
LEDGER_DIGEST: immutable(bytes32)
CONTRACT_DIGEST: immutable(bytes32)

event TaskOpened:
    task: indexed(bytes32)
    publisher: indexed(address)
    name: String[64]

event OrderOpened:
    task: indexed(bytes32)
    round: indexed(uint256)
    reward: uint256
    bond: uint256
    testSetHash: bytes32

event ModelCommitted:
    task: indexed(bytes32)
    participant: indexed(address)
    round: uint256
    commitment: uint256[2]
    sequence: uint256

event QualityProven:
    task: indexed(bytes32)
    participant: indexed(address)
    round: uint256
    chunk: uint256
    correct: uint256

event StageProven:
    task: indexed(bytes32)
    participant: indexed(address)
    round: uint256
    stage: uint256

event SurvivorsFixed:
    task: indexed(bytes32)
    aggregator: indexed(address)
    round: uint256
    survivors: DynArray[address, state.MOST_MEMBERS]


@deploy
def __init__(settlement: address, parameters: state.Parameters):
    """
    @param settlement Where the code of Settlement.vy is.
    """
    assert settlement.is_contract, "settlement"
    state.__init__(parameters)
    SETTLEMENT = settlement
    LEDGER_DIGEST = sha256(concat("eip155:", uint2str(chain.id)))
    CONTRACT_DIGEST = self._addressDigest(self)
    state.ledgerDigest = LEDGER_DIGEST
    state.contractDigest = CONTRACT_DIGEST


@external
@raw_return
def __default__() -> Bytes[LONG_ANSWER]:
    """
    @notice Everything else is answered by the code of Settlement.vy, on this contract's storage. Room for an answer costs
            gas, so only the two views with lists get much of it.
    """
    selector: bytes4 = convert(slice(msg.data, 0, 4), bytes4)
    if selector == method_id("orderOf(bytes32,uint256)", output_type=bytes4) or selector == method_id(
        "payments(bytes32,uint256)", output_type=bytes4
    ):
        return raw_call(SETTLEMENT, msg.data, max_outsize=LONG_ANSWER, is_delegate_call=True)
    return raw_call(SETTLEMENT, msg.data, max_outsize=SHORT_ANSWER, is_delegate_call=True)


@external
@view
def settlement() -> address:
    """
    @notice Where the code of Settlement.vy is; it cannot be changed.
    """
    return SETTLEMENT


# --- Money -----------------------------------------------------------------------------------------------------------


@external
@payable
def deposit():
    """
    @notice Adds what is sent with the call to the sender's balance.
    """
    if msg.value == 0:
        state._refuse(why.ZERO_AMOUNT)
    if state.supply + msg.value > state.LOW_128:
        state._refuse(why.SUPPLY_EXCEEDED)
    state.supply += msg.value
    state.balanceOf[msg.sender] += msg.value
    log state.Deposited(account=msg.sender, amount=msg.value)


@external
@nonreentrant
def withdraw(amount: uint256):
    """
    @notice Sends a part of the sender's balance to it: the only call that sends anything.
    """
    if amount == 0:
        state._refuse(why.ZERO_AMOUNT)
    state._take(msg.sender, amount)
    state.supply -= amount
    log state.Withdrawn(account=msg.sender, amount=amount)
    if not raw_call(msg.sender, b"", value=amount, revert_on_failure=False):
        state._refuse(why.TRANSFER_FAILED)


@external
def register(role: uint256, amount: uint256):
    """
    @notice Moves an amount from the balance to the stake in a role.
    """
    if role > state.AGGREGATOR:
        state._refuse(why.UNKNOWN_ROLE)
    if amount == 0:
        state._refuse(why.ZERO_AMOUNT)
    if state.balanceOf[msg.sender] < amount:
        state._refuse(why.INSUFFICIENT_BALANCE)
    word: uint256 = state.stakes[msg.sender][role]
    stake: uint256 = (word & state.LOW_128) + amount
    if stake < state.parameters.minimumStake[role]:
        state._refuse(why.STAKE_BELOW_MINIMUM)
    state._take(msg.sender, amount)
    state._setStake(msg.sender, role, stake, word >> 128)


@external
def unregister(role: uint256):
    """
    @notice Moves the whole stake in a role back to the balance.
    """
    word: uint256 = state.stakes[msg.sender][role]
    if word & state.LOW_128 == 0:
        state._refuse(why.NOT_REGISTERED)
    if word >> 128 != 0:
        state._refuse(why.STAKE_LOCKED)
    state._setStake(msg.sender, role, 0, 0)
    state._pay(msg.sender, word & state.LOW_128)


# --- Put -------------------------------------------------------------------------------------------------------------


@external
def openTask(
    name: String[64], qualityVerifier: address, samples: uint256, minimumSamples: uint256, weighted: bool,
    entryShare: uint256, audit: state.AuditPolicy
):
    """
    @notice Says what is learned, and fixes the keys. The task's number is SHA-256 of its name.
    @param qualityVerifier Contract for proofs with one public input, and the model's and test set's commitments.
    @param samples         Samples that its circuit has room for.
    @param minimumSamples  No test set may be smaller.
    @param weighted        Whether models are weighted by their proven number of correct samples.
    @param entryShare      Of the baseline, in basis points: who scores less is not accepted.
    @param audit           Verifier of training steps, one step in a proof, or zero; stages; stages to prove.
    """
    if state.stakes[msg.sender][state.PUBLISHER] & state.LOW_128 < state.parameters.minimumStake[state.PUBLISHER]:
        state._refuse(why.NOT_STAKED)
    task: bytes32 = sha256(name)
    if state.tasks[task].publisher != empty(address):
        state._refuse(why.TASK_EXISTS)
    if not qualityVerifier.is_contract:
        state._refuse(why.NO_QUALITY_KEY)
    if samples == 0 or samples >= 2**32 or minimumSamples == 0 or minimumSamples >= 2**32:
        state._refuse(why.SAMPLE_COUNT_OUT_OF_RANGE)
    if entryShare > state.WHOLE:
        state._refuse(why.ENTRY_SHARE_OUT_OF_RANGE)
    if len(name) == 0:
        state._refuse(why.MALFORMED_TASK)
    if audit.verifier != empty(address):
        if (
            not audit.verifier.is_contract or audit.stages == 0 or audit.stages > state.MOST_STAGES
            or audit.audits == 0
        ):
            state._refuse(why.MALFORMED_AUDIT_POLICY)
        wanted: uint256 = min(audit.stages, max(2, audit.audits))
        state.tasks[task].audit = convert(audit.verifier, uint256) | (audit.stages << 160) | (wanted << 176)
    state.tasks[task].publisher = msg.sender
    state.tasks[task].qualityVerifier = qualityVerifier
    state.tasks[task].samples = samples
    state.tasks[task].minimumSamples = minimumSamples
    state.tasks[task].weighted = weighted
    state.tasks[task].entryShare = entryShare
    log TaskOpened(task=task, publisher=msg.sender, name=name)


# --- Claim -----------------------------------------------------------------------------------------------------------


@external
def commitModel(
    task: bytes32, round: uint256, commitment: uint256[2], checkpointRoot: bytes32, beaconCommitment: bytes32
):
    """
    @notice Commits to a model; a later commitment replaces an earlier one.
    @param beaconCommitment SHA-256("ZKPOT-V1-SECRET" ‖ sender in 32 bytes ‖ secret in 32 bytes).
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if msg.sender == state.tasks[task].publisher:
        state._refuse(why.PUBLISHER_MAY_NOT_COMPETE)
    state._requireWindow(order, state.COMMIT_START, state.COMMIT_DEADLINE, why.LATE_COMMITMENT)
    if not state._isPoint(commitment):
        state._refuse(why.MALFORMED_COMMITMENT)
    if gate & state.GATE_AUDITED != 0:
        batches: uint256 = state.batchCounts[order][msg.sender]
        if batches == 0:
            state._refuse(why.DATA_NOT_COMMITTED)
        if checkpointRoot == empty(bytes32):
            state._refuse(why.CHECKPOINT_ROOT_MISSING)
        state.checkpointRoots[order][msg.sender] = checkpointRoot
        state.answers[order][msg.sender] = batches << 232
    if state.members[order][msg.sender] == 0:
        if len(state.orders[order].participants) >= state.parameters.maximumParticipants:
            state._refuse(why.TOO_MANY_PARTICIPANTS)
        state._lock(msg.sender, state.PARTICIPANT)
        state.orders[order].participants.append(msg.sender)
    counts: uint256 = state.orders[order].counts
    sequence: uint256 = (counts >> 64) & (2**32 - 1)
    if sequence >= 2**24:
        state._refuse(why.TOO_MANY_PARTICIPANTS)
    state.orders[order].counts = counts + (1 << 64)
    state.members[order][msg.sender] = state._pointName(commitment) | (sequence << 216) | state.COMMITTED
    state.secrets[order][msg.sender] = beaconCommitment
    log ModelCommitted(
        task=task, participant=msg.sender, round=round, commitment=commitment, sequence=sequence
    )


@external
def proveQuality(
    task: bytes32, round: uint256, chunk: uint256, proof: uint256[12], correct: uint256, model: uint256[2],
    testSet: uint256[2]
):
    """
    @notice Proves that the sender's committed model classifies at least `correct` samples of a chunk correctly.
    @param proof   A, B, C, D and the link argument, uncompressed.
    @param model   The sender's commitment.
    @param testSet The chunk's commitment.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if (gate >> 200) & 255 == 0:
        state._refuse(why.TEST_SET_NOT_REVEALED)
    member: uint256 = state.members[order][msg.sender]
    if member == 0:
        state._refuse(why.NOT_COMMITTED)
    if chunk >= (gate >> 200) & 255:
        state._refuse(why.UNKNOWN_CHUNK)
    chunkWord: uint256 = state.chunks[order][chunk]
    if correct == 0 or correct > chunkWord & (2**32 - 1):
        state._refuse(why.CLAIM_OUT_OF_RANGE)
    if block.timestamp >= (gate >> 160) & (2**40 - 1):
        state._refuse(why.LATE_PROOF)
    if member & state.REVEALED == 0:
        state._refuse(why.SECRET_NOT_REVEALED)
    word: uint256 = state.claims[order][msg.sender]
    claimed: uint256 = (word >> (32 * chunk)) & (2**32 - 1)
    if correct <= claimed:
        state._refuse(why.CLAIM_NOT_BETTER)
    digest: bytes32 = keccak256(concat(order, slice(msg.data, 100, 384)))
    if state.acceptedProofs[digest]:
        state._refuse(why.REPLAYED_PROOF)
    if state._pointName(model) != member & state.NAME_MASK or state._pointName(testSet) != chunkWord >> 32:
        state._refuse(why.PROOF_DOES_NOT_VERIFY)

    context: bytes32 = sha256(
        concat(
            CONTEXT_TAG, LEDGER_DIGEST, CONTRACT_DIGEST, task, self._addressDigest(msg.sender),
            convert(convert(round, uint64), bytes8), x"0000000000000000", convert(convert(chunk, uint64), bytes8),
            x"0000000000000002", MODEL, TEST_SET,
        )
    )
    # The statement stands in the call data behind the proof: the input and both commitments.
    success: bool = False
    response: Bytes[128] = b""
    success, response = raw_call(
        convert(gate & (2**160 - 1), address),
        concat(
            method_id("verify(uint256[12],bytes32,uint256[5])"), slice(msg.data, 100, 384), context,
            slice(msg.data, 484, 160)
        ),
        max_outsize=128, is_static_call=True, revert_on_failure=False
    )
    self._requireTrue(success, response)

    state.claims[order][msg.sender] = word ^ ((claimed ^ correct) << (32 * chunk))
    state.acceptedProofs[digest] = True
    log QualityProven(task=task, participant=msg.sender, round=round, chunk=chunk, correct=correct)


@external
def answerAudit(
    task: bytes32, round: uint256, stage: uint256, proof: uint256[12], before: uint256[2], after: uint256[2],
    batch: uint256[2], batchIndex: uint256, paths: DynArray[bytes32, 3 * MOST_NODES]
):
    """
    @notice Proves one stage of the sender's training that was drawn for audit (Docs/audit.md), of one step.
    @param proof      A, B, C, D and the link argument, uncompressed.
    @param before     The checkpoint `stage`.
    @param after      The checkpoint `stage` + 1.
    @param batch      The batch of the step.
    @param batchIndex Its place in the tree of batches.
    @param paths      The paths of `before`, of `after` and of `batch`, one behind the other.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if gate & state.GATE_AUDITED == 0:
        state._refuse(why.AUDIT_NOT_WANTED)
    member: uint256 = state.members[order][msg.sender]
    if member == 0:
        state._refuse(why.NOT_COMMITTED)
    if member & state.REVEALED == 0:
        state._refuse(why.SECRET_NOT_REVEALED)
    if block.timestamp < gate >> 224:
        state._refuse(why.TOO_EARLY)
    if (gate >> 200) & 255 == 0:
        state._refuse(why.TEST_SET_NOT_REVEALED)
    if block.timestamp >= (gate >> 160) & (2**40 - 1):
        state._refuse(why.LATE_PROOF)
    policy: uint256 = state.tasks[task].audit
    stages: uint256 = (policy >> 160) & (2**16 - 1)
    participant: bytes32 = self._addressDigest(msg.sender)
    root: bytes32 = state.checkpointRoots[order][msg.sender]
    if (
        stage >= stages
        or (self._sample(order, task, participant, root, stages, (policy >> 176) & (2**16 - 1)) >> stage) & 1 == 0
    ):
        state._refuse(why.STAGE_NOT_SAMPLED)
    answered: uint256 = state.answers[order][msg.sender]
    if (answered >> stage) & 1 != 0:
        state._refuse(why.STAGE_ALREADY_ANSWERED)

    used: uint256 = 0
    leaf: bytes32 = empty(bytes32)
    fits: bool = True
    fits, used = self._follow(
        self._leaf(b"ZKPOT-V1-CHECKPOINT", stage, before), stage, stages + 1, root, paths, used
    )
    if fits:
        fits, used = self._follow(
            self._leaf(b"ZKPOT-V1-CHECKPOINT", stage + 1, after), stage + 1, stages + 1, root, paths, used
        )
    if fits:
        count: uint256 = answered >> 232
        root = state.batchRoots[order][msg.sender]
        fits, used = self._follow(
            self._leaf(b"ZKPOT-V1-BATCH", batchIndex, batch), batchIndex, count, root, paths, used
        )
        fits = fits and used == len(paths) and self._batchOfStep(
            order, task, participant, root, count, stage
        ) == batchIndex
    if stage == 0 and state._pointName(before) != state.orders[order].start:
        fits = False
    if stage + 1 == stages and state._pointName(after) != member & state.NAME_MASK:
        fits = False
    if not fits:
        state._refuse(why.AUDIT_ANSWER_MISMATCH)

    context: bytes32 = sha256(
        concat(
            CONTEXT_TAG, LEDGER_DIGEST, CONTRACT_DIGEST, task, participant,
            convert(convert(round, uint64), bytes8), convert(convert(stage, uint64), bytes8), x"0000000000000000",
            x"0000000000000003", MODEL_BEFORE, MODEL_AFTER, BATCH,
        )
    )
    success: bool = False
    response: Bytes[128] = b""
    success, response = raw_call(
        convert(policy & (2**160 - 1), address),
        concat(
            method_id("verify(uint256[12],bytes32,uint256[6])"), slice(msg.data, 100, 384), context,
            slice(msg.data, 484, 192)
        ),
        max_outsize=128, is_static_call=True, revert_on_failure=False
    )
    self._requireTrue(success, response)

    state.answers[order][msg.sender] = (answered | (1 << stage)) + (1 << 224)
    log StageProven(task=task, participant=msg.sender, round=round, stage=stage)


@internal
@pure
def _requireTrue(success: bool, response: Bytes[128]):
    """
    @notice Tells a false proof from bytes that are none: the verifier says "false proof" only after every check of form.
    """
    if success and len(response) == 32 and convert(slice(response, 0, 32), uint256) == 1:
        return
    if len(response) >= 100 and slice(response, 68, 11) == b"false proof":
        state._refuse(why.PROOF_DOES_NOT_VERIFY)
    state._refuse(why.MALFORMED_PROOF)


# --- Survivors of secure aggregation -----------------------------------------------------------------------------------


@external
def fixSurvivors(
    task: bytes32, round: uint256, survivors: DynArray[address, state.MOST_MEMBERS],
    signatures: DynArray[state.Signature, state.MOST_MEMBERS]
):
    """
    @notice Puts on record, once, whose models the global one is the sum of.
    @param survivors  Accepted participants, ascending.
    @param signatures Of survivors on `survivorsDigest`, as `eth_sign` makes them: more than half as many as are accepted.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    state._requireWindow(order, state.VOTE_DEADLINE, state.FINALIZE_DEADLINE, why.LATE_SURVIVORS)
    if gate & state.GATE_SURVIVORS != 0:
        state._refuse(why.SURVIVORS_ALREADY_FIXED)
    state._requireFree(msg.sender, state.AGGREGATOR)
    least: uint256 = 0
    for survivor: address in survivors:
        if convert(survivor, uint256) < least:
            state._refuse(why.MALFORMED_SURVIVORS)
        least = convert(survivor, uint256) + 1
    if least == 0:
        state._refuse(why.MALFORMED_SURVIVORS)

    # Nobody is accepted where the order will be aborted.
    if state._firstUpheld(order, state.TEST_SET) != empty(address):
        state._refuse(why.SURVIVOR_NOT_ACCEPTED)
    stages: uint256 = 0
    entry: uint256 = 0
    stages, entry = state._demands(task, order)
    for survivor: address in survivors:
        member: uint256 = state.members[order][survivor]
        if not self._isAccepted(order, gate, survivor, member, stages, entry):
            state._refuse(why.SURVIVOR_NOT_ACCEPTED)
        state.members[order][survivor] = member | state.SURVIVOR
    message: bytes32 = state._message(self._survivorsDigest(task, round, survivors))
    for signature: state.Signature in signatures:
        member: uint256 = state.members[order][signature.signer]
        if member & state.SURVIVOR == 0:
            state._refuse(why.UNKNOWN_SURVIVOR_SIGNER)
        if member & state.CONSENTED != 0:
            state._refuse(why.DUPLICATE_SURVIVOR_SIGNER)
        state._requireSigned(message, signature, why.BAD_SURVIVOR_SIGNATURE)
        state.members[order][signature.signer] = member | state.CONSENTED
    accepted: uint256 = len(survivors)
    for participant: address in state.orders[order].participants:
        member: uint256 = state.members[order][participant]
        if member & state.SURVIVOR == 0 and self._isAccepted(order, gate, participant, member, stages, entry):
            accepted += 1
    if 2 * len(signatures) <= accepted:
        state._refuse(why.SURVIVOR_SIGNATURES_MISSING)

    state.orders[order].gate = gate | state.GATE_SURVIVORS
    log SurvivorsFixed(task=task, aggregator=msg.sender, round=round, survivors=survivors)


@external
@view
def survivorsDigest(
    task: bytes32, round: uint256, survivors: DynArray[address, state.MOST_MEMBERS]
) -> bytes32:
    """
    @notice What survivors sign, as a message of 32 bytes (`eth_sign`), whether or not they are accepted.
    """
    return self._survivorsDigest(task, round, survivors)


@internal
@view
def _isAccepted(
    order: bytes32, gate: uint256, participant: address, member: uint256, stages: uint256, entry: uint256
) -> bool:
    fault: uint256 = 0
    accepted: bool = False
    score: uint256 = 0
    fault, accepted, score = state._standing(order, gate, participant, member, stages, entry)
    return accepted


@internal
@view
def _survivorsDigest(
    task: bytes32, round: uint256, survivors: DynArray[address, state.MOST_MEMBERS]
) -> bytes32:
    # The encoding of a list starts with two words: where it is, and its length.
    return sha256(
        concat(
            b"ZKPOT-V1-SURVIVORS", state._orderName(task, round), slice(abi_encode(survivors), 64, 32 * len(survivors))
        )
    )


# --- Audits (Docs/audit.md) --------------------------------------------------------------------------------------------


@internal
@pure
def _leaf(tag: Bytes[19], index: uint256, point: uint256[2]) -> bytes32:
    return sha256(concat(0x00, tag, convert(convert(index, uint64), bytes8), abi_encode(point)))


@internal
@pure
def _follow(
    leaf: bytes32, index: uint256, size: uint256, root: bytes32, nodes: DynArray[bytes32, 3 * MOST_NODES],
    first: uint256
) -> (bool, uint256):
    """
    @notice Whether the nodes from `first` on lead from leaf number `index` of `size` to the root, and the first unused.
    """
    if index >= size:
        return False, first
    position: uint256 = index
    last: uint256 = size - 1
    hash: bytes32 = leaf
    used: uint256 = first
    for _: uint256 in range(MOST_NODES):
        if last == 0:
            break
        if position & 1 == 1 or position < last:
            if used >= len(nodes):
                return False, used
            if position & 1 == 1:
                hash = sha256(concat(0x01, nodes[used], hash))
            else:
                hash = sha256(concat(0x01, hash, nodes[used]))
            used += 1
        position >>= 1
        last >>= 1
    return last == 0 and hash == root, used


@internal
@view
def _sample(
    order: bytes32, task: bytes32, participant: bytes32, root: bytes32, stages: uint256, wanted: uint256
) -> uint256:
    """
    @notice The stages to prove as bits; none before the beacon is drawn.
    """
    if wanted == stages:
        return (1 << stages) - 1
    beacon: bytes32 = state.orders[order].beacon
    if beacon == empty(bytes32):
        state._refuse(why.BEACON_NOT_DRAWN)
    seed: bytes32 = sha256(concat(b"ZKPOT-V1-AUDIT", beacon, task, participant, root))
    sample: uint256 = 1 | (1 << (stages - 1))
    chosen: uint256 = 2
    # The chance that so many draws do not suffice is nil: 224 stages take about 1,300.
    for counter: uint256 in range(2**16):
        if chosen == wanted:
            break
        hash: bytes32 = sha256(concat(seed, convert(convert(counter, uint64), bytes8)))
        bit: uint256 = 1 << (1 + (convert(hash, uint256) >> 128) % (stages - 2))
        if sample & bit == 0:
            sample |= bit
            chosen += 1
    return sample


@internal
@view
def _batchOfStep(
    order: bytes32, task: bytes32, participant: bytes32, root: bytes32, count: uint256, step: uint256
) -> uint256:
    """
    @notice Entry `step` mod `count` of the order of the pass. The shuffle exchanges entry i with entry j(i) for
            i = count − 1 … 1; read backwards, an entry's place changes only where j(i) meets it.
    """
    beacon: bytes32 = state.orders[order].dataBeacon
    if beacon == empty(bytes32):
        state._refuse(why.BEACON_NOT_DRAWN)
    dataset: bytes32 = sha256(concat(b"ZKPOT-V1-DATASET", root, convert(convert(count, uint64), bytes8)))
    seed: bytes32 = sha256(
        concat(
            b"ZKPOT-V1-BATCH-ORDER", beacon, task, participant, dataset,
            convert(convert(step // count, uint64), bytes8)
        )
    )
    start: uint256 = step % count
    place: uint256 = start
    for offset: uint256 in range(count - start, bound=state.MOST_BATCHES):
        i: uint256 = start + offset
        if i == 0:
            continue
        hash: bytes32 = sha256(concat(seed, convert(convert(i, uint64), bytes8)))
        j: uint256 = (convert(hash, uint256) >> 128) % (i + 1)
        if offset == 0:
            place = j
        elif j == place:
            place = i
    return place


# --- Points and names --------------------------------------------------------------------------------------------------


@internal
@pure
def _addressDigest(account: address) -> bytes32:
    """
    @notice SHA-256 of an address as text: 0x and 40 lower-case digits.
    """
    number: uint256 = convert(account, uint256)
    return sha256(
        concat(
            b"0x", convert(self._digits(number >> 32), bytes32),
            slice(convert(self._digits(number & (2**32 - 1)), bytes32), 24, 8),
        )
    )


@internal
@pure
def _digits(number: uint256) -> uint256:
    """
    @notice The 32 hexadecimal digits of a number below 2^128: half-bytes are moved apart, then made letters.
    """
    spread: uint256 = (number | (number << 64)) & convert(0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff, uint256)
    spread = (spread | (spread << 32)) & convert(0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff, uint256)
    spread = (spread | (spread << 16)) & convert(0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff, uint256)
    spread = (spread | (spread << 8)) & convert(0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff, uint256)
    spread = (spread | (spread << 4)) & convert(0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f, uint256)
    letters: uint256 = (
        (spread + convert(0x0606060606060606060606060606060606060606060606060606060606060606, uint256)) >> 4
    ) & convert(0x0101010101010101010101010101010101010101010101010101010101010101, uint256)
    return spread + convert(0x3030303030303030303030303030303030303030303030303030303030303030, uint256) + unsafe_mul(letters, 39)
