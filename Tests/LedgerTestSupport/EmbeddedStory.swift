import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import Ledger

/// Plays a story on the embedded ledger, with real keys, commitments and proofs.
public struct EmbeddedStory {
    typealias Scalar = BN254ScalarField

    public let file: StoryFile
    public let ledger: Ledger
    private let start = Timestamp(milliseconds: 1_700_000_000_000)
    private let keys: [String: SigningKey]
    /// The model that each actor committed to last, with its blinding.
    private var models: [String: (values: [Int], blinding: Scalar)] = [:]
    private var acceptedProofs: [String: [UInt8]] = [:]
    private let testSetCommitment: [UInt8]

    /// What became of a step.
    public struct Told: Sendable {
        public let step: StoryFile.Step
        /// `accepted` or the code of a refusal.
        public let outcome: String
    }

    public init(_ file: StoryFile, path: String) throws {
        self.file = file
        let names = file.actors.keys.sorted()
        keys = Dictionary(
            uniqueKeysWithValues: try names.map { name in
                (name, try SigningKey(seed: Digest(sha256: Array("actor \(name)".utf8)).bytes))
            })
        let parameters = ProtocolParameters(
            minimumStake: file.parameters.minimumStake, minimumBond: file.parameters.minimumBond,
            nonRevealSlash: file.parameters.nonRevealSlash, challengerShare: file.parameters.challengerShare,
            voteQuorum: file.parameters.voteQuorum, maximumParticipants: file.parameters.maximumParticipants,
            maximumValidators: file.parameters.maximumValidators, recomputesOpenings: false)
        let keys = keys
        ledger = try Ledger.create(
            at: path, name: Identifier("story")!, operatorKey: Story.signer(0), allowsDevelopmentKeys: true,
            parameters: parameters,
            allocations: names.map {
                Allocation(account: keys[$0]!.publicKey, amount: file.actors[$0]!)
            }, time: start)
        testSetCommitment = try InnerProduct.commit(file.testSet.values, blinding: .zero)
    }

    public func key(_ name: String?) throws -> SigningKey {
        guard let name, let key = keys[name] else { throw TestFailure("there is no actor \(name ?? "")") }
        return key
    }

    /// Plays the next step.
    public mutating func tell(_ step: StoryFile.Step) throws -> Told {
        let sender = try key(step.by)
        let transaction = try transaction(step, sender)
        let receipt = try ledger.submit(ledger.sign(transaction, with: sender), at: time(step.at))
        switch receipt.outcome {
        case .refused(let code, _): return Told(step: step, outcome: code)
        case .accepted:
            if case .commitModel = transaction, case .values(let values) = step.model, let blinding {
                models[step.by] = (values, blinding)
            }
            if case .proveQuality(let body) = transaction { acceptedProofs[step.by] = body.proof }
            return Told(step: step, outcome: "accepted")
        }
    }

    /// The blinding of the commitment that is being made.
    private var blinding: Scalar?

    private func time(_ seconds: UInt64) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + 1000 * seconds)
    }

    private var opening: TestSetOpening {
        TestSetOpening(
            salt: file.testSet.salt, dataDigest: Digest(sha256: file.testSet.values.map { UInt8($0) }),
            chunks: [TestSetChunk(samples: file.testSet.samples, key: 0, commitment: testSetCommitment)],
            baseline: file.testSet.baseline)
    }

    private mutating func transaction(_ step: StoryFile.Step, _ sender: SigningKey) throws -> Transaction {
        let (task, round) = (file.task.name, step.round ?? 0)
        switch step.do {
        case .register:
            return .register(Register(role: try given(step.role), amount: try given(step.amount)))
        case .unregister: return .unregister(Unregister(role: try given(step.role)))
        case .openTask:
            return .openTask(
                OpenTask(
                    task: task, description: file.title,
                    qualityKeys: [
                        QualityKey(
                            samples: file.task.samples, verifyingKey: InnerProduct.shared.verifyingKey)
                    ], minimumSamples: file.task.minimumSamples, weights: .equal,
                    entryShare: file.task.entryShare ?? 0))
        case .openOrder: return .openOrder(try order(step, round))
        case .commitModel:
            guard case .values(let values) = step.model else {
                throw TestFailure("a commitment needs a model")
            }
            let fresh = Scalar.random()
            blinding = fresh
            return .commitModel(
                CommitModel(
                    task: task, round: round, commitment: try InnerProduct.commit(values, blinding: fresh),
                    beaconCommitment: BeaconSecret.commitment(
                        to: try secret(step), of: sender.publicKey)))
        case .revealTestSet:
            return .revealTestSet(RevealTestSet(task: task, round: round, opening: opening))
        case .revealSecret:
            return .revealSecret(RevealSecret(task: task, round: round, secret: try secret(step)))
        case .proveQuality: return .proveQuality(try proof(step, round, sender))
        case .validate:
            return .validate(
                Validate(
                    task: task, round: round, participant: try key(step.participant).publicKey,
                    correct: try given(step.correct)))
        case .challenge:
            return .challenge(
                Challenge(
                    task: task, round: round, participant: try key(step.participant).publicKey,
                    validator: try key(step.validator).publicKey))
        case .report:
            let subject = step.subject == "globalModel" ? ReportSubject.globalModel : .testSet
            return .report(
                FileReport(task: task, round: round, subject: subject, complaint: try given(step.kind)))
        case .vote:
            return .vote(
                CastVote(
                    task: task, round: round, report: try given(step.report),
                    upholds: try given(step.upholds)))
        case .fixSurvivors: return .fixSurvivors(try survivors(step, round))
        case .finalize:
            return .finalize(
                FinalizeOrder(task: task, round: round, globalModel: try globalModel(step, round)))
        case .payout:
            let digest = (try? ledger.state.payoutDigest(task: task, round: round)) ?? Digest(sha256: [])
            return .payout(
                Payout(
                    task: task, round: round,
                    signatures: try (step.signers ?? []).map { try AccountSignature(digest, key: key($0)) }))
        default: throw TestFailure("stories know no \(step.do)")
        }
    }

    private func order(_ step: StoryFile.Step, _ round: UInt64) throws -> OpenOrder {
        let (split, times) = (try given(step.split), try given(step.times).map { time($0) })
        guard split.count == 4, times.count == 8 else {
            throw TestFailure("an order has 4 shares and 8 times")
        }
        return OpenOrder(
            task: file.task.name, round: round,
            testSetHash: opening.saltedHash(ledger: ledger.identifier, task: file.task.name, round: round),
            windows: OrderWindows(
                commitStart: times[0], commitDeadline: times[1], revealDeadline: times[2],
                proofDeadline: times[3], validationDeadline: times[4], challengeDeadline: times[5],
                voteDeadline: times[6], finalizeDeadline: times[7]),
            reward: try given(step.reward), bond: try given(step.bond),
            split: RewardSplit(
                leader: split[0], participants: split[1], validators: split[2], aggregator: split[3]),
            payoutSigners: try (step.signers ?? []).map { try key($0).publicKey },
            payoutThreshold: try given(step.threshold))
    }

    /// The honest proof for the model that the actor committed to last, or what the step wants instead.
    private func proof(_ step: StoryFile.Step, _ round: UInt64, _ sender: SigningKey) throws -> ProveQuality {
        let correct = try given(step.correct)
        func body(_ proof: [UInt8]) -> ProveQuality {
            ProveQuality(task: file.task.name, round: round, chunk: 0, correct: correct, proof: proof)
        }
        if let owner = step.proof?.split(separator: ":").last, step.proof?.hasPrefix("for:") == true {
            guard let copied = acceptedProofs[String(owner)] else {
                throw TestFailure("\(owner) has no proof to copy")
            }
            return body(copied)
        }
        guard let model = models[step.by] else { return body([UInt8](repeating: 1, count: 192)) }
        let statement = QualityStatement(
            ledger: ledger.identifier, task: file.task.name, round: round, chunk: 0,
            participant: sender.publicKey,
            model: try InnerProduct.commit(model.values, blinding: model.blinding),
            testSet: testSetCommitment,
            correct: correct)
        let bytes = try InnerProduct.shared.prove(
            model: model.values, blinding: model.blinding, testSet: file.testSet.values, for: statement)
        guard step.proof == "flipped" else { return body(bytes) }
        var proof = try Proof<BN254>(encoded: bytes)
        proof.a = -proof.a
        return body(proof.encoded)
    }

    private func globalModel(_ step: StoryFile.Step, _ round: UInt64) throws -> GlobalModel? {
        guard case .global(let text) = step.model, text != "none" else { return nil }
        let commitment =
            switch text {
            case "sum": (try? ledger.state.aggregate(task: file.task.name, round: round).commitment) ?? []
            case "all": try sumOfAllProven()
            default: testSetCommitment
            }
        return GlobalModel(commitment: commitment, openingDigest: Digest(sha256: [9]))
    }

    /// The sum over everybody of whom a proof was accepted, whoever is on record.
    private func sumOfAllProven() throws -> [UInt8] {
        let proven = models.filter { acceptedProofs[$0.key] != nil }.map(\.value)
        let values = file.testSet.values.indices.map { place in
            proven.reduce(0) { $0 + $1.values[place] }
        }
        return try InnerProduct.commit(values, blinding: proven.reduce(.zero) { $0 + $1.blinding })
    }

    /// A signer's name with a `!` before it signs something else.
    private func survivors(_ step: StoryFile.Step, _ round: UInt64) throws -> FixSurvivors {
        let accounts = try given(step.survivors).map { try key($0).publicKey }.sorted()
        let digest = FixSurvivors.digest(
            ledger: ledger.identifier, task: file.task.name, round: round, survivors: accounts)
        let signatures = try (step.signers ?? []).map { name in
            name.hasPrefix("!")
                ? try AccountSignature(Digest(sha256: []), key: key(String(name.dropFirst())))
                : try AccountSignature(digest, key: key(name))
        }
        return FixSurvivors(
            task: file.task.name, round: round,
            survivors: step.order == "descending" ? accounts.reversed() : accounts, signatures: signatures)
    }

    private func secret(_ step: StoryFile.Step) throws -> Digest {
        Digest([UInt8](repeating: 0, count: 31) + [try given(step.secret)])!
    }

    private func given<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw TestFailure("the step lacks a field") }
        return value
    }
}
