/// The operator brings amounts in from elsewhere.
public struct Deposit: TransactionBody, Sendable {
    public var account: PublicKey
    public var amount: UInt64

    public init(account: PublicKey, amount: UInt64) {
        self.account = account
        self.amount = amount
    }

    public static let kind = Transaction.Kind.deposit
    public var transaction: Transaction { .deposit(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(account)
        encoder.encode(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        account = try decoder.publicKey("account")
        amount = try decoder.unsigned("amount")
    }
}

/// An account gives to another.
public struct Transfer: TransactionBody, Sendable {
    public var to: PublicKey
    public var amount: UInt64

    public init(to: PublicKey, amount: UInt64) {
        self.to = to
        self.amount = amount
    }

    public static let kind = Transaction.Kind.transfer
    public var transaction: Transaction { .transfer(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(to)
        encoder.encode(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        to = try decoder.publicKey("receiver")
        amount = try decoder.unsigned("amount")
    }
}

/// An account stakes an amount for a role, or adds to what it has staked.
public struct Register: TransactionBody, Sendable {
    public var role: Role
    public var amount: UInt64

    public init(role: Role, amount: UInt64) {
        self.role = role
        self.amount = amount
    }

    public static let kind = Transaction.Kind.register
    public var transaction: Transaction { .register(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        role.encode(to: &encoder)
        encoder.encode(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        role = try Role(from: &decoder)
        amount = try decoder.unsigned("amount")
    }
}

/// An account takes its stake of a role back.
public struct Unregister: TransactionBody, Sendable {
    public var role: Role

    public init(role: Role) { self.role = role }

    public static let kind = Transaction.Kind.unregister
    public var transaction: Transaction { .unregister(self) }

    public func encode(to encoder: inout CanonicalEncoder) { role.encode(to: &encoder) }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        role = try Role(from: &decoder)
    }
}
