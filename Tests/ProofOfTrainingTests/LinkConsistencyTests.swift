import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import ProofOfTraining
import TestSupport
import Testing

/// A participant checks a key before proving with it: one that was tampered with could make proofs leak the model.
@Suite struct LinkConsistencyTests {
    let fixture: ProofFixture
    private let bytes: [UInt8]

    init() throws {
        fixture = try ProofFixture.made()
        bytes = fixture.key.withFileBytes { Array($0) }
    }

    private func section(_ tag: String) throws -> Range<Int> {
        try #require(keySection(tag, of: bytes))
    }

    private func isConsistent(_ bytes: [UInt8]) throws -> Bool {
        try TestFiles.withTemporaryFolder { folder in
            let url = folder.appending(path: "key.zkpk")
            try Data(bytes).write(to: url)
            return try ProvingKey<BN254>(path: url.path).isLinkConsistent()
        }
    }

    /// The key with one point of a section replaced by another of G1 in the same memory form.
    private func replacing(_ tag: String, _ index: Int, with other: (tag: String, index: Int)) throws
        -> [UInt8]
    {
        var changed = bytes
        let (target, source) = (try section(tag).lowerBound + 64 * index, try section(other.tag).lowerBound)
        let replacement = bytes[source + 64 * other.index..<source + 64 * (other.index + 1)]
        #expect(!bytes[target..<target + 64].elementsEqual(replacement))
        changed.replaceSubrange(target..<target + 64, with: replacement)
        return changed
    }

    @Test func anHonestKeyIsConsistent() throws {
        #expect(fixture.key.isLinkConsistent())
        #expect(try isConsistent(bytes))
    }

    /// [η/γ]₁, [η/δ]₁, P_ν, G_blind, P_ρ1, P_ρ2, each replaced by [β]₁.
    @Test(
        arguments: ["[η/γ]₁", "[η/δ]₁", "P_ν", "G_blind", "P_ρ1", "P_ρ2"].enumerated().map { ($0 + 2, $1) })
    func singlePoints(index: Int, name: String) throws {
        #expect(try !isConsistent(replacing("G1PT", index, with: ("G1PT", 0))), "\(name)")
    }

    /// The first and last of every kind: model, test set, other committed wires.
    @Test func committedPointsAndBases() throws {
        let shape = fixture.key.shape
        let starts = [0, shape.linkedCounts[0], shape.linkedTotal]
        for start in starts {
            for tag in ["KQRY", "PQRY"] {
                for index in [start, shape.committedCount - 1] {
                    #expect(
                        try !isConsistent(replacing(tag, index, with: ("G1PT", 0))), "\(tag) \(index)")
                }
            }
        }
        let bases = try #require(shape.linkedCounts.max())
        for index in [0, 1, bases - 1] {
            #expect(try !isConsistent(replacing("BASE", index, with: ("G1PT", 0))), "base \(index)")
            #expect(try !isConsistent(replacing("BASE", index, with: ("BASE", (index + 1) % bases))))
        }
        // Two that were exchanged: their sum stays what it was.
        var exchanged = try replacing("PQRY", 0, with: ("PQRY", 1))
        let start = try section("PQRY").lowerBound
        exchanged.replaceSubrange(start + 64..<start + 128, with: bytes[start..<start + 64])
        #expect(try !isConsistent(exchanged))
    }

    /// K_i and P_i of a linked wire moved together by the same point: as if the base were another.
    @Test func pointsMovedTogether() throws {
        var changed = try replacing("KQRY", 0, with: ("KQRY", 1))
        let start = try section("PQRY").lowerBound
        changed.replaceSubrange(start..<start + 64, with: bytes[start + 64..<start + 128])
        #expect(try !isConsistent(changed))
    }

    /// γ, δ and the points [a·k_j]₂ of the verifying key inside.
    @Test func verifyingKeyInside() throws {
        let range = try section("VKEY")
        let changes: [(inout VerifyingKey<BN254>) -> Void] = [
            { $0.gamma = JacobianPoint($0.gamma).doubled().affine },
            { $0.delta = JacobianPoint($0.delta).doubled().affine },
            { $0.linkKey[0] = JacobianPoint($0.linkKey[0]).doubled().affine },
            { $0.linkKey[1] = JacobianPoint($0.linkKey[1]).doubled().affine },
            { $0.linkKey[2] = JacobianPoint($0.linkKey[2]).doubled().affine }, { $0.linkKey.swapAt(1, 2) },
        ]
        for (index, change) in changes.enumerated() {
            var key = fixture.key.verifyingKey
            change(&key)
            var changed = bytes
            changed.replaceSubrange(range, with: key.encoded)
            #expect(changed.count == bytes.count)
            #expect(try !isConsistent(changed), "change \(index)")
        }
    }

    /// A key that names another circuit than its own is no prover's key.
    @Test func keysNameTheirCircuit() throws {
        let range = try section("SPEC")
        let text = String(decoding: bytes[range], as: UTF8.self)
        let named = text.replacing("\"samples\" : 5", with: "\"samples\" : 6")
        #expect(named != text)
        var changed = bytes
        changed.replaceSubrange(range, with: Array(named.utf8))
        try TestFiles.withTemporaryFolder { folder in
            let url = folder.appending(path: "key.zkpk")
            try Data(changed).write(to: url)
            let key = try ProvingKey<BN254>(path: url.path)
            #expect(throws: MalformedData.self) { try QualityProver(key) }
        }
    }
}
