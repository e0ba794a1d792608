import EVMAdapter
import Ethereum
import Foundation
import Presentation

/// `zkpot chain deploy`
struct ChainDeployVerb: VerbGroup {
    static let about = About(
        "deploy", "Create contracts.",
        example: "zkpot chain deploy registry --parameters parameters.json --key publisher.key",
        verbs: [DeployVerifierVerb.self, DeployRegistryVerb.self])
}

/// `zkpot chain deploy verifier`
struct DeployVerifierVerb: Verb {
    static let about = About(
        "verifier", "Create the contract that verifies a key's proofs.",
        example: "zkpot chain deploy verifier --verifying-key digits.zkvk --key publisher.key")

    @Option("The verifying key, ours or snarkjs'.")
    var verifyingKey: InputFile

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let key = try VerifyingKeyFile.read(verifyingKey)
        if key.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let compiled = try VerifierContract.compiled(VerifierShape(key))
        let sender = try sender.sender(node, console)
        let (contract, receipt) = try ContractClient.deploy(
            compiled.interface, code: compiled.code,
            arguments: [.bytes(VerifierContract.constructorArgument(key))], gasLimit: self.sender.gasLimit,
            by: sender)
        try console.present(
            DeploymentResult(contract: contract.address.description, name: compiled.name, receipts: [receipt])
        )
        return .success
    }
}

/// `zkpot chain deploy registry`
struct DeployRegistryVerb: Verb {
    static let about = About(
        "registry", "Create a registry with its parameters.",
        discussion: """
            The parameters are those of Docs/protocol.md as JSON, amounts in wei as numbers or strings:

            { "minimumStake": {"publisher": 100, "participant": 100, "validator": 100, "verifier": 100, "aggregator": 100}, \
            "minimumBond": 50, "nonRevealSlash": 2500, "challengerShare": 5000, "voteQuorum": 2, \
            "maximumParticipants": 16, "maximumValidators": 16 }
            """,
        example: "zkpot chain deploy registry --parameters parameters.json --key publisher.key")

    @Option("The parameters, a JSON file.")
    var parameters: InputFile

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let bytes = try BinaryFile.read(parameters)
        let parameters = try self.parameters.reading { _ in try Self.parameters(Data(bytes)) }
        let sender = try sender.sender(node, console)
        let (registry, receipts) = try RegistryClient.deploy(parameters, by: sender)
        try console.present(
            DeploymentResult(contract: registry.address.description, name: "Registry", receipts: receipts))
        return .success
    }

    private struct File: Decodable {
        var minimumStake: [String: JSONValue]
        var minimumBond: JSONValue
        var nonRevealSlash: UInt64
        var challengerShare: UInt64
        var voteQuorum: UInt64
        var maximumParticipants: UInt64
        var maximumValidators: UInt64
    }

    private static func parameters(_ json: Data) throws -> RegistryParameters {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: json)
        } catch {
            throw CommandError("is not the JSON of a registry's parameters")
        }
        func amount(_ value: JSONValue?, _ name: String) throws -> UInt256 {
            guard let value, let number = try? ABIType.uint(256).value(value).integer else {
                throw CommandError("\(name) is missing, or is no number")
            }
            return number
        }
        return RegistryParameters(
            minimumStake: try RegistryRole.allCases.map {
                try amount(file.minimumStake["\($0)"], "minimumStake of the \($0)")
            },
            minimumBond: try amount(file.minimumBond, "minimumBond"), nonRevealSlash: file.nonRevealSlash,
            challengerShare: file.challengerShare, voteQuorum: file.voteQuorum,
            maximumParticipants: file.maximumParticipants, maximumValidators: file.maximumValidators)
    }
}

/// Contracts that were created.
struct DeploymentResult: Presentable {
    var contract: String
    var name: String
    var block: UInt64
    var gasUsed: UInt64

    init(contract: String, name: String, receipts: [TransactionReceipt]) {
        self.contract = contract
        self.name = name
        block = receipts.last?.blockNumber ?? 0
        gasUsed = receipts.reduce(0) { $0 + $1.gasUsed }
    }

    func text(_ style: TextStyle) -> String {
        "\(contract)\n\(name), in block \(block), \(Format.count(Int(gasUsed))) gas."
    }
}
