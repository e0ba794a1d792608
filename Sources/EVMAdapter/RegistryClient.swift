import Ethereum
import Groth16

/// A registry on a chain.
public struct RegistryClient {
    public let contract: ContractClient
    public let chainID: UInt64

    public var address: Address { contract.address }

    /// The registry at an address.
    ///
    /// - Throws: `NodeError`; `ContractFileError` if the project's contracts are not compiled.
    public init(node: EthereumNode, address: Address) throws {
        contract = ContractClient(
            node: node, address: address, interface: try CompiledContract("Registry").interface)
        chainID = try node.chainID()
    }

    /// Creates a registry: the settlement's code first, then the registry itself.
    ///
    /// - Throws: what `ContractClient.deploy` throws.
    public static func deploy(_ parameters: RegistryParameters, by sender: TransactionSender) throws -> (
        registry: RegistryClient, receipts: [TransactionReceipt]
    ) {
        let settlement = try CompiledContract("Settlement")
        let (code, first) = try ContractClient.deploy(
            settlement.interface, code: settlement.code, arguments: [parameters.value], by: sender)
        let registry = try CompiledContract("Registry")
        let (contract, second) = try ContractClient.deploy(
            registry.interface, code: registry.code, arguments: [.address(code.address), parameters.value],
            by: sender)
        return (try RegistryClient(node: sender.node, address: contract.address), [first, second])
    }

    /// Sends a transaction and waits until it is confirmed.
    ///
    /// - Throws: `TransactionError.reverted` with the protocol's reason code as its message, and what
    ///   `ContractClient.transact` throws otherwise.
    @discardableResult
    public func perform(_ call: RegistryCall, gasLimit: UInt64? = nil, by sender: TransactionSender) throws
        -> TransactionReceipt
    {
        try contract.transact(
            call.function, call.arguments, value: call.value, gasLimit: gasLimit, by: sender)
    }

    /// The reason code with which the registry would refuse a transaction now, `nil` if it would not.
    ///
    /// - Throws: `TransactionError` for other failures than a refusal of the registry; `NodeError`.
    public func refusal(of call: RegistryCall, from sender: Address) throws -> String? {
        let function = try contract.interface.function(call.function)
        let request = CallRequest(
            from: sender, to: address, data: try function.callData(call.arguments), value: call.value)
        do throws(NodeError) {
            _ = try contract.node.call(request)
            return nil
        } catch {
            guard let data = error.revertData else { throw error }
            guard case .message(let code) = RevertReason(data) else {
                throw TransactionError.reverted(RevertReason(data), transaction: nil)
            }
            return code
        }
    }

    /// Where a proof for this registry counts.
    public func context(
        task: String, round: UInt64, stage: UInt64 = 0, chunk: UInt64 = 0, participant: Address,
        roles: [String]
    ) -> ProofContext {
        ProofContext(
            ledger: RegistryHashes.ledger(chainID: chainID), contract: RegistryHashes.name(address),
            task: task,
            round: round, stage: stage, chunk: chunk, participant: RegistryHashes.name(participant),
            roles: roles)
    }

    public func orderName(task: String, round: UInt64) -> [UInt8] {
        RegistryHashes.orderName(chainID: chainID, registry: address, task: task, round: round)
    }

    // MARK: - What it knows

    public func balance(of account: Address) throws -> UInt256 {
        try number("balanceOf", [.address(account)])
    }

    /// Stake in a role, and what of it is locked.
    public func stake(of account: Address, _ role: RegistryRole) throws -> (stake: UInt256, locked: UInt256) {
        let values = try contract.call("stakeOf", [.address(account), .number(UInt64(role.rawValue))])
        guard values.count == 2, let stake = values[0].integer, let locked = values[1].integer else {
            throw TransactionError.inconsistent("stakeOf gives no two numbers")
        }
        return (stake, locked)
    }

    public func burnt() throws -> UInt256 { try number("burnt", []) }
    public func supply() throws -> UInt256 { try number("supply", []) }

    /// Who is paid how much, once an order is finalized.
    public func payments(task: String, round: UInt64) throws -> [(account: Address, amount: UInt256)] {
        let list =
            try contract.call("payments", [.bytes(RegistryHashes.task(task)), .number(round)])[0].list ?? []
        return try list.map { entry in
            guard let account = entry.list?.first?.address, let amount = entry.list?.last?.integer else {
                throw TransactionError.inconsistent("payments gives something else than accounts and amounts")
            }
            return (account, amount)
        }
    }

    /// What the signers of a payout sign, as the contract computes it.
    public func payoutDigest(task: String, round: UInt64) throws -> [UInt8] {
        try contract.call("payoutDigest", [.bytes(RegistryHashes.task(task)), .number(round)])[0].bytes ?? []
    }

    /// What survivors sign, as the contract computes it.
    public func survivorsDigest(task: String, round: UInt64, _ survivors: [Address]) throws -> [UInt8] {
        try contract.call(
            "survivorsDigest",
            [.bytes(RegistryHashes.task(task)), .number(round), .list(survivors.map { .address($0) })])[0]
            .bytes
            ?? []
    }

    private func number(_ function: String, _ arguments: [ABIValue]) throws -> UInt256 {
        try contract.call(function, arguments).first?.integer ?? .zero
    }
}
