import EVMAdapter
import Ethereum
import Presentation

/// Names an order of a registry: one round of a task.
struct OrderOptions: ArgumentGroup {
    @Option("The registry's address.")
    var registry: Address

    @Option("The task's name.")
    var task: String

    @Option("The round.")
    var round: UInt64

    init() {}

    func client(_ node: EthereumNode) throws -> RegistryClient {
        try RegistryClient(node: node, address: registry)
    }
}
