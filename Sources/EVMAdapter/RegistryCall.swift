import EllipticCurves
import Ethereum
import Groth16

/// The five roles of Docs/protocol.md, with their numbers.
public enum RegistryRole: Int, Sendable, CaseIterable {
    case publisher, participant, validator, verifier, aggregator
}

/// The parameters that a registry is made with (Docs/protocol.md).
public struct RegistryParameters: Sendable, Hashable {
    /// Of each role, in the order of `RegistryRole`; in wei.
    public var minimumStake: [UInt256]
    public var minimumBond: UInt256
    /// Basis points.
    public var nonRevealSlash: UInt64
    public var challengerShare: UInt64
    public var voteQuorum: UInt64
    public var maximumParticipants: UInt64
    public var maximumValidators: UInt64

    public init(
        minimumStake: [UInt256], minimumBond: UInt256, nonRevealSlash: UInt64, challengerShare: UInt64,
        voteQuorum: UInt64, maximumParticipants: UInt64, maximumValidators: UInt64
    ) {
        self.minimumStake = minimumStake
        self.minimumBond = minimumBond
        self.nonRevealSlash = nonRevealSlash
        self.challengerShare = challengerShare
        self.voteQuorum = voteQuorum
        self.maximumParticipants = maximumParticipants
        self.maximumValidators = maximumValidators
    }

    var value: ABIValue {
        .list([
            .list(minimumStake.map { .integer($0) }), .integer(minimumBond), .number(nonRevealSlash),
            .number(challengerShare), .number(voteQuorum), .number(maximumParticipants),
            .number(maximumValidators),
        ])
    }
}

/// What an order promises and demands.
public struct RegistryTerms: Sendable {
    public var reward: UInt256
    public var bond: UInt256
    /// Leader, participants, validators, aggregator, in basis points.
    public var split: [UInt64]
    /// t1, commitDeadline, t2 … t7, in seconds since 1970.
    public var times: [UInt64]
    public var signers: [Address]
    public var threshold: UInt64
    /// The commitment to the public start of audited training; `nil` without audits.
    public var start: AffinePoint<BN254G1>?

    public init(
        reward: UInt256, bond: UInt256, split: [UInt64], times: [UInt64], signers: [Address] = [],
        threshold: UInt64 = 0, start: AffinePoint<BN254G1>? = nil
    ) {
        self.reward = reward
        self.bond = bond
        self.split = split
        self.times = times
        self.signers = signers
        self.threshold = threshold
        self.start = start
    }

    var value: ABIValue {
        let start = self.start.map { VerifierContract.words($0) } ?? [.integer(0), .integer(0)]
        return .list([
            .integer(reward), .integer(bond), .list(split.map { .number($0) }),
            .list(times.map { .number($0) }),
            .list(signers.map { .address($0) }), .number(threshold), .list(start),
        ])
    }
}

/// How trainings are audited.
public struct RegistryAudits: Sendable, Hashable {
    /// Contract that verifies proofs of training steps, one step in a proof.
    public var verifier: Address
    public var stages: UInt64
    /// Stages that are drawn.
    public var sample: UInt64

    public init(verifier: Address, stages: UInt64, sample: UInt64) {
        (self.verifier, self.stages, self.sample) = (verifier, stages, sample)
    }

    var value: ABIValue { .list([.address(verifier), .number(stages), .number(sample)]) }
}

/// One call of the registry that changes it: a transaction of Docs/protocol.md.
public struct RegistryCall: Sendable {
    public var function: String
    public var arguments: [ABIValue]
    /// Ether that goes along.
    public var value = UInt256.zero

    /// An order: task and round.
    private static func order(_ task: String, _ round: UInt64) -> [ABIValue] {
        [.bytes(RegistryHashes.task(task)), .number(round)]
    }

    private static func list(_ accounts: [Address]) -> ABIValue { .list(accounts.map { .address($0) }) }

    public static func deposit(_ amount: UInt256) -> Self {
        .init(function: "deposit", arguments: [], value: amount)
    }

    public static func withdraw(_ amount: UInt256) -> Self {
        .init(function: "withdraw", arguments: [.integer(amount)])
    }

    public static func register(_ role: RegistryRole, _ amount: UInt256) -> Self {
        .init(function: "register", arguments: [.number(UInt64(role.rawValue)), .integer(amount)])
    }

    public static func unregister(_ role: RegistryRole) -> Self {
        .init(function: "unregister", arguments: [.number(UInt64(role.rawValue))])
    }

    /// - Parameters:
    ///   - verifier: contract that verifies quality proofs.
    ///   - samples: room of its circuit.
    ///   - weighted: whether models are weighted by their proven number of correct samples.
    ///   - entryShare: of the baseline, in basis points: who scores less is not accepted.
    ///   - audits: `nil` for none.
    public static func openTask(
        _ name: String, verifier: Address, samples: UInt64, minimumSamples: UInt64, weighted: Bool = false,
        entryShare: UInt64 = 0, audits: RegistryAudits? = nil
    ) -> Self {
        .init(
            function: "openTask",
            arguments: [
                .string(name), .address(verifier), .number(samples), .number(minimumSamples), .bool(weighted),
                .number(entryShare), audits?.value ?? .list([.address(.zero), .integer(0), .integer(0)]),
            ])
    }

    public static func openOrder(
        _ task: String, _ round: UInt64, testSetHash: [UInt8], _ terms: RegistryTerms
    ) -> Self {
        .init(function: "openOrder", arguments: order(task, round) + [.bytes(testSetHash), terms.value])
    }

    /// - Parameter beaconCommitment: `RegistryHashes.beaconCommitment`.
    public static func commitModel(
        _ task: String, _ round: UInt64, _ commitment: AffinePoint<BN254G1>, beaconCommitment: [UInt8],
        checkpointRoot: [UInt8] = [UInt8](repeating: 0, count: 32)
    ) -> Self {
        .init(
            function: "commitModel",
            arguments: order(task, round) + [
                .list(VerifierContract.words(commitment)), .bytes(checkpointRoot), .bytes(beaconCommitment),
            ])
    }

    public static func revealTestSet(
        _ task: String, _ round: UInt64, salt: [UInt8], contents: [UInt8], baseline: UInt64,
        chunks: [RegistryChunk]
    ) -> Self {
        let list = chunks.map {
            ABIValue.list([.list(VerifierContract.words($0.commitment)), .number($0.samples)])
        }
        return .init(
            function: "revealTestSet",
            arguments: order(task, round) + [.bytes(salt), .bytes(contents), .number(baseline), .list(list)])
    }

    public static func revealSecret(_ task: String, _ round: UInt64, _ secret: [UInt8]) -> Self {
        .init(function: "revealSecret", arguments: order(task, round) + [.bytes(secret)])
    }

    /// - Parameters:
    ///   - correct: the public input.
    ///   - model: the sender's commitment.
    ///   - testSet: the chunk's commitment.
    public static func proveQuality(
        _ task: String, _ round: UInt64, chunk: UInt64, _ proof: Proof<BN254>, correct: UInt64,
        model: AffinePoint<BN254G1>, testSet: AffinePoint<BN254G1>
    ) -> Self {
        .init(
            function: "proveQuality",
            arguments: order(task, round) + [
                .number(chunk), .list(VerifierContract.words(proof)), .number(correct),
                .list(VerifierContract.words(model)), .list(VerifierContract.words(testSet)),
            ])
    }

    /// The commitment to a data set that audits are about: the root of its batches' tree, and their number.
    public static func commitData(_ task: String, _ round: UInt64, batchRoot: [UInt8], batches: UInt64)
        -> Self
    {
        .init(function: "commitData", arguments: order(task, round) + [.bytes(batchRoot), .number(batches)])
    }

    /// - Parameter accounts: all who committed to data.
    public static func drawDataBeacon(_ task: String, _ round: UInt64, _ accounts: [Address]) -> Self {
        .init(
            function: "drawDataBeacon",
            arguments: order(task, round) + [list(RegistryHashes.ascending(accounts))])
    }

    /// - Parameter accounts: all who revealed their secrets.
    public static func drawBeacon(_ task: String, _ round: UInt64, _ accounts: [Address]) -> Self {
        .init(
            function: "drawBeacon", arguments: order(task, round) + [list(RegistryHashes.ascending(accounts))]
        )
    }

    /// One stage of a training that was drawn for audit (Docs/audit.md).
    ///
    /// - Parameter paths: of both checkpoints and of the batch, one behind the other.
    public static func answerAudit(
        _ task: String, _ round: UInt64, stage: UInt64, _ proof: Proof<BN254>, before: AffinePoint<BN254G1>,
        after: AffinePoint<BN254G1>, batch: AffinePoint<BN254G1>, batchIndex: UInt64, paths: [[UInt8]]
    ) -> Self {
        .init(
            function: "answerAudit",
            arguments: order(task, round) + [
                .number(stage), .list(VerifierContract.words(proof)), .list(VerifierContract.words(before)),
                .list(VerifierContract.words(after)), .list(VerifierContract.words(batch)),
                .number(batchIndex),
                .list(paths.map { .bytes($0) }),
            ])
    }

    public static func validate(_ task: String, _ round: UInt64, participant: Address, correct: UInt64)
        -> Self
    {
        .init(
            function: "validate", arguments: order(task, round) + [.address(participant), .number(correct)])
    }

    public static func challenge(_ task: String, _ round: UInt64, participant: Address, validator: Address)
        -> Self
    {
        .init(
            function: "challenge",
            arguments: order(task, round) + [.address(participant), .address(validator)])
    }

    /// - Parameters:
    ///   - subject: 0 test set, 1 global model.
    ///   - kind: 0 irretrievable, 1 unfit.
    public static func report(_ task: String, _ round: UInt64, subject: UInt64, kind: UInt64) -> Self {
        .init(function: "report", arguments: order(task, round) + [.number(subject), .number(kind)])
    }

    public static func vote(_ task: String, _ round: UInt64, report: UInt64, upholds: Bool) -> Self {
        .init(function: "vote", arguments: order(task, round) + [.number(report), .bool(upholds)])
    }

    /// Puts on record whose models the global one is the sum of (Docs/secure-aggregation.md).
    ///
    /// - Parameters:
    ///   - survivors: accepted participants, ascending (`RegistryHashes.ascending`): the registry takes no other order.
    ///   - signatures: of survivors, on `RegistryHashes.survivors`.
    public static func fixSurvivors(
        _ task: String, _ round: UInt64, _ survivors: [Address], _ signatures: [RegistrySignature]
    ) -> Self {
        .init(
            function: "fixSurvivors",
            arguments: order(task, round) + [list(survivors), .list(signatures.map(\.value))])
    }

    /// - Parameters:
    ///   - model: the sum of the survivors' commitments, or where none are on record of the accepted; `nil` for none.
    ///   - file: SHA-256 of the file that opens it.
    ///   - commitments: what is summed, in the order of the first commitments.
    public static func finalize(
        _ task: String, _ round: UInt64, model: AffinePoint<BN254G1>?,
        file: [UInt8] = [UInt8](repeating: 0, count: 32), commitments: [AffinePoint<BN254G1>] = []
    ) -> Self {
        let words = model.map { VerifierContract.words($0) } ?? [.integer(0), .integer(0)]
        return .init(
            function: "finalize",
            arguments: order(task, round) + [
                .list(words), .bytes(file), .list(commitments.map { .list(VerifierContract.words($0)) }),
            ])
    }

    public static func payout(_ task: String, _ round: UInt64, _ signatures: [RegistrySignature]) -> Self {
        .init(function: "payout", arguments: order(task, round) + [.list(signatures.map(\.value))])
    }
}
