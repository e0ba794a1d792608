/// How long a message is under way. Latency of a message is uniform between a tenth of the largest and the largest.
public enum LinkModel: Sendable, Hashable {
    /// The network that the published measurements were made with (the `fpbft` package of the Proof-of-Training
    /// implementation): every message has the whole bandwidth for itself, is cut into pieces of a tenth of a second's
    /// bytes, and each piece, the last one too, takes a tenth of a second. A megabit is 1,048,576 bits.
    case published
    /// A node's messages leave one after another through its one uplink. A megabit is 1,000,000 bits; every 1,448 bytes
    /// take 70 bytes of Ethernet, IP and TCP headers with them.
    case sharedUplink

    /// Seconds that the bytes occupy a link.
    func transferSeconds(bytes: Int, megabits: Double) -> Double {
        switch self {
        case .published:
            let piece = max(1, Int(megabits * 1_048_576 / 8) / 10)
            return 0.1 * Double((bytes + piece - 1) / piece)
        case .sharedUplink:
            let segments = max(1, (bytes + 1447) / 1448)
            return Double(bytes + 70 * segments) * 8 / (megabits * 1_000_000)
        }
    }
}

/// How many messages end a phase.
public enum QuorumRule: Sendable, Hashable {
    /// Castro and Liskov (OSDI 1999): n = 3f + 1, a block is prepared with 2f prepares of backups that agree with the
    /// primary, committed with 2f + 1 commits, and the client believes f + 1 equal replies.
    case castroLiskov
    /// What the published implementation counts: prepares 2·⌊n/3⌋ at the primary and one less at backups, 2·⌊n/3⌋ commits
    /// of others, 2·⌊n/3⌋ + 1 replies.
    case published

    func prepares(nodes: Int, isPrimary: Bool) -> Int {
        switch self {
        case .castroLiskov: return 2 * ((nodes - 1) / 3)
        case .published: return max(0, nodes / 3 * 2 - (isPrimary ? 0 : 1))
        }
    }

    /// Commits of other nodes.
    func commits(nodes: Int) -> Int {
        switch self {
        case .castroLiskov: return 2 * ((nodes - 1) / 3)
        case .published: return nodes / 3 * 2
        }
    }

    func replies(nodes: Int) -> Int {
        switch self {
        case .castroLiskov: return (nodes - 1) / 3 + 1
        case .published: return nodes / 3 * 2 + 1
        }
    }
}

/// How the primary's block reaches the backups.
public enum Dissemination: Sendable, Hashable {
    /// The primary sends it to each.
    case star
    /// Node i hands it on to nodes i·k + 1 … i·k + k.
    case tree(fanOut: Int)
}
