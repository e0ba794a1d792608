/// The 16 bytes that every file of ours begins with: "ZKPOT", a letter for the kind, version, curve, flags.
public struct FileHeader: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, CaseIterable, CustomStringConvertible {
        case proof = 0x50  // P
        case verifyingKey = 0x56  // V
        case provingKey = 0x4B  // K
        case commitment = 0x43  // C
        case opening = 0x4F  // O
        case blindingSeed = 0x53  // S
        case dataset = 0x44  // D
        case trajectory = 0x54  // T
        case auditAnswer = 0x41  // A
        case revealedModel = 0x52  // R
        case revealedSum = 0x47  // G

        public var description: String {
            switch self {
            case .proof: return "proof"
            case .verifyingKey: return "verifying key"
            case .provingKey: return "proving key"
            case .commitment: return "commitment"
            case .opening: return "commitment opening"
            case .blindingSeed: return "seed of blindings"
            case .dataset: return "commitment to a data set"
            case .trajectory: return "trajectory of commitments"
            case .auditAnswer: return "answer to an audit"
            case .revealedModel: return "revealed model with its blinding"
            case .revealedSum: return "revealed sum of models with its blinding"
            }
        }
    }

    public static let byteCount = 16
    public static let version: UInt16 = 1
    private static let magic = Array("ZKPOT".utf8)

    public var kind: Kind
    /// The curve's number in files: 1 for BN254.
    public var curve: UInt32
    public var flags: UInt32

    public init(kind: Kind, curve: UInt32, flags: UInt32 = 0) {
        self.kind = kind
        self.curve = curve
        self.flags = flags
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(Self.magic)
        writer.append(kind.rawValue)
        writer.append(Self.version)
        writer.append(curve)
        writer.append(flags)
        return writer.bytes
    }

    /// The header at the start of a file of any kind.
    ///
    /// - Throws: `MalformedData` if it is not ours or of an unknown kind or version.
    public init(reading reader: inout ByteReader) throws {
        guard reader.remaining >= Self.byteCount else {
            throw MalformedData("not a ZKPoT file: \(reader.remaining) bytes are too few for a header")
        }
        guard try reader.read(5, "the magic bytes") == Self.magic else {
            throw MalformedData("not a ZKPoT file: it does not begin with \"ZKPOT\"")
        }
        let letter = try reader.readInteger(UInt8.self, "the kind")
        guard let kind = Kind(rawValue: letter) else {
            throw MalformedData("unknown kind of file, number \(letter)")
        }
        let version = try reader.readInteger(UInt16.self, "the version")
        guard version == Self.version else {
            throw MalformedData(
                "\(kind) of format version \(version); this program reads version \(Self.version)")
        }
        self.kind = kind
        curve = try reader.readInteger(UInt32.self, "the curve")
        flags = try reader.readInteger(UInt32.self, "the flags")
    }

    /// - Throws: `MalformedData` unless the header is of this kind and curve and has no flag but `knownFlags`.
    public func expect(_ kind: Kind, curve: UInt32, knownFlags: UInt32 = 0) throws {
        guard self.kind == kind else { throw MalformedData("this is a \(self.kind), not a \(kind)") }
        guard self.curve == curve else {
            throw MalformedData("made for curve number \(self.curve), not number \(curve)")
        }
        guard flags & ~knownFlags == 0 else {
            throw MalformedData("unknown flags 0x\(String(flags, radix: 16)) in a \(kind)")
        }
    }
}
