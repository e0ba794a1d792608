/// Twenty bytes that name an account or a contract.
public struct Address: Sendable, Hashable, CustomStringConvertible {
    public static let byteCount = 20

    private let word: UInt256

    /// The address of exactly 20 bytes, `nil` for any other number.
    public init?(_ bytes: some BidirectionalCollection<UInt8>) {
        guard bytes.count == Self.byteCount, let word = UInt256(bigEndian: bytes) else { return nil }
        self.word = word
    }

    /// Reads `0x` and 40 hexadecimal digits. If both upper and lower case occur, they must be the checksum.
    ///
    /// - Throws: `EncodingError`.
    /// - SeeAlso: EIP-55.
    public init(_ text: some StringProtocol) throws(EncodingError) {
        guard let bytes = Hex.decode(text), let address = Address(bytes) else {
            throw EncodingError("an address is 0x and 40 hexadecimal digits")
        }
        let digits = text.dropFirst(2)
        let isMixed = digits.contains(where: \.isLowercase) && digits.contains(where: \.isUppercase)
        guard !isMixed || address.description == text else {
            throw EncodingError("the checksum in the letters of the address \(text) is wrong")
        }
        self = address
    }

    public var bytes: [UInt8] { Array(word.bigEndianBytes.suffix(Self.byteCount)) }

    public static let zero = Address(word: .zero)
    private init(word: UInt256) { self.word = word }

    /// `0x` and 40 digits whose case is a checksum.
    ///
    /// - SeeAlso: EIP-55.
    public var description: String {
        let digits = Array(Hex.digits(bytes).utf8)
        let hash = Keccak256.hash(digits)
        let cased = digits.enumerated().map { position, digit in
            let nibble = position % 2 == 0 ? hash[position / 2] >> 4 : hash[position / 2] & 15
            return digit >= UInt8(ascii: "a") && nibble >= 8 ? digit - 32 : digit
        }
        return "0x" + String(decoding: cased, as: UTF8.self)
    }

    /// The contract that `deployer`'s transaction with this nonce creates.
    ///
    /// - SeeAlso: the yellow paper, equation 88.
    public static func created(by deployer: Address, nonce: UInt64) -> Address {
        truncating(Keccak256.hash(RLP.list([.bytes(deployer.bytes), .integer(nonce)]).encoded))
    }

    /// The contract that CREATE2 makes in `deployer`.
    ///
    /// - Parameter salt: 32 bytes.
    /// - Throws: `EncodingError` for a salt of another length.
    /// - SeeAlso: EIP-1014.
    public static func created(by deployer: Address, salt: [UInt8], initCode: [UInt8]) throws(EncodingError)
        -> Address
    {
        guard salt.count == 32 else { throw EncodingError("a salt has 32 bytes, not \(salt.count)") }
        return truncating(Keccak256.hash([0xFF] + deployer.bytes + salt + Keccak256.hash(initCode)))
    }

    /// The account of a public key: 64 bytes, x and y.
    static func of(publicKey: [UInt8]) -> Address { truncating(Keccak256.hash(publicKey)) }

    private static func truncating(_ hash: [UInt8]) -> Address {
        Address(word: UInt256(bigEndian: hash.suffix(byteCount)) ?? .zero)
    }
}
