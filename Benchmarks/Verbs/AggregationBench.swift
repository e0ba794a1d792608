import FieldArithmetic
import Foundation
import Ledger
import Presentation
import SecureAggregation

/// `zkpot-bench aggregation`
struct AggregationBench: Verb {
    static let about = About(
        "aggregation", "Secure aggregation: the dear steps of a participant and of the leader.",
        discussion: """
            Plays the whole protocol with random models, all participants in this process. Times of a participant are those \
            of the slowest one; one participant falls silent before its input, so that its masks are recovered. One run each.
            """,
        example: "zkpot-bench aggregation --participants 4,8 --weights 101632")

    @Option("Numbers of participants.", check: .in(3...64)) var participants: [Int] = [4, 8]
    @Option("Weights of the models.", check: .in(1...1_000_000)) var weights: Int = 101_632

    func run(_ console: Console) throws -> ExitCode {
        // The bases are derived when they are needed first.
        let bases = try timed {
            let committer = MaskCommitter(length: weights)
            _ = try committer.commit(Array(repeating: .one, count: committer.length), blinding: .one)
            return committer
        }
        var rows = [Result.Row]()
        for count in participants {
            console.note("\(count) participants …")
            rows.append(try Self.play(count, bases.value))
        }
        try console.present(Result(weights: weights, basesSeconds: bases.seconds, rows: rows))
        return .success
    }

    private static func play(_ count: Int, _ committer: MaskCommitter) throws -> Result.Row {
        let length = committer.length
        var generator = SystemRandomNumberGenerator()
        let keys = try (0..<count).map { _ in try SigningKey() }
        let leaderKey = try SigningKey()
        let models = (0..<count).map { _ in
            (0..<length).map { _ in Scalar(Int64(Int16(truncatingIfNeeded: generator.next()))) }
        }
        let blindings = (0..<count).map { _ in Scalar.random() }
        let members = try (0..<count).map {
            AggregationSession.Member(
                key: keys[$0].publicKey, commitment: try committer.commit(models[$0], blinding: blindings[$0])
            )
        }
        guard let task = Identifier("bench") else { throw CommandError("no task") }
        let session = try AggregationSession(
            ledger: Digest(sha256: [1]), task: task, round: 0, leader: leaderKey.publicKey,
            threshold: (2 * count + 2) / 3, length: length, members: members)
        let people = try keys.map {
            try AggregationParticipant(
                session: session, signingKey: $0, root: .random(count: 32), committer: committer)
        }
        var leader = try AggregationLeader(session: session, committer: committer)
        for (index, person) in people.enumerated() {
            try leader.receive(person.advertiseKeys(), from: index)
        }
        let advertised = try leader.closeKeys()
        var shareSeconds = 0.0
        for (index, person) in people.enumerated() {
            let answer = try timed { try person.shareSecrets(advertised) }
            shareSeconds = max(shareSeconds, answer.seconds)
            try leader.receive(answer.value, from: index)
        }
        let shared = try leader.closeShares()
        var maskSeconds = 0.0
        for (index, person) in people.enumerated() {
            let answer = try timed { try person.commitToMasks(shared) }
            maskSeconds = max(maskSeconds, answer.seconds)
            try leader.receive(answer.value, from: index)
        }
        _ = try leader.closeCommitments()
        let masks = try leader.closeDisputes()
        var inputSeconds = 0.0
        var bytes = 0
        // The last one is silent.
        for (index, person) in people.dropLast().enumerated() {
            let answer = try timed {
                try person.maskInput(masks, values: models[index], blinding: blindings[index])
            }
            inputSeconds = max(inputSeconds, answer.seconds)
            bytes = answer.value.encoded.count
            try leader.receive(answer.value, from: index)
        }
        let survivors = try timed { try leader.closeInputs(signedWith: leaderKey) }
        for index in survivors.value.message.participants {
            try leader.receive(people[index].consent(to: survivors.value), from: index)
        }
        let consents = try leader.closeConsents()
        for index in survivors.value.message.participants {
            try leader.receive(people[index].revealShares(consents), from: index)
        }
        let opened = try timed { try leader.open() }
        let check = try timed { try opened.value.isOpening(in: session, committer: committer) }
        guard check.value, leader.faults.isEmpty else { throw CommandError("the sum does not open") }
        return Result.Row(
            participants: count, shareSeconds: shareSeconds, maskSeconds: maskSeconds,
            inputSeconds: inputSeconds, inputBytes: bytes, closeSeconds: survivors.seconds,
            openSeconds: opened.seconds, checkSeconds: check.seconds)
    }

    private static func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
        let begin = ContinuousClock.now
        let value = try body()
        return (value, (ContinuousClock.now - begin) / .seconds(1))
    }

    private func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
        try Self.timed(body)
    }

    struct Result: Presentable {
        struct Row: Encodable {
            var participants: Int
            var shareSeconds: Double
            var maskSeconds: Double
            var inputSeconds: Double
            var inputBytes: Int
            var closeSeconds: Double
            var openSeconds: Double
            var checkSeconds: Double
        }

        var weights: Int
        /// Once for all sessions of models of this size.
        var basesSeconds: Double
        var rows: [Row]

        func text(_ style: TextStyle) -> String {
            var table = DataTable([
                .count("Participants"), .seconds("shares"), .seconds("commit to masks"),
                .seconds("mask input"),
                .bytes("input sent"), .seconds("leader checks inputs"), .seconds("leader opens"),
                .seconds("anybody checks"),
            ])
            for row in rows {
                table.add(
                    .integer(row.participants), .number(row.shareSeconds), .number(row.maskSeconds),
                    .number(row.inputSeconds), .integer(row.inputBytes), .number(row.closeSeconds),
                    .number(row.openSeconds), .number(row.checkSeconds))
            }
            return
                "\(Format.count(weights)) weights; bases derived, and used once, in \(Format.seconds(basesSeconds)). Peak memory of the process, everybody in it: \(PeakMemory.bytes.map { Format.bytes($0) } ?? Format.missing).\n\n"
                + table.text(style)
        }
    }
}
