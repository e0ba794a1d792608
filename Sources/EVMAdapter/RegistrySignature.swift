import Ethereum

/// A signature that a call of the registry brings: of a payout's signer, or of a survivor.
public struct RegistrySignature: Sendable, Hashable {
    public var signer: Address
    public var signature: RecoverableSignature

    /// Signs a digest of 32 bytes as `eth_sign` does: the Keccak-256 of "\x19Ethereum Signed Message:\n32" and the digest.
    ///
    /// - Throws: `EthereumKeyError`.
    public init(_ digest: [UInt8], by key: EthereumKey) throws(EthereumKeyError) {
        signer = key.address
        signature = try key.sign(message: digest)
    }

    /// Signer, v, r, s.
    public var json: JSONValue { value.json }

    var value: ABIValue {
        .list([
            .address(signer), .number(UInt64(27 + signature.parity)), .integer(signature.r),
            .integer(signature.s),
        ])
    }
}
