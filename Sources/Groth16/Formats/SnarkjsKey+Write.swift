import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation

extension SnarkjsKey {
    /// Writes a plain key as a `.zkey` file that snarkjs and rapidsnark prove with.
    ///
    /// The section of phase 2 contributions is empty: the file shows nothing about how the key was made.
    ///
    /// - Throws: `MalformedData` for a key with committed wires or challenges, for which the format has no place, for
    ///   one whose domain is no power of two, and for a file that cannot be written.
    public static func write(_ key: ProvingKey<BN254>, to path: String) throws {
        let shape = key.shape
        guard shape.committedCount == 0, shape.challengeCount == 0 else {
            throw MalformedData("a key with commitments or challenges cannot be written as a .zkey file")
        }
        guard shape.domainSize.nonzeroBitCount == 1 else {
            throw MalformedData(
                "a .zkey file needs a domain of 2^k points, this key's has \(shape.domainSize)")
        }
        var writer = SectionWriter(magic: "zkey", version: 1, sectionCount: 10)
        writer.section(1) { $0.append(UInt32(1)) }
        writer.section(2) { append(headerOf: key, to: &$0) }
        writer.section(3) { $0.append(elements: key.verifyingKey.ic) }
        writer.section(4) { append(coefficientsOf: key, to: &$0) }
        writer.section(5) { $0.append(elements: spread(key.aQuery, key.aWires, over: shape.wireCount)) }
        writer.section(6) { $0.append(elements: spread(key.b1Query, key.bWires, over: shape.wireCount)) }
        writer.section(7) { $0.append(elements: spread(key.b2Query, key.bWires, over: shape.wireCount)) }
        writer.section(8) { $0.append(elements: key.lQuery) }
        writer.section(9) { $0.append(elements: key.hQuery) }
        writer.section(10) { section in
            section.append(Data(count: 64))
            section.append(UInt32(0))
        }
        do {
            try writer.data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw MalformedData("cannot be written: \(error.localizedDescription)")
        }
    }

    /// Section 2 as `read` takes it: fields, numbers and single points.
    private static func append(headerOf key: ProvingKey<BN254>, to data: inout Data) {
        for modulus in [BN254BaseField.modulus, BN254ScalarField.modulus] {
            data.append(UInt32(32))
            data.append(contentsOf: modulus.littleEndianBytes)
        }
        for number in [key.shape.wireCount, key.shape.publicCount - 1, key.shape.domainSize] {
            data.append(UInt32(number))
        }
        let verifyingKey = key.verifyingKey
        data.append(elements: [verifyingKey.alpha, key.beta1])
        data.append(elements: [verifyingKey.beta, verifyingKey.gamma])
        data.append(elements: [key.delta1])
        data.append(elements: [verifyingKey.delta])
    }

    /// Section 4: the entries of A and B row by row, and in A the rows x_i·0 = 0 of the public wires.
    private static func append(coefficientsOf key: ProvingKey<BN254>, to data: inout Data) {
        // value·2⁵¹²: the Montgomery form of the number that the value's own Montgomery form is.
        let scaled = key.coefficients.map { Scalar(canonical: $0.montgomery)!.montgomery }
        let one = Scalar(canonical: Scalar.one.montgomery)!.montgomery
        func append(_ matrix: UInt32, _ row: Int, _ wire: UInt32, _ value: Limbs4) {
            data.append(matrix)
            data.append(UInt32(row))
            data.append(wire)
            data.append(elements: CollectionOfOne(value))
        }
        data.append(UInt32(key.a.columns.count + key.b.columns.count + key.shape.publicCount))
        for (number, matrix) in [(UInt32(0), key.a), (1, key.b)] {
            for row in 0..<key.shape.constraintCount {
                for entry in Int(matrix.rowOffsets[row])..<Int(matrix.rowOffsets[row + 1]) {
                    append(number, row, matrix.columns[entry], scaled[Int(matrix.coefficients[entry])])
                }
            }
        }
        for wire in 0..<key.shape.publicCount {
            append(0, key.shape.constraintCount + wire, UInt32(wire), one)
        }
    }

    /// A point for every wire; infinity for those that the query leaves out.
    private static func spread<Group: ShortWeierstrassCurve>(
        _ query: UnsafeBufferPointer<AffinePoint<Group>>, _ wires: UnsafeBufferPointer<UInt32>,
        over count: Int
    ) -> [AffinePoint<Group>] {
        var points = [AffinePoint<Group>](repeating: .infinity, count: count)
        for (wire, point) in zip(wires, query) { points[Int(wire)] = point }
        return points
    }
}

/// Writes what `Iden3Sections` reads.
private struct SectionWriter {
    private(set) var data = Data()

    init(magic: String, version: UInt32, sectionCount: UInt32) {
        data.append(contentsOf: magic.utf8)
        data.append(version)
        data.append(sectionCount)
    }

    mutating func section(_ type: UInt32, _ fill: (inout Data) -> Void) {
        var content = Data()
        fill(&content)
        data.append(type)
        data.append(UInt64(content.count))
        data.append(content)
    }
}

extension Data {
    fileprivate mutating func append(_ integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }

    /// The elements as they lie in memory.
    fileprivate mutating func append<Element: BitwiseCopyable>(elements: some Collection<Element>) {
        if elements.withContiguousStorageIfAvailable({ append(contentsOf: UnsafeRawBufferPointer($0)) })
            == nil
        {
            for element in elements { Swift.withUnsafeBytes(of: element) { append(contentsOf: $0) } }
        }
    }
}
