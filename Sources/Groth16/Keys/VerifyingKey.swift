import ConstraintSystem
import EllipticCurves
import FieldArithmetic

/// What is needed to verify proofs of one circuit (DESIGN §2, "Keys").
public struct VerifyingKey<Curve: ProofSystemCurve>: Sendable, Hashable {
    /// Set in keys whose secrets one party knew: for development only.
    static var developmentFlag: UInt32 { 1 }

    /// Whether one party chose all secrets of the set-up; whoever keeps them can prove anything.
    public var isDevelopmentKey: Bool
    /// SHA-256 of the circuit's constraints and specification.
    public var circuitDigest: [UInt8]
    /// Public wires 1 … challengeCount are challenges.
    public var challengeCount: Int
    public var alpha: AffinePoint<Curve.G1>
    public var beta: AffinePoint<Curve.G2>
    public var gamma: AffinePoint<Curve.G2>
    public var delta: AffinePoint<Curve.G2>
    /// IC_i = [L_i/γ]₁ for the public wires, the constant 1 first.
    public var ic: [AffinePoint<Curve.G1>]
    /// [a·k_0]₂, [a·k_1]₂ … [a·k_ℓ]₂ with a = γ; empty if the circuit commits to nothing.
    public var linkKey: [AffinePoint<Curve.G2>]
    /// Names of the linked segments, in the order of their commitments.
    public var linkedSegments: [String]

    /// Number of public inputs in a statement.
    public var publicInputCount: Int { ic.count - 1 - challengeCount }
    public var hasLink: Bool { !linkKey.isEmpty }
    /// Whether proofs are tied to the context: only a challenge among the public wires does that.
    public var bindsContext: Bool { challengeCount > 0 }

    /// SHA-256 of `encoded`; hashed into every challenge.
    public var digest: [UInt8] { SHA256.hash(encoded) }

    /// The file's bytes.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        let flags = isDevelopmentKey ? Self.developmentFlag : 0
        writer.append(FileHeader(kind: .verifyingKey, curve: Curve.fileNumber, flags: flags).encoded)
        writer.append(circuitDigest)
        writer.append(UInt32(ic.count))
        writer.append(UInt32(challengeCount))
        writer.append(UInt32(linkKey.count))
        for name in linkedSegments { writer.appendPrefixed(Array(name.utf8)) }
        writer.append(alpha.encoded(as: .uncompressed))
        for point in [beta, gamma, delta] + linkKey { writer.append(point.encoded(as: .uncompressed)) }
        for point in ic { writer.append(point.encoded(as: .uncompressed)) }
        return writer.bytes
    }

    /// Decodes a file; all points are checked, and so is what DESIGN §2 wants of a key.
    ///
    /// - Throws: `MalformedData`, `PointEncodingError`, `UnsoundKey`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        let header = try FileHeader(reading: &reader)
        try header.expect(.verifyingKey, curve: Curve.fileNumber, knownFlags: Self.developmentFlag)
        isDevelopmentKey = header.flags & Self.developmentFlag != 0
        circuitDigest = try reader.read(32, "the circuit's digest")
        let publicCount = Int(try reader.readInteger(UInt32.self, "the number of public wires"))
        challengeCount = Int(try reader.readInteger(UInt32.self, "the number of challenges"))
        let linkCount = Int(try reader.readInteger(UInt32.self, "the number of link points"))
        let g1 = PointEncoding.uncompressed.byteCount(of: Curve.G1.self)
        let g2 = PointEncoding.uncompressed.byteCount(of: Curve.G2.self)
        guard publicCount >= 1, challengeCount < publicCount,
            publicCount <= reader.remaining / g1, linkCount <= reader.remaining / g2
        else { throw MalformedData("numbers of public wires, challenges or link points do not fit the file") }
        linkedSegments = try (0..<max(0, linkCount - 1)).map { _ in
            guard let name = String(validating: try reader.readPrefixed("a segment's name"), as: UTF8.self)
            else { throw MalformedData("a segment's name is not UTF-8") }
            return name
        }
        alpha = try AffinePoint(decoding: reader.read(g1, "α"), as: .uncompressed)
        beta = try AffinePoint(decoding: reader.read(g2, "β"), as: .uncompressed)
        gamma = try AffinePoint(decoding: reader.read(g2, "γ"), as: .uncompressed)
        delta = try AffinePoint(decoding: reader.read(g2, "δ"), as: .uncompressed)
        linkKey = try (0..<linkCount).map { _ in
            try AffinePoint(decoding: reader.read(g2, "a link point"), as: .uncompressed)
        }
        ic = try (0..<publicCount).map { _ in
            try AffinePoint(decoding: reader.read(g1, "an IC point"), as: .uncompressed)
        }
        try reader.finish("the verifying key")
        try checkSoundness()
    }

    public init(
        isDevelopmentKey: Bool, circuitDigest: [UInt8], challengeCount: Int, alpha: AffinePoint<Curve.G1>,
        beta: AffinePoint<Curve.G2>, gamma: AffinePoint<Curve.G2>, delta: AffinePoint<Curve.G2>,
        ic: [AffinePoint<Curve.G1>], linkKey: [AffinePoint<Curve.G2>], linkedSegments: [String]
    ) {
        precondition(circuitDigest.count == 32 && linkedSegments.count == max(0, linkKey.count - 1))
        precondition(challengeCount >= 0 && challengeCount < ic.count)
        self.isDevelopmentKey = isDevelopmentKey
        self.circuitDigest = circuitDigest
        self.challengeCount = challengeCount
        self.alpha = alpha
        self.beta = beta
        self.gamma = gamma
        self.delta = delta
        self.ic = ic
        self.linkKey = linkKey
        self.linkedSegments = linkedSegments
    }
}

/// A key that would let false proofs pass.
public struct UnsoundKey: Error, CustomStringConvertible, Equatable {
    public let description: String
}

extension VerifyingKey {
    /// Refuses keys with which proofs can be forged whatever their origin (DESIGN §2, "Verify").
    ///
    /// γ alone may be the generator, as in every key of snarkjs. Points are assumed to be on their curves.
    ///
    /// - Throws: `UnsoundKey`.
    public func checkSoundness() throws {
        func refuse(_ reason: String) throws -> Never {
            throw UnsoundKey(description: "unsound key: \(reason)")
        }
        if alpha.isInfinity { try refuse("α is the identity") }
        for (name, point) in [("β", beta), ("γ", gamma), ("δ", delta)] where point.isInfinity {
            try refuse("\(name) is the identity")
        }
        if gamma == delta { try refuse("γ equals δ") }
        if delta == Curve.G2.generator { try refuse("δ is the generator") }
        for (index, point) in linkKey.enumerated() {
            if point.isInfinity { try refuse("link point \(index) is the identity") }
            if point == gamma { try refuse("link point \(index) equals γ") }
            if linkKey[..<index].contains(point) { try refuse("link point \(index) repeats another") }
        }
        if challengeCount > 0 && linkKey.isEmpty { try refuse("it has challenges but no committed wires") }
    }
}
