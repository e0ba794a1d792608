import Ledger

/// Who gets what in the end: everything is decided from what was published, and from running disputed stages again.
public struct FlagSettlement: Sendable, Hashable {
    /// What a verifier did.
    public struct Tally: Sendable, Hashable {
        public internal(set) var reported = 0
        public internal(set) var flagsFound = 0
        public internal(set) var flagsMissed = 0
        public internal(set) var cheatsFound = 0
        public internal(set) var falseReports = 0
    }

    /// A report with what it was committed to by.
    public struct Submission: Sendable, Hashable {
        /// The account that published the commitment.
        public var sender: PublicKey
        public var commitment: Digest
        public var report: VerifierReport
        public var salt: Digest

        public init(sender: PublicKey, commitment: Digest, report: VerifierReport, salt: Digest) {
            self.sender = sender
            self.commitment = commitment
            self.report = report
            self.salt = salt
        }
    }

    /// Whether the revealed key is the committed one. If not, no deviation is excused.
    public let isKeyRight: Bool
    /// Stages that were reported and are false, without being the flag of that stage: the participant is slashed for each.
    public let cheats: [Int]
    /// Flagged stages of the sample at which the participant did not deviate as it had to.
    public let missingFlags: [Int]
    /// By verifier.
    public let tallies: [PublicKey: Tally]
    /// Verifiers whose report is not the committed one, not their own, or about other stages than the sample.
    public let refused: [PublicKey]

    /// Whether the participant loses its stake.
    public var isParticipantSlashed: Bool { !isKeyRight || !cheats.isEmpty || !missingFlags.isEmpty }

    /// - Parameters:
    ///   - commitment: of the flag key, published before the beacon.
    ///   - revealedKey: what the participant revealed, if anything.
    ///   - sample: the stages that verifiers were given.
    ///   - range: of the model's weights.
    ///   - observe: runs a stage again, as a judge; asked once for each stage that was reported, or flagged and sampled.
    public init(
        terms: FlagTerms, commitment: Digest, beacon: Digest, revealedKey: [UInt8]?, sample: [Int],
        submissions: [Submission], range: ClosedRange<Int64>, observe: (Int) throws -> StageObservation
    ) rethrows {
        let key = revealedKey.flatMap { try? FlagKey($0) }.flatMap {
            $0.commitment(terms) == commitment ? $0 : nil
        }
        isKeyRight = key != nil
        let flags = key.map { FlagSet($0, terms: terms, beacon: beacon).deviations } ?? [:]
        let sampled = Set(sample)

        var refused = Set<PublicKey>()
        var accepted = [PublicKey: VerifierReport]()
        for submission in submissions {
            let report = submission.report
            guard report.verifier == submission.sender,
                report.commitment(terms, salt: submission.salt) == submission.commitment,
                sampled.isSuperset(of: report.checked), accepted[report.verifier] == nil
            else {
                refused.insert(submission.sender)
                continue
            }
            accepted[report.verifier] = report
        }

        let judged = sampled.intersection(
            accepted.values.reduce(Set(flags.keys)) { $0.union($1.deviating) })
        var planted = Set<Int>()
        var missing = [Int]()
        var wrong = Set<Int>()
        for stage in judged.sorted() {
            let observation = try observe(stage)
            if let flag = flags[stage] {
                if observation.isExactly(flag, range: range) {
                    planted.insert(stage)
                } else {
                    missing.append(stage)
                    if observation != .right { wrong.insert(stage) }
                }
            } else if observation != .right {
                wrong.insert(stage)
            }
        }

        var tallies = [PublicKey: Tally]()
        for (verifier, report) in accepted {
            var tally = Tally()
            tally.reported = report.checked.count
            let deviating = Set(report.deviating)
            for stage in report.checked {
                let isReported = deviating.contains(stage)
                if planted.contains(stage) {
                    if isReported { tally.flagsFound += 1 } else { tally.flagsMissed += 1 }
                } else if isReported {
                    if wrong.contains(stage) { tally.cheatsFound += 1 } else { tally.falseReports += 1 }
                }
            }
            tallies[verifier] = tally
        }
        self.tallies = tallies
        self.refused = refused.sorted()
        cheats = wrong.sorted()
        missingFlags = missing
    }
}
