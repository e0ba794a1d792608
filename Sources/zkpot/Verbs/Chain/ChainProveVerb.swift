import EVMAdapter
import EllipticCurves
import Ethereum
import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// `zkpot chain prove`
struct ChainProveVerb: Verb {
    static let about = About(
        "prove", "Send a quality proof to the registry for which it was made.",
        discussion: """
            The proof must have been made for this chain, registry and account: 'zkpot prove' with --ledger eip155:CHAIN, \
            --contract and --participant as lower-case addresses, and the order's --task, --round and --chunk.
            """,
        example: "zkpot chain prove alice.zkp --claim alice.claim.json --key alice.key")

    @Positional("The proof.")
    var proof: InputFile

    @Option("What it claims.")
    var claim: InputFile

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let proofBytes = try BinaryFile.read(proof)
        let file = try proof.reading { _ in try ProofFile<BN254>(encoded: proofBytes) }
        let claimBytes = try BinaryFile.read(claim)
        let claim = try self.claim.reading { _ in try QualityClaimFile(json: Data(claimBytes)) }
        let statement = try self.claim.reading { _ in try claim.statement }
        let context = claim.context
        let sender = try sender.sender(node, console)
        let address = try self.claim.reading { _ in
            guard let address = try? Address(context.contract) else {
                throw CommandError("its context names no registry: '\(printable(context.contract))'")
            }
            return address
        }
        let registry = try RegistryClient(node: sender.node, address: address)
        let expected = registry.context(
            task: context.task, round: context.round, chunk: context.chunk, participant: sender.key.address,
            roles: context.roles)
        guard context == expected else {
            throw CommandError(
                """
                the proof counts for \(printable(context.ledger)), contract \(printable(context.contract)), participant \
                \(printable(context.participant)); here it would have to be for \(expected.ledger), contract \
                \(expected.contract), participant \(expected.participant)
                """, file: self.claim.path)
        }
        let call = RegistryCall.proveQuality(
            context.task, context.round, chunk: context.chunk, file.proof, correct: UInt64(claim.correct),
            model: statement.commitments[0], testSet: statement.commitments[1])
        return try TransactionResult.present(console, registry.contract, function: call.function) {
            try registry.perform(call, gasLimit: self.sender.gasLimit, by: sender)
        }
    }
}
