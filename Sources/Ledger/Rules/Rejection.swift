/// Why the ledger does not do what a transaction asks.
public enum Rejection: Error, Sendable, Hashable {
    // Not admitted: nothing is recorded, because the sender is not known to have asked for this, here and
    // now.
    case malformedTransaction(String)
    case transactionTooLarge(bytes: Int)
    case wrongLedger
    case badSignature
    case wrongNonce(expected: UInt64, actual: UInt64)
    case timeRunsBackwards(now: Timestamp, previous: Timestamp)

    // Recorded with the reason, signed evidence of what was tried.
    case taskExists
    case unknownTask
    case notThePublisher
    case noQualityKey
    case sampleCountOutOfRange(UInt64)
    case malformedVerifyingKey(String)
    case developmentKeyNotAllowed
    case wrongRound(expected: UInt64, actual: UInt64)
    case previousRoundNotFinalized
    case deadlinesOutOfOrder
    case unknownRound
    case roundFinalized
    case malformedCommitment(String)
    case publisherMayNotCompete
    case alreadyCommitted
    case lateCommitment
    case commitmentsStillOpen
    case testSetAlreadyRevealed
    case testSetHashMismatch
    case testSetTooSmall(samples: UInt64, minimum: UInt64)
    case malformedTestSet(String)
    case testSetNotRevealed
    case notCommitted
    case lateProof
    case unknownChunk(UInt32)
    case claimOutOfRange(correct: UInt64, samples: UInt64)
    case claimNotBetter(than: UInt64)
    case replayedProof(of: PublicKey)
    case malformedProof(String)
    case proofDoesNotVerify
    case proofsStillOpen
    case globalModelMissing
    case globalModelOfNobody
    case aggregateMismatch
}

extension Rejection {
    /// A name that does not change when the words do; receipts are compared by it.
    public var code: String {
        switch self {
        case .malformedTransaction: "malformed-transaction"
        case .transactionTooLarge: "transaction-too-large"
        case .wrongLedger: "wrong-ledger"
        case .badSignature: "bad-signature"
        case .wrongNonce: "wrong-nonce"
        case .timeRunsBackwards: "time-runs-backwards"
        case .taskExists: "task-exists"
        case .unknownTask: "unknown-task"
        case .notThePublisher: "not-the-publisher"
        case .noQualityKey: "no-quality-key"
        case .sampleCountOutOfRange: "sample-count-out-of-range"
        case .malformedVerifyingKey: "malformed-verifying-key"
        case .developmentKeyNotAllowed: "development-key-not-allowed"
        case .wrongRound: "wrong-round"
        case .previousRoundNotFinalized: "previous-round-not-finalized"
        case .deadlinesOutOfOrder: "deadlines-out-of-order"
        case .unknownRound: "unknown-round"
        case .roundFinalized: "round-finalized"
        case .malformedCommitment: "malformed-commitment"
        case .publisherMayNotCompete: "publisher-may-not-compete"
        case .alreadyCommitted: "already-committed"
        case .lateCommitment: "late-commitment"
        case .commitmentsStillOpen: "commitments-still-open"
        case .testSetAlreadyRevealed: "test-set-already-revealed"
        case .testSetHashMismatch: "test-set-hash-mismatch"
        case .testSetTooSmall: "test-set-too-small"
        case .malformedTestSet: "malformed-test-set"
        case .testSetNotRevealed: "test-set-not-revealed"
        case .notCommitted: "not-committed"
        case .lateProof: "late-proof"
        case .unknownChunk: "unknown-chunk"
        case .claimOutOfRange: "claim-out-of-range"
        case .claimNotBetter: "claim-not-better"
        case .replayedProof: "replayed-proof"
        case .malformedProof: "malformed-proof"
        case .proofDoesNotVerify: "proof-does-not-verify"
        case .proofsStillOpen: "proofs-still-open"
        case .globalModelMissing: "global-model-missing"
        case .globalModelOfNobody: "global-model-of-nobody"
        case .aggregateMismatch: "aggregate-mismatch"
        }
    }
}

extension Rejection: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedTransaction(let reason): "malformed transaction: \(reason)"
        case .transactionTooLarge(let bytes):
            "the transaction has \(bytes) bytes, at most \(Limits.transactionBytes) are allowed"
        case .wrongLedger: "the transaction was signed for another ledger"
        case .badSignature: "the signature is not the sender's"
        case .wrongNonce(let expected, let actual):
            "the sender's next nonce is \(expected), not \(actual)"
        case .timeRunsBackwards(let now, let previous):
            "the time \(now) lies before \(previous), which the ledger has reached"
        case .taskExists: "there is a task of this name"
        case .unknownTask: "there is no task of this name"
        case .notThePublisher: "only the task's publisher may do this"
        case .noQualityKey: "a task needs a verifying key for quality proofs"
        case .sampleCountOutOfRange(let count):
            "\(count) samples: a number from 1 to \(UInt32.max) is needed"
        case .malformedVerifyingKey(let reason): "unusable verifying key: \(reason)"
        case .developmentKeyNotAllowed:
            "the verifying key comes from a single-party development setup, which this ledger does not allow"
        case .wrongRound(let expected, let actual): "the task's next round is \(expected), not \(actual)"
        case .previousRoundNotFinalized: "the round before is not finalized"
        case .deadlinesOutOfOrder: "commitments must end after now, and proofs after commitments"
        case .unknownRound: "the task has no such round"
        case .roundFinalized: "the round is finalized"
        case .malformedCommitment(let reason): "unusable commitment: \(reason)"
        case .publisherMayNotCompete: "the publisher knows the test set and may not take part"
        case .alreadyCommitted: "this participant has committed to a model in this round"
        case .lateCommitment: "commitments to models have ended in this round"
        case .commitmentsStillOpen: "the test set may be revealed only after commitments have ended"
        case .testSetAlreadyRevealed: "the test set of this round is revealed"
        case .testSetHashMismatch: "the revealed test set does not have the hash that opened the round"
        case .testSetTooSmall(let samples, let minimum):
            "the test set has \(samples) samples, the task demands \(minimum)"
        case .malformedTestSet(let reason): "unusable test set: \(reason)"
        case .testSetNotRevealed: "the test set of this round is not revealed"
        case .notCommitted: "this participant has not committed to a model in this round"
        case .lateProof: "proofs have ended in this round"
        case .unknownChunk(let chunk): "the test set has no chunk \(chunk)"
        case .claimOutOfRange(let correct, let samples):
            "the claim of \(correct) correct of \(samples) samples is out of range"
        case .claimNotBetter(let previous):
            "this participant has proven \(previous) correct samples; a new claim must be better"
        case .replayedProof(let owner): "replayed proof: it was accepted from participant \(owner)"
        case .malformedProof(let reason): "unusable proof: \(reason)"
        case .proofDoesNotVerify:
            "the proof does not verify for the committed model and the claimed accuracy"
        case .proofsStillOpen: "the round may be finalized only after proofs have ended"
        case .globalModelMissing: "participants have proven their models; the round needs a global model"
        case .globalModelOfNobody: "nobody has proven a model; there is nothing to make a global model of"
        case .aggregateMismatch:
            "the global commitment is not the weighted sum of the accepted participants' commitments"
        }
    }
}
