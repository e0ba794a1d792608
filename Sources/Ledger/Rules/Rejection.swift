/// Why the ledger does not do what a transaction asks. Docs/protocol.md says where each is given.
public enum Rejection: Error, Sendable, Hashable {
    // Not admitted: nothing is recorded, because the sender is not known to have asked for this, here and
    // now.
    case malformedTransaction(String)
    case transactionTooLarge(bytes: Int)
    case wrongLedger
    case badSignature
    case wrongNonce(expected: UInt64, actual: UInt64)
    case timeRunsBackwards(now: Timestamp, previous: Timestamp)

    // Everything below is recorded with the reason, signed evidence of what was tried. Amounts and stakes:
    case notTheOperator
    case zeroAmount
    case supplyExceeded
    case insufficientBalance(has: UInt64, needs: UInt64)
    case stakeBelowMinimum(stake: UInt64, minimum: UInt64)
    case notRegistered(Role)
    case stakeLocked(UInt64)
    case notStaked(Role, free: UInt64, needs: UInt64)

    // Tasks and orders.
    case taskExists
    case unknownTask
    case notThePublisher
    case noQualityKey
    case sampleCountOutOfRange(UInt64)
    case entryShareOutOfRange(UInt16)
    case malformedVerifyingKey(String)
    case developmentKeyNotAllowed
    case malformedAuditPolicy(String)
    case wrongRound(expected: UInt64, actual: UInt64)
    case previousRoundNotFinalized
    case deadlinesOutOfOrder
    case splitNotWhole
    case bondBelowMinimum(bond: UInt64, minimum: UInt64)
    case malformedPayoutSigners(String)
    case unknownRound
    case roundFinalized
    case tooEarly(opens: Timestamp)

    // Commitments and reveals.
    case malformedCommitment(String)
    case publisherMayNotCompete
    case lateCommitment
    case tooManyParticipants
    case batchCountOutOfRange(UInt32)
    case dataNotCommitted
    case checkpointRootMissing
    case lateReveal
    case testSetAlreadyRevealed
    case testSetHashMismatch
    case testSetTooSmall(samples: UInt64, minimum: UInt64)
    case malformedTestSet(String)
    case testSetNotRevealed
    case secretAlreadyRevealed
    case secretMismatch

    // Claims and audits.
    case wrongMode(ValidationMode)
    case notCommitted
    case secretNotRevealed
    case lateProof
    case unknownChunk(UInt32)
    case claimOutOfRange(correct: UInt64, samples: UInt64)
    case claimNotBetter(than: UInt64)
    case replayedProof(of: PublicKey)
    case malformedProof(String)
    case proofDoesNotVerify
    case auditNotWanted
    case stageNotSampled(UInt32)
    case stageAlreadyAnswered
    case auditAnswerMismatch(String)

    // Validations, challenges and reports.
    case lateValidation
    case conflictOfInterest
    case claimMissing
    case validatorSlashed
    case alreadyValidated
    case tooManyValidators
    case lateChallenge
    case validationMissing
    case alreadyChallenged
    case alreadyChecked
    case contentUnavailable
    case lateReport
    case lateVote
    case subjectMissing
    case alreadyReported
    case tooManyReports
    case unknownReport
    case reportDecided
    case alreadyVoted

    // The end of an order.
    case lateSurvivors
    case survivorsAlreadyFixed
    case malformedSurvivors(String)
    case survivorNotAccepted(PublicKey)
    case unknownSurvivorSigner(PublicKey)
    case duplicateSurvivorSigner(PublicKey)
    case badSurvivorSignature(PublicKey)
    case survivorSignaturesMissing(has: Int, needs: Int)
    case notFinalized
    case lateFinalize
    case checkMissing
    case globalModelMissing
    case globalModelOfNobody
    case aggregateMismatch
    case alreadyPaid
    case notPaid
    case unknownPayoutSigner(PublicKey)
    case duplicatePayoutSigner(PublicKey)
    case badPayoutSignature(PublicKey)
    case payoutSignaturesMissing(has: Int, needs: Int)
    case alreadyPruned
    case roundInUse
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
        case .notTheOperator: "not-the-operator"
        case .zeroAmount: "zero-amount"
        case .supplyExceeded: "supply-exceeded"
        case .insufficientBalance: "insufficient-balance"
        case .stakeBelowMinimum: "stake-below-minimum"
        case .notRegistered: "not-registered"
        case .stakeLocked: "stake-locked"
        case .notStaked: "not-staked"
        case .taskExists: "task-exists"
        case .unknownTask: "unknown-task"
        case .notThePublisher: "not-the-publisher"
        case .noQualityKey: "no-quality-key"
        case .sampleCountOutOfRange: "sample-count-out-of-range"
        case .entryShareOutOfRange: "entry-share-out-of-range"
        case .malformedVerifyingKey: "malformed-verifying-key"
        case .developmentKeyNotAllowed: "development-key-not-allowed"
        case .malformedAuditPolicy: "malformed-audit-policy"
        case .wrongRound: "wrong-round"
        case .previousRoundNotFinalized: "previous-round-not-finalized"
        case .deadlinesOutOfOrder: "deadlines-out-of-order"
        case .splitNotWhole: "split-not-whole"
        case .bondBelowMinimum: "bond-below-minimum"
        case .malformedPayoutSigners: "malformed-payout-signers"
        case .unknownRound: "unknown-round"
        case .roundFinalized: "round-finalized"
        case .tooEarly: "too-early"
        case .malformedCommitment: "malformed-commitment"
        case .publisherMayNotCompete: "publisher-may-not-compete"
        case .lateCommitment: "late-commitment"
        case .tooManyParticipants: "too-many-participants"
        case .batchCountOutOfRange: "batch-count-out-of-range"
        case .dataNotCommitted: "data-not-committed"
        case .checkpointRootMissing: "checkpoint-root-missing"
        case .lateReveal: "late-reveal"
        case .testSetAlreadyRevealed: "test-set-already-revealed"
        case .testSetHashMismatch: "test-set-hash-mismatch"
        case .testSetTooSmall: "test-set-too-small"
        case .malformedTestSet: "malformed-test-set"
        case .testSetNotRevealed: "test-set-not-revealed"
        case .secretAlreadyRevealed: "secret-already-revealed"
        case .secretMismatch: "secret-mismatch"
        case .wrongMode: "wrong-mode"
        case .notCommitted: "not-committed"
        case .secretNotRevealed: "secret-not-revealed"
        case .lateProof: "late-proof"
        case .unknownChunk: "unknown-chunk"
        case .claimOutOfRange: "claim-out-of-range"
        case .claimNotBetter: "claim-not-better"
        case .replayedProof: "replayed-proof"
        case .malformedProof: "malformed-proof"
        case .proofDoesNotVerify: "proof-does-not-verify"
        case .auditNotWanted: "audit-not-wanted"
        case .stageNotSampled: "stage-not-sampled"
        case .stageAlreadyAnswered: "stage-already-answered"
        case .auditAnswerMismatch: "audit-answer-mismatch"
        case .lateValidation: "late-validation"
        case .conflictOfInterest: "conflict-of-interest"
        case .claimMissing: "claim-missing"
        case .validatorSlashed: "validator-slashed"
        case .alreadyValidated: "already-validated"
        case .tooManyValidators: "too-many-validators"
        case .lateChallenge: "late-challenge"
        case .validationMissing: "validation-missing"
        case .alreadyChallenged: "already-challenged"
        case .alreadyChecked: "already-checked"
        case .contentUnavailable: "content-unavailable"
        case .lateReport: "late-report"
        case .lateVote: "late-vote"
        case .subjectMissing: "subject-missing"
        case .alreadyReported: "already-reported"
        case .tooManyReports: "too-many-reports"
        case .unknownReport: "unknown-report"
        case .reportDecided: "report-decided"
        case .alreadyVoted: "already-voted"
        case .lateSurvivors: "late-survivors"
        case .survivorsAlreadyFixed: "survivors-already-fixed"
        case .malformedSurvivors: "malformed-survivors"
        case .survivorNotAccepted: "survivor-not-accepted"
        case .unknownSurvivorSigner: "unknown-survivor-signer"
        case .duplicateSurvivorSigner: "duplicate-survivor-signer"
        case .badSurvivorSignature: "bad-survivor-signature"
        case .survivorSignaturesMissing: "survivor-signatures-missing"
        case .notFinalized: "not-finalized"
        case .lateFinalize: "late-finalize"
        case .checkMissing: "check-missing"
        case .globalModelMissing: "global-model-missing"
        case .globalModelOfNobody: "global-model-of-nobody"
        case .aggregateMismatch: "aggregate-mismatch"
        case .alreadyPaid: "already-paid"
        case .notPaid: "not-paid"
        case .unknownPayoutSigner: "unknown-payout-signer"
        case .duplicatePayoutSigner: "duplicate-payout-signer"
        case .badPayoutSignature: "bad-payout-signature"
        case .payoutSignaturesMissing: "payout-signatures-missing"
        case .alreadyPruned: "already-pruned"
        case .roundInUse: "round-in-use"
        }
    }
}
