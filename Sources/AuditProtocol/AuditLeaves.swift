/// What stands in the trees of an audit. Points are given as x ‖ y, 32 bytes each on BN254.
public enum AuditLeaf {
    /// Leaf of checkpoint number `index`: "ZKPOT-V1-CHECKPOINT" ‖ u64 index ‖ x ‖ y.
    ///
    /// - Parameter commitment: the uncompressed point.
    public static func checkpoint(_ index: Int, commitment: [UInt8]) -> Digest {
        leaf("ZKPOT-V1-CHECKPOINT", index, commitment)
    }

    /// Leaf of batch number `index`: "ZKPOT-V1-BATCH" ‖ u64 index ‖ x ‖ y.
    ///
    /// - Parameter commitment: the uncompressed point.
    public static func batch(_ index: Int, commitment: [UInt8]) -> Digest {
        leaf("ZKPOT-V1-BATCH", index, commitment)
    }

    private static func leaf(_ tag: StaticString, _ index: Int, _ commitment: [UInt8]) -> Digest {
        MerkleTree.leaf(HashedIntegers.tagged(tag, UInt64(index).bigEndianBytes + commitment))
    }
}

/// What is published about a data set before the data beacon: SHA-256("ZKPOT-V1-DATASET" ‖ Merkle root ‖ u64 batches).
///
/// The number of batches is inside, because the order of batches depends on it.
public func datasetDigest(root: Digest, batches: Int) -> Digest {
    Digest(sha256: HashedIntegers.tagged("ZKPOT-V1-DATASET", root.bytes + UInt64(batches).bigEndianBytes))
}
