/// Which batch each step of the training uses: a permutation of all batches for each pass over the data, from a beacon
/// that was fixed after the data set's digest was published.
///
/// For pass e, seed = SHA-256("ZKPOT-V1-BATCH-ORDER" ‖ beacon ‖ task ‖ participant ‖ data set's digest ‖ u64 e); from the
/// order 0, 1, …, N − 1, for i = N − 1 down to 1, entry i changes places with entry
/// (first 16 bytes of SHA-256(seed ‖ u64 i) mod (i + 1)): Fisher and Yates in the form of Durstenfeld.
public struct BatchOrder: Sendable, Hashable {
    /// No data set has more batches.
    public static let mostBatches = 1 << 20

    public let batchCount: Int
    public let dataset: Digest
    public let beacon: Digest
    public let party: AuditParty

    /// - Parameter dataset: what `datasetDigest` gives.
    /// - Returns: `nil` for a number of batches that is not in 1 … `mostBatches`.
    public init?(batchCount: Int, dataset: Digest, beacon: Digest, party: AuditParty) {
        guard (1...Self.mostBatches).contains(batchCount) else { return nil }
        self.batchCount = batchCount
        self.dataset = dataset
        self.beacon = beacon
        self.party = party
    }

    /// The order of the batches in pass `epoch` over the data.
    public func permutation(epoch: Int) -> [Int] {
        let source = HashedIntegers(
            tag: "ZKPOT-V1-BATCH-ORDER",
            beacon.bytes + party.taskDigest.bytes + party.participantDigest.bytes + dataset.bytes
                + UInt64(epoch).bigEndianBytes)
        var order = Array(0..<batchCount)
        for index in stride(from: batchCount - 1, to: 0, by: -1) {
            order.swapAt(index, source.integer(UInt64(index), below: index + 1))
        }
        return order
    }

    /// The batches of steps `first` … `first` + `count` − 1, counted from 0 over the whole training: step t uses entry
    /// t mod N of pass ⌊t / N⌋.
    public func batches(firstStep first: Int, count: Int) -> [Int] {
        guard count > 0 else { return [] }
        let epochs = first / batchCount...(first + count - 1) / batchCount
        let orders = epochs.map { permutation(epoch: $0) }
        return (first..<first + count).map { orders[$0 / batchCount - epochs.lowerBound][$0 % batchCount] }
    }

    /// The batches of one stage of `steps` steps.
    public func batches(stage: Int, steps: Int) -> [Int] {
        batches(firstStep: stage * steps, count: steps)
    }

    /// The batches of several stages, in ascending order of stages: each pass is permuted once.
    public func batches(stages: [Int], steps: Int) -> [[Int]] {
        var current: (epoch: Int, order: [Int])?
        return stages.map { stage in
            (stage * steps..<(stage + 1) * steps).map { step in
                let epoch = step / batchCount
                if current?.epoch != epoch { current = (epoch, permutation(epoch: epoch)) }
                return current?.order[step % batchCount] ?? 0
            }
        }
    }
}
