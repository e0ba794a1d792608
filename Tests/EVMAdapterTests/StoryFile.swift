import Foundation
import TestSupport

/// A story of Docs/protocol.md, which is played on the embedded ledger and on the EVM.
struct StoryFile: Decodable {
    struct Parameters: Decodable {
        var minimumStake: [String: UInt64]
        var minimumBond: UInt64
        var nonRevealSlash: UInt64
        var challengerShare: UInt64
        var voteQuorum: UInt64
        var maximumParticipants: UInt64
        var maximumValidators: UInt64
    }

    struct Task: Decodable {
        var name: String
        var samples: UInt64
        var minimumSamples: UInt64
        var entryShare: UInt64?
    }

    struct TestSet: Decodable {
        var values: [Int]
        var samples: UInt64
        var baseline: UInt64
        /// 64 hexadecimal digits.
        var salt: String
    }

    struct Split: Decodable {
        var leader: UInt64
        var participants: UInt64
        var validators: UInt64
        var aggregator: UInt64

        /// As an object or as a list.
        init(from decoder: any Decoder) throws {
            if var list = try? decoder.unkeyedContainer() {
                leader = try list.decode(UInt64.self)
                participants = try list.decode(UInt64.self)
                validators = try list.decode(UInt64.self)
                aggregator = try list.decode(UInt64.self)
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            leader = try container.decode(UInt64.self, forKey: .leader)
            participants = try container.decode(UInt64.self, forKey: .participants)
            validators = try container.decode(UInt64.self, forKey: .validators)
            aggregator = try container.decode(UInt64.self, forKey: .aggregator)
        }

        enum CodingKeys: String, CodingKey { case leader, participants, validators, aggregator }
    }

    struct Step: Decodable {
        var at: UInt64
        var by: String
        var `do`: String
        var expect: String
        var role: String?
        var amount: UInt64?
        var reward: UInt64?
        var bond: UInt64?
        var split: Split?
        var times: [UInt64]?
        var signers: [String]?
        var threshold: UInt64?
        /// Four numbers, or "sum", "wrong", "none".
        var model: Model?
        var secret: UInt8?
        var correct: UInt64?
        var proof: String?
        var participant: String?
        var validator: String?
        var subject: String?
        var kind: String?
        var report: UInt64?
        var upholds: Bool?
        var round: UInt64?
        var balances: [String: UInt64]?
        var stakes: [String: [String: UInt64]]?
        var burnt: UInt64?
    }

    enum Model: Decodable {
        case values([Int])
        case named(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let values = try? container.decode([Int].self) {
                self = .values(values)
            } else {
                self = .named(try container.decode(String.self))
            }
        }
    }

    var format: String
    var title: String
    var parameters: Parameters
    var actors: [String: UInt64]
    var task: Task
    var testSet: TestSet
    var steps: [Step]
    var balances: [String: UInt64]?
    var stakes: [String: [String: UInt64]]?
    var burnt: UInt64?

    static let folder = TestFiles.vectors.deletingLastPathComponent().appending(path: "Stories")

    /// Names of all stories.
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func read(_ name: String) throws -> StoryFile {
        try JSONDecoder().decode(
            StoryFile.self, from: Data(contentsOf: folder.appending(path: name + ".json")))
    }
}
