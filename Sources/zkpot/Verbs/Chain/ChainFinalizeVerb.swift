import ContentStore
import EVMAdapter
import Ethereum
import Foundation
import Presentation

/// `zkpot chain finalize`
struct ChainFinalizeVerb: Verb {
    static let about = About(
        "finalize", "End an order with the sum of the models' commitments.",
        discussion: """
            The accepted models, or those of the survivors if these are on record, are found in the registry's logs. --model \
            names the file that opens the global model; its SHA-256 is recorded, which is also its address in \
            content-addressed storage ('zkpot store').
            """,
        example: """
            zkpot chain finalize --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0 \\
                --model global.zko --key aggregator.key
            """)

    @Group var order: OrderOptions

    @Option("The file that opens the global model; none if nobody is accepted.")
    var model: InputFile?

    @Option("The block in which the registry was created, or any before.")
    var from: UInt64 = 0

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let digest = try model.map { ContentIdentifier(of: try BinaryFile.read($0)).digest }
        let sender = try sender.sender(node, console)
        let registry = try order.client(sender.node)
        let call: RegistryCall
        if let digest {
            call = try registry.finalizing(
                task: order.task, round: order.round, file: digest, sender: sender.key.address, from: from)
        } else {
            call = .finalize(order.task, order.round, model: nil)
        }
        return try TransactionResult.present(console, registry.contract, function: call.function) {
            try registry.perform(call, gasLimit: self.sender.gasLimit, by: sender)
        }
    }
}

/// `zkpot chain sign-payout`
struct ChainSignPayoutVerb: Verb {
    static let about = About(
        "sign-payout", "Sign the payout of a finalized order.",
        discussion: """
            Shows who gets what, and the signature as it stands in the call of payout: signer, v, r, s. Whoever has enough \
            signatures sends them: zkpot chain send REGISTRY payout TASK ROUND '[[signer, v, r, s], …]'.
            """,
        example: """
            zkpot chain sign-payout --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0 \\
                --key sam.key
            """)

    @Group var order: OrderOptions

    @Option("The signer's secret key.")
    var key: InputFile

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let key = try EthereumKey(file: key.path)
        let registry = try order.client(try node.connect())
        let payments: [(account: Address, amount: UInt256)]
        do {
            payments = try registry.payments(task: order.task, round: order.round)
        } catch TransactionError.reverted(let reason, _) {
            throw CommandError("the registry gives no payments: \(reason)")
        }
        // What is signed is computed here, from what is shown.
        let digest = RegistryHashes.payout(
            orderName: registry.orderName(task: order.task, round: order.round), payments: payments)
        let signature = try RegistrySignature(digest, by: key)
        try console.present(
            Result(
                payments: payments.map {
                    .init(account: $0.account.description, amount: $0.amount.description)
                },
                payoutDigest: Hex.encode(digest), signature: signature.json))
        return .success
    }

    struct Result: Presentable {
        struct Payment: Encodable {
            var account: String
            var amount: String
        }

        var payments: [Payment]
        var payoutDigest: String
        var signature: JSONValue

        func text(_ style: TextStyle) -> String {
            let lines = payments.map { "pays \($0.amount) to \($0.account)" }
            guard case .array(let parts) = signature else { return lines.joined(separator: "\n") }
            let words = parts.map { part in if case .string(let text) = part { "\"\(text)\"" } else { "" } }
            return (lines + ["[\(words.joined(separator: ", "))]"]).joined(separator: "\n")
        }
    }
}
