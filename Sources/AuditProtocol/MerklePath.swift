/// What shows that one leaf is in a Merkle tree: the siblings on the way from the leaf to the root.
///
/// - SeeAlso: RFC 6962, section 2.1.1; the check is that of RFC 9162, section 2.1.3.2.
public struct MerklePath: Sendable, Hashable {
    /// Leaf's sibling first.
    public var nodes: [Digest]

    public init(nodes: [Digest]) { self.nodes = nodes }

    /// The nodes one after the other, 32 bytes each; their number follows from the leaf's index and the tree's size.
    public var encoded: [UInt8] { nodes.flatMap(\.bytes) }

    /// Reads the path of leaf `index` in a tree of `size` leaves.
    ///
    /// - Returns: `nil` if there is no such leaf or the number of bytes is not that of its path.
    public init?(encoded bytes: some Collection<UInt8>, index: Int, size: Int) {
        guard let length = Self.length(index: index, size: size), bytes.count == length * 32 else {
            return nil
        }
        let bytes = Array(bytes)
        nodes = (0..<length).compactMap { Digest(bytes[32 * $0..<32 * $0 + 32]) }
    }

    /// Nodes in the path of leaf `index` in a tree of `size` leaves, `nil` if there is no such leaf.
    public static func length(index: Int, size: Int) -> Int? {
        guard index >= 0, index < size else { return nil }
        var (position, last, length) = (index, size - 1, 0)
        while last > 0 {
            if position & 1 == 1 || position < last { length += 1 }
            (position, last) = (position >> 1, last >> 1)
        }
        return length
    }

    /// The root that leaf number `index` of `size` and this path lead to; `nil` if there is no such leaf or the path has
    /// another length than its.
    public func root(leaf: Digest, index: Int, size: Int) -> Digest? {
        guard Self.length(index: index, size: size) == nodes.count else { return nil }
        var (position, last) = (index, size - 1)
        var rest = nodes[...]
        var current = leaf
        while last > 0 {
            // An even position at the end of its level has no sibling and is carried up.
            if position & 1 == 1 {
                guard let sibling = rest.popFirst() else { return nil }
                current = MerkleTree.node(sibling, current)
            } else if position < last {
                guard let sibling = rest.popFirst() else { return nil }
                current = MerkleTree.node(current, sibling)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return current
    }

    /// Whether `leaf` is number `index` of the `size` leaves under `root`.
    public func verify(leaf: Digest, index: Int, size: Int, root: Digest) -> Bool {
        self.root(leaf: leaf, index: index, size: size) == root
    }
}
