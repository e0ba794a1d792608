import EllipticCurves
import Foundation
import Ledger
import ProofOfTraining
import QuantizedLearning

/// What a participant does in a round of the demo.
enum Conduct {
    case honest
    /// Proves what it has, and claims so many more.
    case overclaim(by: Int)
    /// Sends another participant's proof as its own.
    case replay
    /// Proves a model other than the one it committed to.
    case swapModel

    /// For people to read.
    var description: String {
        switch self {
        case .honest: return "honest"
        case .overclaim(let extra): return "claims \(extra) correct samples more than its proof shows"
        case .replay: return "sends another participant's proof as its own"
        case .swapModel: return "proves a better model than the one it committed to"
        }
    }
}

/// A participant of the demo: a key, a private shard, and in each round a private model.
final class DemoParticipant {
    let name: String
    let key: SigningKey
    let shard: Dataset
    /// One for each round.
    let conduct: [Conduct]
    var model: QuantizedModel
    var opening = CommitmentOpening()
    var commitment = AffinePoint<BN254G1>.infinity
    /// Its part of the beacon, fresh in each round.
    var secret = Digest(sha256: [])

    init(name: String, shard: Dataset, conduct: [Conduct], start: QuantizedModel) throws {
        self.name = name
        self.shard = shard
        self.conduct = conduct
        key = try SigningKey()
        model = start
    }

    /// Trains from the global model on the private shard.
    func train(from global: QuantizedModel, epochs: Int, seed: UInt64) throws {
        model = try global.trained(on: shard, epochs: epochs, seed: seed)
    }

    /// Commits afresh: every commitment has its own blinding.
    func commit(_ committer: QualityCommitter) throws {
        opening = CommitmentOpening()
        commitment = try committer.commit(to: model, opening: opening)
        secret = Digest(sha256: Data((0..<32).map { _ in UInt8.random(in: 0...255) }))
    }
}
