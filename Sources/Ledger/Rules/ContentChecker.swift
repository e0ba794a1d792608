/// What the ledger cannot know by itself, because the content is kept elsewhere or too large: the protocol's own scoring
/// function, and whether a content opens its commitment.
///
/// The answers are recorded in receipts, so that a ledger can be replayed without the contents; with them, `verify` asks
/// again.
public protocol ContentChecker: Sendable {
    /// How many samples of the test set the revealed model classifies correctly.
    ///
    /// - Returns: `nil` if a content is not there, or is not what its digest and its commitment say.
    func score(_ question: ScoreQuestion) -> UInt64?

    /// Whether a content is what its digest says, and opens its commitment.
    ///
    /// - Returns: `nil` if it is not there.
    func isFit(_ question: FitnessQuestion) -> Bool?
}

/// A revealed model to score.
public struct ScoreQuestion: Sendable, Hashable {
    public let ledger: Digest
    public let task: OpenTask
    public let round: UInt64
    public let participant: PublicKey
    /// Ĉ of the model.
    public let commitment: [UInt8]
    /// SHA-256 of the file that opens it.
    public let opening: Digest
    public let testSet: TestSetOpening
}

/// A content that is said to be unfit.
public struct FitnessQuestion: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        /// The samples must be those of the digest, give every chunk's commitment, and the current global model must
        /// classify `baseline` of them correctly. Without one it is the public start whose commitment is given, and
        /// where there is none either (empty) the baseline is 0.
        case testSet(TestSetOpening, current: WeightedGlobalModel?, start: [UInt8])
        case model(commitment: [UInt8], opening: Digest)
        case globalModel(WeightedGlobalModel)
    }

    public let ledger: Digest
    public let task: OpenTask
    public let round: UInt64
    public let content: Content
}

/// A global model with what its opening is to be divided by.
public struct WeightedGlobalModel: Sendable, Hashable {
    public let model: GlobalModel
    /// Σ a_i of the order that made it.
    public let divisor: UInt64
}

/// What the rules ask of others than themselves.
package struct Oracle {
    /// Says whether a proof is valid; asked at most once for a transaction.
    package var proof: (ProofRequest) -> ProofVerdict
    /// Asked at most once for a transaction.
    package var content: (ContentQuestion) -> ContentAnswer

    package init(
        proof: @escaping (ProofRequest) -> ProofVerdict, content: @escaping (ContentQuestion) -> ContentAnswer
    ) {
        self.proof = proof
        self.content = content
    }
}

package enum ContentQuestion: Sendable, Hashable {
    case score(ScoreQuestion)
    case fitness(FitnessQuestion)

    /// What a checker says; without one everything is unavailable.
    package func answer(_ checker: (any ContentChecker)?) -> ContentAnswer {
        switch self {
        case .score(let question): checker?.score(question).map(ContentAnswer.score) ?? .unavailable
        case .fitness(let question): checker?.isFit(question).map(ContentAnswer.isFit) ?? .unavailable
        }
    }
}

package enum ContentAnswer: Sendable, Hashable {
    case score(UInt64)
    case isFit(Bool)
    case unavailable
}
