import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Parallelism
import Polynomials

/// Makes the keys of a circuit (DESIGN §2, "Keys").
public enum KeyGenerator<Curve: ProofSystemCurve> {
    public typealias Scalar = Curve.ScalarField

    /// Keys whose secrets this process draws and wipes, marked as development keys.
    ///
    /// - Parameters:
    ///   - specification: opaque bytes that travel with the proving key, so that a prover can rebuild its circuit.
    /// - Throws: `MalformedData` if the circuit is empty, too large for the field or not in the order of wires.
    public static func developmentSetup(
        _ r1cs: R1CS<Scalar>, specification: [UInt8] = [], progress: ProgressBar? = nil
    ) throws -> ProvingKey<Curve> {
        var generator = SystemRandomNumberGenerator()
        return try setup(r1cs, specification: specification, progress: progress, using: &generator)
    }

    /// The same with a given source of secrets: for known answers in tests.
    package static func setup(
        _ r1cs: R1CS<Scalar>, specification: [UInt8], progress: ProgressBar? = nil,
        using generator: inout some RandomNumberGenerator
    ) throws -> ProvingKey<Curve> {
        try checkOrder(r1cs)
        guard let domain = EvaluationDomain<Scalar>(minimumSize: r1cs.constraintCount + r1cs.publicCount)
        else {
            throw MalformedData("\(r1cs.constraintCount) constraints are too many for the scalar field")
        }
        let linked = r1cs.segments.filter(\.isLinked)
        let secrets = Trapdoor<Scalar>(linkedSegments: linked.count, using: &generator)
        // A public point must exist for every inverse; no secret is zero, and τ outside both domains.
        guard let gammaInverse = secrets.gamma.inverse(), let deltaInverse = secrets.delta.inverse(),
            !domain.vanishing(at: secrets.tau).isZero, !(domain.vanishing(at: secrets.tau) + Scalar(2)).isZero
        else { throw MalformedData("an unlucky secret; try again") }

        let (u, v, w) = QuadraticProgram.evaluate(
            r1cs, lagrange: domain.lagrangeCoefficients(at: secrets.tau))
        progress?.advance(title: "polynomials")
        let (alpha, beta) = (secrets.alpha, secrets.beta)
        let firstPrivate = r1cs.publicCount + r1cs.committedCount
        // L_i = β·u_i(τ) + α·v_i(τ) + w_i(τ), over γ for public and committed wires, over δ for private ones.
        let l = parallelMap(r1cs.wireCount) { wire in
            (beta * u[wire] + alpha * v[wire] + w[wire]) * (wire < firstPrivate ? gammaInverse : deltaInverse)
        }
        // h(τ) = Σ h(gωⁱ)·L_i(τ/g), and on the coset gH the vanishing polynomial is −2: [L_i(τ/g)·Z(τ)/(−2δ)]₁.
        let cosetInverse = domain.cosetShift.inverse()!
        let hScale = domain.vanishing(at: secrets.tau) * (-Scalar(2) * secrets.delta).inverse()!
        let h = domain.lagrangeCoefficients(at: secrets.tau * cosetInverse).map { $0 * hScale }

        let g1 = FixedBaseTable(Curve.G1.generator, expectedUses: 5 * r1cs.wireCount)
        let g2 = FixedBaseTable(Curve.G2.generator, expectedUses: r1cs.wireCount)
        let aWires = (0..<r1cs.wireCount).filter { !u[$0].isZero }
        let bWires = (0..<r1cs.wireCount).filter { !v[$0].isZero }
        let aQuery = g1.multiply(aWires.map { u[$0] })
        progress?.advance(title: "A")
        let b1Query = g1.multiply(bWires.map { v[$0] })
        progress?.advance(title: "B in G1")
        let b2Query = g2.multiply(bWires.map { v[$0] })
        progress?.advance(title: "B in G2")
        let lQuery = g1.multiply(l)
        progress?.advance(title: "L")
        let hQuery = g1.multiply(h)
        progress?.advance(title: "H")

        let bases = CommitmentBases<Curve>.derive(count: linked.map(\.count).max() ?? 0)
        let blindingBase = CommitmentBases<Curve>.blinding
        let hasLink = r1cs.committedCount > 0
        let linkQuery = linkPoints(
            r1cs, linked: linked, secrets: secrets, l: l[r1cs.publicCount..<firstPrivate], g1: g1,
            bases: bases)
        progress?.advance(title: "link")
        let etaByGamma = secrets.eta * gammaInverse
        let singles = g1.multiply([
            beta, secrets.delta, etaByGamma, secrets.eta * deltaInverse, secrets.link(0) * etaByGamma, alpha,
        ])
        let linkBlindings = linked.indices.map { (JacobianPoint(blindingBase) * secrets.link($0 + 1)).affine }
        let g2Scalars = [beta, secrets.gamma, secrets.delta]
        let g2Link = hasLink ? (0...linked.count).map { secrets.gamma * secrets.link($0) } : []
        let g2Points = g2.multiply(g2Scalars + g2Link)

        let verifyingKey = VerifyingKey<Curve>(
            isDevelopmentKey: true, circuitDigest: r1cs.digest(specification: specification),
            challengeCount: r1cs.challengeCount, alpha: singles[5], beta: g2Points[0], gamma: g2Points[1],
            delta: g2Points[2], ic: Array(lQuery[..<r1cs.publicCount]), linkKey: Array(g2Points[3...]),
            linkedSegments: linked.map(\.name))
        try verifyingKey.checkSoundness()
        let shape = ProvingKey<Curve>.Shape(
            domainSize: domain.size, constraintCount: r1cs.constraintCount, publicCount: r1cs.publicCount,
            challengeCount: r1cs.challengeCount, privateCount: r1cs.privateCount,
            linkedCounts: linked.map(\.count),
            unlinkedCount: r1cs.committedCount - linked.reduce(0) { $0 + $1.count })
        let queries = ProvingKey<Curve>.Queries(
            singlePoints: Array(singles[..<5]) + [blindingBase] + linkBlindings,
            aWires: aWires.map { UInt32($0) }, aQuery: aQuery, bWires: bWires.map { UInt32($0) },
            b1Query: b1Query,
            b2Query: b2Query, kQuery: Array(lQuery[r1cs.publicCount..<firstPrivate]), linkQuery: linkQuery,
            lQuery: Array(lQuery[firstPrivate...]), hQuery: hQuery, bases: bases)
        return try ProvingKey(
            shape: shape, verifyingKey: verifyingKey, specification: specification, queries: queries,
            a: r1cs.a,
            b: r1cs.b, coefficients: r1cs.coefficients)
    }

    /// Steps that `progress` is advanced by.
    public static var progressSteps: Int { 7 }

    /// P_i = k_0·K_i, and + k_j·G_t if wire i is entry t of linked segment j.
    private static func linkPoints(
        _ r1cs: R1CS<Scalar>, linked: [Segment], secrets: borrowing Trapdoor<Scalar>, l: ArraySlice<Scalar>,
        g1: FixedBaseTable<Curve.G1>, bases: [AffinePoint<Curve.G1>]
    ) -> [AffinePoint<Curve.G1>] {
        guard r1cs.committedCount > 0 else { return [] }
        let k0 = secrets.link(0)
        var points = g1.multiply(l.map { $0 * k0 })
        var start = 0
        for (index, segment) in linked.enumerated() {
            let multiples = multiplyAll(Array(bases[..<segment.count]), by: secrets.link(index + 1))
            let sums = AffinePoint.addPairs(Array(points[start..<start + segment.count]), multiples)
            points.replaceSubrange(start..<start + segment.count, with: sums)
            start += segment.count
        }
        return points
    }

    private static func checkOrder(_ r1cs: R1CS<Scalar>) throws {
        guard r1cs.publicCount >= 1, r1cs.constraintCount > 0 else {
            throw MalformedData("the circuit is empty")
        }
        let firstUnlinked = r1cs.segments.firstIndex { !$0.isLinked } ?? r1cs.segments.count
        guard r1cs.segments[firstUnlinked...].allSatisfy({ !$0.isLinked }) else {
            throw MalformedData("linked segments must stand before the others")
        }
        guard r1cs.challengeCount == 0 || r1cs.committedCount > 0 else {
            throw MalformedData("a circuit with challenges must commit to something first")
        }
    }
}

extension ProvingKey {
    /// The large parts of a key on their way into its layout.
    struct Queries {
        var singlePoints: [G1]
        var aWires: [UInt32]
        var aQuery: [G1]
        var bWires: [UInt32]
        var b1Query: [G1]
        var b2Query: [G2]
        var kQuery: [G1]
        var linkQuery: [G1]
        var lQuery: [G1]
        var hQuery: [G1]
        var bases: [G1]
    }

    convenience init(
        shape: Shape, verifyingKey: VerifyingKey<Curve>, specification: [UInt8], queries: Queries,
        a: SparseMatrix,
        b: SparseMatrix, coefficients: [Scalar]
    ) throws {
        let storage = SectionTable.assemble(
            kind: .provingKey, curve: Curve.fileNumber,
            sections: [
                .init(.shape, shape.encoded), .init(.specification, specification),
                .init(.verifyingKey, verifyingKey.encoded), .init(.singlePoints, queries.singlePoints),
                .init(.aWires, queries.aWires), .init(.aQuery, queries.aQuery),
                .init(.bWires, queries.bWires), .init(.b1Query, queries.b1Query),
                .init(.b2Query, queries.b2Query), .init(.kQuery, queries.kQuery),
                .init(.linkQuery, queries.linkQuery), .init(.lQuery, queries.lQuery),
                .init(.hQuery, queries.hQuery), .init(.bases, queries.bases),
                .init(.aOffsets, a.rowOffsets), .init(.aColumns, a.columns),
                .init(.aCoefficients, a.coefficients), .init(.bOffsets, b.rowOffsets),
                .init(.bColumns, b.columns), .init(.bCoefficients, b.coefficients),
                .init(.coefficients, coefficients),
            ])
        try self.init(storage: storage)
    }
}
