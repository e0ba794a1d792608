import Foundation
import Ledger
import SecureAggregation
import TestSupport
import Testing

/// Five participants who have committed to models, and a leader: everything that lies before an aggregation.
struct AggregationStory {
    static let names = ["ann", "ben", "cleo", "dan", "eva"]

    let story: Story
    let folder: URL

    /// The beginning is the same for all tests; each plays rounds of its own.
    static func told() throws -> AggregationStory { try once.get() }

    private static let once = Result { try AggregationStory() }

    private init() throws {
        story = try Story.told()
        folder = story.folder.appending(path: "aggregation")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (index, name) in Self.names.enumerated() {
            try run(
                ["commit"] + Story.circuit + [
                    "--model", model(index), "--opening", path("\(name).zko"), "--output",
                    path("\(name).zkc"),
                ])
            try run([
                "aggregate", "enrol", "--me", path(name), "--commitment", path("\(name).zkc"), "--output",
                path("\(name).enrolment"),
            ])
        }
        try run(["aggregate", "enrol", "--me", path("leader")])
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The model of a participant: Alice's or Bob's.
    func model(_ index: Int) -> String { story.path(index.isMultiple(of: 2) ? "alice.zkm" : "bob.zkm") }

    @discardableResult
    func run(_ arguments: [String], code: Int32 = 0) throws -> Outcome {
        let outcome = try zkpot(arguments)
        try #require(outcome.code == code, "\(arguments.joined(separator: " ")) gives \(outcome)")
        return outcome
    }

    /// Starts an aggregation on a board of its own.
    func start(round: Int, _ options: [String] = []) throws -> Play {
        let board = "board-\(round)" + options.joined()
        try run(
            ["aggregate", "start"] + Self.names.map { path("\($0).enrolment") }
                + [
                    "--board", path(board), "--leader", path("leader"), "--model", "digits", "--threshold",
                    "3", "--round", "\(round)",
                ] + options)
        return Play(story: self, board: path(board))
    }

    /// One aggregation.
    struct Play {
        let story: AggregationStory
        let board: String

        func say(_ verb: String, _ participants: [Int], code: Int32 = 0) throws {
            for index in participants {
                let name = AggregationStory.names[index]
                let model =
                    verb == "input"
                    ? ["--model", story.model(index), "--opening", story.path("\(name).zko")] : []
                try story.run(
                    ["aggregate", verb, "--board", board, "--me", story.path(name), "--json"] + model,
                    code: code)
            }
        }

        @discardableResult
        func close(code: Int32 = 0) throws -> Outcome {
            try story.run(
                ["aggregate", "close", "--board", board, "--leader", story.path("leader")], code: code)
        }

        @discardableResult
        func open(code: Int32 = 0) throws -> Outcome {
            try story.run(["aggregate", "open", "--board", board], code: code)
        }

        @discardableResult
        func check(_ options: [String] = [], code: Int32 = 0) throws -> Outcome {
            try story.run(["aggregate", "check", "--board", board] + options, code: code)
        }

        func status() throws -> [String: Any] {
            try story.run(["aggregate", "status", "--board", board, "--json"]).json
        }

        func file(_ name: String) -> URL { URL(fileURLWithPath: board).appending(path: name) }

        /// Replaces a participant's message by one that it signs, too.
        func forge<Message: ProtocolMessage>(
            _ box: String, _ index: Int, _: Message.Type, _ change: (inout [UInt8]) -> Void
        ) throws {
            let place = file("\(box)/\(index).message")
            let session = try AggregationSession(encoded: [UInt8](Data(contentsOf: file("session"))))
            let honest = try Signed<Message>(encoded: [UInt8](Data(contentsOf: place)))
            var bytes = honest.message.encoded
            change(&bytes)
            let key = try SigningKey(file: story.path(AggregationStory.names[index] + "/key.pem"))
            let forged = try Signed(Message(encoded: bytes), from: index, in: session, with: key)
            try Data(forged.encoded).write(to: place)
        }
    }
}
