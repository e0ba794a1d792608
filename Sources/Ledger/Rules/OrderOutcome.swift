/// How an order ended.
public struct OrderOutcome: Sendable, Hashable {
    public let kind: OutcomeKind
    /// Absent if nobody is accepted.
    public let leader: Leader?
    /// Absent if nobody is accepted, if the time for it ran out, or if a report on it was upheld.
    public internal(set) var globalModel: GlobalModel?
    /// Who finalized with the global model.
    public let aggregator: PublicKey?
    /// Whose models the global model holds, with their weights, in the order of their commitments: the survivors on record,
    /// or all that are accepted.
    public let weights: [ParticipantWeight]
    /// Accepted participants whose models are not in the global model, in the order of their commitments.
    public let leftOut: [PublicKey]
    /// Accepted participants with a right to a reward, in the order of their accounts.
    public let rewarded: [PublicKey]
    /// Validators with a right to a reward, in the order of their accounts.
    public let validators: [PublicKey]
    public let time: Timestamp

    /// What to divide the global model's opening by.
    public var weightSum: UInt64 { weights.reduce(0) { $0 + $1.weight } }

    var weightedGlobalModel: WeightedGlobalModel? {
        globalModel.map { WeightedGlobalModel(model: $0, divisor: weightSum) }
    }

    func encode(to encoder: inout CanonicalEncoder) {
        kind.encode(to: &encoder)
        encoder.encode(optional: leader) { $1.encode(to: &$0) }
        encoder.encode(optional: globalModel) { $1.encode(to: &$0) }
        encoder.encode(optional: aggregator) { $0.encode($1) }
        encoder.encode(list: weights) { encoder, entry in
            encoder.encode(entry.participant)
            encoder.encode(entry.weight)
        }
        encoder.encode(list: leftOut) { $0.encode($1) }
        encoder.encode(list: rewarded) { $0.encode($1) }
        encoder.encode(list: validators) { $0.encode($1) }
        time.encode(to: &encoder)
    }

    /// Who gets what of a reward, in the order of the accounts; empty if nobody is rewarded.
    ///
    /// The leader gets its share and everything that nobody else gets.
    func payments(of reward: UInt64, split: RewardSplit) -> [Payment] {
        guard !rewarded.isEmpty, let leader else { return [] }
        var amounts: [PublicKey: UInt64] = [:]
        var rest = reward
        func give(_ amount: UInt64, to account: PublicKey) {
            amounts[account, default: 0] += amount
            rest -= amount
        }
        let each = BasisPoints.share(reward, split.participants) / UInt64(rewarded.count)
        for participant in rewarded { give(each, to: participant) }
        if !validators.isEmpty {
            let each = BasisPoints.share(reward, split.validators) / UInt64(validators.count)
            for validator in validators { give(each, to: validator) }
        }
        if let aggregator, globalModel != nil {
            give(BasisPoints.share(reward, split.aggregator), to: aggregator)
        }
        amounts[leader.participant, default: 0] += rest
        return amounts.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { Payment(account: $0.key, amount: $0.value) }
    }
}

/// The ways in which an order can end.
public enum OutcomeKind: UInt8, NamedTag, Sendable {
    /// Nobody committed to a model.
    case empty = 0
    /// The test set was not revealed, or was of no use.
    case aborted = 1
    case settled = 2

    public static let item = "outcome"
}

/// A participant's weight in the global model.
public struct ParticipantWeight: Sendable, Hashable {
    public let participant: PublicKey
    public let weight: UInt64
}

/// An amount for an account.
public struct Payment: Sendable, Hashable, Codable {
    public let account: PublicKey
    public let amount: UInt64
}
