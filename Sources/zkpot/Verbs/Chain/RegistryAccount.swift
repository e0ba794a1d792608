import EVMAdapter
import Ethereum

/// What an account has in a registry.
struct RegistryAccount: Encodable {
    struct Stake: Encodable {
        var role: String
        var stake: String
        var locked: String
    }

    var registry: String
    var balance: String
    var stakes: [Stake]

    init(_ account: Address, at address: Address, _ node: EthereumNode) throws {
        let client = try RegistryClient(node: node, address: address)
        registry = address.description
        balance = try client.balance(of: account).description
        stakes = try RegistryRole.allCases.compactMap { role in
            let (stake, locked) = try client.stake(of: account, role)
            guard stake != .zero else { return nil }
            return Stake(role: "\(role)", stake: stake.description, locked: locked.description)
        }
    }

    var text: String {
        var lines = ["In the registry: balance \(balance)"]
        lines += stakes.map { "stake as \($0.role) \($0.stake), \($0.locked) of it locked" }
        return lines.joined(separator: "\n  ")
    }
}
