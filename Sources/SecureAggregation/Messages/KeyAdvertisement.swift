import Ledger

/// Step 1: a participant's X25519 public keys, two for each other participant: one under which that one seals shares, one
/// for the mask of the pair.
///
/// Keys are made for each pair so that a dispute between two participants can be settled in public by showing the key of
/// that pair, which opens nothing else.
public struct KeyAdvertisement: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-KEYS" }
    public static var step: String { "keys" }

    /// For each other participant in order, 32 bytes.
    private let sealingKeys: [UInt8]
    private let maskKeys: [UInt8]

    /// - Parameters: keys by participant; those of the sender itself do not count.
    package init(sender: Int, sealingKeys: [[UInt8]], maskKeys: [[UInt8]]) {
        func flattened(_ keys: [[UInt8]]) -> [UInt8] {
            keys.indices.flatMap { $0 == sender ? [] : keys[$0] }
        }
        self.sealingKeys = flattened(sealingKeys)
        self.maskKeys = flattened(maskKeys)
    }

    /// The key of `sender` for shares between it and `peer`; form and sender have been checked.
    package func sealingKey(of sender: Int, for peer: Int) -> [UInt8] {
        Self.key(in: sealingKeys, sender, peer)
    }

    /// The key of `sender` for the mask of it and `peer`.
    package func maskKey(of sender: Int, for peer: Int) -> [UInt8] { Self.key(in: maskKeys, sender, peer) }

    private static func key(in keys: [UInt8], _ sender: Int, _ peer: Int) -> [UInt8] {
        let place = peer < sender ? peer : peer - 1
        guard peer != sender, place >= 0, (place + 1) * KeyAgreement.keyByteCount <= keys.count else {
            return []
        }
        return Array(keys[place * KeyAgreement.keyByteCount..<(place + 1) * KeyAgreement.keyByteCount])
    }

    /// What is wrong with the form, if anything.
    package func flaw(in session: AggregationSession) throws -> String? {
        let expected = (session.members.count - 1) * KeyAgreement.keyByteCount
        guard sealingKeys.count == expected, maskKeys.count == expected else {
            return "it does not have two keys for each other participant"
        }
        for keys in [sealingKeys, maskKeys] {
            for start in stride(from: 0, to: expected, by: KeyAgreement.keyByteCount)
            where try KeyAgreement.hasSmallOrder(Array(keys[start..<start + KeyAgreement.keyByteCount])) {
                return "a key has small order"
            }
        }
        return nil
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(sealingKeys)
        encoder.encode(maskKeys)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let maximum = KeyAgreement.keyByteCount * AggregationSession.maximumMembers
        sealingKeys = try decoder.bytes("sealing keys", maximum: maximum)
        maskKeys = try decoder.bytes("mask keys", maximum: maximum)
    }
}
