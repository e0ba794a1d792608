import FieldArithmetic

/// A cursor over bytes from outside: every read is checked against what is left.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    private let file: String

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes
        self.file = file
    }

    var remaining: Int { bytes.count - offset }

    mutating func integer<Integer: FixedWidthInteger>(_ what: @autoclosure () -> String) throws -> Integer {
        let size = MemoryLayout<Integer>.size
        guard remaining >= size else { throw malformed("it ends inside \(what())") }
        defer { offset += size }
        return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// A reader of the next `count` bytes.
    mutating func part(_ count: UInt64, _ what: @autoclosure () -> String) throws -> ByteReader {
        guard count <= UInt64(remaining) else {
            throw malformed("\(what()) claims \(count) bytes, but \(remaining) are left")
        }
        defer { offset += Int(count) }
        return ByteReader(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(count)]), file: file)
    }

    /// An integer below the modulus, little-endian and not in Montgomery form.
    mutating func element<F: PrimeField>(of field: F.Type, _ what: @autoclosure () -> String) throws -> F {
        var limbs = F.Limbs.zero
        for index in 0..<F.Limbs.count { limbs[index] = try integer(what()) }
        guard let element = F(canonical: limbs) else { throw malformed("\(what()) is not below the prime") }
        return element
    }

    /// The field's size and prime as both formats give them.
    mutating func requireField<F: PrimeField>(_ field: F.Type) throws {
        let size: UInt32 = try integer("the header")
        guard size == F.byteCount else {
            throw malformed("its field elements have \(size) bytes, not \(F.byteCount): another curve")
        }
        for index in 0..<F.Limbs.count {
            let limb: UInt64 = try integer("the prime")
            guard limb == F.modulus[index] else { throw malformed("its prime is another curve's") }
        }
    }

    func requireEnd(_ what: String) throws {
        guard remaining == 0 else { throw malformed("\(what) has \(remaining) bytes too many") }
    }

    func malformed(_ reason: String) -> CircuitError { .malformed("\(file): \(reason)") }
}

/// A file of iden3's binary formats: magic, version and numbered sections in any order.
///
/// - SeeAlso: iden3/r1csfile `doc/r1cs_bin_format.md`; iden3/binfileutils.
struct SectionedFile {
    private let sections: [UInt32: ByteReader]
    private let whole: ByteReader

    /// - Throws: `CircuitError.malformed` for another magic or version, a repeated section or lengths that do not fit.
    init(_ bytes: UnsafeRawBufferPointer, magic: StaticString, version: UInt32, file: String) throws {
        var reader = ByteReader(bytes, file: file)
        whole = reader
        for index in 0..<4 {
            guard try reader.integer("the magic number") as UInt8 == magic.utf8Start[index] else {
                throw reader.malformed("it does not start with \"\(magic)\"")
            }
        }
        let actual: UInt32 = try reader.integer("the version")
        guard actual == version else {
            throw reader.malformed("version \(actual) is not supported, only \(version)")
        }
        let count: UInt32 = try reader.integer("the number of sections")
        var sections: [UInt32: ByteReader] = [:]
        for _ in 0..<count {
            let type: UInt32 = try reader.integer("a section's header")
            let size: UInt64 = try reader.integer("a section's header")
            guard sections[type] == nil else { throw reader.malformed("section \(type) occurs twice") }
            sections[type] = try reader.part(size, "section \(type)")
        }
        try reader.requireEnd("the file")
        self.sections = sections
    }

    func section(_ type: UInt32, _ name: String) throws -> ByteReader {
        guard let section = sections[type] else { throw whole.malformed("the \(name) section is missing") }
        return section
    }

    func isAbsentOrEmpty(_ type: UInt32) -> Bool { sections[type].map { $0.remaining == 0 } ?? true }
}

/// Bytes of a file being written, little-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    @specialized(where F == BN254ScalarField)
    mutating func append<F: PrimeField>(_ element: F) { append(limbs: element.canonical) }

    mutating func append(limbs: some FixedWidthLimbs) {
        for index in 0..<type(of: limbs).count { append(limbs[index]) }
    }

    /// A section whose length is filled in when its content is written.
    mutating func section(_ type: UInt32, _ content: (inout ByteWriter) throws -> Void) rethrows {
        append(type)
        let position = bytes.count
        append(UInt64(0))
        try content(&self)
        withUnsafeBytes(of: UInt64(bytes.count - position - 8).littleEndian) { length in
            for (index, byte) in length.enumerated() { bytes[position + index] = byte }
        }
    }
}
