/// Cuts one data set into the private shards of several participants.
public enum Sharding {
    /// Shards of equal class mix: shuffled, then dealt one by one.
    ///
    /// - Throws: `LearningError.dataset` where there are fewer samples than participants.
    public static func uniform(
        _ data: Dataset, participants: Int, seed: UInt64
    ) throws(LearningError) -> [Dataset] {
        try check(data, participants: participants, pieces: participants)
        var generator = DeterministicGenerator(seed: seed, purpose: .sharding)
        let order = generator.permutation(data.count)
        return (0..<participants).map { participant in
            let indices = stride(from: participant, to: order.count, by: participants).map { order[$0] }
            return data.subset(indices, name: "\(data.name), shard \(participant)")
        }
    }

    /// Shards of few classes each: sorted by label, cut into pieces, and each participant is dealt some of them
    /// (McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017, section 3).
    ///
    /// - Throws: `LearningError.dataset` where there are fewer samples than pieces.
    public static func skewedByLabel(
        _ data: Dataset, participants: Int, piecesEach: Int = 2, seed: UInt64
    ) throws(LearningError) -> [Dataset] {
        let pieces = participants.multipliedReportingOverflow(by: piecesEach)
        try check(data, participants: participants, pieces: pieces.overflow ? 0 : pieces.partialValue)
        var generator = DeterministicGenerator(seed: seed, purpose: .sharding)
        let shuffled = generator.permutation(data.count)
        // Class after class, in shuffled order within each: the same on every machine, unlike an unstable sort.
        let ordered = (0..<data.classCount).flatMap { label in
            shuffled.filter { Int(data.labels[$0]) == label }
        }
        let dealt = generator.permutation(pieces.partialValue)
        return (0..<participants).map { participant in
            let indices = dealt[participant * piecesEach..<(participant + 1) * piecesEach].flatMap { piece in
                ordered[piece * data.count / dealt.count..<(piece + 1) * data.count / dealt.count]
            }
            return data.subset(indices, name: "\(data.name), shard \(participant)")
        }
    }

    private static func check(_ data: Dataset, participants: Int, pieces: Int) throws(LearningError) {
        guard participants > 0, pieces >= participants, pieces <= data.count else {
            throw .dataset(
                reason:
                    "\(data.count) samples of \(data.name) cannot be dealt to \(participants) participants")
        }
    }
}
