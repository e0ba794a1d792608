import EVMAdapter
import EllipticCurves
import Ethereum
import Foundation
import Presentation
import ProofOfTraining

/// `zkpot chain test-set`
struct ChainTestSetVerb: Verb {
    static let about = About(
        "test-set", "Tell the salted hash of a test set for openOrder, or reveal the test set.",
        discussion: """
            The opening is a JSON object that stays private until it is revealed: a random salt, SHA-256 of the samples, how \
            many of them the current global model classifies correctly, and the commitment of every chunk as compressed \
            point, in hexadecimal:

            { "salt": "0x…", "contents": "0x…", "baseline": 50, "chunks": [ {"commitment": "…", "samples": 100} ] }

            With --key the test set is revealed; without, the hash is told.
            """,
        example: """
            zkpot chain test-set opening.json --registry 0x5FbDB2315678afecb367f032d93F642f64180aa3 --task digits --round 0
            """)

    @Positional("The opening.")
    var opening: InputFile

    @Group var order: OrderOptions

    @Option("The publisher's secret key, to reveal the test set.")
    var key: InputFile?

    @Group var node: NodeOptions

    private struct File: Decodable {
        struct Chunk: Decodable {
            var commitment: String
            var samples: UInt64
        }

        var salt: String
        var contents: String
        var baseline: UInt64
        var chunks: [Chunk]
    }

    func run(_ console: Console) throws -> ExitCode {
        let bytes = try BinaryFile.read(opening)
        let (salt, contents, baseline, chunks) = try opening.reading { _ in try Self.parse(Data(bytes)) }
        let node = try node.connect()
        let registry = try order.client(node)
        let hash = RegistryHashes.testSet(
            orderName: registry.orderName(task: order.task, round: order.round), salt: salt,
            contents: contents,
            baseline: baseline, chunks: chunks)
        guard let key else {
            try console.present(Result(testSetHash: Hex.encode(hash)))
            return .success
        }
        let sender = try TransactionSender(
            node: node, key: EthereumKey(file: key.path), chainID: self.node.chain)
        if node.isOnThisMachine { sender.policy.pollInterval = .milliseconds(100) }
        let call = RegistryCall.revealTestSet(
            order.task, order.round, salt: salt, contents: contents, baseline: baseline, chunks: chunks)
        return try TransactionResult.present(console, registry.contract, function: call.function) {
            try registry.perform(call, by: sender)
        }
    }

    private static func parse(_ json: Data) throws -> (
        salt: [UInt8], contents: [UInt8], baseline: UInt64, chunks: [RegistryChunk]
    ) {
        guard let file = try? JSONDecoder().decode(File.self, from: json) else {
            throw CommandError("is not the JSON of a test set's opening")
        }
        guard let salt = Hex.decode(file.salt), let contents = Hex.decode(file.contents), salt.count == 32,
            contents.count == 32
        else { throw CommandError("salt and contents have 0x and 64 hexadecimal digits") }
        let chunks = try file.chunks.map { chunk in
            guard let bytes = Hex.decode("0x" + chunk.commitment) else {
                throw CommandError("a commitment is not hexadecimal")
            }
            return RegistryChunk(
                commitment: try AffinePoint(decoding: bytes, as: .compressed), samples: chunk.samples)
        }
        return (salt, contents, file.baseline, chunks)
    }

    struct Result: Presentable {
        var testSetHash: String
        func text(_ style: TextStyle) -> String { testSetHash }
    }
}
