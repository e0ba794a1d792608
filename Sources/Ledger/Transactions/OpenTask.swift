/// The publisher announces a task. Its sender is the task's publisher from then on.
public struct OpenTask: TransactionBody, Sendable {
    public var task: Identifier
    /// What is learned, for people to read: at most 4096 bytes of UTF-8.
    public var description: String
    /// The verifying keys that quality proofs of this task may use; none are needed in the mode `open`.
    public var qualityKeys: [QualityKey]
    /// No round's test set may have fewer samples; at least 1. (A tiny test set is an oracle on the model.)
    public var minimumSamples: UInt64
    public var weights: AggregationWeights
    public var mode: ValidationMode
    /// In basis points, 0 … 10,000: a claim is accepted only if its score is at least this share of the baseline, so that
    /// a useless model, truthfully proven, does not enter the global one.
    public var entryShare: UInt16
    /// What every participant must prove of its training; nothing without it.
    public var audit: AuditPolicy?

    public init(
        task: Identifier, description: String, qualityKeys: [QualityKey], minimumSamples: UInt64,
        weights: AggregationWeights, mode: ValidationMode = .zk, entryShare: UInt16 = 0,
        audit: AuditPolicy? = nil
    ) {
        self.task = task
        self.description = description
        self.qualityKeys = qualityKeys
        self.minimumSamples = minimumSamples
        self.weights = weights
        self.mode = mode
        self.entryShare = entryShare
        self.audit = audit
    }

    public static let kind = Transaction.Kind.openTask
    public var transaction: Transaction { .openTask(self) }
    public var taskName: Identifier? { task }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(description)
        encoder.encode(list: qualityKeys) { $1.encode(to: &$0) }
        encoder.encode(minimumSamples)
        weights.encode(to: &encoder)
        mode.encode(to: &encoder)
        encoder.encode(entryShare)
        encoder.encode(optional: audit) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        description = try decoder.text("description", maximum: Limits.descriptionBytes)
        qualityKeys = try decoder.list(
            "quality keys", maximum: Limits.verifyingKeysPerTask, QualityKey.init(from:))
        minimumSamples = try decoder.unsigned("minimum of samples")
        weights = try AggregationWeights(from: &decoder)
        mode = try ValidationMode(from: &decoder)
        entryShare = try decoder.unsigned("share of the baseline for entry")
        audit = try decoder.optional("audit policy", AuditPolicy.init(from:))
    }
}

/// A verifying key of the quality circuit, and how many samples that circuit has room for.
public struct QualityKey: CanonicalCodable, Codable, Hashable {
    /// Samples that one proof can speak about; at least 1.
    public var samples: UInt64
    /// The key in its own file format.
    @HexadecimalBytes public var verifyingKey: [UInt8]

    public init(samples: UInt64, verifyingKey: [UInt8]) {
        self.samples = samples
        self.verifyingKey = verifyingKey
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(samples)
        encoder.encode(verifyingKey)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        samples = try decoder.unsigned("samples of a key")
        verifyingKey = try decoder.bytes("verifying key", maximum: Limits.verifyingKeyBytes)
    }
}

/// The weights a_i of the global model Σ a_i·W_i / Σ a_i. Both follow from the ledger, never from a
/// participant's word.
public enum AggregationWeights: UInt8, NamedTag, Sendable {
    /// a_i = 1.
    case equal = 0
    /// a_i = the number of samples proven to be classified correctly.
    case provenAccuracy = 1

    public static let item = "weights"
}

/// How a claim is judged.
public enum ValidationMode: UInt8, NamedTag, Sendable {
    /// By a proof that the ledger verifies; nobody sees the model.
    case zk = 0
    /// By the protocol's own scoring function, on the revealed model.
    case open = 1

    public static let item = "mode of validation"
}

/// Which stages of its training every participant must prove (Docs/audit.md).
public struct AuditPolicy: CanonicalCodable, Codable, Hashable {
    public var mode: AuditMode
    /// E: stages of a training.
    public var stages: UInt32
    /// α: stages that are sampled; of no meaning in the mode `full`.
    public var sampleSize: UInt32
    /// Steps, and so batches, of a stage.
    public var stepsPerStage: UInt32
    /// ±B on every entry of a step's update in the mode `bounded`, a property of the update key's circuit; 0 otherwise.
    public var bound: UInt64
    /// The verifying key of a stage's circuit.
    @HexadecimalBytes public var verifyingKey: [UInt8]
    /// In the mode `bounded` the verifying key of the bounded-update circuit; empty otherwise.
    @HexadecimalBytes public var updateKey: [UInt8]

    public init(
        mode: AuditMode, stages: UInt32, sampleSize: UInt32, stepsPerStage: UInt32, bound: UInt64,
        verifyingKey: [UInt8], updateKey: [UInt8] = []
    ) {
        self.mode = mode
        self.stages = stages
        self.sampleSize = sampleSize
        self.stepsPerStage = stepsPerStage
        self.bound = bound
        self.verifyingKey = verifyingKey
        self.updateKey = updateKey
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        mode.encode(to: &encoder)
        encoder.encode(stages)
        encoder.encode(sampleSize)
        encoder.encode(stepsPerStage)
        encoder.encode(bound)
        encoder.encode(verifyingKey)
        encoder.encode(updateKey)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        mode = try AuditMode(from: &decoder)
        stages = try decoder.unsigned("stages")
        sampleSize = try decoder.unsigned("sampled stages")
        stepsPerStage = try decoder.unsigned("steps of a stage")
        bound = try decoder.unsigned("bound of an update")
        verifyingKey = try decoder.bytes("verifying key of a stage", maximum: Limits.verifyingKeyBytes)
        updateKey = try decoder.bytes("verifying key of updates", maximum: Limits.verifyingKeyBytes)
    }
}

/// How much of a training is proven (DESIGN §5).
public enum AuditMode: UInt8, NamedTag, Sendable {
    case full = 0
    case sampled = 1
    /// Sampled, and every stage, sampled or not, is proven to keep its update within ±B for each step.
    case bounded = 2

    public static let item = "mode of audit"
}
