import AuditProtocol
import Testing

@Suite struct MerklePathTests {
    private func leaves(_ count: Int) -> [Digest] { (0..<count).map { MerkleTree.leaf([UInt8($0)]) } }

    /// The path by the definition of RFC 6962, section 2.1.1, word for word.
    private func reference(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        var half = 1
        while 2 * half < leaves.count { half *= 2 }
        let middle = leaves.startIndex + half
        let (left, right) = (leaves[..<middle], leaves[middle...])
        return index < half
            ? reference(index, left) + [MerkleTree.root(leaves: Array(right))]
            : reference(index - half, right) + [MerkleTree.root(leaves: Array(left))]
    }

    @Test func pathsOfEverySizeAreThoseOfTheDefinition() {
        for count in 1...33 {
            let leaves = leaves(count)
            let tree = MerkleTree(leaves: leaves)
            #expect(tree.root == MerkleTree.root(leaves: leaves))
            for index in 0..<count {
                let path = tree.path(to: index)
                #expect(path.nodes == reference(index, leaves[...]))
                #expect(path.verify(leaf: leaves[index], index: index, size: count, root: tree.root))
                #expect(MerklePath.length(index: index, size: count) == path.nodes.count)
                #expect(MerklePath(encoded: path.encoded, index: index, size: count) == path)
            }
        }
    }

    @Test func otherPathsAreRefused() {
        for count in [1, 2, 3, 5, 8, 11] {
            let leaves = leaves(count)
            let tree = MerkleTree(leaves: leaves)
            for index in 0..<count {
                let path = tree.path(to: index)
                let leaf = leaves[index]
                func holds(_ path: MerklePath, _ leaf: Digest, _ index: Int, _ size: Int) -> Bool {
                    path.verify(leaf: leaf, index: index, size: size, root: tree.root)
                }
                for other in -1...count where other != index { #expect(!holds(path, leaf, other, count)) }
                #expect(!holds(path, MerkleTree.leaf([99]), index, count))
                #expect(!holds(MerklePath(nodes: path.nodes + [leaf]), leaf, index, count))
                #expect(!holds(MerklePath(nodes: [leaf] + path.nodes), leaf, index, count))
                for position in path.nodes.indices {
                    var forged = path
                    forged.nodes[position] = Digest(sha256: [7])
                    #expect(!holds(forged, leaf, index, count))
                    forged = path
                    forged.nodes.remove(at: position)
                    #expect(!holds(forged, leaf, index, count))
                }
                #expect(!holds(path, leaf, index, 0))
                #expect(!holds(path, leaf, Int.max, Int.max))
                #expect(!holds(path, leaf, Int.min, count))
            }
        }
    }

    @Test func hostileEncodingsAreRefused() {
        let path = MerkleTree(leaves: leaves(11)).path(to: 4)
        #expect(MerklePath(encoded: path.encoded.dropLast(), index: 4, size: 11) == nil)
        #expect(MerklePath(encoded: path.encoded + [0], index: 4, size: 11) == nil)
        #expect(MerklePath(encoded: path.encoded + path.encoded, index: 4, size: 11) == nil)
        #expect(MerklePath(encoded: path.encoded, index: 11, size: 11) == nil)
        #expect(MerklePath(encoded: path.encoded, index: -1, size: 11) == nil)
        #expect(MerklePath(encoded: [], index: 0, size: 0) == nil)
        #expect(MerklePath.length(index: Int.max - 1, size: Int.max) == 62)
        #expect(MerklePath.length(index: 0, size: Int.max) == 63)
        // A node cannot be passed off as a leaf.
        let tree = MerkleTree(leaves: leaves(4))
        let inner = MerklePath(nodes: [tree.path(to: 0).nodes[1]])
        #expect(!inner.verify(leaf: MerkleTree.leaf([0]), index: 0, size: 2, root: tree.root))
    }

    @Test func anotherSizeIsAnotherDataset() {
        // A path of leaf 0 has the same length among 5, 6, 7 and 8 leaves: the root alone does not tell the size.
        let tree = MerkleTree(leaves: leaves(8))
        #expect(tree.path(to: 0).verify(leaf: leaves(8)[0], index: 0, size: 7, root: tree.root))
        #expect(datasetDigest(root: tree.root, batches: 8) != datasetDigest(root: tree.root, batches: 7))
    }
}
