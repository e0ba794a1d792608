import EllipticCurves
import FieldArithmetic

/// Where a proof counts: a proof made for one context is worth nothing in any other (DESIGN §2, "context").
public struct ProofContext: Sendable, Hashable, Codable {
    /// Ledger or chain.
    public var ledger: String
    /// Contract on that ledger, empty if there is none.
    public var contract: String
    public var task: String
    public var round: UInt64
    public var stage: UInt64
    public var chunk: UInt64
    /// Whose proof it is: an address or the hexadecimal public key.
    public var participant: String
    /// What each linked commitment stands for, in order.
    public var roles: [String]

    public init(
        ledger: String = "", contract: String = "", task: String = "", round: UInt64 = 0, stage: UInt64 = 0,
        chunk: UInt64 = 0, participant: String = "", roles: [String] = []
    ) {
        self.ledger = ledger
        self.contract = contract
        self.task = task
        self.round = round
        self.stage = stage
        self.chunk = chunk
        self.participant = participant
        self.roles = roles
    }

    /// SHA-256 over fixed-length fields: every string stands as its own SHA-256, every number as 8 bytes.
    public var digest: [UInt8] {
        var writer = ByteWriter()
        writer.append(SHA256.hash(Array("ZKPOT-V1-CONTEXT".utf8)))
        for text in [ledger, contract, task, participant] { writer.append(SHA256.hash(Array(text.utf8))) }
        for number in [round, stage, chunk, UInt64(roles.count)] { writer.append(number.byteSwapped) }
        for role in roles { writer.append(SHA256.hash(Array(role.utf8))) }
        return SHA256.hash(writer.bytes)
    }
}

/// What a proof claims: public inputs and linked commitments, in a context.
public struct Statement<Curve: ProofSystemCurve>: Sendable, Hashable {
    public var context: ProofContext
    /// The public wires after the challenges.
    public var publicInputs: [Curve.ScalarField]
    /// Ĉ_1 … Ĉ_ℓ, one for each linked segment.
    public var commitments: [AffinePoint<Curve.G1>]

    public init(
        context: ProofContext = ProofContext(), publicInputs: [Curve.ScalarField],
        commitments: [AffinePoint<Curve.G1>] = []
    ) {
        self.context = context
        self.publicInputs = publicInputs
        self.commitments = commitments
    }

    /// Context, numbers of inputs and commitments, inputs and uncompressed points: fixed-length fields.
    var transcriptBytes: [UInt8] {
        var writer = ByteWriter()
        writer.append(context.digest)
        writer.append(UInt32(publicInputs.count).byteSwapped)
        writer.append(UInt32(commitments.count).byteSwapped)
        for input in publicInputs { writer.append(input.bigEndianBytes) }
        for point in commitments { writer.append(point.encoded(as: .uncompressed)) }
        return writer.bytes
    }

    /// The name a ledger knows the statement by, whatever the proof's bytes are.
    public var digest: [UInt8] { SHA256.hash(Array("ZKPOT-V1-STATEMENT".utf8) + transcriptBytes) }
}
