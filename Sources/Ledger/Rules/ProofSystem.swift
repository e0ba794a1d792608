/// What the rules need of a proof system. Everything else in this target handles commitments, keys and proofs
/// as bytes, so that a second curve is a second conformance and changes no rule.
package protocol ProofSystem: Sendable {
    /// Its name in a ledger's configuration.
    var name: Identifier { get }

    /// The key of a quality circuit.
    ///
    /// - Throws: any error whose words say why the bytes are no usable key.
    func qualityVerifier(verifyingKey: [UInt8]) throws -> any QualityVerifier

    /// - Throws: any error whose words say why the bytes are no commitment.
    func checkCommitment(_ commitment: [UInt8]) throws

    /// Σ a_i·Ĉ_i, encoded.
    ///
    /// - Throws: any error whose words say which commitment is malformed.
    func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8]
}

/// A verifying key of a quality circuit.
package protocol QualityVerifier: Sendable {
    /// SHA-256 of the key.
    var digest: Digest { get }
    /// Whether the key comes from a single-party setup.
    var isDevelopmentKey: Bool { get }

    /// One verdict for each proof; never different from what checking it alone would give.
    func verify(_ proofs: [(proof: [UInt8], statement: QualityStatement)]) -> [ProofVerdict]
}

/// What checking a proof came to.
package enum ProofVerdict: Sendable, Hashable {
    case valid
    case invalid
    case malformed(String)
}

/// What a quality proof states, and everything it is bound to.
public struct QualityStatement: Sendable, Hashable {
    public let ledger: Digest
    public let task: Identifier
    public let round: UInt64
    public let chunk: UInt32
    public let participant: PublicKey
    /// The commitment of the participant's model, as it stands on the ledger.
    public let model: [UInt8]
    /// The commitment of the chunk, as it was revealed.
    public let testSet: [UInt8]
    /// The public input: at least so many samples are classified correctly.
    public let correct: UInt64

    public init(
        ledger: Digest, task: Identifier, round: UInt64, chunk: UInt32, participant: PublicKey,
        model: [UInt8],
        testSet: [UInt8], correct: UInt64
    ) {
        self.ledger = ledger
        self.task = task
        self.round = round
        self.chunk = chunk
        self.participant = participant
        self.model = model
        self.testSet = testSet
        self.correct = correct
    }
}

/// A proof to check: whose key, what it states, and the proof.
package struct ProofRequest: Sendable {
    package let verifier: any QualityVerifier
    package let statement: QualityStatement
    package let proof: [UInt8]

    /// Checks this one alone.
    package func verify() -> ProofVerdict { verifier.verify([(proof, statement)])[0] }

    /// Checks many, those of one key together.
    package static func verify(_ requests: [ProofRequest]) -> [ProofVerdict] {
        var verdicts = [ProofVerdict](repeating: .invalid, count: requests.count)
        for indices in Dictionary(grouping: requests.indices, by: { requests[$0].verifier.digest }).values {
            let proofs = indices.map { (proof: requests[$0].proof, statement: requests[$0].statement) }
            for (index, verdict) in zip(indices, requests[indices[0]].verifier.verify(proofs)) {
                verdicts[index] = verdict
            }
        }
        return verdicts
    }
}
