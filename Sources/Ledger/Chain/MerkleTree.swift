/// The SHA-256 Merkle tree over a list, with different prefixes for leaves and nodes.
///
/// The empty tree is SHA-256 of nothing, a leaf SHA-256(0 ‖ entry), a node SHA-256(1 ‖ left ‖ right); the
/// left half of n entries is the largest power of two below n.
///
/// - SeeAlso: RFC 6962, section 2.1.
package enum MerkleTree {
    package static func leaf(_ entry: [UInt8]) -> Digest { Digest(sha256: [0] + entry) }

    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        Digest(sha256: [1] + left.bytes + right.bytes)
    }

    /// The root over entries in the order given.
    package static func root(_ entries: some Sequence<[UInt8]>) -> Digest { root(leaves: entries.map(leaf)) }

    /// The root over leaves. Pairing neighbours, level by level, and carrying an odd one up unchanged gives
    /// the same tree as halving at powers of two.
    package static func root(leaves: [Digest]) -> Digest {
        guard !leaves.isEmpty else { return Digest(sha256: []) }
        var level = leaves
        while level.count > 1 {
            var above: [Digest] = []
            above.reserveCapacity((level.count + 1) / 2)
            for index in stride(from: 0, to: level.count, by: 2) {
                above.append(index + 1 < level.count ? node(level[index], level[index + 1]) : level[index])
            }
            level = above
        }
        return level[0]
    }
}
