import EVMAdapter
import Ethereum
import Presentation
import ProofOfTraining

/// `zkpot chain commit`
struct ChainCommitVerb: Verb {
    static let about = About(
        "commit", "Commit to a model in an order.",
        discussion: """
            Also makes the sender's part of the order's beacon. Its secret is needed for 'zkpot chain reveal', once \
            commitments have ended; until then it stays private.
            """,
        example: """
            zkpot chain commit alice.zkc --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0 \\
                --secret alice.secret --key alice.key
            """)

    @Positional("The model's commitment, a file of 'zkpot commit'.")
    var commitment: InputFile

    @Group var order: OrderOptions

    @Option("Where the secret of the beacon goes; must not exist yet.")
    var secret: OutputFile

    @Option("The root of the checkpoints, for tasks with audits: 0x and 64 hexadecimal digits.")
    var checkpointRoot: Ethereum.Hash?

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let point = try BinaryFile.commitment(commitment, role: QualityRelation.roles[0])
        let sender = try sender.sender(node, console)
        let registry = try order.client(sender.node)
        let secret = try BeaconSecretFile.make(secret)
        let call = RegistryCall.commitModel(
            order.task, order.round, point,
            beaconCommitment: RegistryHashes.beaconCommitment(account: sender.key.address, secret: secret),
            checkpointRoot: checkpointRoot?.bytes ?? [UInt8](repeating: 0, count: 32))
        return try TransactionResult.present(console, registry.contract, function: call.function) {
            try registry.perform(call, gasLimit: self.sender.gasLimit, by: sender)
        }
    }
}

/// `zkpot chain reveal`
struct ChainRevealVerb: Verb {
    static let about = About(
        "reveal", "Reveal the sender's part of an order's beacon.",
        example: """
            zkpot chain reveal --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0 \\
                --secret alice.secret --key alice.key
            """)

    @Group var order: OrderOptions

    @Option("The secret, a file of 'zkpot chain commit'.")
    var secret: InputFile

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let secret = try BeaconSecretFile.read(secret)
        let sender = try sender.sender(node, console)
        let registry = try order.client(sender.node)
        let call = RegistryCall.revealSecret(order.task, order.round, secret)
        return try TransactionResult.present(console, registry.contract, function: call.function) {
            try registry.perform(call, gasLimit: self.sender.gasLimit, by: sender)
        }
    }
}
