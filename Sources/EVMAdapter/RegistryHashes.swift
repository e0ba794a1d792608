import EllipticCurves
import Ethereum
import Groth16

/// Names and hashes that the registry and its clients both compute (Contracts/README.md).
public enum RegistryHashes {
    /// The field `ledger` of contexts: `eip155:` and the chain's number.
    public static func ledger(chainID: UInt64) -> String { "eip155:\(chainID)" }

    /// An address in the fields `contract` and `participant` of contexts: `0x` and 40 lower-case digits.
    public static func name(_ address: Address) -> String { Hex.encode(address.bytes) }

    /// What the registry knows a task by: SHA-256 of its name.
    public static func task(_ name: String) -> [UInt8] { SHA256.hash(Array(name.utf8)) }

    /// What stands for an order in other hashes.
    public static func orderName(chainID: UInt64, registry: Address, task: String, round: UInt64) -> [UInt8] {
        SHA256.hash(
            Array("ZKPOT-V1-ORDER".utf8) + SHA256.hash(Array(ledger(chainID: chainID).utf8))
                + SHA256.hash(Array(name(registry).utf8)) + self.task(task) + bytes(round))
    }

    /// What an order says of its test set.
    ///
    /// - Parameters:
    ///   - salt: 32 bytes.
    ///   - contents: SHA-256 of the samples.
    ///   - baseline: how many samples the current global model classifies correctly.
    public static func testSet(
        orderName: [UInt8], salt: [UInt8], contents: [UInt8], baseline: UInt64, chunks: [RegistryChunk]
    ) -> [UInt8] {
        var bytes = Array("ZKPOT-V1-TEST-SET".utf8) + orderName + salt + contents
        bytes += word(baseline) + word(UInt64(chunks.count))
        for chunk in chunks {
            bytes += chunk.commitment.encoded(as: .uncompressed) + word(chunk.samples)
        }
        return SHA256.hash(bytes)
    }

    /// The commitment to a participant's part of the beacon.
    ///
    /// - Parameter secret: 32 bytes.
    public static func beaconCommitment(account: Address, secret: [UInt8]) -> [UInt8] {
        SHA256.hash(
            Array("ZKPOT-V1-SECRET".utf8) + [UInt8](repeating: 0, count: 12) + account.bytes + secret)
    }

    /// What the signers of a payout sign.
    public static func payout(orderName: [UInt8], payments: [(account: Address, amount: UInt256)]) -> [UInt8]
    {
        payments.reduce(SHA256.hash(Array("ZKPOT-V1-PAYOUT".utf8) + orderName)) { digest, payment in
            Keccak256.hash(
                digest + [UInt8](repeating: 0, count: 12) + payment.account.bytes
                    + payment.amount.bigEndianBytes)
        }
    }

    /// What survivors of secure aggregation sign.
    ///
    /// - Parameter survivors: as the call names them, ascending.
    public static func survivors(orderName: [UInt8], _ survivors: [Address]) -> [UInt8] {
        SHA256.hash(
            Array("ZKPOT-V1-SURVIVORS".utf8) + orderName
                + survivors.flatMap { [UInt8](repeating: 0, count: 12) + $0.bytes })
    }

    /// Accounts in the order in which calls list them, that of their bytes.
    public static func ascending(_ accounts: [Address]) -> [Address] {
        accounts.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] { Array(word(value).suffix(8)) }
    private static func word(_ value: UInt64) -> [UInt8] { UInt256(value).bigEndianBytes }
}

/// A chunk of a test set as an order's publisher reveals it.
public struct RegistryChunk: Sendable, Hashable {
    public var commitment: AffinePoint<BN254G1>
    public var samples: UInt64

    public init(commitment: AffinePoint<BN254G1>, samples: UInt64) {
        self.commitment = commitment
        self.samples = samples
    }
}
