# pragma version 0.4.3
# pragma evm-version prague
# pragma optimize codesize
"""
@title   Settlement: orders, reveals, judgements and payouts
@license Apache-2.0
@notice  The second half of the rules. This code runs on the storage of a registry, by delegated calls; what stands at its own address
         has no state, and holds nothing.
"""

import reasons as why
import state

initializes: state

struct Payment:
    account: address
    amount: uint256

MOST_PAYMENTS: constant(uint256) = 2 * state.MOST_MEMBERS + 1
U32: constant(uint256) = 2**32 - 1

event OrderOpened:
    task: indexed(bytes32)
    publisher: indexed(address)
    round: uint256
    reward: uint256
    bond: uint256
    times: uint256[8]
    testSetHash: bytes32

event DataCommitted:
    task: indexed(bytes32)
    participant: indexed(address)
    round: uint256
    batchRoot: bytes32
    batches: uint256

event TestSetRevealed:
    task: indexed(bytes32)
    round: uint256
    salt: bytes32
    contents: bytes32
    baseline: uint256

event SecretRevealed:
    task: indexed(bytes32)
    participant: indexed(address)
    round: uint256
    secret: bytes32

event BeaconDrawn:
    task: indexed(bytes32)
    round: uint256
    ofData: bool
    beacon: bytes32

event Validated:
    task: indexed(bytes32)
    participant: indexed(address)
    validator: indexed(address)
    round: uint256
    correct: uint256

event Challenged:
    task: indexed(bytes32)
    participant: indexed(address)
    validator: indexed(address)
    round: uint256
    challenger: address
    upheld: bool

event Reported:
    task: indexed(bytes32)
    reporter: indexed(address)
    round: uint256
    report: uint256
    subject: uint256
    kind: uint256

event Voted:
    task: indexed(bytes32)
    voter: indexed(address)
    round: uint256
    report: uint256
    upholds: bool

event Finalized:
    task: indexed(bytes32)
    leader: indexed(address)
    round: uint256
    outcome: uint256
    model: uint256[2]
    file: bytes32

event Paid:
    task: indexed(bytes32)
    account: indexed(address)
    round: uint256
    amount: uint256


@deploy
def __init__(parameters: state.Parameters):
    """
    @notice Checks the parameters as the registry does; only the registry's own copy counts.
    """
    state.__init__(parameters)


# --- Put -------------------------------------------------------------------------------------------------------------


@external
def openOrder(task: bytes32, round: uint256, testSetHash: bytes32, terms: state.Terms):
    """
    @notice Opens one round of a task; reward and bond go from the balance into escrow.
    """
    record: state.Task = state.tasks[task]
    if record.publisher == empty(address):
        state._refuse(why.UNKNOWN_TASK)
    if record.publisher != msg.sender:
        state._refuse(why.NOT_THE_PUBLISHER)
    if round != record.nextRound:
        state._refuse(why.WRONG_ROUND)
    if round > 0 and state._outcome(state.orders[state._orderKey(task, round - 1)].gate) == 0:
        state._refuse(why.PREVIOUS_ROUND_NOT_FINALIZED)
    times: uint256 = 0
    previous: uint256 = block.timestamp
    for i: uint256 in range(8):
        if terms.times[i] > U32 or terms.times[i] < previous or (i > 0 and terms.times[i] == previous):
            state._refuse(why.DEADLINES_OUT_OF_ORDER)
        previous = terms.times[i]
        times |= previous << (32 * i)
    total: uint256 = 0
    packed: uint256 = 0
    for i: uint256 in range(4):
        share: uint256 = min(terms.split[i], state.WHOLE + 1)
        total += share
        packed |= share << (16 * i)
    if total != state.WHOLE:
        state._refuse(why.SPLIT_NOT_WHOLE)
    if terms.bond < state.parameters.minimumBond:
        state._refuse(why.BOND_BELOW_MINIMUM)
    for i: uint256 in range(len(terms.signers), bound=state.MOST_SIGNERS):
        for j: uint256 in range(i, bound=state.MOST_SIGNERS):
            if terms.signers[i] == terms.signers[j]:
                state._refuse(why.MALFORMED_PAYOUT_SIGNERS)
    if terms.threshold > len(terms.signers) or (terms.threshold == 0 and len(terms.signers) > 0):
        state._refuse(why.MALFORMED_PAYOUT_SIGNERS)
    gate: uint256 = (
        convert(record.qualityVerifier, uint256) | (terms.times[state.PROOF_DEADLINE] << 160)
        | (terms.times[state.REVEAL_DEADLINE] << 224)
    )
    order: bytes32 = state._orderKey(task, round)
    if record.audit != 0:
        if not state._isPoint(terms.start):
            state._refuse(why.MALFORMED_COMMITMENT)
        gate |= state.GATE_AUDITED
        state.orders[order].start = state._pointName(terms.start)
    state._lock(msg.sender, state.PUBLISHER)
    if terms.reward > state.LOW_128 or terms.bond > state.LOW_128:
        state._refuse(why.INSUFFICIENT_BALANCE)
    state._take(msg.sender, terms.reward + terms.bond)

    state.tasks[task].nextRound = round + 1
    state.orders[order].gate = gate
    state.orders[order].times = times
    state.orders[order].money = terms.reward | (terms.bond << 128)
    state.orders[order].testSetHash = testSetHash
    state.orders[order].terms = packed | (terms.threshold << 64)
    state.orders[order].signers = terms.signers
    log OrderOpened(
        task=task, publisher=msg.sender, round=round, reward=terms.reward, bond=terms.bond, times=terms.times,
        testSetHash=testSetHash
    )


# --- Reveal ----------------------------------------------------------------------------------------------------------


@external
def commitData(task: bytes32, round: uint256, batchRoot: bytes32, batches: uint256):
    """
    @notice Commits to the batches of a data set, before commitments to models open.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if gate & state.GATE_AUDITED == 0:
        state._refuse(why.AUDIT_NOT_WANTED)
    if msg.sender == state.tasks[task].publisher:
        state._refuse(why.PUBLISHER_MAY_NOT_COMPETE)
    if block.timestamp >= state._time(order, state.COMMIT_START):
        state._refuse(why.LATE_COMMITMENT)
    if batches == 0 or batches > state.MOST_BATCHES:
        state._refuse(why.BATCH_COUNT_OUT_OF_RANGE)
    if state.batchCounts[order][msg.sender] == 0:
        if state.orders[order].dataCommitments >= state.parameters.maximumParticipants:
            state._refuse(why.TOO_MANY_PARTICIPANTS)
        state._requireFree(msg.sender, state.PARTICIPANT)
        state.orders[order].dataCommitments += 1
    state.batchRoots[order][msg.sender] = batchRoot
    state.batchCounts[order][msg.sender] = batches
    log DataCommitted(task=task, participant=msg.sender, round=round, batchRoot=batchRoot, batches=batches)


@external
def drawDataBeacon(task: bytes32, round: uint256, accounts: DynArray[address, state.MOST_MEMBERS]):
    """
    @notice Fixes what puts the batches in order, from the time on at which commitments to models open.
    @param accounts All who committed to data, ascending.
    """
    order: bytes32 = state._orderKey(task, round)
    state._gate(task, order)
    if block.timestamp < state._time(order, state.COMMIT_START):
        state._refuse(why.TOO_EARLY)
    if state.orders[order].dataBeacon != empty(bytes32):
        state._refuse(why.BEACON_ALREADY_DRAWN)
    if len(accounts) != state.orders[order].dataCommitments:
        state._refuse(why.MALFORMED_SECRETS)
    parts: DynArray[bytes32, 2 * state.MOST_MEMBERS] = []
    previous: uint256 = 0
    for account: address in accounts:
        count: uint256 = state.batchCounts[order][account]
        if convert(account, uint256) <= previous or count == 0:
            state._refuse(why.MALFORMED_SECRETS)
        previous = convert(account, uint256)
        parts.append(convert(account, bytes32))
        parts.append(
            sha256(
                concat(
                    b"ZKPOT-V1-DATASET", state.batchRoots[order][account], convert(convert(count, uint64), bytes8)
                )
            )
        )
    # The encoding of a list starts with two words: where it is, and its length.
    beacon: bytes32 = sha256(
        concat(
            b"ZKPOT-V1-DATA-BEACON", state._orderName(task, round),
            slice(abi_encode(parts), 64, 32 * len(parts))
        )
    )
    state.orders[order].dataBeacon = beacon
    log BeaconDrawn(task=task, round=round, ofData=True, beacon=beacon)


@external
def revealTestSet(
    task: bytes32, round: uint256, salt: bytes32, contents: bytes32, baseline: uint256,
    chunks: DynArray[state.Chunk, state.MOST_CHUNKS]
):
    """
    @notice Opens what the order's test set hash was made of.
    @param contents SHA-256 of the samples.
    @param baseline How many of them the current global model classifies correctly.
    """
    if state.tasks[task].publisher == empty(address):
        state._refuse(why.UNKNOWN_TASK)
    if state.tasks[task].publisher != msg.sender:
        state._refuse(why.NOT_THE_PUBLISHER)
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if (gate >> 200) & 255 != 0:
        state._refuse(why.TEST_SET_ALREADY_REVEALED)
    state._requireWindow(order, state.COMMIT_DEADLINE, state.REVEAL_DEADLINE, why.LATE_REVEAL)
    parts: DynArray[uint256, 3 * state.MOST_CHUNKS] = []
    for chunk: state.Chunk in chunks:
        parts.append(chunk.commitment[0])
        parts.append(chunk.commitment[1])
        parts.append(chunk.samples)
    if state.orders[order].testSetHash != sha256(
        concat(
            b"ZKPOT-V1-TEST-SET", state._orderName(task, round), salt, contents, convert(baseline, bytes32),
            convert(len(chunks), bytes32), slice(abi_encode(parts), 64, 32 * len(parts))
        )
    ):
        state._refuse(why.TEST_SET_HASH_MISMATCH)
    if len(chunks) == 0:
        state._refuse(why.MALFORMED_TEST_SET)
    samples: uint256 = 0
    index: uint256 = 0
    for chunk: state.Chunk in chunks:
        if chunk.samples == 0 or chunk.samples > state.tasks[task].samples:
            state._refuse(why.MALFORMED_TEST_SET)
        if not state._isPoint(chunk.commitment):
            state._refuse(why.MALFORMED_COMMITMENT)
        state.chunks[order][index] = (state._pointName(chunk.commitment) << 32) | chunk.samples
        samples += chunk.samples
        index += 1
    if baseline > samples or samples > U32:
        state._refuse(why.MALFORMED_TEST_SET)
    if samples < state.tasks[task].minimumSamples:
        state._refuse(why.TEST_SET_TOO_SMALL)
    state.orders[order].gate = gate | (len(chunks) << 200)
    state.orders[order].counts |= samples | (baseline << 32)
    state.orders[order].salt = salt
    log TestSetRevealed(task=task, round=round, salt=salt, contents=contents, baseline=baseline)


@external
def revealSecret(task: bytes32, round: uint256, secret: bytes32):
    """
    @notice Reveals the sender's part of the beacon.
    """
    order: bytes32 = state._orderKey(task, round)
    state._gate(task, order)
    member: uint256 = state.members[order][msg.sender]
    if member == 0:
        state._refuse(why.NOT_COMMITTED)
    state._requireWindow(order, state.COMMIT_DEADLINE, state.REVEAL_DEADLINE, why.LATE_REVEAL)
    if member & state.REVEALED != 0:
        state._refuse(why.SECRET_ALREADY_REVEALED)
    if state.secrets[order][msg.sender] != sha256(concat(b"ZKPOT-V1-SECRET", convert(msg.sender, bytes32), secret)):
        state._refuse(why.SECRET_MISMATCH)
    state.secrets[order][msg.sender] = secret
    state.members[order][msg.sender] = member | state.REVEALED
    state.orders[order].counts += 1 << 96
    log SecretRevealed(task=task, participant=msg.sender, round=round, secret=secret)


@external
def drawBeacon(task: bytes32, round: uint256, accounts: DynArray[address, state.MOST_MEMBERS]):
    """
    @notice Fixes what draws the audited stages, once nobody can reveal any more.
    @param accounts All who revealed their secrets, ascending.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    if block.timestamp < state._time(order, state.REVEAL_DEADLINE):
        state._refuse(why.TOO_EARLY)
    if (gate >> 200) & 255 == 0:
        state._refuse(why.TEST_SET_NOT_REVEALED)
    if state.orders[order].beacon != empty(bytes32):
        state._refuse(why.BEACON_ALREADY_DRAWN)
    if len(accounts) != (state.orders[order].counts >> 96) & U32:
        state._refuse(why.MALFORMED_SECRETS)
    parts: DynArray[bytes32, state.MOST_MEMBERS] = []
    previous: uint256 = 0
    for account: address in accounts:
        if convert(account, uint256) <= previous or state.members[order][account] & state.REVEALED == 0:
            state._refuse(why.MALFORMED_SECRETS)
        previous = convert(account, uint256)
        parts.append(state.secrets[order][account])
    beacon: bytes32 = sha256(
        concat(
            b"ZKPOT-V1-BEACON", state._orderName(task, round), slice(abi_encode(parts), 64, 32 * len(parts)),
            state.orders[order].salt
        )
    )
    state.orders[order].beacon = beacon
    log BeaconDrawn(task=task, round=round, ofData=False, beacon=beacon)


# --- Validate and verify -----------------------------------------------------------------------------------------------


@external
def validate(task: bytes32, round: uint256, participant: address, correct: uint256):
    """
    @notice Says that a claim was checked, and what its score is. Claims are final by then, so a lie is known at once.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    state._requireWindow(order, state.PROOF_DEADLINE, state.VALIDATION_DEADLINE, why.LATE_VALIDATION)
    if msg.sender == state.tasks[task].publisher or state.members[order][msg.sender] != 0:
        state._refuse(why.CONFLICT_OF_INTEREST)
    complete: bool = False
    score: uint256 = 0
    complete, score = state._score(order, gate, participant)
    if not complete:
        state._refuse(why.CLAIM_MISSING)
    if correct > state.orders[order].counts & U32:
        state._refuse(why.CLAIM_OUT_OF_RANGE)
    word: uint256 = state.validatorWords[order][msg.sender]
    if word & state.SLASHED != 0:
        state._refuse(why.VALIDATOR_SLASHED)
    if state.validations[order][msg.sender][participant] != 0:
        state._refuse(why.ALREADY_VALIDATED)
    if word == 0:
        if len(state.orders[order].validators) >= state.parameters.maximumValidators:
            state._refuse(why.TOO_MANY_VALIDATORS)
        state._lock(msg.sender, state.VALIDATOR)
        state.orders[order].validators.append(msg.sender)
        word = state.KNOWN
    if correct != score:
        word |= state.FALSIFIED
    state.validatorWords[order][msg.sender] = word
    state.validations[order][msg.sender][participant] = correct | state.VALIDATED
    log Validated(task=task, participant=participant, validator=msg.sender, round=round, correct=correct)


@external
def challenge(task: bytes32, round: uint256, participant: address, validator: address):
    """
    @notice Calls a validation false. Decided at once by the accepted proof: the liar loses its stake, the other gets a part.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    state._requireWindow(order, state.PROOF_DEADLINE, state.CHALLENGE_DEADLINE, why.LATE_CHALLENGE)
    validation: uint256 = state.validations[order][validator][participant]
    if validation == 0:
        state._refuse(why.VALIDATION_MISSING)
    if state.validatorWords[order][validator] & state.SLASHED != 0:
        state._refuse(why.VALIDATOR_SLASHED)
    if validation & state.CHALLENGED != 0:
        state._refuse(why.ALREADY_CHALLENGED)
    if msg.sender == validator:
        state._refuse(why.CONFLICT_OF_INTEREST)
    state._requireFree(msg.sender, state.VERIFIER)
    complete: bool = False
    score: uint256 = 0
    complete, score = state._score(order, gate, participant)
    upheld: bool = validation & (2**64 - 1) != score
    if upheld:
        stake: uint256 = state.parameters.minimumStake[state.VALIDATOR]
        state.validatorWords[order][validator] |= state.SLASHED
        state._release(validator, state.VALIDATOR, stake)
        self._award(validator, stake, msg.sender)
    else:
        stake: uint256 = state.parameters.minimumStake[state.VERIFIER]
        state.validations[order][validator][participant] = validation | state.CHALLENGED
        word: uint256 = state.stakes[msg.sender][state.VERIFIER]
        state._setStake(msg.sender, state.VERIFIER, (word & state.LOW_128) - stake, word >> 128)
        self._award(msg.sender, stake, validator)
    log Challenged(
        task=task, participant=participant, validator=validator, round=round, challenger=msg.sender, upheld=upheld
    )


@external
def report(task: bytes32, round: uint256, subject: uint256, kind: uint256):
    """
    @notice Says that a content cannot be fetched, or is unfit; votes decide.
    @param subject 0: test set. 1: global model.
    @param kind    0: irretrievable. 1: unfit.
    """
    order: bytes32 = state._orderKey(task, round)
    if subject > state.GLOBAL_MODEL or kind > 1:
        state._refuse(why.SUBJECT_MISSING)
    gate: uint256 = self._underReport(task, order, subject)
    responsible: address = self._responsible(task, order, subject)
    if subject == state.GLOBAL_MODEL:
        if responsible == empty(address):
            state._refuse(why.SUBJECT_MISSING)
        if block.timestamp >= state._time(order, state.FINALIZE_DEADLINE):
            state._refuse(why.LATE_REPORT)
    else:
        if (gate >> 200) & 255 == 0:
            state._refuse(why.SUBJECT_MISSING)
        if block.timestamp >= state._time(order, state.CHALLENGE_DEADLINE):
            state._refuse(why.LATE_REPORT)
    reports: DynArray[uint256, state.MOST_REPORTS] = state.orders[order].reports
    for known: uint256 in reports:
        if (known >> 160) & 3 == subject | (kind << 1):
            state._refuse(why.ALREADY_REPORTED)
    if msg.sender == responsible:
        state._refuse(why.CONFLICT_OF_INTEREST)
    state._lock(msg.sender, state.VERIFIER)
    state.orders[order].reports.append(convert(msg.sender, uint256) | (subject << 160) | (kind << 161))
    log Reported(
        task=task, reporter=msg.sender, round=round, report=len(reports), subject=subject, kind=kind
    )


@external
def vote(task: bytes32, round: uint256, report: uint256, upholds: bool):
    """
    @notice Votes on a report, by its number.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._existing(task, order)
    if report >= len(state.orders[order].reports):
        if state._outcome(gate) != 0:
            state._refuse(why.ROUND_FINALIZED)
        state._refuse(why.UNKNOWN_REPORT)
    word: uint256 = state.orders[order].reports[report]
    subject: uint256 = (word >> 160) & 1
    gate = self._underReport(task, order, subject)
    deadline: uint256 = state.VOTE_DEADLINE
    if subject == state.GLOBAL_MODEL:
        deadline = state.FINALIZE_DEADLINE
    if block.timestamp >= state._time(order, deadline):
        state._refuse(why.LATE_VOTE)
    if (
        convert(msg.sender, uint256) == word & (2**160 - 1)
        or msg.sender == self._responsible(task, order, subject)
    ):
        state._refuse(why.CONFLICT_OF_INTEREST)
    voter: uint256 = state.voterWords[order][msg.sender]
    if (voter >> (8 + report)) & 1 != 0:
        state._refuse(why.ALREADY_VOTED)
    if voter & state.KNOWN == 0:
        if len(state.orders[order].voters) >= state.MOST_MEMBERS:
            state._refuse(why.TOO_MANY_VOTERS)
        state._lock(msg.sender, state.VERIFIER)
        state.orders[order].voters.append(msg.sender)
    state.voterWords[order][msg.sender] = voter | state.KNOWN | (1 << (8 + report))
    if upholds:
        state.orders[order].reports[report] = word + (1 << 168)
    else:
        state.orders[order].reports[report] = word + (1 << 200)
    log Voted(task=task, voter=msg.sender, round=round, report=report, upholds=upholds)


@internal
@view
def _underReport(task: bytes32, order: bytes32, subject: uint256) -> uint256:
    """
    @notice The gate of an order in which a subject can be reported: the global model's only after the end.
    """
    if subject == state.TEST_SET:
        return state._gate(task, order)
    return self._unpaid(task, order)


@internal
@view
def _unpaid(task: bytes32, order: bytes32) -> uint256:
    gate: uint256 = state._existing(task, order)
    if state._outcome(gate) == 0:
        state._refuse(why.NOT_FINALIZED)
    if gate & state.GATE_PAID != 0:
        state._refuse(why.ALREADY_PAID)
    return gate


@internal
@view
def _responsible(task: bytes32, order: bytes32, subject: uint256) -> address:
    if subject == state.TEST_SET:
        return state.tasks[task].publisher
    return state.orders[order].aggregator


@internal
def _award(loser: address, slashed: uint256, finder: address):
    """
    @notice Shares what was slashed between who found the lie and nobody.
    """
    part: uint256 = state._share(slashed, state.parameters.challengerShare)
    state._pay(finder, part)
    state._burn(loser, slashed - part)


@internal
def _releaseVerifiers(order: bytes32, subject: uint256):
    """
    @notice Ends the locks of all who reported a subject or voted since the last release; a rejected report costs its stake.
    """
    stake: uint256 = state.parameters.minimumStake[state.VERIFIER]
    for word: uint256 in state.orders[order].reports:
        if (word >> 160) & 1 == subject:
            reporter: address = convert(word & (2**160 - 1), address)
            if state._decision(word, state.parameters.voteQuorum) == state.REJECTED:
                state._release(reporter, state.VERIFIER, stake)
                state._burn(reporter, stake)
            else:
                state._release(reporter, state.VERIFIER, 0)
    for voter: address in state.orders[order].voters:
        state._release(voter, state.VERIFIER, 0)
        state.voterWords[order][voter] ^= state.KNOWN
    state.orders[order].voters = []


# --- Finalize --------------------------------------------------------------------------------------------------------


@external
def finalize(
    task: bytes32, round: uint256, model: uint256[2], file: bytes32,
    commitments: DynArray[uint256[2], state.MOST_MEMBERS]
):
    """
    @notice Ends an order: judges, slashes, releases, and names the leader and the global model.
    @param model       The global model's commitment, zeros for none.
    @param file        SHA-256 of the file that opens it.
    @param commitments Of the survivors if they are fixed, otherwise of the accepted participants, in the order of their
                       first commitments; empty for no model.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = state._gate(task, order)
    publisher: address = state.tasks[task].publisher
    given: bool = model[0] | model[1] != 0
    members: uint256 = len(state.orders[order].participants)
    money: uint256 = state.orders[order].money
    finder: address = state._firstUpheld(order, state.TEST_SET)

    outcome: uint256 = state.SETTLED
    opens: uint256 = state.VOTE_DEADLINE
    if members == 0:
        outcome = state.EMPTY
        opens = state.COMMIT_DEADLINE
    elif (gate >> 200) & 255 == 0:
        outcome = state.ABORTED
        opens = state.REVEAL_DEADLINE
    elif finder != empty(address):
        outcome = state.ABORTED
    if block.timestamp < state._time(order, opens):
        state._refuse(why.TOO_EARLY)

    rewarded: uint256 = 0
    if outcome == state.SETTLED:
        rewarded = self._judge(task, order, gate, model, commitments)
    else:
        if given:
            state._refuse(why.GLOBAL_MODEL_OF_NOBODY)
        for participant: address in state.orders[order].participants:
            state._release(participant, state.PARTICIPANT, 0)
        for validator: address in state.orders[order].validators:
            if state.validatorWords[order][validator] & state.SLASHED == 0:
                state._release(validator, state.VALIDATOR, 0)
    if given:
        state.orders[order].aggregator = msg.sender
        state.orders[order].globalModel = file
        state.orders[order].globalModelName = state._pointName(model)

    self._releaseVerifiers(order, state.TEST_SET)
    state._release(publisher, state.PUBLISHER, 0)
    bond: uint256 = money >> 128
    if outcome == state.ABORTED:
        if finder != empty(address):
            part: uint256 = state._share(bond, state.parameters.challengerShare)
            state._pay(finder, part)
            bond -= part
        each: uint256 = bond // members
        for participant: address in state.orders[order].participants:
            state._pay(participant, each)
        state._burn(publisher, bond - each * members)
    else:
        state._pay(publisher, bond)
    gate |= outcome << 208
    if rewarded == 0:
        state._pay(publisher, money & state.LOW_128)
        if not given:
            gate |= state.GATE_PAID
    state.orders[order].gate = gate
    log Finalized(
        task=task, leader=state.orders[order].leader, round=round, outcome=outcome, model=model, file=file
    )


@internal
def _judge(
    task: bytes32, order: bytes32, gate: uint256, model: uint256[2],
    commitments: DynArray[uint256[2], state.MOST_MEMBERS]
) -> uint256:
    """
    @notice Rows a … f of Docs/protocol.md, and the global model. Returns the number of rewarded participants.
    """
    given: bool = model[0] | model[1] != 0
    stake: uint256 = state.parameters.minimumStake[state.PARTICIPANT]
    counts: uint256 = state.orders[order].counts
    baseline: uint256 = (counts >> 32) & U32
    weighted: bool = state.tasks[task].weighted
    stages: uint256 = 0
    entry: uint256 = 0
    stages, entry = state._demands(task, order)
    accepted: uint256 = 0
    summed: uint256 = 0
    rewarded: uint256 = 0
    # Score in the upper bits, the complement of the sequence number below: the greatest is the leader's.
    best: uint256 = 0
    leader: address = empty(address)
    sum: uint256[2] = empty(uint256[2])
    fits: bool = True
    for participant: address in state.orders[order].participants:
        member: uint256 = state.members[order][participant]
        fault: uint256 = 0
        isAccepted: bool = False
        score: uint256 = 0
        fault, isAccepted, score = state._standing(order, gate, participant, member, stages, entry)
        slash: uint256 = 0
        if fault == state.SECRET_WITHHELD:
            slash = state._share(stake, state.parameters.nonRevealSlash)
        elif fault == state.AUDIT_UNANSWERED:
            slash = stake
        state._release(participant, state.PARTICIPANT, slash)
        state._burn(participant, slash)
        if not isAccepted:
            continue
        if given and fits and (gate & state.GATE_SURVIVORS == 0 or member & state.SURVIVOR != 0):
            if summed >= len(commitments) or state._pointName(commitments[summed]) != member & state.NAME_MASK:
                fits = False
            else:
                term: uint256[2] = commitments[summed]
                if weighted:
                    term = self._multiply(term, score)
                sum = self._add(sum, term)
            summed += 1
        accepted += 1
        flags: uint256 = state.ACCEPTED
        if score > baseline or gate & state.GATE_AUDITED != 0:
            flags |= state.REWARDED
            rewarded += 1
        state.members[order][participant] = member | flags
        rank: uint256 = (score << 24) | (2**24 - 1 - ((member >> 216) & (2**24 - 1)))
        if rank > best:
            best = rank
            leader = participant

    if given:
        if accepted == 0:
            state._refuse(why.GLOBAL_MODEL_OF_NOBODY)
        if block.timestamp >= state._time(order, state.FINALIZE_DEADLINE):
            state._refuse(why.LATE_FINALIZE)
        state._requireFree(msg.sender, state.AGGREGATOR)
        if not fits or summed != len(commitments) or sum[0] != model[0] or sum[1] != model[1]:
            state._refuse(why.AGGREGATE_MISMATCH)
        state._lock(msg.sender, state.AGGREGATOR)
    elif accepted > 0 and block.timestamp < state._time(order, state.FINALIZE_DEADLINE):
        state._refuse(why.GLOBAL_MODEL_MISSING)
    state.orders[order].leader = leader

    validators: uint256 = 0
    stake = state.parameters.minimumStake[state.VALIDATOR]
    for validator: address in state.orders[order].validators:
        word: uint256 = state.validatorWords[order][validator]
        if word & state.SLASHED != 0:
            continue
        if word & state.FALSIFIED != 0:
            state._release(validator, state.VALIDATOR, stake)
            state._burn(validator, stake)
            state.validatorWords[order][validator] = word | state.SLASHED
        else:
            state._release(validator, state.VALIDATOR, 0)
            validators += 1
    state.orders[order].counts = counts | (rewarded << 128) | (validators << 160)
    return rewarded


@internal
@view
def _add(a: uint256[2], b: uint256[2]) -> uint256[2]:
    response: Bytes[64] = raw_call(state.ECADD, abi_encode(a, b), max_outsize=64, is_static_call=True)
    assert len(response) == 64, "ecAdd"
    return abi_decode(response, uint256[2])


@internal
@view
def _multiply(point: uint256[2], scalar: uint256) -> uint256[2]:
    response: Bytes[64] = raw_call(state.ECMUL, abi_encode(point, scalar), max_outsize=64, is_static_call=True)
    assert len(response) == 64, "ecMul"
    return abi_decode(response, uint256[2])


# --- Payout ----------------------------------------------------------------------------------------------------------


@external
def payout(task: bytes32, round: uint256, signatures: DynArray[state.Signature, state.MOST_SIGNERS]):
    """
    @notice Pays a finalized order's reward into balances, once.
    @param signatures Of the order's signers on `payoutDigest`, as `eth_sign` makes them.
    """
    order: bytes32 = state._orderKey(task, round)
    gate: uint256 = self._unpaid(task, order)
    if block.timestamp < state._time(order, state.FINALIZE_DEADLINE):
        state._refuse(why.TOO_EARLY)
    payments: DynArray[Payment, MOST_PAYMENTS] = self._payments(order)
    if len(payments) > 0:
        self._checkSignatures(order, self._digest(task, round, payments), signatures)
    state.orders[order].gate = gate | state.GATE_PAID

    aggregator: address = state.orders[order].aggregator
    if aggregator != empty(address):
        finder: address = state._firstUpheld(order, state.GLOBAL_MODEL)
        slash: uint256 = 0
        if finder != empty(address):
            slash = state.parameters.minimumStake[state.AGGREGATOR]
            self._award(aggregator, slash, finder)
            state.orders[order].globalModel = empty(bytes32)
            state.orders[order].globalModelName = 0
        state._release(aggregator, state.AGGREGATOR, slash)
    self._releaseVerifiers(order, state.GLOBAL_MODEL)
    for payment: Payment in payments:
        state._pay(payment.account, payment.amount)
        log Paid(task=task, account=payment.account, round=round, amount=payment.amount)


@internal
@view
def _payments(order: bytes32) -> DynArray[Payment, MOST_PAYMENTS]:
    """
    @notice Rewarded participants, validators that kept their stake, the aggregator if it is none of these; the leader
            gets all that is left. Every account stands once, with the sum of its titles.
    """
    payments: DynArray[Payment, MOST_PAYMENTS] = []
    counts: uint256 = state.orders[order].counts
    rewarded: uint256 = (counts >> 128) & U32
    validators: uint256 = (counts >> 160) & U32
    reward: uint256 = state.orders[order].money & state.LOW_128
    if rewarded == 0 or reward == 0:
        return payments
    terms: uint256 = state.orders[order].terms
    ofParticipant: uint256 = state._share(reward, (terms >> 16) & (2**16 - 1)) // rewarded
    ofValidator: uint256 = 0
    if validators > 0:
        ofValidator = state._share(reward, (terms >> 32) & (2**16 - 1)) // validators
    aggregator: address = state.orders[order].aggregator
    ofAggregator: uint256 = 0
    if aggregator != empty(address) and state._firstUpheld(order, state.GLOBAL_MODEL) == empty(address):
        ofAggregator = state._share(reward, (terms >> 48) & (2**16 - 1))
    ofLeader: uint256 = reward - ofParticipant * rewarded - ofValidator * validators - ofAggregator
    leader: address = state.orders[order].leader
    for participant: address in state.orders[order].participants:
        if state.members[order][participant] & state.REWARDED != 0:
            amount: uint256 = ofParticipant
            if participant == leader:
                amount += ofLeader
            if participant == aggregator:
                amount += ofAggregator
                ofAggregator = 0
            if amount > 0:
                payments.append(Payment(account=participant, amount=amount))
    for validator: address in state.orders[order].validators:
        if state.validatorWords[order][validator] & state.SLASHED == 0:
            amount: uint256 = ofValidator
            if validator == aggregator:
                amount += ofAggregator
                ofAggregator = 0
            if amount > 0:
                payments.append(Payment(account=validator, amount=amount))
    if ofAggregator > 0:
        payments.append(Payment(account=aggregator, amount=ofAggregator))
    return payments


@internal
@view
def _digest(task: bytes32, round: uint256, payments: DynArray[Payment, MOST_PAYMENTS]) -> bytes32:
    digest: bytes32 = sha256(concat(b"ZKPOT-V1-PAYOUT", state._orderName(task, round)))
    for payment: Payment in payments:
        digest = keccak256(concat(digest, convert(payment.account, bytes32), convert(payment.amount, bytes32)))
    return digest


@internal
@view
def _checkSignatures(
    order: bytes32, digest: bytes32, signatures: DynArray[state.Signature, state.MOST_SIGNERS]
):
    message: bytes32 = state._message(digest)
    signers: DynArray[address, state.MOST_SIGNERS] = state.orders[order].signers
    seen: uint256 = 0
    for signature: state.Signature in signatures:
        bit: uint256 = 1
        for signer: address in signers:
            if signer == signature.signer:
                break
            bit <<= 1
        if bit >> len(signers) != 0:
            state._refuse(why.UNKNOWN_PAYOUT_SIGNER)
        if seen & bit != 0:
            state._refuse(why.DUPLICATE_PAYOUT_SIGNER)
        seen |= bit
        state._requireSigned(message, signature, why.BAD_PAYOUT_SIGNATURE)
    if len(signatures) < (state.orders[order].terms >> 64) & 255:
        state._refuse(why.PAYOUT_SIGNATURES_MISSING)


# --- Get -------------------------------------------------------------------------------------------------------------


@external
@view
def payments(task: bytes32, round: uint256) -> DynArray[Payment, MOST_PAYMENTS]:
    """
    @notice What a payout would pay now: participants, validators, aggregator, each account once.
    """
    order: bytes32 = state._orderKey(task, round)
    self._unpaid(task, order)
    return self._payments(order)


@external
@view
def payoutDigest(task: bytes32, round: uint256) -> bytes32:
    """
    @notice What the payout's signers sign, as a message of 32 bytes (`eth_sign`).
    """
    order: bytes32 = state._orderKey(task, round)
    self._unpaid(task, order)
    return self._digest(task, round, self._payments(order))


@external
@view
def stakeOf(account: address, role: uint256) -> (uint256, uint256):
    """
    @notice Stake in a role, and how much of it is locked.
    """
    word: uint256 = state.stakes[account][role]
    return word & state.LOW_128, word >> 128


@external
@view
def parameters() -> state.Parameters:
    return state.parameters


@external
@view
def taskOf(task: bytes32) -> state.Task:
    return state.tasks[task]


@external
@view
def orderOf(task: bytes32, round: uint256) -> state.Order:
    """
    @notice An order as it is stored; `state.vy` says what its words hold.
    """
    return state.orders[state._orderKey(task, round)]


@external
@view
def orderName(task: bytes32, round: uint256) -> bytes32:
    return state._orderName(task, round)


@external
@view
def memberOf(task: bytes32, round: uint256, account: address) -> (uint256, uint256, uint256):
    """
    @notice A participant's word, its claims, its answered stages; `state.vy` says what they hold.
    """
    order: bytes32 = state._orderKey(task, round)
    return state.members[order][account], state.claims[order][account], state.answers[order][account]
