import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation

/// The key a prover holds: queries, the matrices A and B, and the circuit's specification, in the layout of its file.
///
/// Everything large is used in place, so opening a key of any size is immediate and its memory is shared with the
/// page cache. Numbers that index memory are checked when the key is opened; points and coefficients are not, since a
/// wrong one can only spoil the proof, and the prover checks every proof it makes.
public final class ProvingKey<Curve: ProofSystemCurve>: @unchecked Sendable {
    public typealias Scalar = Curve.ScalarField
    public typealias G1 = AffinePoint<Curve.G1>
    public typealias G2 = AffinePoint<Curve.G2>

    /// The numbers of a circuit.
    public struct Shape: Sendable, Hashable {
        public var domainSize: Int
        public var constraintCount: Int
        public var publicCount: Int
        public var challengeCount: Int
        public var privateCount: Int
        /// Lengths of the linked segments; their names are in the verifying key.
        public var linkedCounts: [Int]
        /// Committed wires behind the linked segments.
        public var unlinkedCount: Int

        public var linkedTotal: Int { linkedCounts.reduce(0, +) }
        public var committedCount: Int { linkedTotal + unlinkedCount }
        public var wireCount: Int { publicCount + committedCount + privateCount }
    }

    public let shape: Shape
    public let verifyingKey: VerifyingKey<Curve>
    public let specification: [UInt8]

    let storage: KeyStorage
    let aWires, bWires: UnsafeBufferPointer<UInt32>
    let aQuery, b1Query, kQuery, linkQuery, lQuery, hQuery, bases: UnsafeBufferPointer<G1>
    let b2Query: UnsafeBufferPointer<G2>
    let a, b: SparseMatrixView
    let coefficients: UnsafeBufferPointer<Scalar>
    private let singlePoints: UnsafeBufferPointer<G1>

    var beta1: G1 { singlePoints[0] }
    var delta1: G1 { singlePoints[1] }
    var etaByGamma: G1 { singlePoints[2] }
    var etaByDelta: G1 { singlePoints[3] }
    var linkBlinding: G1 { singlePoints[4] }
    var blindingBase: G1 { singlePoints[5] }
    /// P_ρj.
    func linkBase(_ segment: Int) -> G1 { singlePoints[6 + segment] }

    /// Opens a key file without reading it whole.
    ///
    /// - Throws: `MalformedData`, `PointEncodingError`, `UnsoundKey`.
    public convenience init(path: String) throws {
        try self.init(storage: KeyStorage.map(path: path))
    }

    init(storage: KeyStorage) throws {
        self.storage = storage
        let bytes = storage.bytes
        let table = try SectionTable(reading: bytes, kind: .provingKey, curve: Curve.fileNumber)
        func section<Element: BitwiseCopyable>(
            _ section: ProvingKeySection, _: Element.Type, count: Int? = nil
        ) throws -> UnsafeBufferPointer<Element> {
            let elements = try table.elements(section, as: Element.self, in: bytes)
            guard count == nil || elements.count == count else {
                throw MalformedData(
                    "section \(section.rawValue) has \(elements.count) entries, the circuit wants \(count!)")
            }
            return elements
        }
        shape = try Shape(encoded: section(.shape, UInt64.self))
        verifyingKey = try VerifyingKey(encoded: Array(section(.verifyingKey, UInt8.self)))
        specification = try Array(section(.specification, UInt8.self))
        guard verifyingKey.ic.count == shape.publicCount, verifyingKey.challengeCount == shape.challengeCount,
            verifyingKey.linkedSegments.count == shape.linkedCounts.count,
            verifyingKey.hasLink == (shape.committedCount > 0)
        else { throw MalformedData("the verifying key inside does not fit the circuit") }
        singlePoints = try section(.singlePoints, G1.self, count: 6 + shape.linkedCounts.count)
        aWires = try section(.aWires, UInt32.self)
        aQuery = try section(.aQuery, G1.self, count: aWires.count)
        bWires = try section(.bWires, UInt32.self)
        b1Query = try section(.b1Query, G1.self, count: bWires.count)
        b2Query = try section(.b2Query, G2.self, count: bWires.count)
        kQuery = try section(.kQuery, G1.self, count: shape.committedCount)
        linkQuery = try section(.linkQuery, G1.self, count: shape.committedCount)
        lQuery = try section(.lQuery, G1.self, count: shape.privateCount)
        hQuery = try section(.hQuery, G1.self, count: shape.domainSize)
        bases = try section(.bases, G1.self, count: shape.linkedCounts.max() ?? 0)
        coefficients = try section(.coefficients, Scalar.self)
        a = try SparseMatrixView(
            rowOffsets: section(.aOffsets, UInt32.self, count: shape.constraintCount + 1),
            columns: section(.aColumns, UInt32.self), coefficients: section(.aCoefficients, UInt32.self))
        b = try SparseMatrixView(
            rowOffsets: section(.bOffsets, UInt32.self, count: shape.constraintCount + 1),
            columns: section(.bColumns, UInt32.self), coefficients: section(.bCoefficients, UInt32.self))
        let wireCount = shape.wireCount
        for (name, wires) in [("A", aWires), ("B", bWires)] where !wires.allSatisfy({ Int($0) < wireCount }) {
            throw MalformedData("the \(name) query names a wire that does not exist")
        }
        guard a.isInBounds(wireCount: wireCount, coefficientCount: coefficients.count),
            b.isInBounds(wireCount: wireCount, coefficientCount: coefficients.count)
        else { throw MalformedData("a matrix entry names a row, wire or coefficient that does not exist") }
    }

    /// Bytes of the file.
    public var byteCount: Int { storage.bytes.count }

    /// The bytes of the file, for writing them out.
    public func withFileBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(storage.bytes) }
    }

    /// Name and size in bytes of every large part, for reports.
    public var sectionSizes: [(name: String, bytes: Int)] {
        let g1 = MemoryLayout<G1>.stride
        return [
            ("A in G1", aQuery.count * g1 + aWires.count * 4), ("B in G1", b1Query.count * g1),
            ("B in G2", b2Query.count * MemoryLayout<G2>.stride + bWires.count * 4),
            ("committed (K)", kQuery.count * g1), ("link (P)", linkQuery.count * g1),
            ("private (L)", lQuery.count * g1), ("quotient (H)", hQuery.count * g1),
            ("commitment bases", bases.count * g1),
            ("matrices", a.byteCount + b.byteCount + coefficients.count * MemoryLayout<Scalar>.stride),
        ]
    }
}

extension ProvingKey.Shape {
    init(encoded numbers: UnsafeBufferPointer<UInt64>) throws {
        guard numbers.count >= 6, numbers.allSatisfy({ $0 < 1 << 31 }) else {
            throw MalformedData("the circuit's numbers are missing or too large")
        }
        let values = numbers.map { Int($0) }
        domainSize = values[0]
        constraintCount = values[1]
        publicCount = values[2]
        challengeCount = values[3]
        privateCount = values[4]
        unlinkedCount = values[5]
        linkedCounts = Array(values[6...])
        guard publicCount >= 1, challengeCount < publicCount, wireCount < 1 << 31,
            constraintCount + publicCount <= domainSize
        else { throw MalformedData("the circuit's numbers contradict each other") }
    }

    var encoded: [UInt64] {
        [domainSize, constraintCount, publicCount, challengeCount, privateCount, unlinkedCount].map {
            UInt64($0)
        }
            + linkedCounts.map { UInt64($0) }
    }
}

/// A matrix in compressed sparse rows that lies in a key's memory.
package struct SparseMatrixView: @unchecked Sendable {
    package let rowOffsets: UnsafeBufferPointer<UInt32>
    package let columns: UnsafeBufferPointer<UInt32>
    package let coefficients: UnsafeBufferPointer<UInt32>

    package init(
        rowOffsets: UnsafeBufferPointer<UInt32>, columns: UnsafeBufferPointer<UInt32>,
        coefficients: UnsafeBufferPointer<UInt32>
    ) {
        self.rowOffsets = rowOffsets
        self.columns = columns
        self.coefficients = coefficients
    }

    var byteCount: Int { 4 * (rowOffsets.count + columns.count + coefficients.count) }

    func isInBounds(wireCount: Int, coefficientCount: Int) -> Bool {
        guard let first = rowOffsets.first, let last = rowOffsets.last, first == 0,
            Int(last) == columns.count, columns.count == coefficients.count
        else { return false }
        for row in 1..<rowOffsets.count where rowOffsets[row] < rowOffsets[row - 1] { return false }
        return columns.allSatisfy { Int($0) < wireCount }
            && coefficients.allSatisfy { Int($0) < coefficientCount }
    }
}

extension ProvingKey {
    /// Writes the key's file: whole, or not at all.
    ///
    /// - Throws: `MalformedData` with the system's reason.
    public func write(to path: String) throws {
        func fail(_ what: String) -> MalformedData {
            MalformedData("\(what): \(String(cString: strerror(errno)))")
        }
        let temporary = "\(path).\(getpid()).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fail("cannot be created") }
        var written = 0
        let isComplete = withFileBytes { bytes in
            while written < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count <= 0 { return false }
                written += count
            }
            return fsync(descriptor) == 0
        }
        close(descriptor)
        guard isComplete, rename(temporary, path) == 0 else {
            let error = fail("cannot be written")
            unlink(temporary)
            throw error
        }
    }
}
