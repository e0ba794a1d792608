/// Which stages a participant has to prove.
///
/// Stages are numbered 0 … E − 1; stage i leads from checkpoint i to checkpoint i + 1. The first and the last are always
/// in the sample, the others are drawn without replacement from a beacon that nobody knew when the checkpoints' root
/// was published.
public struct StageSample: Sendable, Hashable {
    /// No training has more stages.
    public static let mostStages = 1 << 20

    /// Ascending.
    public let stages: [Int]

    /// The sample of all stages, of the mode `full`.
    ///
    /// - Returns: `nil` for a number of stages that is not in 1 … `mostStages`.
    public init?(allOf stageCount: Int) {
        guard (1...Self.mostStages).contains(stageCount) else { return nil }
        stages = Array(0..<stageCount)
    }

    /// The sample of `auditCount` stages; fewer than two stand for two, more than there are stages for all.
    ///
    /// seed = SHA-256("ZKPOT-V1-AUDIT" ‖ beacon ‖ task ‖ participant ‖ root); for counter = 0, 1, … the candidate is
    /// 1 + (first 16 bytes of SHA-256(seed ‖ u64 counter) mod (E − 2)), and what is there already is skipped.
    ///
    /// - Returns: `nil` for a number of stages that is not in 1 … `mostStages`, or a number of audits below 1.
    public init?(stageCount: Int, auditCount: Int, beacon: Digest, party: AuditParty, checkpointRoot: Digest)
    {
        guard (1...Self.mostStages).contains(stageCount), auditCount >= 1 else { return nil }
        let wanted = min(stageCount, max(2, auditCount))
        guard wanted < stageCount else {
            stages = Array(0..<stageCount)
            return
        }
        let source = HashedIntegers(
            tag: "ZKPOT-V1-AUDIT",
            beacon.bytes + party.taskDigest.bytes + party.participantDigest.bytes + checkpointRoot.bytes)
        var chosen: Set<Int> = [0, stageCount - 1]
        var counter: UInt64 = 0
        while chosen.count < wanted {
            chosen.insert(1 + source.integer(counter, below: stageCount - 2))
            counter += 1
        }
        stages = chosen.sorted()
    }
}
