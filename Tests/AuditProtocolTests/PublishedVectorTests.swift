import AuditProtocol
import Foundation
import TestSupport
import Testing

/// `Tests/Vectors/audit/protocol.json`, which a program in another language wrote from the text of `Docs/audit.md`.
private struct Vectors: Decodable {
    struct Sample: Decodable {
        var stages: Int
        var audits: Int
        var sample: [Int]
    }

    var task: String
    var participant: String
    var beacon: String
    var dataBeacon: String
    var checkpointLeaves: [String]
    var checkpointRoot: String
    var checkpointPaths: [[String]]
    var batchLeaves: [String]
    var batchRoot: String
    var datasetDigest: String
    var samples: [Sample]
    var permutations: [[Int]]
    var batchesOfStage3Of4Steps: [Int]
}

@Suite struct PublishedVectorTests {
    private let vectors: Vectors
    private let party: AuditParty

    init() throws {
        let file = TestFiles.vectors.appending(path: "audit/protocol.json")
        vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
        party = AuditParty(task: vectors.task, participant: vectors.participant)
    }

    private func point(_ index: Int) -> [UInt8] {
        [index + 1, index + 2].flatMap { [UInt8](repeating: 0, count: 31) + [UInt8($0)] }
    }

    private func digest(_ text: String) throws -> Digest { try #require(Digest(hexadecimal: text)) }

    @Test func treesAndPaths() throws {
        let leaves = (0..<11).map { AuditLeaf.checkpoint($0, commitment: point($0)) }
        #expect(leaves.map(\.description) == vectors.checkpointLeaves)
        let tree = MerkleTree(leaves: leaves)
        #expect(tree.root.description == vectors.checkpointRoot)
        for index in 0..<11 {
            #expect(tree.path(to: index).nodes.map(\.description) == vectors.checkpointPaths[index])
        }
        let batches = (0..<7).map { AuditLeaf.batch($0, commitment: point($0)) }
        #expect(batches.map(\.description) == vectors.batchLeaves)
        let root = MerkleTree.root(leaves: batches)
        #expect(root.description == vectors.batchRoot)
        #expect(datasetDigest(root: root, batches: 7).description == vectors.datasetDigest)
    }

    @Test func samples() throws {
        for expected in vectors.samples {
            let sample = StageSample(
                stageCount: expected.stages, auditCount: expected.audits, beacon: try digest(vectors.beacon),
                party: party, checkpointRoot: try digest(vectors.checkpointRoot))
            #expect(sample?.stages == expected.sample)
        }
    }

    @Test func permutations() throws {
        let order = try #require(
            BatchOrder(
                batchCount: 7, dataset: try digest(vectors.datasetDigest),
                beacon: try digest(vectors.dataBeacon),
                party: party))
        for (epoch, expected) in vectors.permutations.enumerated() {
            #expect(order.permutation(epoch: epoch) == expected)
        }
        #expect(order.batches(stage: 3, steps: 4) == vectors.batchesOfStage3Of4Steps)
    }
}
