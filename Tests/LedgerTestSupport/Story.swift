import Glibc
import Ledger

/// A ledger in memory with a publisher and participants, and short ways to say what they do.
public struct Story {
    public static let task = Identifier("digits")!
    public static let key = ClearProofSystem.key(isDevelopmentKey: false)
    public static let start = Timestamp(milliseconds: 1_700_000_000_000)

    public let publisher = Story.signer(1)
    public let participants = (2...5).map { Story.signer(UInt8($0)) }
    public var state: LedgerState
    public var time = Story.start

    /// A key that is the same in every run.
    public static func signer(_ number: UInt8) -> SigningKey {
        do { return try SigningKey(seed: [UInt8](repeating: number, count: 32)) } catch {
            fatalError("\(error)")
        }
    }

    package init(
        allowsDevelopmentKeys: Bool = false, salt: UInt8 = 7,
        proofSystem: any ProofSystem = ClearProofSystem()
    ) {
        let configuration = LedgerConfiguration(
            name: Identifier("story")!, proofSystem: proofSystem.name,
            operatorKey: Story.signer(0).publicKey, allowsDevelopmentKeys: allowsDevelopmentKeys,
            created: Story.start, salt: Digest([UInt8](repeating: salt, count: 32))!)
        state = LedgerState(configuration: configuration, proofSystem: proofSystem)
    }

    /// Signs with the next nonce.
    public func sign(_ transaction: Transaction, _ signer: SigningKey) throws -> SignedTransaction {
        try SignedTransaction(
            transaction, ledger: state.identifier, nonce: state.nextNonce(of: signer.publicKey), key: signer)
    }

    /// Applies, a second after the last time.
    @discardableResult
    public mutating func tell(_ transaction: Transaction, _ signer: SigningKey) throws -> Receipt {
        time = Timestamp(milliseconds: time.milliseconds + 1000)
        return try state.apply(sign(transaction, signer), at: time)
    }

    // MARK: - What people say

    public static func openTask(
        _ name: Identifier = Story.task, keys: [QualityKey] = [QualityKey(samples: 100, verifyingKey: key)],
        minimumSamples: UInt64 = 100, weights: AggregationWeights = .equal
    ) -> Transaction {
        .openTask(
            OpenTask(
                task: name, description: "handwritten digits", qualityKeys: keys,
                minimumSamples: minimumSamples, weights: weights))
    }

    /// The test set of a round: two chunks, of 100 and 50 samples.
    public static func testSet(
        round: UInt64 = 0, chunks: [TestSetChunk] = [chunk(100, point: 1000), chunk(50, point: 1001)]
    ) -> TestSetOpening {
        TestSetOpening(
            salt: Digest(sha256: [UInt8(truncatingIfNeeded: round)]), dataDigest: Digest(sha256: [1, 2, 3]),
            chunks: chunks)
    }

    public static func chunk(_ samples: UInt64, point: UInt64, key: UInt32 = 0) -> TestSetChunk {
        TestSetChunk(samples: samples, key: key, commitment: ClearProofSystem.commitment(point))
    }

    public func openRound(
        _ round: UInt64 = 0, testSet: TestSetOpening? = nil, commitDeadline: Timestamp? = nil,
        proofDeadline: Timestamp? = nil
    ) -> Transaction {
        let testSet = testSet ?? Story.testSet(round: round)
        let hash = testSet.saltedHash(ledger: state.identifier, task: Story.task, round: round)
        return .openRound(
            OpenRound(
                task: Story.task, round: round, testSetHash: hash, commitDeadline: commitDeadline,
                proofDeadline: proofDeadline))
    }

    public static func commit(_ number: UInt64, round: UInt64 = 0) -> Transaction {
        .commitModel(
            CommitModel(task: task, round: round, commitment: ClearProofSystem.commitment(number)))
    }

    public static func reveal(round: UInt64 = 0, _ testSet: TestSetOpening? = nil) -> Transaction {
        .revealTestSet(
            RevealTestSet(task: task, round: round, opening: testSet ?? Story.testSet(round: round)))
    }

    /// An honest proof.
    public func prove(
        _ correct: UInt64, chunk: UInt32, round: UInt64 = 0, by signer: SigningKey, randomness: UInt8 = 0
    ) throws -> Transaction {
        let statement = try state.qualityStatement(
            task: Story.task, round: round, chunk: chunk, participant: signer.publicKey, correct: correct)
        let proof = ClearProofSystem.proof(of: statement, key: Story.key, randomness: randomness)
        return Story.prove(correct, chunk: chunk, round: round, proof: proof)
    }

    public static func prove(
        _ correct: UInt64, chunk: UInt32, round: UInt64 = 0, proof: [UInt8]
    ) -> Transaction {
        .proveQuality(
            ProveQuality(task: task, round: round, chunk: chunk, correct: correct, proof: proof))
    }

    /// The right end of a round.
    public func finalize(round: UInt64 = 0) throws -> Transaction {
        let aggregate = try state.aggregate(task: Story.task, round: round)
        return Story.finalize(round: round, commitment: aggregate.commitment)
    }

    public static func finalize(round: UInt64 = 0, commitment: [UInt8]?) -> Transaction {
        .finalizeRound(
            FinalizeRound(
                task: task, round: round,
                globalModel: commitment.map {
                    GlobalModel(commitment: $0, openingDigest: Digest(sha256: [9]))
                }))
    }

    /// Task and round are open, the first `count` participants have committed to the points 11, 12, ….
    public static func committed(_ count: Int = 3) throws -> Story {
        var story = Story()
        try story.tell(Story.openTask(), story.publisher)
        try story.tell(story.openRound(), story.publisher)
        for index in 0..<count {
            try story.tell(Story.commit(UInt64(11 + index)), story.participants[index])
        }
        return story
    }

    /// The same, and the test set is revealed.
    public static func revealed(_ count: Int = 3) throws -> Story {
        var story = try Story.committed(count)
        try story.tell(Story.reveal(), story.publisher)
        return story
    }
}

/// A folder that goes away with its holder.
public final class TemporaryFolder {
    public let path: String

    public init() throws {
        var template = Array("/tmp/zkpot-ledger-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("no temporary folder") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    public func file(_ name: String) -> String { path + "/" + name }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    _ = unlink(path + "/" + String(cString: $0))
                }
            }
        }
        closedir(folder)
        rmdir(path)
    }
}
