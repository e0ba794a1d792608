import Parallelism
import QuantizedLearning

/// Federated rounds on the handwritten digits with honest and Byzantine participants, under one defence after the other.
///
/// All defences see the same shards, starts and misconduct. Under the protocol everything is real: commitments, quality
/// proofs, audits with training-step proofs, and their verification.
public final class RoundsSimulation {
    public let setting: RoundsSetting
    private let training: LocalTraining
    private let pool: Dataset
    /// Keys are made when the protocol is simulated first.
    private var keys: ProtocolKeys?

    /// - Throws: `LearningError` if the data do not suffice for the setting.
    public init(_ setting: RoundsSetting) throws {
        self.setting = setting
        let digits = try Dataset.digits().split()
        pool = digits.test.shuffled(seed: setting.seed)
        guard setting.rounds * setting.samples <= pool.count else {
            throw LearningError.dataset(
                reason:
                    "\(setting.rounds) rounds of \(setting.samples) test samples are more than the \(pool.count) there are"
            )
        }
        training = LocalTraining(
            setting: setting,
            shards: try Sharding.uniform(
                digits.train, participants: setting.participants, seed: setting.seed),
            conduct: Misconduct.assigned(setting),
            start: try QuantizedModel.initial(spec: .digits, seed: setting.seed))
    }

    /// What each participant does, `nil` for the honest.
    public var conduct: [Misconduct?] { training.conduct }

    /// The accuracy before the first round.
    public func startAccuracy() throws -> Double { try training.start.accuracy(on: pool) }

    /// Plays all rounds under a defence.
    ///
    /// - Parameter progress: advanced once for each participant and round.
    public func run(_ defence: Defence, progress: ProgressBar? = nil) throws -> [SimulatedRound] {
        var global = training.start
        return try (0..<setting.rounds).map { round in
            let testSet = pool.subset(round * setting.samples..<(round + 1) * setting.samples)
            let outcome: (model: QuantizedModel, accepted: Int, refusals: [Int: String])
            switch defence {
            case .protocolRules:
                outcome = try protocolRound(round, global, testSet, progress)
            default:
                outcome = try plainRound(defence, round, global, progress)
            }
            global = outcome.model
            return SimulatedRound(
                round: round, accuracy: try inRange { try global.accuracy(on: pool) } ?? 0,
                accepted: outcome.accepted,
                refusals: outcome.refusals)
        }
    }

    private func plainRound(
        _ defence: Defence, _ round: Int, _ global: QuantizedModel, _ progress: ProgressBar?
    ) throws -> (QuantizedModel, Int, [Int: String]) {
        var models = [QuantizedModel]()
        var honest = [QuantizedModel]()
        for participant in 0..<setting.participants {
            defer { progress?.advance(title: defence.rawValue) }
            // Whoever's training leaves the range of its integers, after too much noise for example, sends nothing.
            guard
                let model = try inRange({ try training.model(of: participant, round: round, from: global) })
            else { continue }
            models.append(model)
            if conduct[participant] == nil { honest.append(model) }
        }
        switch defence {
        case .differentialPrivacy:
            let average = PrivateAverage(
                clip: PrivateAverage.medianNorm(of: honest, from: global), noise: setting.noise)
            var generator = training.generator(setting.participants, round)
            let model = models.isEmpty ? global : try average.average(models, from: global, &generator)
            return (model, models.count, [:])
        case .honestOnly: return (try mean(honest, or: global), honest.count, [:])
        case .none, .protocolRules: return (try mean(models, or: global), models.count, [:])
        }
    }

    /// The value, or `nil` where an integer leaves its range.
    private func inRange<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch LearningError.outOfRange {
            return nil
        }
    }

    private func mean(_ models: [QuantizedModel], or global: QuantizedModel) throws -> QuantizedModel {
        guard !models.isEmpty else { return global }
        return try FederatedAverage(models, coefficients: Array(repeating: 1, count: models.count)).model()
    }

    private func protocolRound(
        _ round: Int, _ global: QuantizedModel, _ testSet: Dataset, _ progress: ProgressBar?
    ) throws -> (QuantizedModel, Int, [Int: String]) {
        let keys = try self.keys ?? ProtocolKeys(setting)
        self.keys = keys
        let rules = try ProtocolRound(
            number: round, setting: setting, keys: keys, global: global, testSet: testSet, training: training)
        var models = [QuantizedModel]()
        var refusals = [Int: String]()
        for participant in 0..<setting.participants {
            switch try rules.take(participant) {
            case .accepted(let model): models.append(model)
            case .refused(let reason): refusals[participant] = reason
            }
            progress?.advance(title: "protocol")
        }
        return (try mean(models, or: global), models.count, refusals)
    }
}
