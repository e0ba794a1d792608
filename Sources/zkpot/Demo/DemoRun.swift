import EllipticCurves
import Foundation
import Groth16
import Ledger
import Parallelism
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// Federated learning of handwritten digits, round after round, with every claim proven and checked by a ledger.
///
/// Each round: the publisher opens it with the salted hash of a test set; participants train on their own shards and
/// commit to their models; the test set is revealed; each proves how good its committed model is; the ledger verifies,
/// elects the leader, and checks the global model's commitment as the sum of the accepted ones.
final class DemoRun {
    struct Settings {
        var folder: URL
        var rounds = 3
        var samples = 100
        var epochs = 3
    }

    /// What became of one participant's claim in one round.
    struct Outcome {
        var participant: DemoParticipant
        var conduct: Conduct
        /// What its committed model really gets right.
        var right: Int
        var claimed: Int
        var proofBytes: Int
        var proveSeconds: Double
        var verifySeconds: Double
        /// `nil` if accepted.
        var refusal: String?
        var isLeader = false
    }

    struct Round {
        var number: Int
        var outcomes: [Outcome]
        var accuracyBefore: Double
        var accuracyAfter: Double
        var leader: String?
        var aggregateIsRight: Bool
    }

    let settings: Settings
    let console: Console
    let circuit: QualityCircuit
    let committer: QualityCommitter
    let prover: QualityProver
    let setupSeconds: Double
    let ledger: Ledger
    /// Publishes the task, and finalizes its orders.
    let publisher: SigningKey
    /// The ledger's clock: it goes to the end of a window as soon as everybody is done.
    var clock = Timestamp.now
    let participants: [DemoParticipant]
    /// Held back from everybody's training.
    let testPool: Dataset
    private(set) var globalModel: QuantizedModel
    private(set) var rounds: [Round] = []
    let task = Identifier("digits")!

    init(_ settings: Settings, console: Console) throws {
        self.settings = settings
        self.console = console
        circuit = try QualityCircuit(spec: .digits, sampleCount: settings.samples)
        let digits = try Dataset.digits().split()
        testPool = digits.test.shuffled(seed: 1)
        guard testPool.count >= settings.rounds * settings.samples else {
            throw CommandError(
                "\(settings.rounds) rounds of \(settings.samples) test samples are more than the \(testPool.count) there are"
            )
        }

        console.note(
            "Making the keys of the quality circuit \(Self.shape(circuit)) on \(settings.samples) samples …")
        warnOfDevelopmentKey(console)
        let bar = ProgressBar(
            "set-up", total: QualityProver.setupSteps, quiet: console.isQuiet || console.isJSON)
        let begin = ContinuousClock.now
        let key = try QualityProver.developmentSetup(circuit, progress: bar)
        bar.finish()
        setupSeconds = (ContinuousClock.now - begin) / .seconds(1)
        prover = try QualityProver(key)
        committer = QualityCommitter(circuit)
        try key.write(to: settings.folder.appending(path: "digits.zkpk").path)
        try Data(key.verifyingKey.encoded).write(to: settings.folder.appending(path: "digits.zkvk"))
        console.note(
            """
              \(Format.count(key.shape.constraintCount)) constraints, proving key \(Format.bytes(key.byteCount)), verifying key \
            \(Format.bytes(key.verifyingKey.encoded.count)), \(Format.seconds(setupSeconds)). One set-up serves all \
            participants, models and rounds.
            """)

        let operatorKey = try SigningKey()
        publisher = try SigningKey()
        globalModel = try QuantizedModel.initial(spec: circuit.spec, seed: 1)
        participants = try Self.makeParticipants(digits.train, rounds: settings.rounds, start: globalModel)
        let accounts = [publisher.publicKey] + participants.map(\.key.publicKey)
        ledger = try Ledger.create(
            at: settings.folder.appending(path: "ledger.sqlite").path, name: Identifier("demo")!,
            operatorKey: operatorKey, allowsDevelopmentKeys: true,
            allocations: accounts.map { Allocation(account: $0, amount: Self.wealth) }, time: clock)
        try registerEverybody()
        try submit(
            .openTask(
                OpenTask(
                    task: task, description: "Handwritten digits, 8×8 pixels",
                    qualityKeys: [
                        QualityKey(samples: UInt64(settings.samples), verifyingKey: key.verifyingKey.encoded)
                    ], minimumSamples: UInt64(settings.samples), weights: .equal)), publisher)
    }

    /// Three honest participants, and one that cheats in another way each round.
    private static func makeParticipants(
        _ train: Dataset, rounds: Int, start: QuantizedModel
    ) throws -> [DemoParticipant] {
        let names = ["alice", "bob", "carol", "mallory"]
        let shards = try Sharding.uniform(train, participants: names.count, seed: 7)
        let tricks: [Conduct] = [.overclaim(by: 5), .replay, .swapModel]
        return try zip(names, shards).map { name, shard in
            let conduct = (0..<rounds).map { name == "mallory" ? tricks[$0 % tricks.count] : Conduct.honest }
            return try DemoParticipant(name: name, shard: shard, conduct: conduct, start: start)
        }
    }

    static func shape(_ circuit: QualityCircuit) -> String {
        circuit.spec.architecture.summary
    }

    /// Plays all rounds.
    func play() throws {
        for number in 0..<settings.rounds {
            console.note("\nRound \(number + 1)")
            let round = try playRound(number)
            rounds.append(round)
        }
    }

    private func playRound(_ number: Int) throws -> Round {
        let testSet = testPool.subset(number * settings.samples..<(number + 1) * settings.samples)
        let testSetURL = settings.folder.appending(path: "round-\(number + 1)-test-set.csv")
        try testSet.writeCSV(to: testSetURL)
        let testCommitment = try committer.commit(to: testSet)
        let opening = TestSetOpening(
            salt: Digest(purpose: "demo salt", publisher.publicKey.bytes + [UInt8(number)]),
            dataDigest: Digest(sha256: try Data(contentsOf: testSetURL)),
            chunks: [
                TestSetChunk(
                    samples: UInt64(testSet.count), key: 0,
                    commitment: testCommitment.encoded(as: .compressed))
            ], baseline: UInt64(try globalModel.correctCount(on: testSet)))
        let windows = try openOrder(number, opening)

        for (index, participant) in participants.enumerated() {
            try participant.train(
                from: globalModel, epochs: settings.epochs, seed: UInt64(100 * number + index))
            if case .swapModel = participant.conduct[number] { participant.model = globalModel }
            try participant.commit(committer)
            try submit(
                .commitModel(
                    CommitModel(
                        task: task, round: UInt64(number),
                        commitment: participant.commitment.encoded(as: .compressed),
                        beaconCommitment: BeaconSecret.commitment(
                            to: participant.secret, of: participant.key.publicKey))), participant.key)
        }
        console.note(
            "  \(participants.count) participants trained on their own shards and committed to their models.")
        clock = windows.commitDeadline
        try submit(
            .revealTestSet(RevealTestSet(task: task, round: UInt64(number), opening: opening)), publisher)
        for participant in participants {
            try submit(
                .revealSecret(
                    RevealSecret(task: task, round: UInt64(number), secret: participant.secret)),
                participant.key)
        }
        console.note("  The test set of \(testSet.count) samples is revealed; it is used in this round only.")

        var outcomes: [Outcome] = []
        var honestProof: (bytes: [UInt8], claimed: Int)?
        for participant in participants {
            let outcome = try claim(participant, number, testSet, testCommitment, copying: &honestProof)
            outcomes.append(outcome)
            let accuracy = Format.percent(Double(outcome.claimed) / Double(testSet.count))
            let name = participant.name.padding(toLength: 8, withPad: " ", startingAt: 0)
            if let refusal = outcome.refusal {
                console.note("  \(name) refused: \(outcome.conduct.description); the ledger says: \(refusal)")
            } else {
                console.note(
                    "  \(name) proved \(accuracy) in \(Format.seconds(outcome.proveSeconds)), verified in \(Format.seconds(outcome.verifySeconds))"
                )
            }
        }
        clock = windows.voteDeadline
        let round = try finalize(number, outcomes)
        clock = windows.finalizeDeadline
        try payOut(number)
        return round
    }

    /// A participant proves, or tries to cheat, and submits.
    private func claim(
        _ participant: DemoParticipant, _ number: Int, _ testSet: Dataset,
        _ testCommitment: AffinePoint<BN254G1>, copying honestProof: inout (bytes: [UInt8], claimed: Int)?
    ) throws -> Outcome {
        let conduct = participant.conduct[number]
        let right = try participant.model.correctCount(on: testSet)
        let context = QualityStatement(
            ledger: ledger.identifier, task: task, round: UInt64(number), chunk: 0,
            participant: participant.key.publicKey, model: participant.commitment.encoded(as: .compressed),
            testSet: testCommitment.encoded(as: .compressed), correct: UInt64(right)
        ).context
        var proofBytes: [UInt8]
        var claimed = right
        var proveSeconds = 0.0
        if case .replay = conduct, let honestProof {
            (proofBytes, claimed) = honestProof
        } else {
            var (model, opening) = (participant.model, participant.opening)
            var commitment = participant.commitment
            if case .swapModel = conduct {
                // A better model, trained after the test set was seen, with a commitment of its own.
                model = try globalModel.trained(on: testSet, epochs: 20, seed: 1)
                opening = CommitmentOpening()
                commitment = try committer.commit(to: model, opening: opening)
                claimed = try model.correctCount(on: testSet)
            }
            let begin = ContinuousClock.now
            let proven = try prover.prove(
                model: model, opening: opening, testSet: testSet, correct: claimed, context: context,
                commitments: (commitment, testCommitment))
            proveSeconds = (ContinuousClock.now - begin) / .seconds(1)
            proofBytes = proven.proof.encoded
            if case .overclaim(let extra) = conduct { claimed = min(testSet.count, claimed + extra) }
            if case .honest = conduct, honestProof == nil { honestProof = (proofBytes, claimed) }
        }
        let begin = ContinuousClock.now
        let receipt = try ledger.submit(
            ledger.sign(
                .proveQuality(
                    ProveQuality(
                        task: task, round: UInt64(number), chunk: 0, correct: UInt64(claimed),
                        proof: proofBytes)),
                with: participant.key), at: clock)
        let submitSeconds = (ContinuousClock.now - begin) / .seconds(1)
        var refusal: String?
        if case .refused(_, let reason) = receipt.outcome { refusal = reason }
        return Outcome(
            participant: participant, conduct: conduct, right: right, claimed: claimed,
            proofBytes: proofBytes.count,
            proveSeconds: proveSeconds, verifySeconds: submitSeconds, refusal: refusal)
    }

    /// Sums the accepted models; the ledger compares the sum's commitment with the sum of the commitments.
    private func finalize(_ number: Int, _ outcomes: [Outcome]) throws -> Round {
        let accepted = outcomes.filter { $0.refusal == nil }.map(\.participant)
        let ones = [Int64](repeating: 1, count: accepted.count)
        let average = try FederatedAverage(accepted.map(\.model), coefficients: ones)
        let aggregate = AggregateOpening(average, openings: accepted.map(\.opening), weights: ones)
        let published = try JSONEncoder().encode(PublishedAggregate(aggregate))
        try published.write(to: settings.folder.appending(path: "round-\(number + 1)-aggregate.json"))
        let commitment = try committer.commit(to: aggregate)
        let receipt = try submit(
            .finalize(
                FinalizeOrder(
                    task: task, round: UInt64(number),
                    globalModel: GlobalModel(
                        commitment: commitment.encoded(as: .compressed),
                        openingDigest: Digest(sha256: published)))),
            publisher)
        var leader: String?
        if case .accepted(.finalized(_, let elected)) = receipt.outcome, let elected {
            leader = participants.first { $0.key.publicKey == elected.participant }?.name
        }
        let before = try globalModel.accuracy(on: testPool)
        globalModel = try average.model()
        let after = try globalModel.accuracy(on: testPool)
        var marked = outcomes
        for index in marked.indices { marked[index].isLeader = marked[index].participant.name == leader }
        console.note(
            """
              Leader: \(leader ?? "none"). The sum of \(accepted.count) models opens the sum of their commitments; the global \
            model goes from \(Format.percent(before)) to \(Format.percent(after)) on all \(testPool.count) test samples.
            """)
        return Round(
            number: number, outcomes: marked, accuracyBefore: before, accuracyAfter: after, leader: leader,
            aggregateIsRight: receipt.isAccepted)
    }

    /// Submits what must be accepted.
    @discardableResult
    func submit(_ transaction: Transaction, _ key: SigningKey) throws -> Receipt {
        let receipt = try ledger.submit(ledger.sign(transaction, with: key), at: clock)
        if case .refused(_, let reason) = receipt.outcome {
            throw CommandError("the ledger refuses what it should accept: \(reason)")
        }
        return receipt
    }
}

/// The published sum of models and blindings, from which anybody recomputes the global model.
private struct PublishedAggregate: Encodable {
    var weightedSum: [Int64]
    var blinding: String

    init(_ aggregate: AggregateOpening) {
        weightedSum = aggregate.weightedSum
        blinding = aggregate.blinding.bigEndianBytes.hexadecimal
    }
}
