extension Transaction: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(kind.rawValue)
        switch self {
        case .openTask(let body): body.encode(to: &encoder)
        case .openRound(let body): body.encode(to: &encoder)
        case .commitModel(let body): body.encode(to: &encoder)
        case .revealTestSet(let body): body.encode(to: &encoder)
        case .proveQuality(let body): body.encode(to: &encoder)
        case .finalizeRound(let body): body.encode(to: &encoder)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let tag: UInt8 = try decoder.unsigned("kind of transaction")
        switch Kind(rawValue: tag) {
        case .openTask: self = .openTask(try OpenTask(from: &decoder))
        case .openRound: self = .openRound(try OpenRound(from: &decoder))
        case .commitModel: self = .commitModel(try CommitModel(from: &decoder))
        case .revealTestSet: self = .revealTestSet(try RevealTestSet(from: &decoder))
        case .proveQuality: self = .proveQuality(try ProveQuality(from: &decoder))
        case .finalizeRound: self = .finalizeRound(try FinalizeRound(from: &decoder))
        case nil: throw decoder.failure("kind of transaction", "\(tag) is none", at: start)
        }
    }

    /// The kinds of transaction and their tags.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case openTask = 1
        case openRound = 2
        case commitModel = 3
        case revealTestSet = 4
        case proveQuality = 5
        case finalizeRound = 6
    }

    public var kind: Kind {
        switch self {
        case .openTask: .openTask
        case .openRound: .openRound
        case .commitModel: .commitModel
        case .revealTestSet: .revealTestSet
        case .proveQuality: .proveQuality
        case .finalizeRound: .finalizeRound
        }
    }

    /// The task it is about.
    public var task: Identifier {
        switch self {
        case .openTask(let body): body.task
        case .openRound(let body): body.task
        case .commitModel(let body): body.task
        case .revealTestSet(let body): body.task
        case .proveQuality(let body): body.task
        case .finalizeRound(let body): body.task
        }
    }

    /// The round it is about, if it is about one.
    public var round: UInt64? {
        switch self {
        case .openTask: nil
        case .openRound(let body): body.round
        case .commitModel(let body): body.round
        case .revealTestSet(let body): body.round
        case .proveQuality(let body): body.round
        case .finalizeRound(let body): body.round
        }
    }
}

extension OpenTask: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(description)
        encoder.encode(list: qualityKeys) { $1.encode(to: &$0) }
        encoder.encode(minimumSamples)
        encoder.encode(weights.rawValue)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        description = try decoder.text("description", maximum: Limits.descriptionBytes)
        qualityKeys = try decoder.list(
            "quality keys", maximum: Limits.verifyingKeysPerTask, QualityKey.init(from:))
        minimumSamples = try decoder.unsigned("minimum of samples")
        let start = decoder.offset
        let tag: UInt8 = try decoder.unsigned("weights")
        guard let weights = AggregationWeights(rawValue: tag) else {
            throw decoder.failure("weights", "\(tag) is no way to choose them", at: start)
        }
        self.weights = weights
    }
}

extension QualityKey: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(samples)
        encoder.encode(verifyingKey)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        samples = try decoder.unsigned("samples of a key")
        verifyingKey = try decoder.bytes("verifying key", maximum: Limits.verifyingKeyBytes)
    }
}

extension OpenRound: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(testSetHash)
        encoder.encode(optional: commitDeadline) { $1.encode(to: &$0) }
        encoder.encode(optional: proofDeadline) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        testSetHash = try decoder.digest("hash of the test set")
        commitDeadline = try decoder.optional("end of commitments", Timestamp.init(from:))
        proofDeadline = try decoder.optional("end of proofs", Timestamp.init(from:))
    }
}

extension CommitModel: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(commitment)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        commitment = try decoder.bytes("commitment", maximum: Limits.commitmentBytes)
    }
}

extension RevealTestSet: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        opening.encode(to: &encoder)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        opening = try TestSetOpening(from: &decoder)
    }
}

extension TestSetOpening: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(salt)
        encoder.encode(dataDigest)
        encoder.encode(list: chunks) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        salt = try decoder.digest("salt")
        dataDigest = try decoder.digest("digest of the samples")
        chunks = try decoder.list("chunks", maximum: Limits.chunksPerTestSet, TestSetChunk.init(from:))
    }

    /// What opens a round: binds ledger, task, round, samples and their commitments, and hides them behind
    /// the salt.
    public func saltedHash(ledger: Digest, task: Identifier, round: UInt64) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(ledger)
        task.encode(to: &encoder)
        encoder.encode(round)
        encode(to: &encoder)
        return Digest(purpose: "ZKPoT test set v1", encoder.bytes)
    }
}

extension TestSetChunk: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(samples)
        encoder.encode(key)
        encoder.encode(commitment)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        samples = try decoder.unsigned("samples of a chunk")
        key = try decoder.unsigned("key of a chunk")
        commitment = try decoder.bytes("commitment of a chunk", maximum: Limits.commitmentBytes)
    }
}

extension ProveQuality: CanonicalCodable {
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

extension FinalizeRound: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(optional: globalModel) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        globalModel = try decoder.optional("global model", GlobalModel.init(from:))
    }
}

extension GlobalModel: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(commitment)
        encoder.encode(openingDigest)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        commitment = try decoder.bytes("global commitment", maximum: Limits.commitmentBytes)
        openingDigest = try decoder.digest("digest of the global model")
    }
}
