import FieldArithmetic
import Foundation

/// iden3's `.wtns` format, version 2: the values of all wires, as circom's calculators and snarkjs write it.
///
/// - SeeAlso: iden3/snarkjs `src/wtns_utils.js`.
public enum WitnessFile<F: PrimeField> {
    private static var header: UInt32 { 1 }
    private static var values: UInt32 { 2 }
    private static var version: UInt32 { 2 }

    /// The assignment in a file.
    ///
    /// - Throws: `CircuitError.malformed` for anything but a witness over this field in this format.
    public static func read(from bytes: some ContiguousBytes) throws -> [F] {
        try bytes.withUnsafeBytes { bytes in
            let file = try SectionedFile(bytes, magic: "wtns", version: version, file: "wtns file")
            var header = try file.section(Self.header, "header")
            try header.requireField(F.self)
            let count = Int(try header.integer("the header") as UInt32)
            try header.requireEnd("the header")
            let reader = try file.section(Self.values, "value")
            guard reader.remaining == count * F.byteCount else {
                throw reader.malformed("\(count) values, but \(reader.remaining) bytes of them")
            }
            return try elements(reader, count: count)
        }
    }

    @specialized(where F == BN254ScalarField)
    private static func elements(_ reader: ByteReader, count: Int) throws -> [F] {
        var reader = reader
        var result: [F] = []
        result.reserveCapacity(count)
        for index in 0..<count { result.append(try reader.element(of: F.self, "value \(index)")) }
        return result
    }

    /// The file of an assignment, all wires in order.
    public static func write(_ assignment: [F]) -> [UInt8] {
        var writer = ByteWriter()
        writer.append("wtns")
        writer.append(version)
        writer.append(UInt32(2))
        writer.section(header) { writer in
            writer.append(UInt32(F.byteCount))
            writer.append(limbs: F.modulus)
            writer.append(UInt32(assignment.count))
        }
        writer.section(values) { writer in
            for value in assignment { writer.append(value) }
        }
        return writer.bytes
    }
}
