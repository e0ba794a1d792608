import FieldArithmetic
import Foundation

/// iden3's `.r1cs` format, version 1, as circom and snarkjs write it.
///
/// - SeeAlso: iden3/r1csfile `doc/r1cs_bin_format.md`.
extension R1CS {
    private enum Section {
        static var header: UInt32 { 1 }
        static var constraints: UInt32 { 2 }
        static var labels: UInt32 { 3 }
        static var customGates: UInt32 { 4 }
        static var customGateUses: UInt32 { 5 }
    }

    private static var version: UInt32 { 1 }

    /// Reads a circuit: a plain one, as the format knows neither challenges nor segments.
    ///
    /// Memory stays in proportion to the file's size, whatever it claims.
    /// - Throws: `CircuitError.malformed` for anything but a circuit over this field in this format.
    public init(r1csFile bytes: some ContiguousBytes) throws {
        self = try bytes.withUnsafeBytes { try Self.read($0) }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws -> R1CS {
        let file = try SectionedFile(bytes, magic: "r1cs", version: version, file: "r1cs file")
        guard file.isAbsentOrEmpty(Section.customGates), file.isAbsentOrEmpty(Section.customGateUses) else {
            throw CircuitError.malformed("r1cs file: custom gates are not supported")
        }
        var header = try file.section(Section.header, "header")
        try header.requireField(F.self)
        let wireCount = Int(try header.integer("the header") as UInt32)
        let outputs = Int(try header.integer("the header") as UInt32)
        let publicInputs = Int(try header.integer("the header") as UInt32)
        let privateInputs = Int(try header.integer("the header") as UInt32)
        _ = try header.integer("the header") as UInt64
        let rowCount = Int(try header.integer("the header") as UInt32)
        try header.requireEnd("the header")
        guard 1 + outputs + publicInputs + privateInputs <= wireCount else {
            throw header.malformed("it has more inputs and outputs than its \(wireCount) wires")
        }
        let labels = try file.section(Section.labels, "wire label")
        guard labels.remaining == 8 * wireCount else {
            throw header.malformed("\(wireCount) wires, but labels for \(labels.remaining / 8)")
        }
        var matrices = MatrixReader<F>(
            try file.section(Section.constraints, "constraint"), rowCount: rowCount, wireCount: wireCount)
        try matrices.readAll()
        return R1CS(
            publicCount: 1 + outputs + publicInputs, privateCount: wireCount - 1 - outputs - publicInputs,
            a: matrices.a, b: matrices.b, c: matrices.c, coefficients: matrices.table.values)
    }

    /// The circuit as a file. Challenges and statement become public inputs, committed wires private inputs.
    public func r1csFile() -> [UInt8] {
        var writer = ByteWriter()
        writer.append("r1cs")
        writer.append(Self.version)
        writer.append(UInt32(3))
        writer.section(Section.header) { writer in
            writer.append(UInt32(F.byteCount))
            writer.append(limbs: F.modulus)
            writer.append(UInt32(wireCount))
            writer.append(UInt32(0))
            writer.append(UInt32(publicCount - 1))
            writer.append(UInt32(committedCount))
            writer.append(UInt64(wireCount))
            writer.append(UInt32(constraintCount))
        }
        writer.section(Section.constraints) { writer in
            for row in 0..<constraintCount {
                for matrix in [a, b, c] {
                    let entries = matrix.entries(ofRow: row)
                    writer.append(UInt32(entries.count))
                    for entry in entries {
                        writer.append(matrix.columns[entry])
                        writer.append(coefficients[Int(matrix.coefficients[entry])])
                    }
                }
            }
        }
        writer.section(Section.labels) { writer in
            for wire in 0..<wireCount { writer.append(UInt64(wire)) }
        }
        return writer.bytes
    }
}

/// The constraint section of an `.r1cs` file.
private struct MatrixReader<F: PrimeField> {
    private var reader: ByteReader
    private let rowCount: Int
    private let wireCount: Int
    private(set) var a = SparseMatrix()
    private(set) var b = SparseMatrix()
    private(set) var c = SparseMatrix()
    private(set) var table = CoefficientTable<F>()

    init(_ reader: ByteReader, rowCount: Int, wireCount: Int) {
        self.reader = reader
        self.rowCount = rowCount
        self.wireCount = wireCount
    }

    @specialized(where F == BN254ScalarField)
    mutating func readAll() throws {
        guard rowCount <= reader.remaining / 12 else {
            throw reader.malformed("\(rowCount) constraints do not fit in \(reader.remaining) bytes")
        }
        for _ in 0..<rowCount {
            try Self.readRow(&reader, &a, &table, wireCount)
            try Self.readRow(&reader, &b, &table, wireCount)
            try Self.readRow(&reader, &c, &table, wireCount)
        }
        try reader.requireEnd("the constraint section")
    }

    @inline(__always)
    private static func readRow(
        _ reader: inout ByteReader, _ matrix: inout SparseMatrix, _ table: inout CoefficientTable<F>,
        _ wireCount: Int
    ) throws {
        let count: UInt32 = try reader.integer("a constraint")
        for _ in 0..<count {
            let wire: UInt32 = try reader.integer("a constraint")
            guard wire < wireCount else {
                throw reader.malformed("wire \(wire) of \(wireCount) in a constraint")
            }
            matrix.columns.append(wire)
            matrix.coefficients.append(table.number(of: try reader.element(of: F.self, "a coefficient")))
        }
        matrix.rowOffsets.append(UInt32(matrix.columns.count))
    }
}
