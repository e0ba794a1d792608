import Groth16

/// What the contract tests ask for: statements in the contexts that their contracts and accounts give.
struct Request: Decodable {
    /// A participant whose training is proven stage by stage, and then the quality of the model.
    struct Trainer: Decodable {
        var name: String
        /// Digits of the shard: `shard` … in steps of the number of trainers.
        var shard: Int
        var shards: Int
        /// Batches of the data set and stages of one step each.
        var batches: Int
        var stages: Int
        /// The data beacon is SHA-256 of what stands before the digest of the data set, the digest, and what stands behind:
        /// hexadecimal digits.
        var beaconBefore: String
        var beaconAfter: String
        /// The stage's number is filled in.
        var stepContext: ProofContext
        var qualityContext: ProofContext
    }

    /// One model of the inner-product circuit and its proof against the test set.
    struct Product: Decodable {
        var name: String
        var testSet: [Int]
        var model: [Int]
        var context: ProofContext
        /// Products that name the same opening have the same blinding; the others a fresh one.
        var opening: String?
    }

    var samples: Int
    var trainers: [Trainer]
    var products: [Product]
}

/// What they get: keys as files, points and proofs uncompressed, everything in hexadecimal digits.
struct Response: Encodable {
    struct Proven: Encodable {
        var context: ProofContext
        var contextDigest: String
        var inputs: [String]
        var commitments: [String]
        var proof: String
        var statementDigest: String
    }

    struct Trainer: Encodable {
        var checkpoints: [String]
        var batches: [String]
        /// Batch of each stage.
        var order: [Int]
        var datasetDigest: String
        var steps: [Proven]
        var correct: Int
        var quality: Proven
    }

    var keys: [String: String]
    var samples: Int
    var testSet: String
    var trainers: [String: Trainer]
    var products: [String: Proven]
    /// A circuit without challenges: its proofs are bound to nothing but their link.
    var unbound: Proven
}
