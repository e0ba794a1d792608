import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation

/// Reads Groth16 proving keys of snarkjs (`.zkey`, version 1) on BN254.
///
/// Points and scalars stand there as here: Montgomery form, little-endian, affine, infinity all zero. A coefficient
/// is stored times 2²⁵⁶ once more, and the rows x_i·0 = 0 of the public wires are listed with the others.
///
/// - SeeAlso: iden3/snarkjs, `src/zkey_utils.js`, which documents the layout.
public enum SnarkjsKey {
    typealias Scalar = BN254ScalarField

    /// The key of a `.zkey` file.
    ///
    /// - Throws: `MalformedData`, `PointEncodingError`, `UnsoundKey`.
    public static func read(path: String) throws -> ProvingKey<BN254> {
        let storage = try KeyStorage.map(path: path)
        let sections = try Iden3Sections(reading: storage.bytes, magic: "zkey", version: 1)
        let protocolNumber = try sections.integers(1, count: 1, UInt32.self)[0]
        guard protocolNumber == 1 else {
            throw MalformedData("the key is for proof system number \(protocolNumber), not for Groth16 (1)")
        }
        let header = try Header(reading: sections.bytes(2))
        let (publicCount, privateCount) = (header.publicCount, header.wireCount - header.publicCount)

        let ic = try sections.elements(3, AffinePoint<BN254G1>.self, count: publicCount)
        let verifyingKey = VerifyingKey<BN254>(
            isDevelopmentKey: false, circuitDigest: [UInt8](repeating: 0, count: 32), challengeCount: 0,
            alpha: header.alpha1, beta: header.beta2, gamma: header.gamma2, delta: header.delta2,
            ic: Array(ic),
            linkKey: [], linkedSegments: [])
        // Encoding and decoding checks every point of the verifying key, and the key's soundness.
        let checkedKey = try VerifyingKey<BN254>(encoded: verifyingKey.encoded)

        // [β]₁ and [δ]₁ are not in the verifying key: they must be the G1 sides of what is.
        guard header.beta1.isOnCurve, header.delta1.isOnCurve,
            BN254.isPairingProductOne([(header.beta1, BN254G2.generator), (-BN254G1.generator, header.beta2)]
            ),
            BN254.isPairingProductOne([
                (header.delta1, BN254G2.generator), (-BN254G1.generator, header.delta2),
            ])
        else { throw MalformedData("β or δ is not the same in both groups") }

        let coefficients = try Coefficients(reading: sections.bytes(4), header: header)
        let aQuery = try sections.elements(5, AffinePoint<BN254G1>.self, count: header.wireCount)
        let b1Query = try sections.elements(6, AffinePoint<BN254G1>.self, count: header.wireCount)
        let b2Query = try sections.elements(7, AffinePoint<BN254G2>.self, count: header.wireCount)
        let lQuery = try sections.elements(8, AffinePoint<BN254G1>.self, count: privateCount)
        let hQuery = try sections.elements(9, AffinePoint<BN254G1>.self, count: header.domainSize)
        let aWires = (0..<header.wireCount).filter { !aQuery[$0].isInfinity }
        let bWires = (0..<header.wireCount).filter { !b1Query[$0].isInfinity || !b2Query[$0].isInfinity }

        let queries = ProvingKey<BN254>.Queries(
            singlePoints: [
                header.beta1, header.delta1, .infinity, .infinity, .infinity, CommitmentBases<BN254>.blinding,
            ],
            aWires: aWires.map { UInt32($0) }, aQuery: aWires.map { aQuery[$0] },
            bWires: bWires.map { UInt32($0) }, b1Query: bWires.map { b1Query[$0] },
            b2Query: bWires.map { b2Query[$0] }, kQuery: [], linkQuery: [], lQuery: Array(lQuery),
            hQuery: Array(hQuery), bases: [])
        return try ProvingKey(
            shape: .init(
                domainSize: header.domainSize, constraintCount: coefficients.constraintCount,
                publicCount: publicCount, challengeCount: 0, privateCount: privateCount, linkedCounts: [],
                unlinkedCount: 0),
            verifyingKey: checkedKey, specification: [], queries: queries, a: coefficients.a,
            b: coefficients.b,
            coefficients: coefficients.table)
    }

    /// Section 2: fields, numbers and single points.
    private struct Header {
        var wireCount, publicCount, domainSize: Int
        var alpha1, beta1, delta1: AffinePoint<BN254G1>
        var beta2, gamma2, delta2: AffinePoint<BN254G2>

        init(reading bytes: UnsafeRawBufferPointer) throws {
            guard bytes.count == 660 else {
                throw MalformedData("the header has \(bytes.count) bytes, a BN254 key's has 660")
            }
            var reader = ByteReader(Array(bytes))
            for modulus in [BN254BaseField.modulus, BN254ScalarField.modulus] {
                guard try reader.readInteger(UInt32.self, "a field's size") == 32,
                    try reader.read(32, "a modulus") == modulus.littleEndianBytes
                else { throw MalformedData("the key is for another curve than BN254") }
            }
            wireCount = Int(try reader.readInteger(UInt32.self, "the number of wires"))
            publicCount = Int(try reader.readInteger(UInt32.self, "the number of public inputs")) + 1
            domainSize = Int(try reader.readInteger(UInt32.self, "the size of the domain"))
            guard publicCount <= wireCount else { throw MalformedData("more public inputs than wires") }
            func point<Point: BitwiseCopyable>(_: Point.Type, at offset: Int) -> Point {
                bytes.loadUnaligned(fromByteOffset: offset, as: Point.self)
            }
            alpha1 = point(AffinePoint<BN254G1>.self, at: 84)
            beta1 = point(AffinePoint<BN254G1>.self, at: 148)
            beta2 = point(AffinePoint<BN254G2>.self, at: 212)
            gamma2 = point(AffinePoint<BN254G2>.self, at: 340)
            delta1 = point(AffinePoint<BN254G1>.self, at: 468)
            delta2 = point(AffinePoint<BN254G2>.self, at: 532)
        }
    }

    /// Section 4: the entries of A and B as (matrix, row, wire, value·2⁵¹²).
    private struct Coefficients {
        var a = SparseMatrix()
        var b = SparseMatrix()
        var table: [Scalar] = []
        var constraintCount = 0

        init(reading bytes: UnsafeRawBufferPointer, header: Header) throws {
            let stride = 44
            guard bytes.count >= 4, (bytes.count - 4) % stride == 0 else {
                throw MalformedData("the section of coefficients has a broken length")
            }
            let count = Int(bytes.loadUnaligned(as: UInt32.self))
            guard count == (bytes.count - 4) / stride else {
                throw MalformedData("the section of coefficients has another length than it says")
            }
            func number(_ entry: Int, _ field: Int) -> Int {
                Int(bytes.loadUnaligned(fromByteOffset: 4 + entry * stride + 4 * field, as: UInt32.self))
            }
            var lastRow = 0
            for entry in 0..<count {
                guard number(entry, 0) <= 1, number(entry, 1) < header.domainSize,
                    number(entry, 2) < header.wireCount
                else {
                    throw MalformedData(
                        "coefficient \(entry) names a matrix, row or wire that does not exist")
                }
                if number(entry, 0) == 0 { lastRow = max(lastRow, number(entry, 1)) }
            }
            constraintCount = lastRow + 1 - header.publicCount
            guard constraintCount >= 0 else {
                throw MalformedData("the rows of the public inputs are missing")
            }
            // Counting sort by row.
            var offsets = [[UInt32]](repeating: [UInt32](repeating: 0, count: constraintCount + 1), count: 2)
            var publicRows = 0
            for entry in 0..<count {
                let (matrix, row) = (number(entry, 0), number(entry, 1))
                if row < constraintCount {
                    offsets[matrix][row + 1] += 1
                } else if matrix == 0, number(entry, 2) == row - constraintCount {
                    publicRows += 1
                } else {
                    throw MalformedData("a row of the public inputs holds something else")
                }
            }
            guard publicRows == header.publicCount else {
                throw MalformedData("the rows of the public inputs are missing")
            }
            var columns = [[UInt32]](repeating: [], count: 2)
            var values = columns
            for matrix in 0..<2 {
                for row in 0..<constraintCount { offsets[matrix][row + 1] += offsets[matrix][row] }
                columns[matrix] = [UInt32](repeating: 0, count: Int(offsets[matrix][constraintCount]))
                values[matrix] = columns[matrix]
            }
            var next = offsets
            var indices: [Scalar: UInt32] = [:]
            for entry in 0..<count where number(entry, 1) < constraintCount {
                let (matrix, row) = (number(entry, 0), number(entry, 1))
                let limbs = bytes.loadUnaligned(fromByteOffset: 4 + entry * stride + 12, as: Limbs4.self)
                // value·2⁵¹² read as Montgomery form is value·2²⁵⁶, whose canonical limbs are value in Montgomery form.
                guard let scaled = Scalar(montgomery: limbs), let value = Scalar(montgomery: scaled.canonical)
                else {
                    throw MalformedData("coefficient \(entry) is not below the modulus")
                }
                let index = indices[value] ?? UInt32(table.count)
                if index == table.count {
                    indices[value] = index
                    table.append(value)
                }
                let position = Int(next[matrix][row])
                next[matrix][row] += 1
                columns[matrix][position] = UInt32(number(entry, 2))
                values[matrix][position] = index
            }
            a = SparseMatrix(rowOffsets: offsets[0], columns: columns[0], coefficients: values[0])
            b = SparseMatrix(rowOffsets: offsets[1], columns: columns[1], coefficients: values[1])
        }
    }
}

/// The sections of a binary file of iden3: magic, version, number of sections, then type, length and bytes of each.
struct Iden3Sections {
    private var sections: [UInt32: UnsafeRawBufferPointer] = [:]

    /// - Throws: `MalformedData` unless the sections lie inside the bytes.
    init(reading bytes: UnsafeRawBufferPointer, magic: String, version: UInt32) throws {
        guard bytes.count >= 12, bytes[..<4].elementsEqual(magic.utf8) else {
            throw MalformedData("not a .\(magic) file: it does not begin with \"\(magic)\"")
        }
        let fileVersion = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        guard fileVersion == version else {
            throw MalformedData(
                "version \(fileVersion) of the .\(magic) format; this program reads \(version)")
        }
        var offset = 12
        for _ in 0..<bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self) {
            guard bytes.count - offset >= 12 else {
                throw MalformedData("truncated: a section's head is missing")
            }
            let type = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let length = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt64.self)
            offset += 12
            guard length <= UInt64(bytes.count - offset) else {
                throw MalformedData("truncated: section \(type) should have \(length) bytes")
            }
            let content = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
            guard sections.updateValue(content, forKey: type) == nil else {
                throw MalformedData("section \(type) occurs twice")
            }
            offset += Int(length)
        }
        guard offset == bytes.count else { throw MalformedData("bytes are left over after the last section") }
    }

    func bytes(_ type: UInt32) throws -> UnsafeRawBufferPointer {
        guard let content = sections[type] else { throw MalformedData("section \(type) is missing") }
        return content
    }

    func integers<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: UInt32, count: Int, _: Integer.Type
    ) throws -> [Integer] {
        try elements(type, Integer.self, count: count)
    }

    /// A copy of the elements: a section need not be aligned.
    func elements<Element: BitwiseCopyable>(
        _ type: UInt32, _: Element.Type, count: Int
    ) throws -> [Element] {
        let content = try bytes(type)
        let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, content.count == size else {
            throw MalformedData("section \(type) has \(content.count) bytes, \(count) entries need \(size)")
        }
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: content)
            initialized = count
        }
    }
}
