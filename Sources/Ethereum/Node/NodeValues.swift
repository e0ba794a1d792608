/// A quantity: `0x` and hexadecimal digits.
struct Quantity: Decodable {
    let value: UInt256

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = UInt256(quantity: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "is no quantity of at most 256 bits")
        }
        self.value = value
    }
}

/// A quantity of at most 63 bits: numbers of blocks and chains, nonces, gas and times, with room to add to them.
struct ShortQuantity: Decodable {
    let value: UInt64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = try container.decode(Quantity.self).value.uint64, value <= UInt64(Int64.max) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "is larger than 63 bits")
        }
        self.value = value
    }
}

/// Bytes: `0x` and an even number of hexadecimal digits.
struct HexBytes: Decodable {
    let value: [UInt8]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Hex.decode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is not hexadecimal")
        }
        self.value = value
    }
}

/// A hash: 32 bytes.
public struct Hash: Sendable, Hashable, Decodable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// The hash of exactly 32 bytes, `nil` for any other number.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The hash of `0x` and 64 hexadecimal digits, `nil` for anything else.
    public init?(_ text: String) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let hash = Hash(try container.decode(HexBytes.self).value) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "does not have 32 bytes")
        }
        self = hash
    }

    public var description: String { Hex.encode(bytes) }
}

extension Address: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Nodes need not write checksums.
        guard let address = Address(try container.decode(HexBytes.self).value) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "does not have 20 bytes")
        }
        self = address
    }
}

/// A block's header, as far as it is needed.
public struct Block: Sendable, Hashable, Decodable {
    public var number: UInt64
    public var hash: Hash
    public var parentHash: Hash
    /// Seconds since 1970.
    public var timestamp: UInt64
    public var gasLimit: UInt64
    /// `nil` on chains without EIP-1559.
    public var baseFee: UInt256?

    private enum CodingKeys: String, CodingKey {
        case number, hash, parentHash, timestamp, gasLimit, baseFeePerGas
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        number = try container.decode(ShortQuantity.self, forKey: .number).value
        hash = try container.decode(Hash.self, forKey: .hash)
        parentHash = try container.decode(Hash.self, forKey: .parentHash)
        timestamp = try container.decode(ShortQuantity.self, forKey: .timestamp).value
        gasLimit = try container.decode(ShortQuantity.self, forKey: .gasLimit).value
        baseFee = try container.decodeIfPresent(Quantity.self, forKey: .baseFeePerGas)?.value
    }
}

/// What a contract wrote into a transaction's receipt.
public struct Log: Sendable, Hashable, Decodable {
    public var address: Address
    public var topics: [[UInt8]]
    public var data: [UInt8]
    public var blockNumber: UInt64
    public var blockHash: Hash
    public var transactionHash: Hash
    public var index: UInt64
    /// Set by nodes that report what a reorganisation took back.
    public var isRemoved: Bool

    private enum CodingKeys: String, CodingKey {
        case address, topics, data, blockNumber, blockHash, transactionHash, logIndex, removed
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = try container.decode(Address.self, forKey: .address)
        topics = try container.decode([Hash].self, forKey: .topics).map(\.bytes)
        data = try container.decode(HexBytes.self, forKey: .data).value
        blockNumber = try container.decode(ShortQuantity.self, forKey: .blockNumber).value
        blockHash = try container.decode(Hash.self, forKey: .blockHash)
        transactionHash = try container.decode(Hash.self, forKey: .transactionHash)
        index = try container.decode(ShortQuantity.self, forKey: .logIndex).value
        isRemoved = try container.decodeIfPresent(Bool.self, forKey: .removed) ?? false
    }
}

/// What came of a transaction in a block.
public struct TransactionReceipt: Sendable, Hashable, Decodable {
    public var transactionHash: Hash
    public var blockHash: Hash
    public var blockNumber: UInt64
    /// Whether it was carried out; `false` if it was undone.
    public var succeeded: Bool
    public var gasUsed: UInt64
    /// Wei for each unit of gas.
    public var effectiveGasPrice: UInt256?
    public var contractAddress: Address?
    public var logs: [Log]

    private enum CodingKeys: String, CodingKey {
        case transactionHash, blockHash, blockNumber, status, gasUsed, effectiveGasPrice, contractAddress,
            logs
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        transactionHash = try container.decode(Hash.self, forKey: .transactionHash)
        blockHash = try container.decode(Hash.self, forKey: .blockHash)
        blockNumber = try container.decode(ShortQuantity.self, forKey: .blockNumber).value
        let status = try container.decode(ShortQuantity.self, forKey: .status).value
        guard status <= 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .status, in: container, debugDescription: "is neither 0 nor 1")
        }
        succeeded = status == 1
        gasUsed = try container.decode(ShortQuantity.self, forKey: .gasUsed).value
        effectiveGasPrice = try container.decodeIfPresent(Quantity.self, forKey: .effectiveGasPrice)?.value
        contractAddress = try container.decodeIfPresent(Address.self, forKey: .contractAddress)
        logs = try container.decode([Log].self, forKey: .logs)
    }
}

/// Fees of the last blocks.
public struct FeeHistory: Sendable, Hashable, Decodable {
    /// Of each block asked for, and of the next.
    public var baseFees: [UInt256]
    /// Of each block, the tips at the percentiles asked for.
    public var rewards: [[UInt256]]

    private enum CodingKeys: String, CodingKey { case baseFeePerGas, reward }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        baseFees = try container.decode([Quantity].self, forKey: .baseFeePerGas).map(\.value)
        let rewards = try container.decodeIfPresent([[Quantity]].self, forKey: .reward) ?? []
        self.rewards = rewards.map { $0.map(\.value) }
    }
}
