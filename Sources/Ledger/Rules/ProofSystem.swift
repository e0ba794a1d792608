/// What the rules need of a proof system. Everything else in this target handles commitments, keys and proofs
/// as bytes, so that a second curve is a second conformance and changes no rule.
package protocol ProofSystem: Sendable {
    /// Its name in a ledger's configuration.
    var name: Identifier { get }

    /// The key of a quality circuit.
    ///
    /// - Throws: any error whose words say why the bytes are no usable key.
    func qualityVerifier(verifyingKey: [UInt8]) throws -> any StatementVerifier

    /// The key of the circuit of a stage with so many batches.
    ///
    /// - Throws: any error whose words say why the bytes are no usable key.
    func stageVerifier(verifyingKey: [UInt8], batches: Int) throws -> any StatementVerifier

    /// - Throws: any error whose words say why the bytes are no commitment.
    func checkCommitment(_ commitment: [UInt8]) throws

    /// The commitment as it stands in Merkle trees: x ‖ y.
    ///
    /// - Throws: any error whose words say why the bytes are no commitment.
    func coordinates(of commitment: [UInt8]) throws -> [UInt8]

    /// Σ a_i·Ĉ_i, encoded.
    ///
    /// - Throws: any error whose words say which commitment is malformed.
    func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8]
}

/// A verifying key of one kind of statement.
package protocol StatementVerifier: Sendable {
    /// SHA-256 of the key.
    var digest: Digest { get }
    /// Whether the key comes from a single-party setup.
    var isDevelopmentKey: Bool { get }

    /// One verdict for each proof; never different from what checking it alone would give.
    func verify(_ proofs: [(proof: [UInt8], statement: ProvenStatement)]) -> [ProofVerdict]
}

/// What checking a proof came to.
package enum ProofVerdict: Sendable, Hashable {
    case valid
    case invalid
    case malformed(String)
}

/// A proof to check: whose key, what it states, and the proof.
package struct ProofRequest: Sendable {
    package let verifier: any StatementVerifier
    package let statement: ProvenStatement
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
