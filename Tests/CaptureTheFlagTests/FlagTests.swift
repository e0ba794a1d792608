import CaptureTheFlag
import Incentives
import Ledger
import QuantizedLearning
import TestSupport
import Testing

/// The capture-the-flag protocol, with a real training.
@Suite struct FlagTests {
    static let range: ClosedRange<Int64> = -8...7
    let participant: PublicKey
    let verifiers: [PublicKey]
    let terms: FlagTerms
    let beacon = Digest(sha256: Array("beacon".utf8))

    init() throws {
        func key(_ number: UInt8) throws -> PublicKey {
            try SigningKey(seed: [UInt8](repeating: number, count: 32)).publicKey
        }
        participant = try key(1)
        verifiers = try (2...5).map { try key($0) }
        terms = try FlagTerms(
            task: Identifier("digits")!, round: 0, participant: participant, stages: 40, flags: 8, weights: 30
        )
    }

    private func flagKey(_ byte: UInt8 = 7) throws -> FlagKey {
        try FlagKey([UInt8](repeating: byte, count: 32))
    }

    /// Stages as they come out right: stage i adds i to weight 0, within the range.
    private func right(_ stage: Int) -> [Int16] {
        (0..<30).map { Int16(($0 * 5 + stage) % 16 - 8) }
    }

    private func submission(
        _ verifier: Int, checked: [Int], deviating: [Int], salt: UInt8 = 3
    ) throws -> FlagSettlement.Submission {
        let report = try VerifierReport(
            verifier: verifiers[verifier], checked: checked, deviating: deviating)
        let salt = Digest(sha256: [salt])
        return .init(
            sender: verifiers[verifier], commitment: report.commitment(terms, salt: salt), report: report,
            salt: salt)
    }

    /// Settles with stages published as `publish` says.
    private func settle(
        key: FlagKey, revealed: [UInt8]?, submissions: [FlagSettlement.Submission],
        publish: (Int, [Int16]) -> [Int16]
    ) -> FlagSettlement {
        FlagSettlement(
            terms: terms, commitment: key.commitment(terms), beacon: beacon, revealedKey: revealed,
            sample: Array(0..<40), submissions: submissions, range: Self.range
        ) { stage in
            StageObservation(expected: right(stage), published: publish(stage, right(stage)))
        }
    }

    @Test func flagsAreManyAndInside() throws {
        let flags = FlagSet(try flagKey(), terms: terms, beacon: beacon)
        #expect(flags.stages.count == 8 && flags.stages.allSatisfy { (1...38).contains($0) })
        #expect(flags.deviations.values.allSatisfy { (0..<30).contains($0.weight) && abs($0.sign) == 1 })
        // Over many keys every inner stage is flagged as often as any other: 2000·8/38 ≈ 421 ± 18.
        var counts = [Int](repeating: 0, count: 40)
        var plus = 0
        for number in 0..<2000 {
            let key = try FlagKey(Digest(sha256: [UInt8(number & 255), UInt8(number >> 8)]).bytes)
            for (stage, deviation) in FlagSet(key, terms: terms, beacon: beacon).deviations {
                counts[stage] += 1
                if deviation.sign > 0 { plus += 1 }
            }
        }
        #expect(counts[0] == 0 && counts[39] == 0)
        #expect(counts[1...38].allSatisfy { (331...511).contains($0) }, "\(counts)")
        #expect(abs(plus - 8000) < 320)
    }

    /// The participant cannot choose: key, beacon, task and participant each move the flags, and the key is fixed first.
    @Test func flagsFollowFromKeyBeaconAndTerms() throws {
        let flags = FlagSet(try flagKey(), terms: terms, beacon: beacon)
        #expect(flags == FlagSet(try flagKey(), terms: terms, beacon: beacon))
        #expect(flags != FlagSet(try flagKey(8), terms: terms, beacon: beacon))
        #expect(flags != FlagSet(try flagKey(), terms: terms, beacon: Digest(sha256: [1])))
        let other = try FlagTerms(
            task: terms.task, round: 0, participant: verifiers[0], stages: 40, flags: 8, weights: 30)
        #expect(flags != FlagSet(try flagKey(), terms: other, beacon: beacon))
        #expect(try flagKey().commitment(terms) != flagKey().commitment(other))
        #expect(try flagKey().commitment(terms) != flagKey(8).commitment(terms))
        #expect(try FlagKey().commitment(terms) != FlagKey().commitment(terms))
    }

    /// Diligent verifiers find all flags and are paid, lazy ones lose, the honest participant keeps its stake.
    @Test func theHonestAreNotSlashedAndTheLazyLose() throws {
        let key = try flagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        let all = Array(0..<40)
        let settlement = settle(
            key: key, revealed: key.revealed,
            submissions: [
                try submission(0, checked: all, deviating: flags.stages),
                try submission(1, checked: all, deviating: []),
                try submission(2, checked: all, deviating: all),
                try submission(3, checked: [0, 39], deviating: []),
            ]
        ) { flags.published($1, stage: $0, range: Self.range) }
        #expect(settlement.isKeyRight && !settlement.isParticipantSlashed && settlement.refused.isEmpty)
        let tallies = verifiers.map { settlement.tallies[$0] }
        #expect(tallies[0]?.flagsFound == 8 && tallies[0]?.falseReports == 0 && tallies[0]?.flagsMissed == 0)
        #expect(tallies[1]?.flagsFound == 0 && tallies[1]?.flagsMissed == 8)
        #expect(tallies[2]?.flagsFound == 8 && tallies[2]?.falseReports == 32)
        #expect(tallies[3]?.reported == 2 && tallies[3]?.flagsMissed == 0)
        // The flag rate of 8 in 40 is above v/(F + L) = 1/10: diligence pays best, after the cost of running 40 stages.
        let economics = try VerifierEconomics(
            checkCost: 1, stagePay: 0.5, flagReward: 4, missPenalty: 6, falseReportPenalty: 2, flagRate: 0.2)
        let pay = tallies.prefix(3).map { tally in
            economics.pay(
                reported: tally?.reported ?? 0, flagsFound: tally?.flagsFound ?? 0,
                flagsMissed: tally?.flagsMissed ?? 0, cheatsFound: tally?.cheatsFound ?? 0,
                falseReports: tally?.falseReports ?? 0)
        }
        #expect(pay[0] - 40 * economics.checkCost > pay[1] && pay[0] - 40 * economics.checkCost > pay[2])
        #expect(pay[1] < 0 && pay[2] < 0)
        #expect(abs(pay[0] - 40 - 40 * economics.utility(.diligent)) < 1e-9)
    }

    /// Cheating where no flag is, and cheating more than the flag where one is, are both cheats.
    @Test func onlyTheExactDeviationIsExcused() throws {
        let key = try flagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        let flagged = flags.stages[3]
        let unflagged = try #require((1...38).first { flags.deviations[$0] == nil })
        func deviating(_ extra: [Int]) -> [Int] { Set(flags.stages + extra).sorted() }
        func slashed(_ stage: Int, _ change: @escaping (inout [Int16]) -> Void) throws -> FlagSettlement {
            settle(
                key: key, revealed: key.revealed,
                submissions: [try submission(0, checked: Array(0..<40), deviating: deviating([stage]))]
            ) { place, weights in
                var published = flags.published(weights, stage: place, range: Self.range)
                if place == stage { change(&published) }
                return published
            }
        }
        let plain = try slashed(unflagged) { $0[0] = $0[0] == 0 ? 1 : 0 }
        #expect(plain.cheats == [unflagged] && plain.isParticipantSlashed && plain.missingFlags.isEmpty)
        #expect(plain.tallies[verifiers[0]]?.cheatsFound == 1)
        #expect(plain.tallies[verifiers[0]]?.flagsFound == 8)
        let place = try #require(flags.deviations[flagged]?.weight)
        for change: (inout [Int16]) -> Void in [
            // Another weight as well, more than one unit, something else altogether.
            { $0[(place + 1) % 30] = $0[(place + 1) % 30] == 0 ? 1 : 0 },
            { $0[place] = $0[place] > 0 ? -8 : 7 }, { $0 = $0.map { _ in 0 } }, { $0.removeLast() },
        ] {
            let more = try slashed(flagged, change)
            #expect(more.cheats == [flagged] && more.isParticipantSlashed)
            #expect(more.missingFlags == [flagged] && more.tallies[verifiers[0]]?.flagsFound == 7)
        }
    }

    /// A participant that plants no flag saves verifiers' pay; it is found out, and no verifier is blamed.
    @Test func flagsThatAreNotPlantedAreTheParticipantsFault() throws {
        let key = try flagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        let settlement = settle(
            key: key, revealed: key.revealed,
            submissions: [try submission(0, checked: Array(0..<40), deviating: [])]
        ) { $1 }
        #expect(settlement.missingFlags == flags.stages && settlement.cheats.isEmpty)
        #expect(settlement.isParticipantSlashed && settlement.tallies[verifiers[0]]?.flagsMissed == 0)
    }

    /// Without the committed key nothing is excused: every deviation is a cheat.
    @Test(arguments: [nil, [], [UInt8](repeating: 8, count: 32), [UInt8](repeating: 7, count: 31)])
    func anotherKeyExcusesNothing(revealed: [UInt8]?) throws {
        let key = try flagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        let settlement = settle(
            key: key, revealed: revealed,
            submissions: [
                try submission(0, checked: Array(0..<40), deviating: flags.stages),
                try submission(1, checked: Array(0..<40), deviating: []),
            ]
        ) { flags.published($1, stage: $0, range: Self.range) }
        #expect(!settlement.isKeyRight && settlement.isParticipantSlashed)
        #expect(settlement.cheats == flags.stages)
        #expect(settlement.tallies[verifiers[0]]?.cheatsFound == 8)
        #expect(settlement.tallies[verifiers[1]]?.flagsMissed == 0)
    }

    /// Reports that were not committed to, copies of others', and stages that were not given out.
    @Test func reportsAreOnesOwnAndCommittedTo() throws {
        let key = try flagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        let honest = try submission(0, checked: Array(0..<40), deviating: flags.stages)
        var changed = try submission(1, checked: Array(0..<40), deviating: [])
        changed.report = try VerifierReport(
            verifier: verifiers[1], checked: Array(0..<40), deviating: flags.stages)
        // A copy of another's commitment, opened once that one is revealed.
        var copied = honest
        copied.sender = verifiers[2]
        var renamed = copied
        renamed.report = try VerifierReport(
            verifier: verifiers[2], checked: honest.report.checked, deviating: honest.report.deviating)
        let outside = try submission(3, checked: [0, 40], deviating: [])
        let settlement = settle(
            key: key, revealed: key.revealed, submissions: [honest, changed, copied, renamed, outside]
        ) { flags.published($1, stage: $0, range: Self.range) }
        #expect(settlement.refused == verifiers[1...3].sorted())
        #expect(Set(settlement.tallies.keys) == [verifiers[0]])
        #expect(settlement.tallies[verifiers[0]]?.flagsFound == 8)
    }

    @Test func reportsAndTermsAreChecked() throws {
        for (checked, deviating) in [([1, 1], []), ([2, 1], []), ([1], [2]), ([-1], []), ([1 << 20], [])] {
            #expect(throws: FlagError.self) {
                _ = try VerifierReport(verifier: participant, checked: checked, deviating: deviating)
            }
        }
        let report = try VerifierReport(verifier: participant, checked: [1, 5, 9], deviating: [5])
        #expect(try VerifierReport(encoded: report.encoded) == report)
        #expect(throws: MalformedEncoding.self) {
            _ = try VerifierReport(encoded: Array(report.encoded.dropLast()))
        }
        for (stages, flags, weights) in [(2, 0, 1), (40, 20, 1), (40, -1, 1), (40, 1, 0), (1 << 21, 1, 1)] {
            #expect(throws: FlagError.self) {
                _ = try FlagTerms(
                    task: terms.task, round: 0, participant: participant, stages: stages, flags: flags,
                    weights: weights)
            }
        }
        #expect(throws: FlagError.self) { _ = try FlagKey([1, 2, 3]) }
        #expect("\(try flagKey())" == "a flag key")
    }

    /// A training on digits with flags: running its stages again finds exactly the flags.
    @Test func aRealTrainingWithFlags() throws {
        let spec = ModelSpec.digits
        let batch = try #require(spec.training?.batchSize)
        let data = try Dataset.digits().split().train
        let stages = 12
        let terms = try FlagTerms(
            task: terms.task, round: 0, participant: participant, stages: stages, flags: 4,
            weights: spec.weightCount)
        let key = try FlagKey()
        let flags = FlagSet(key, terms: terms, beacon: beacon)
        func run(_ start: QuantizedModel, _ stage: Int) throws -> QuantizedModel {
            let samples = data.subset(stage * batch..<(stage + 1) * batch)
            return try start.trained(on: samples, epochs: 1, seed: 1)
        }
        var published = [try QuantizedModel.initial(spec: spec, seed: 1)]
        for stage in 0..<stages {
            let result = try run(published[stage], stage).flattened
            published.append(
                try QuantizedModel(
                    spec: spec, flattened: flags.published(result, stage: stage, range: spec.weightRange)))
        }
        let found = try (0..<stages).filter { stage in
            StageObservation(
                expected: try run(published[stage], stage).flattened,
                published: published[stage + 1].flattened) != .right
        }
        #expect(found == flags.stages && found.count == 4)
        let report = try VerifierReport(
            verifier: verifiers[0], checked: Array(0..<stages), deviating: found)
        let salt = Digest(sha256: [9])
        let settlement = try FlagSettlement(
            terms: terms, commitment: key.commitment(terms), beacon: beacon, revealedKey: key.revealed,
            sample: Array(0..<stages),
            submissions: [
                .init(
                    sender: verifiers[0], commitment: report.commitment(terms, salt: salt), report: report,
                    salt: salt)
            ], range: spec.weightRange
        ) { stage in
            StageObservation(
                expected: try run(published[stage], stage).flattened,
                published: published[stage + 1].flattened)
        }
        #expect(!settlement.isParticipantSlashed && settlement.tallies[verifiers[0]]?.flagsFound == 4)
    }
}
