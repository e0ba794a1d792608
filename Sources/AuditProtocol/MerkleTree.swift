/// The SHA-256 Merkle tree over a list, with different prefixes for leaves and nodes.
///
/// The empty tree is SHA-256 of nothing, a leaf SHA-256(0 ‖ entry), a node SHA-256(1 ‖ left ‖ right); the
/// left half of n entries is the largest power of two below n. Pairing neighbours, level by level, and carrying an odd
/// one up unchanged gives the same tree.
///
/// - SeeAlso: RFC 6962, section 2.1.
public struct MerkleTree: Sendable {
    /// Leaves first, the root last; empty for the empty tree.
    private let levels: [[Digest]]

    /// The tree over leaf hashes, with all of its nodes in memory.
    public init(leaves: [Digest]) {
        var levels = leaves.isEmpty ? [] : [leaves]
        while let level = levels.last, level.count > 1 { levels.append(Self.above(level)) }
        self.levels = levels
    }

    /// The tree over entries.
    public init(_ entries: some Sequence<[UInt8]>) { self.init(leaves: entries.map(Self.leaf)) }

    /// Leaves of the tree.
    public var count: Int { levels.first?.count ?? 0 }

    public var root: Digest { levels.last?[0] ?? Digest(sha256: []) }

    /// The path that shows that leaf number `index` is under the root.
    ///
    /// - Precondition: `index` is that of a leaf.
    public func path(to index: Int) -> MerklePath {
        precondition((0..<count).contains(index), "there is no leaf \(index) among \(count)")
        var position = index
        var nodes: [Digest] = []
        for level in levels.dropLast() {
            let sibling = position ^ 1
            if sibling < level.count { nodes.append(level[sibling]) }
            position /= 2
        }
        return MerklePath(nodes: nodes)
    }

    public static func leaf(_ entry: [UInt8]) -> Digest { Digest(sha256: [0] + entry) }

    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        Digest(sha256: [1] + left.bytes + right.bytes)
    }

    /// The root over entries in the order given.
    public static func root(_ entries: some Sequence<[UInt8]>) -> Digest { root(leaves: entries.map(leaf)) }

    /// The root over leaves.
    public static func root(leaves: [Digest]) -> Digest {
        var level = leaves
        while level.count > 1 { level = above(level) }
        return level.first ?? Digest(sha256: [])
    }

    private static func above(_ level: [Digest]) -> [Digest] {
        stride(from: 0, to: level.count, by: 2).map { index in
            index + 1 < level.count ? node(level[index], level[index + 1]) : level[index]
        }
    }
}
