/// Why a transaction was not carried out, or is not known to have been.
public enum TransactionError: Error, Equatable, CustomStringConvertible {
    /// The node serves another chain than the one that was asked for.
    case wrongChain(expected: UInt64, actual: UInt64)
    /// The contract undid it; `transaction` is `nil` if this was found out before it was sent.
    case reverted(RevertReason, transaction: Hash?)
    case noContract(Address)
    case insufficientFunds(Address, balance: UInt256, needed: UInt256)
    /// A unit of gas costs more than the policy allows, in wei.
    case feeTooHigh(price: UInt256, limit: UInt256)
    /// It needs more gas than a block has.
    case gasTooHigh(needed: UInt64, limit: UInt64)
    /// Another transaction of the account has its nonce: it can never be carried out.
    case lost(Hash, nonce: UInt64)
    /// Not confirmed in time; it may still be carried out.
    case unconfirmed(Hash, seconds: Double)
    /// The node answers something that does not fit what was sent.
    case inconsistent(String)

    public var description: String {
        switch self {
        case .wrongChain(let expected, let actual):
            return "the node serves chain \(actual), not chain \(expected)"
        case .reverted(let reason, nil): return "the contract refuses: \(reason)"
        case .reverted(let reason, let hash?): return "transaction \(hash) was undone: \(reason)"
        case .noContract(let address): return "there is no contract at \(address)"
        case .insufficientFunds(let address, let balance, let needed):
            return "\(address) has \(balance) wei, up to \(needed) are needed"
        case .feeTooHigh(let price, let limit):
            return "a unit of gas costs \(price) wei, more than the limit of \(limit)"
        case .gasTooHigh(let needed, let limit):
            return "\(needed) gas are more than the \(limit) that a block has"
        case .lost(let hash, let nonce):
            return "transaction \(hash) is lost: another one of the same account has its nonce \(nonce)"
        case .unconfirmed(let hash, let seconds):
            return "transaction \(hash) is not confirmed after \(seconds) s; it may still be carried out"
        case .inconsistent(let reason): return reason
        }
    }
}

/// How transactions are paid for and waited for.
public struct SendingPolicy: Sendable, Hashable {
    /// Blocks from the transaction's own on that must stand before it counts; 1 waits for its block alone.
    public var confirmations: UInt64 = 1
    /// Wei for a unit of gas, tip included, that is never exceeded.
    public var maximumFee = UInt256(500_000_000_000)
    /// Gas on top of the node's estimate, in percent.
    public var gasMargin: UInt64 = 20
    /// Between two questions whether it is done.
    public var pollInterval: Duration = .seconds(1)
    /// After so long without a block the transaction is sent again with a higher fee.
    public var replaceAfter: Duration = .seconds(60)
    public var maximumReplacements = 5
    /// After so long waiting ends with an error.
    public var giveUpAfter: Duration = .seconds(900)

    public init() {}
}

/// What happens to a transaction while it is waited for.
public enum TransactionEvent: Sendable, Hashable {
    case sent(Hash)
    /// Sent again with a higher fee.
    case replaced(Hash)
    case included(Hash, block: UInt64)
    /// The block that held it is no longer part of the chain.
    case reorganized(Hash, block: UInt64)
}
