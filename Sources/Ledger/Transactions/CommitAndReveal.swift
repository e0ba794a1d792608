/// A participant commits to its data, before the order of the batches is known. Only where there are audits.
public struct CommitData: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// Root of the Merkle tree over hiding commitments to the batches.
    public var batchRoot: Digest
    /// Batches, 1 … 2^16.
    public var batches: UInt32

    public init(task: Identifier, round: UInt64, batchRoot: Digest, batches: UInt32) {
        self.task = task
        self.round = round
        self.batchRoot = batchRoot
        self.batches = batches
    }

    public static let kind = Transaction.Kind.commitData
    public var transaction: Transaction { .commitData(self) }

    /// What the order of the batches follows from: the root and their number.
    public var dataset: Digest { datasetDigest(root: batchRoot, batches: Int(batches)) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(batchRoot)
        encoder.encode(batches)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        batchRoot = try decoder.digest("root of the batches")
        batches = try decoder.unsigned("batches")
    }
}

/// A participant commits to its model, before the test set is known; a later commitment replaces it.
public struct CommitModel: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// Ĉ = Σ w_t·G_t + ρ·G_blind, a compressed point of G1.
    @HexadecimalBytes public var commitment: [UInt8]
    /// Root of the Merkle tree over the checkpoints of the training; needed where there are audits.
    public var checkpointRoot: Digest?
    /// `BeaconSecret.commitment` of the participant's part of the beacon.
    public var beaconCommitment: Digest

    public init(
        task: Identifier, round: UInt64, commitment: [UInt8], checkpointRoot: Digest? = nil,
        beaconCommitment: Digest
    ) {
        self.task = task
        self.round = round
        self.commitment = commitment
        self.checkpointRoot = checkpointRoot
        self.beaconCommitment = beaconCommitment
    }

    public static let kind = Transaction.Kind.commitModel
    public var transaction: Transaction { .commitModel(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(commitment)
        encoder.encode(optional: checkpointRoot) { $0.encode($1) }
        encoder.encode(beaconCommitment)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        commitment = try decoder.bytes("commitment", maximum: Limits.commitmentBytes)
        checkpointRoot = try decoder.optional("root of the checkpoints") {
            decoder throws(MalformedEncoding) in try decoder.digest("root of the checkpoints")
        }
        beaconCommitment = try decoder.digest("commitment to a part of the beacon")
    }
}

/// A participant reveals its part of the beacon.
public struct RevealSecret: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// 32 random bytes.
    public var secret: Digest

    public init(task: Identifier, round: UInt64, secret: Digest) {
        self.task = task
        self.round = round
        self.secret = secret
    }

    public static let kind = Transaction.Kind.revealSecret
    public var transaction: Transaction { .revealSecret(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(secret)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        secret = try decoder.digest("part of the beacon")
    }
}

/// The publisher reveals the test set whose salted hash opened the order.
public struct RevealTestSet: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var opening: TestSetOpening

    public init(task: Identifier, round: UInt64, opening: TestSetOpening) {
        self.task = task
        self.round = round
        self.opening = opening
    }

    public static let kind = Transaction.Kind.revealTestSet
    public var transaction: Transaction { .revealTestSet(self) }

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

/// Everything the ledger knows about a test set. The samples themselves are kept elsewhere, under their
/// digest.
public struct TestSetOpening: CanonicalCodable, Codable, Hashable {
    /// 32 random bytes, so that a guess at the test set cannot be checked against its hash. Also the publisher's part
    /// of the beacon.
    public var salt: Digest
    /// SHA-256 of the file of samples.
    public var dataDigest: Digest
    /// The test set in pieces that one proof each can speak about; each sample is in exactly one.
    public var chunks: [TestSetChunk]
    /// How many of the samples the current global model classifies correctly; only a better claim is rewarded where
    /// nothing else is proven.
    public var baseline: UInt64

    public init(salt: Digest, dataDigest: Digest, chunks: [TestSetChunk], baseline: UInt64 = 0) {
        self.salt = salt
        self.dataDigest = dataDigest
        self.chunks = chunks
        self.baseline = baseline
    }

    /// Samples of all chunks.
    public var samples: UInt64 { chunks.reduce(0) { $0 &+ $1.samples } }

    /// What opens an order: binds ledger, task, round, samples and their commitments, and hides them behind
    /// the salt.
    public func saltedHash(ledger: Digest, task: Identifier, round: UInt64) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(ledger)
        task.encode(to: &encoder)
        encoder.encode(round)
        encode(to: &encoder)
        return Digest(purpose: "ZKPoT test set v2", encoder.bytes)
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(salt)
        encoder.encode(dataDigest)
        encoder.encode(list: chunks) { $1.encode(to: &$0) }
        encoder.encode(baseline)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        salt = try decoder.digest("salt")
        dataDigest = try decoder.digest("digest of the samples")
        chunks = try decoder.list("chunks", maximum: Limits.chunksPerTestSet, TestSetChunk.init(from:))
        baseline = try decoder.unsigned("baseline")
    }
}

/// A piece of a test set.
public struct TestSetChunk: CanonicalCodable, Codable, Hashable {
    /// Samples in it, at least 1 and at most what the key's circuit has room for; padding does not count.
    public var samples: UInt64
    /// Which of the task's quality keys its proofs use; 0 in the mode `open`.
    public var key: UInt32
    /// Ĉ = Σ x_t·G_t with blinding 0, a compressed point of G1, which anybody with the samples can recompute.
    @HexadecimalBytes public var commitment: [UInt8]

    public init(samples: UInt64, key: UInt32, commitment: [UInt8]) {
        self.samples = samples
        self.key = key
        self.commitment = commitment
    }

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
