/// A transaction before it is signed.
public struct EthereumTransaction: Sendable, Hashable {
    public enum Fee: Sendable, Hashable {
        /// One price for each unit of gas (EIP-155).
        case legacy(gasPrice: UInt256)
        /// A tip on top of the block's base fee, and a limit on both together (EIP-1559).
        case market(maxPriorityFee: UInt256, maxFee: UInt256)

        /// The most that a unit of gas can cost.
        public var maximum: UInt256 {
            switch self {
            case .legacy(let gasPrice): gasPrice
            case .market(_, let maxFee): maxFee
            }
        }
    }

    public var chainID: UInt64
    public var nonce: UInt64
    public var fee: Fee
    public var gasLimit: UInt64
    /// `nil` creates a contract.
    public var to: Address?
    /// In wei.
    public var value: UInt256
    public var data: [UInt8]

    public init(
        chainID: UInt64, nonce: UInt64, fee: Fee, gasLimit: UInt64, to: Address?, value: UInt256 = .zero,
        data: [UInt8] = []
    ) {
        self.chainID = chainID
        self.nonce = nonce
        self.fee = fee
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
    }

    /// What both encodings have in common from the gas limit on.
    private var target: [RLP] {
        [.integer(gasLimit), .bytes(to?.bytes ?? []), .integer(value), .bytes(data)]
    }

    private var unsigned: [RLP] {
        switch fee {
        case .legacy(let gasPrice): [.integer(nonce), .integer(gasPrice)] + target
        case .market(let tip, let maxFee):
            [.integer(chainID), .integer(nonce), .integer(tip), .integer(maxFee)] + target + [.list([])]
        }
    }

    /// What is signed.
    public var signingHash: [UInt8] {
        switch fee {
        case .legacy:
            Keccak256.hash(
                RLP.list(unsigned + [.integer(chainID), .integer(UInt64(0)), .integer(UInt64(0))]).encoded)
        case .market: Keccak256.hash([0x02] + RLP.list(unsigned).encoded)
        }
    }

    /// Signs.
    ///
    /// - Throws: `EthereumKeyError`.
    public func signed(with key: EthereumKey) throws(EthereumKeyError) -> SignedEthereumTransaction {
        let signature = try key.sign(signingHash)
        return SignedEthereumTransaction(
            transaction: self, sender: key.address, encoded: encoded(signature))
    }

    func encoded(_ signature: RecoverableSignature) -> [UInt8] {
        let numbers: [RLP] = [.integer(signature.r), .integer(signature.s)]
        switch fee {
        case .legacy:
            // v = {0, 1} + 2·chain + 35, which has at most 66 bits.
            let v = UInt256(chainID).multiplied(by: 2)?.adding(UInt256(35 + UInt64(signature.parity)))
            return RLP.list(unsigned + [.integer(v ?? .zero)] + numbers).encoded
        case .market:
            return [0x02] + RLP.list(unsigned + [.integer(UInt64(signature.parity))] + numbers).encoded
        }
    }
}

/// A transaction as a node takes it.
public struct SignedEthereumTransaction: Sendable, Hashable {
    public let transaction: EthereumTransaction
    public let sender: Address
    public let encoded: [UInt8]

    /// What the transaction is known by.
    public var hash: [UInt8] { Keccak256.hash(encoded) }

    init(transaction: EthereumTransaction, sender: Address, encoded: [UInt8]) {
        (self.transaction, self.sender, self.encoded) = (transaction, sender, encoded)
    }

    /// Reads a transaction of EIP-155 or EIP-1559 without an access list, and finds out who signed it.
    ///
    /// - Throws: `EncodingError`.
    public init(decoding bytes: [UInt8]) throws(EncodingError) {
        let fields: [RLP]
        let transaction: EthereumTransaction
        let parity: UInt256
        if bytes.first == 0x02 {
            fields = try RLP(decoding: Array(bytes.dropFirst())).requireList(12, "a transaction of EIP-1559")
            guard try fields[8].requireList(0, "the access list").isEmpty else {
                throw EncodingError("a transaction with an access list")
            }
            transaction = EthereumTransaction(
                chainID: try Self.short(fields[0], "the chain"),
                nonce: try Self.short(fields[1], "the nonce"),
                fee: .market(
                    maxPriorityFee: try fields[2].requireInteger("the tip"),
                    maxFee: try fields[3].requireInteger("the fee")),
                gasLimit: try Self.short(fields[4], "the gas limit"), to: try Self.recipient(fields[5]),
                value: try fields[6].requireInteger("the value"), data: try fields[7].requireBytes("the data")
            )
            parity = try fields[9].requireInteger("the parity")
        } else {
            fields = try RLP(decoding: bytes).requireList(9, "a transaction")
            let v = try fields[6].requireInteger("v")
            guard let (double, odd) = v.subtracting(35)?.quotientAndRemainder(dividingBy: 2),
                let chainID = double.uint64
            else { throw EncodingError("a transaction without the number of its chain") }
            transaction = EthereumTransaction(
                chainID: chainID, nonce: try Self.short(fields[0], "the nonce"),
                fee: .legacy(gasPrice: try fields[1].requireInteger("the gas price")),
                gasLimit: try Self.short(fields[2], "the gas limit"), to: try Self.recipient(fields[3]),
                value: try fields[4].requireInteger("the value"), data: try fields[5].requireBytes("the data")
            )
            parity = UInt256(odd)
        }
        let signature = RecoverableSignature(
            r: try fields[fields.count - 2].requireInteger("r"),
            s: try fields[fields.count - 1].requireInteger("s"),
            parity: parity <= 1 ? UInt8(parity.uint64 ?? 2) : 2)
        guard let sender = signature.signer(of: transaction.signingHash) else {
            throw EncodingError("a transaction with a signature of nobody")
        }
        self.init(transaction: transaction, sender: sender, encoded: bytes)
    }

    private static func short(_ item: RLP, _ what: String) throws(EncodingError) -> UInt64 {
        guard let value = try item.requireInteger(what).uint64 else {
            throw EncodingError("\(what) of a transaction is larger than 64 bits")
        }
        return value
    }

    private static func recipient(_ item: RLP) throws(EncodingError) -> Address? {
        let bytes = try item.requireBytes("the recipient")
        if bytes.isEmpty { return nil }
        guard let address = Address(bytes) else { throw EncodingError("a recipient that is no address") }
        return address
    }
}
