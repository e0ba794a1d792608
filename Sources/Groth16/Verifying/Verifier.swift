import EllipticCurves
import FieldArithmetic
import Parallelism

/// What can be wrong with a proof and its statement before any equation is checked.
public enum VerificationError: Error, CustomStringConvertible, Equatable {
    case wrongInputCount(expected: Int, actual: Int)
    case wrongCommitmentCount(expected: Int, actual: Int)
    case wrongProofForm(expectedLink: Bool)

    public var description: String {
        switch self {
        case .wrongInputCount(let expected, let actual):
            return "the key wants \(expected) public inputs, the statement has \(actual)"
        case .wrongCommitmentCount(let expected, let actual):
            return "the key wants \(expected) linked commitments, the statement has \(actual)"
        case .wrongProofForm(let expectedLink):
            return expectedLink
                ? "the key wants a proof with linked commitments, this one has none"
                : "the key wants a plain proof, this one has linked commitments"
        }
    }
}

/// Verifies proofs of one key, whose pairing lines are prepared once.
///
/// The two equations of DESIGN §2,
///
///     e(A, B) = e(α, β)·e(IC(public) + D, γ)·e(C, δ)
///     e(D, [a·k_0]₂)·Π e(Ĉ_j, [a·k_j]₂) = e(π, γ)
///
/// are checked as one product, the second raised to a 128-bit weight that is a hash of everything in it. With a weight
/// known beforehand B could absorb a multiple of the second equation, and a forged D would pass.
///
/// - SeeAlso: Groth, eprint 2016/260; Campanelli, Fiore, Querol, eprint 2019/142; Kiltz, Wee, eprint 2015/216.
public struct Verifier<Curve: ProofSystemCurve>: Sendable {
    public typealias G1 = Curve.G1
    public typealias Scalar = Curve.ScalarField

    public let key: VerifyingKey<Curve>
    public let keyDigest: [UInt8]
    private let alphaBeta: Curve.GT
    private let gamma: Curve.PreparedG2
    private let delta: Curve.PreparedG2
    private let linkKey: [Curve.PreparedG2]
    /// IC(public) for one proof, where the key has few public wires.
    private let preparedIC: PreparedSum<Curve.G1>?

    /// With more public wires the buckets of a multi-scalar multiplication are faster than prepared points, or the tables are
    /// not worth their time and memory.
    private static var mostPreparedWires: Int { 32 }

    /// - Throws: `UnsoundKey`.
    public init(_ key: VerifyingKey<Curve>) throws {
        try key.checkSoundness()
        self.key = key
        keyDigest = key.digest
        alphaBeta = Curve.pairing(key.alpha, key.beta)
        gamma = Curve.prepare(key.gamma)
        delta = Curve.prepare(key.delta)
        linkKey = key.linkKey.map { Curve.prepare($0) }
        preparedIC = key.ic.count <= Self.mostPreparedWires ? PreparedSum(key.ic) : nil
    }

    /// Whether the proof shows the statement.
    ///
    /// - Throws: `VerificationError` if proof or statement does not have the key's form.
    public func verify(_ proof: Proof<Curve>, _ statement: Statement<Curve>) throws -> Bool {
        try checkForm(proof, statement)
        guard hasNoIdentity(proof) else { return false }
        let seed = Transcript.proofDigest(keyDigest: keyDigest, statement: statement, proof: proof)
        return isAccepted(
            [(proof, statement)], weights: [.one], linkWeights: [Transcript.weight(seed: seed, index: 0)])
    }

    /// For each of many proofs, whether it shows its statement: one multi-Miller loop and one final exponentiation
    /// if all do. A batch that fails is verified again one by one, so that no answer depends on batching.
    ///
    /// - Throws: `VerificationError` if any proof or statement does not have the key's form.
    public func verifyBatch(_ items: [(proof: Proof<Curve>, statement: Statement<Curve>)]) throws -> [Bool] {
        for item in items { try checkForm(item.proof, item.statement) }
        guard items.count > 1, items.allSatisfy({ hasNoIdentity($0.proof) }) else {
            return try items.map { try verify($0.proof, $0.statement) }
        }
        let seed = SHA256.hash(
            parallelMap(items.count) {
                Transcript.proofDigest(
                    keyDigest: keyDigest, statement: items[$0].statement, proof: items[$0].proof)
            }.flatMap { $0 })
        let weights: [Scalar] = items.indices.map { Transcript.weight(seed: seed, index: 2 * $0) }
        let linkWeights: [Scalar] = items.indices.map { Transcript.weight(seed: seed, index: 2 * $0 + 1) }
        if isAccepted(items, weights: weights, linkWeights: linkWeights) {
            return [Bool](repeating: true, count: items.count)
        }
        return try items.map { try verify($0.proof, $0.statement) }
    }

    private func checkForm(_ proof: Proof<Curve>, _ statement: Statement<Curve>) throws {
        guard statement.publicInputs.count == key.publicInputCount else {
            throw VerificationError.wrongInputCount(
                expected: key.publicInputCount, actual: statement.publicInputs.count)
        }
        guard statement.commitments.count == key.linkedSegments.count else {
            throw VerificationError.wrongCommitmentCount(
                expected: key.linkedSegments.count, actual: statement.commitments.count)
        }
        guard (proof.link != nil) == key.hasLink else {
            throw VerificationError.wrongProofForm(expectedLink: key.hasLink)
        }
    }

    /// A, B, C, D must not be the identity.
    private func hasNoIdentity(_ proof: Proof<Curve>) -> Bool {
        !(proof.a.isInfinity || proof.b.isInfinity || proof.c.isInfinity
            || (proof.link?.commitment.isInfinity ?? false))
    }

    /// The scalars of IC(public): 1, the challenges, the public inputs.
    private func publicScalars(_ proof: Proof<Curve>, _ statement: Statement<Curve>) -> [Scalar] {
        var scalars: [Scalar] = [.one]
        if let link = proof.link {
            scalars += Transcript.challenges(
                count: key.challengeCount, keyDigest: keyDigest, statement: statement,
                commitment: link.commitment)
        }
        return scalars + statement.publicInputs
    }

    /// Whether Σ weightᵢ·(first equation of i) + linkWeightᵢ·(second equation of i) holds, in the exponent:
    ///
    ///     Π e(zᵢ·Aᵢ, Bᵢ)·e(−Σ zᵢ·(ICᵢ + Dᵢ) + wᵢ·πᵢ, γ)·e(−Σ zᵢ·Cᵢ, δ)·e(Σ wᵢ·Dᵢ, [a·k_0]₂)·Π_j e(Σ wᵢ·Ĉᵢⱼ, [a·k_j]₂)
    ///         = e(α, β)^(Σ zᵢ)
    package func isAccepted(
        _ items: [(proof: Proof<Curve>, statement: Statement<Curve>)], weights: [Scalar],
        linkWeights: [Scalar]
    ) -> Bool {
        // Sums over all proofs: one multi-scalar multiplication for each point of the key.
        let weightedScalars = parallelMap(items.count) { index in
            publicScalars(items[index].proof, items[index].statement).map { weights[index] * $0 }
        }
        let icScalars = key.ic.indices.map { wire in weightedScalars.reduce(.zero) { $0 + $1[wire] } }
        let links = items.compactMap(\.proof.link)
        let linkScalars = linkKey.isEmpty ? [] : weights + linkWeights
        let linkPoints = links.map(\.commitment) + links.map(\.argument)
        let gammaSum: JacobianPoint<G1>
        if items.count == 1, let preparedIC {
            gammaSum = preparedIC(icScalars) + multiScalarMultiply(linkScalars, linkPoints)
        } else {
            gammaSum = multiScalarMultiply(icScalars + linkScalars, key.ic + linkPoints)
        }
        var sums = [-gammaSum, -weightedSum(items.map(\.proof.c), weights)]
        if !linkKey.isEmpty {
            sums.append(weightedSum(links.map(\.commitment), linkWeights))
            for position in key.linkedSegments.indices {
                sums.append(weightedSum(items.map { $0.statement.commitments[position] }, linkWeights))
            }
        }
        let a = items.map(\.proof.a)
        let scaled = weights == [.one] ? a : multiplyEach(a, byShort: weights)
        let fixed = Array(zip(JacobianPoint<G1>.batchAffineVartime(sums), [gamma, delta] + linkKey))
        let product = Curve.finalExponentiation(
            Curve.parallelMillerLoop(Array(zip(scaled, items.map(\.proof.b))), prepared: fixed))
        let weightSum = weights.reduce(.zero, +)
        return product == (weightSum == .one ? alphaBeta : alphaBeta.power(weightSum.canonical))
    }

    /// Σ weightᵢ·Pᵢ for weights below 2¹²⁸.
    private func weightedSum(_ points: [AffinePoint<G1>], _ weights: [Scalar]) -> JacobianPoint<G1> {
        if weights == [.one] { return JacobianPoint(points[0]) }
        if weights.count > 8 { return multiScalarMultiply(weights, points) }
        return multiplyEach(points, byShort: weights).reduce(.zero) { $0 + $1 }
    }
}
