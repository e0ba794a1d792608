import Ledger

/// A checker whose answers are given: scores by the digest of a model's opening, and what does not fit.
public struct FixedScores: ContentChecker {
    public var scores: [Digest: UInt64]
    /// Whether test sets, models and global models fit; `nil` if they cannot be fetched.
    public var fits: Bool?

    public init(_ scores: [Digest: UInt64] = [:], fits: Bool? = nil) {
        self.scores = scores
        self.fits = fits
    }

    public func score(_ question: ScoreQuestion) -> UInt64? { scores[question.opening] }

    public func isFit(_ question: FitnessQuestion) -> Bool? { fits }
}
