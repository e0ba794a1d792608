import EVMAdapter
import Ethereum
import Foundation
import Presentation

/// `zkpot chain sign-survivors`
struct ChainSignSurvivorsVerb: Verb {
    static let about = About(
        "sign-survivors", "Sign whose models the global one is the sum of, as one of them.",
        discussion: """
            For orders that end with secure aggregation ('zkpot aggregate'): sign the set that you consented to there, and no \
            other. Shows the survivors in the order that the registry wants, and the signature as it stands in the call: \
            signer, v, r, s. An aggregator who has more than half as many signatures as participants are accepted sends them: \
            zkpot chain send REGISTRY fixSurvivors TASK ROUND '[survivor, …]' '[[signer, v, r, s], …]'.
            """,
        example: """
            zkpot chain sign-survivors 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf \\
                --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0 --key alice.key
            """)

    @Positional("The accounts of all survivors, in any order.")
    var survivors: [Address]

    @Group var order: OrderOptions

    @Option("The signer's secret key.")
    var key: InputFile

    @Group var node: NodeOptions

    func validate() throws {
        guard Set(survivors).count == survivors.count else { throw UsageError("a survivor is named twice") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let key = try EthereumKey(file: key.path)
        guard survivors.contains(key.address) else {
            throw CommandError("its account \(key.address) is none of the survivors", file: self.key.path)
        }
        let registry = try order.client(try node.connect())
        let survivors = RegistryHashes.ascending(survivors)
        // What is signed is computed here, from what is shown.
        let digest = RegistryHashes.survivors(
            orderName: registry.orderName(task: order.task, round: order.round), survivors)
        let signature = try RegistrySignature(digest, by: key)
        try console.present(
            Result(
                survivors: survivors.map(\.description), survivorsDigest: Hex.encode(digest),
                signature: signature.json))
        return .success
    }

    struct Result: Presentable {
        var survivors: [String]
        var survivorsDigest: String
        var signature: JSONValue

        func text(_ style: TextStyle) -> String {
            guard case .array(let parts) = signature else { return survivorsDigest }
            let words = parts.compactMap { part in if case .string(let text) = part { text } else { nil } }
            return "\(list(survivors))\n\(list(words))"
        }

        private func list(_ words: [String]) -> String {
            "[\(words.map { "\"\($0)\"" }.joined(separator: ", "))]"
        }
    }
}
