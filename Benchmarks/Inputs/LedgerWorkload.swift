import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import Ledger

/// A ledger in memory on which participants have committed, with quality proofs that wait to be submitted.
struct LedgerWorkload {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    static let task = Identifier("bench")!
    static let operatorSeed: UInt16 = 0
    private static let participantCount = 64

    /// Before the proofs.
    let state: LedgerState
    /// The time at which they are submitted.
    let time: Timestamp
    /// One for each participant and chunk, each participant's in the order of its nonces.
    let proofs: [SignedTransaction]

    /// A key that is the same in every run.
    static func key(_ number: UInt16) throws -> SigningKey {
        try SigningKey(seed: Digest(sha256: [UInt8(number >> 8), UInt8(number & 255)]).bytes)
    }

    static func configuration(accounts: Int) throws -> LedgerConfiguration {
        LedgerConfiguration(
            name: task, proofSystem: ProofSystems.standard.name, operatorKey: try key(operatorSeed).publicKey,
            allowsDevelopmentKeys: true, created: start, salt: Digest(sha256: []),
            allocations: try (1...accounts).map {
                Allocation(account: try key(UInt16($0)).publicKey, amount: 1_000_000)
            })
    }

    /// - Parameter count: proofs, a multiple of the number of participants.
    init(proofs count: Int) throws {
        let circuit = LinkedCircuit()
        let prover = try Prover(KeyGenerator<BN254>.developmentSetup(circuit.constraints()))
        let committer = VectorCommitter<BN254>(capacity: LinkedCircuit.length)
        let testSet = try committer.commit(circuit.testSet.map { Fr($0) }, blinding: .zero)
        let keys = try (1...Self.participantCount + 1).map { try Self.key(UInt16($0)) }
        let (publisher, participants) = (keys[0], keys[1...])
        var state = LedgerState(
            configuration: try Self.configuration(accounts: keys.count), proofSystem: ProofSystems.standard)
        func tell(_ transaction: Transaction, _ key: SigningKey, at time: Timestamp) throws {
            let signed = try SignedTransaction(
                transaction, ledger: state.identifier, nonce: state.nextNonce(of: key.publicKey), key: key)
            let receipt = try state.apply(signed, at: time)
            guard receipt.isAccepted else { throw Refused(outcome: receipt.outcome) }
        }
        let windows = OrderWindows(from: Self.start, training: 1000, each: 1000)
        let minimum = state.parameters.minimumStake
        try tell(.register(Register(role: .publisher, amount: minimum.publisher)), publisher, at: Self.start)
        let key = QualityKey(samples: 100, verifyingKey: prover.key.verifyingKey.encoded)
        try tell(
            .openTask(
                OpenTask(
                    task: Self.task, description: "", qualityKeys: [key], minimumSamples: 1, weights: .equal)),
            publisher, at: Self.start)
        let chunk = TestSetChunk(samples: 100, key: 0, commitment: testSet.encoded(as: .compressed))
        let chunks = count / Self.participantCount
        let opening = TestSetOpening(
            salt: Digest(sha256: [1]), dataDigest: Digest(sha256: [2]),
            chunks: [TestSetChunk](repeating: chunk, count: chunks))
        try tell(
            .openOrder(
                OpenOrder(
                    task: Self.task, round: 0,
                    testSetHash: opening.saltedHash(ledger: state.identifier, task: Self.task, round: 0),
                    windows: windows, reward: 1000, bond: state.parameters.minimumBond)), publisher,
            at: Self.start)
        var blindings: [Fr] = []
        for participant in participants {
            try tell(
                .register(Register(role: .participant, amount: minimum.participant)), participant,
                at: Self.start)
            blindings.append(Fr.random())
            let point = try committer.commit(
                circuit.model.map { Fr($0) }, blinding: blindings[blindings.count - 1])
            try tell(
                .commitModel(
                    CommitModel(
                        task: Self.task, round: 0, commitment: point.encoded(as: .compressed),
                        beaconCommitment: BeaconSecret.commitment(
                            to: Digest(sha256: [3]), of: participant.publicKey))), participant, at: Self.start
            )
        }
        time = windows.commitDeadline
        try tell(
            .revealTestSet(RevealTestSet(task: Self.task, round: 0, opening: opening)), publisher, at: time)
        for participant in participants {
            try tell(
                .revealSecret(RevealSecret(task: Self.task, round: 0, secret: Digest(sha256: [3]))),
                participant,
                at: time)
        }
        let witness = try circuit.witness()
        var proofs: [SignedTransaction] = []
        for (participant, blinding) in zip(participants, blindings) {
            let nonce = state.nextNonce(of: participant.publicKey)
            for chunk in 0..<UInt32(chunks) {
                let statement = try state.qualityStatement(
                    task: Self.task, round: 0, chunk: chunk, participant: participant.publicKey,
                    correct: circuit.value)
                let proof = try prover.prove(
                    witness, context: statement.context, blindings: SecretScalars([blinding, .zero])
                ).proof
                proofs.append(
                    try SignedTransaction(
                        .proveQuality(
                            ProveQuality(
                                task: Self.task, round: 0, chunk: chunk, correct: circuit.value,
                                proof: proof.encoded)), ledger: state.identifier,
                        nonce: nonce + UInt64(chunk), key: participant))
            }
        }
        self.state = state
        self.proofs = proofs
    }

    /// What should be accepted was not: no number would mean anything.
    struct Refused: Error, CustomStringConvertible {
        var outcome: Receipt.Outcome
        var description: String { "the ledger refuses what it should accept: \(outcome)" }
    }
}

/// Transfers between accounts, ready to be submitted in their order.
struct TransferWorkload {
    private static let accounts = 100

    let configuration: LedgerConfiguration
    private let keys: [SigningKey]
    private var next = 0

    init() throws {
        configuration = try LedgerWorkload.configuration(accounts: Self.accounts)
        keys = try (1...Self.accounts).map { try LedgerWorkload.key(UInt16($0)) }
    }

    /// The next so many.
    mutating func take(_ count: Int) throws -> [SignedTransaction] {
        let ledger = configuration.identifier
        return try (0..<count).map { _ in
            defer { next += 1 }
            let (sender, receiver) = (next % keys.count, (next + 1) % keys.count)
            return try SignedTransaction(
                .transfer(Transfer(to: keys[receiver].publicKey, amount: 1)), ledger: ledger,
                nonce: UInt64(next / keys.count), key: keys[sender])
        }
    }
}
