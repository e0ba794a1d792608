/// The table of a sectioned file: header (16 bytes), number of sections, total length, then a tag, offset and length
/// for each section. Sections begin at multiples of 64 bytes, so that points and scalars lie aligned in the mapped file.
struct SectionTable {
    static let alignment = 64

    private var ranges: [UInt32: Range<Int>] = [:]

    /// - Throws: `MalformedData` unless every section lies aligned inside the file and no tag occurs twice.
    init(reading bytes: UnsafeRawBufferPointer, kind: FileHeader.Kind, curve: UInt32) throws {
        let tableLimit = min(bytes.count, 4096)
        var reader = ByteReader(Array(bytes[..<tableLimit]))
        let header = try FileHeader(reading: &reader)
        try header.expect(kind, curve: curve)
        let count = try reader.readInteger(UInt32.self, "the number of sections")
        guard count <= 128 else { throw MalformedData("\(count) sections are too many for a \(kind)") }
        let length = try reader.readInteger(UInt64.self, "the length of the file")
        guard length == UInt64(bytes.count) else {
            throw MalformedData(
                "truncated or extended: it should have \(length) bytes and has \(bytes.count)")
        }
        for _ in 0..<count {
            let tag = try reader.readInteger(UInt32.self, "a section's tag")
            let offset = try reader.readInteger(UInt64.self, "a section's offset")
            let size = try reader.readInteger(UInt64.self, "a section's length")
            guard offset % UInt64(Self.alignment) == 0, offset <= length, size <= length - offset else {
                throw MalformedData("section \(Self.name(tag)) lies outside the file or is not aligned")
            }
            guard ranges.updateValue(Int(offset)..<Int(offset + size), forKey: tag) == nil else {
                throw MalformedData("section \(Self.name(tag)) occurs twice")
            }
        }
    }

    /// The elements of one section in place. `Element` must be a trivial type.
    ///
    /// - Throws: `MalformedData` if it is missing or its length is no multiple of the element's.
    func elements<Element: BitwiseCopyable>(
        _ section: ProvingKeySection, as: Element.Type, in bytes: UnsafeRawBufferPointer
    ) throws -> UnsafeBufferPointer<Element> {
        guard let range = ranges[section.tag] else {
            throw MalformedData("section \(Self.name(section.tag)) is missing")
        }
        guard range.count % MemoryLayout<Element>.stride == 0 else {
            throw MalformedData(
                "section \(Self.name(section.tag)) has \(range.count) bytes, a broken number of entries")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: Element.self)
    }

    static func name(_ tag: UInt32) -> String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) }
        return bytes.allSatisfy { (0x20...0x7E).contains($0) }
            ? String(decoding: bytes, as: UTF8.self) : "number \(tag)"
    }

    /// The bytes of one section on their way into a file.
    struct Content {
        let section: ProvingKeySection
        let byteCount: Int
        let copy: (UnsafeMutableRawBufferPointer) -> Void

        init<Element: BitwiseCopyable>(_ section: ProvingKeySection, _ elements: [Element]) {
            self.section = section
            byteCount = elements.count * MemoryLayout<Element>.stride
            copy = { memory in elements.withUnsafeBytes { memory.copyMemory(from: $0) } }
        }
    }

    /// Lays out sections and copies their bytes.
    static func assemble(kind: FileHeader.Kind, curve: UInt32, sections: [Content]) -> KeyStorage {
        func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
        var offset = aligned(FileHeader.byteCount + 12 + 20 * sections.count)
        var starts: [Int] = []
        var table = ByteWriter()
        for content in sections {
            table.append(content.section.tag)
            table.append(UInt64(offset))
            table.append(UInt64(content.byteCount))
            starts.append(offset)
            offset = aligned(offset + content.byteCount)
        }
        var head = ByteWriter()
        head.append(FileHeader(kind: kind, curve: curve).encoded)
        head.append(UInt32(sections.count))
        head.append(UInt64(offset))
        head.append(table.bytes)
        return KeyStorage.allocate(count: offset) { memory in
            memory.copyBytes(from: head.bytes)
            for (start, content) in zip(starts, sections) where content.byteCount > 0 {
                content.copy(
                    UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + content.byteCount]))
            }
        }
    }
}

/// The sections of a proving key.
enum ProvingKeySection: String, CaseIterable {
    /// Numbers: see `ProvingKey.Shape`.
    case shape = "SHAP"
    /// The circuit's specification, opaque to the proof system.
    case specification = "SPEC"
    case verifyingKey = "VKEY"
    /// [β]₁, [δ]₁, [η/γ]₁, [η/δ]₁, P_ν, G_blind, P_ρ1 … P_ρℓ.
    case singlePoints = "G1PT"
    /// Wires with a non-zero column in A, and their [u_i(τ)]₁.
    case aWires = "AWIR"
    case aQuery = "AQRY"
    /// Wires with a non-zero column in B, and their [v_i(τ)]₁, [v_i(τ)]₂.
    case bWires = "BWIR"
    case b1Query = "B1QR"
    case b2Query = "B2QR"
    /// K_i and P_i of the committed wires.
    case kQuery = "KQRY"
    case linkQuery = "PQRY"
    /// [L_i/δ]₁ of the private wires.
    case lQuery = "LQRY"
    case hQuery = "HQRY"
    /// G_0, G_1, … for the longest linked segment.
    case bases = "BASE"
    case aOffsets = "AOFF"
    case aColumns = "ACOL"
    case aCoefficients = "ACOF"
    case bOffsets = "BOFF"
    case bColumns = "BCOL"
    case bCoefficients = "BCOF"
    case coefficients = "COEF"

    var tag: UInt32 { rawValue.utf8.reversed().reduce(0) { ($0 << 8) | UInt32($1) } }
}
