import QuantizedLearning

/// One block agreed upon by PBFT (Castro and Liskov, OSDI 1999), in its normal case: request, pre-prepare, prepare,
/// commit, reply. A discrete-event simulation: no clock, no network, the same result for the same seed.
///
/// The primary is honest. View changes are left out; `silent` backups stand for crashed or withholding ones.
public struct PBFTSimulation: Sendable, Hashable {
    /// Nodes, the primary included; at least 4.
    public var nodes: Int
    /// Backups that send nothing, neither votes nor copies of the block.
    public var silent = 0
    /// Bytes of what the client sends.
    public var requestBytes: Int
    /// Bytes of a pre-prepare: the block and what surrounds it.
    public var blockBytes: Int
    /// Bytes of a prepare or commit.
    public var voteBytes: Int
    public var replyBytes: Int
    /// Of every node's link, Mbit/s.
    public var megabits: Double
    /// Largest latency of a message, milliseconds.
    public var latency: Double
    public var link: LinkModel
    public var quorum: QuorumRule
    public var dissemination = Dissemination.star
    /// Processor time with which a node checks a vote's signature, seconds.
    public var voteSeconds = 0.0
    /// Processor time with which a node checks a block with all its signatures and proofs, seconds.
    public var blockSeconds = 0.0

    /// What one run shows.
    public struct Outcome: Sendable, Hashable {
        /// Seconds from the client's request until it has enough replies; nil if it never has.
        public var seconds: Double?
        /// Nodes that committed the block, in the end.
        public var committed: Int
        public var messages: Int
        /// All bytes sent, headers of the network not counted.
        public var bytes: Int
    }

    public init(
        nodes: Int, requestBytes: Int, blockBytes: Int, voteBytes: Int, replyBytes: Int, megabits: Double,
        latency: Double, link: LinkModel, quorum: QuorumRule
    ) {
        self.nodes = nodes
        self.requestBytes = requestBytes
        self.blockBytes = blockBytes
        self.voteBytes = voteBytes
        self.replyBytes = replyBytes
        self.megabits = megabits
        self.latency = latency
        self.link = link
        self.quorum = quorum
    }

    /// Plays one block.
    public func run(seed: UInt64) -> Outcome {
        var run = PBFTRun(self, seed: seed)
        return run.play()
    }

    /// The mean time of several runs, seeds seed, seed + 1, …; nil if one of them never ends.
    public func meanSeconds(runs: Int, seed: UInt64) -> Double? {
        var sum = 0.0
        for index in 0..<max(1, runs) {
            guard let seconds = run(seed: seed &+ UInt64(index)).seconds else { return nil }
            sum += seconds
        }
        return sum / Double(max(1, runs))
    }
}
