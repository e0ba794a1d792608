import Foundation
import Ledger

/// A story in `Tests/Stories`, which every ledger that runs the protocol must play alike. Docs/protocol.md explains the
/// format.
public struct StoryFile: Decodable, Sendable {
    public static let format = "zkpot-story-1"

    public struct Parameters: Decodable, Sendable {
        public var minimumStake: RoleAmounts
        public var minimumBond: UInt64
        public var nonRevealSlash: UInt16
        public var challengerShare: UInt16
        public var voteQuorum: UInt32
        public var maximumParticipants: UInt16
        public var maximumValidators: UInt16
    }

    public struct Task: Decodable, Sendable {
        public var name: Identifier
        /// Room of the circuit's key.
        public var samples: UInt64
        public var minimumSamples: UInt64
        public var entryShare: UInt16?
    }

    public struct TestSet: Decodable, Sendable {
        public var values: [Int]
        public var samples: UInt64
        public var baseline: UInt64
        public var salt: Digest
    }

    public struct Step: Decodable, Sendable {
        /// Seconds after the start.
        public var at: UInt64
        public var by: String
        public var `do`: Transaction.Kind
        /// `accepted` or the code of a refusal.
        public var expect: String

        public var round: UInt64?
        public var role: Role?
        public var amount: UInt64?
        public var reward: UInt64?
        public var bond: UInt64?
        public var split: [UInt16]?
        public var times: [UInt64]?
        public var signers: [String]?
        public var threshold: UInt8?
        public var model: Model?
        public var secret: UInt8?
        public var correct: UInt64?
        public var proof: String?
        public var participant: String?
        public var validator: String?
        public var subject: String?
        public var kind: ReportKind?
        public var report: UInt32?
        public var upholds: Bool?
        public var survivors: [String]?
        /// `descending`: the survivors stand in the wrong order.
        public var order: String?

        public var balances: [String: UInt64]?
        public var stakes: [String: [String: UInt64]]?
        public var burnt: UInt64?
    }

    /// Four integers in a commitment; `sum`, `all`, `wrong` or `none` at the end of an order.
    public enum Model: Decodable, Sendable {
        case values([Int])
        case global(String)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .global(text)
            } else {
                self = .values(try container.decode([Int].self))
            }
        }
    }

    public var format: String
    public var title: String
    public var parameters: Parameters
    public var actors: [String: UInt64]
    public var task: Task
    public var testSet: TestSet
    public var steps: [Step]
    public var balances: [String: UInt64]
    public var stakes: [String: [String: UInt64]]
    public var burnt: UInt64

    /// Reads a story of `Tests/Stories`, which lies beside this file's folder.
    public static func named(_ name: String) throws -> StoryFile {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let url = tests.appending(path: "Stories/\(name).json")
        let story = try JSONDecoder().decode(StoryFile.self, from: Data(contentsOf: url))
        guard story.format == format else { throw TestFailure("\(url.path) is no story") }
        return story
    }

    /// The names of all stories.
    public static let all = ["round", "withheld-test-set", "bad-test-set", "lapsed", "survivors"]
}
