/// A participant proves that the model it committed to classifies at least `correct` samples of a chunk
/// correctly.
public struct ProveQuality: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var chunk: UInt32
    /// At least 1 and at most the chunk's samples. A later, better claim replaces an earlier one.
    public var correct: UInt64
    /// The proof in its own format.
    @HexadecimalBytes public var proof: [UInt8]

    public init(task: Identifier, round: UInt64, chunk: UInt32, correct: UInt64, proof: [UInt8]) {
        self.task = task
        self.round = round
        self.chunk = chunk
        self.correct = correct
        self.proof = proof
    }

    public static let kind = Transaction.Kind.proveQuality
    public var transaction: Transaction { .proveQuality(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(chunk)
        encoder.encode(correct)
        encoder.encode(proof)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        chunk = try decoder.unsigned("chunk")
        correct = try decoder.unsigned("correct samples")
        proof = try decoder.bytes("proof", maximum: Limits.proofBytes)
    }
}

/// A participant reveals its model, in the mode `open`, and says how many samples of the whole test set it classifies
/// correctly.
public struct ClaimScore: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// At least 1 and at most the test set's samples. A later, better claim replaces an earlier one.
    public var correct: UInt64
    /// SHA-256 of the published file that opens the model's commitment.
    public var opening: Digest

    public init(task: Identifier, round: UInt64, correct: UInt64, opening: Digest) {
        self.task = task
        self.round = round
        self.correct = correct
        self.opening = opening
    }

    public static let kind = Transaction.Kind.claimScore
    public var transaction: Transaction { .claimScore(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(correct)
        encoder.encode(opening)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        correct = try decoder.unsigned("correct samples")
        opening = try decoder.digest("digest of the model's opening")
    }
}

/// A participant proves one stage of its training that was drawn for audit (Docs/audit.md).
public struct AnswerAudit: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var stage: UInt32
    public var before: AuditedCheckpoint
    public var after: AuditedCheckpoint
    /// One for each step of the stage, in their order.
    public var batches: [AuditedCheckpoint]
    /// The proof in its own format.
    @HexadecimalBytes public var proof: [UInt8]

    public init(
        task: Identifier, round: UInt64, stage: UInt32, before: AuditedCheckpoint, after: AuditedCheckpoint,
        batches: [AuditedCheckpoint], proof: [UInt8]
    ) {
        self.task = task
        self.round = round
        self.stage = stage
        self.before = before
        self.after = after
        self.batches = batches
        self.proof = proof
    }

    public static let kind = Transaction.Kind.answerAudit
    public var transaction: Transaction { .answerAudit(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(stage)
        before.encode(to: &encoder)
        after.encode(to: &encoder)
        encoder.encode(list: batches) { $1.encode(to: &$0) }
        encoder.encode(proof)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        stage = try decoder.unsigned("stage")
        before = try AuditedCheckpoint(from: &decoder)
        after = try AuditedCheckpoint(from: &decoder)
        batches = try decoder.list(
            "batches", maximum: Limits.batchesPerStage, AuditedCheckpoint.init(from:))
        proof = try decoder.bytes("proof", maximum: Limits.proofBytes)
    }
}

/// A participant proves that a stage, whether it was drawn or not, changes no weight by more than its bound. Only in the
/// mode `bounded`.
public struct ProveUpdate: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var stage: UInt32
    public var before: AuditedCheckpoint
    public var after: AuditedCheckpoint
    /// The proof in its own format.
    @HexadecimalBytes public var proof: [UInt8]

    public init(
        task: Identifier, round: UInt64, stage: UInt32, before: AuditedCheckpoint, after: AuditedCheckpoint,
        proof: [UInt8]
    ) {
        self.task = task
        self.round = round
        self.stage = stage
        self.before = before
        self.after = after
        self.proof = proof
    }

    public static let kind = Transaction.Kind.proveUpdate
    public var transaction: Transaction { .proveUpdate(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(stage)
        before.encode(to: &encoder)
        after.encode(to: &encoder)
        encoder.encode(proof)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        stage = try decoder.unsigned("stage")
        before = try AuditedCheckpoint(from: &decoder)
        after = try AuditedCheckpoint(from: &decoder)
        proof = try decoder.bytes("proof", maximum: Limits.proofBytes)
    }
}

/// A commitment that stands in a Merkle tree, and what shows it: a checkpoint or a batch.
public struct AuditedCheckpoint: CanonicalCodable, Codable, Hashable {
    /// Ĉ, a compressed point of G1.
    @HexadecimalBytes public var commitment: [UInt8]
    /// The path to the root, leaf's sibling first.
    public var path: [Digest]

    public init(commitment: [UInt8], path: [Digest]) {
        self.commitment = commitment
        self.path = path
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(commitment)
        encoder.encode(list: path) { $0.encode($1) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        commitment = try decoder.bytes("commitment in a tree", maximum: Limits.commitmentBytes)
        path = try decoder.list("path", maximum: Limits.pathNodes) { decoder throws(MalformedEncoding) in
            try decoder.digest("node of a path")
        }
    }
}
