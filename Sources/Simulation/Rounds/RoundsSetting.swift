/// Who takes part in simulated federated rounds on the handwritten digits, and how.
public struct RoundsSetting: Sendable, Hashable {
    public var participants = 8
    /// How many of them are Byzantine: their kinds of misconduct take turns.
    public var byzantine = 4
    public var rounds = 6
    /// Test samples of each round, fresh every time.
    public var samples = 50
    /// Passes over a participant's own shard in each round.
    public var epochs = 2
    /// Audited stages; a stage is one step.
    public var audits = 3
    /// Least score of an accepted model, as a share of the score of the global model it started from.
    public var entryShare = 0.6
    /// z of differential privacy: noise of standard deviation z·C on the sum of updates clipped to norm C.
    public var noise = 0.1
    public var seed: UInt64 = 1

    public init() {}
}

/// What a Byzantine participant does, in every round.
public enum Misconduct: String, Sendable, Hashable, CaseIterable, Codable {
    /// Trains on wrong labels, and says that every sample of the test set is right.
    case falseAccuracy
    /// Sends random weights. Under the protocol it proves their true, low score.
    case randomWeights
    /// Sends what is not its own work: the public start again. Under the protocol, another's commitment and proof.
    case replay
    /// Does not train: the global model with a little noise, and checkpoints that were never reached.
    case lazyAudit

    /// The kinds of the Byzantine ones among the participants; honest ones come first.
    static func assigned(_ setting: RoundsSetting) -> [Misconduct?] {
        (0..<setting.participants).map { index in
            let byzantine = index - (setting.participants - setting.byzantine)
            return byzantine < 0 ? nil : allCases[byzantine % allCases.count]
        }
    }
}

/// What guards the global model.
public enum Defence: String, Sendable, Hashable, CaseIterable, Codable {
    /// The average of everything that is sent (FedAvg, McMahan et al. 2017).
    case none
    /// Updates are clipped and noise is added to their sum (DP-FedAvg, McMahan et al. 2018). The clipping norm is the median
    /// norm of the honest updates of the round: better than a real server could know.
    case differentialPrivacy
    /// Quality proofs and audits: only proven models enter the average.
    case protocolRules = "protocol"
    /// The honest participants alone: what could be had at best.
    case honestOnly
}

/// One round under one defence.
public struct SimulatedRound: Sendable, Codable {
    public var round: Int
    /// Of the global model after the round, on all samples that nobody trains on.
    public var accuracy: Double
    /// Models in the average.
    public var accepted: Int
    /// Why a participant was kept out, by its number.
    public var refusals: [Int: String]
}
