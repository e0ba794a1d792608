import Foundation
import Ledger
import Presentation
import QuantizedLearning
import SecureAggregation

/// `zkpot aggregate close`
struct AggregateCloseVerb: Verb {
    static let about = About(
        "close", "Leader: end the step that is due, name who did wrong, and publish what the next one needs.",
        discussion: "Who has not answered yet is left out. Ends with 1 if too few are left to go on.",
        example: "zkpot aggregate close --board board --leader leader")

    @Option("The public folder.")
    var board: Folder

    @Option("The leader's private folder.")
    var leader: Folder

    func run(_ console: Console) throws -> ExitCode {
        let board = try AggregationBoard(board)
        let key = try AggregationSeat(folder: self.leader).key
        guard key.publicKey == board.session.leader else {
            throw CommandError("is not the folder of this session's leader", file: self.leader.path)
        }
        guard let due = board.due, due != .sum else {
            throw CommandError(
                "no step is left to close; 'zkpot aggregate open' opens the sum", file: board.folder.path)
        }
        var leader = try board.leader(MaskCommitter(length: board.session.length))
        var closing = Closing(board: board, console: console)
        var failure: AggregationError?
        var present = [Int]()
        do { present = try closing.close(due, &leader, key) } catch let error as AggregationError {
            failure = error
        }
        try board.record(leader.faults)
        let result = Result(
            step: due.rawValue.split(separator: ".").first.map(String.init) ?? "", present: present,
            disputes: due == .commitments ? (leader.disputes ?? []).map { [$0.lower, $0.upper] } : nil,
            faults: leader.faults.map(\.description), failure: failure?.description)
        try console.present(result)
        return failure == nil ? .success : .falseStatement
    }

    struct Result: Presentable {
        var step: String
        var present: [Int]
        var disputes: [[Int]]?
        var faults: [String]
        var failure: String?

        func text(_ style: TextStyle) -> String {
            var lines = faults.map { style.red("Named") + ": \($0)." }
            if let failure {
                return (lines + [style.red("FAILED") + ": \(failure)."]).joined(separator: "\n")
            }
            let names = present.map(String.init).joined(separator: ", ")
            lines.append("Closed \(style.bold(step)) with participants \(names).")
            if let disputes, !disputes.isEmpty {
                let pairs = disputes.map { "\($0[0]) and \($0[1])" }.joined(separator: "; ")
                lines.append("In dispute: \(pairs). They run 'zkpot aggregate dispute', then close again.")
            }
            return lines.joined(separator: "\n")
        }
    }
}

/// Reads the messages of one step into a leader.
private struct Closing {
    let board: AggregationBoard
    let console: Console

    /// - Returns: the participants that go on.
    mutating func close(
        _ step: AggregationBoard.Broadcast, _ leader: inout AggregationLeader, _ key: SigningKey
    ) throws -> [Int] {
        switch step {
        case .keys:
            collect(.keys, Signed<KeyAdvertisement>.self, &leader) { try $0.receive($1, from: $2) }
            let roster = try leader.closeKeys()
            try board.publish(roster, as: step)
            return roster.senders
        case .shares:
            collect(.shares, Signed<ShareDistribution>.self, &leader) { try $0.receive($1, from: $2) }
            let roster = try leader.closeShares()
            try board.publish(roster, as: step)
            return roster.senders
        case .commitments:
            collect(.masks, Signed<MaskCommitments>.self, &leader) { try $0.receive($1, from: $2) }
            let disputes = try leader.closeCommitments()
            guard let roster = leader.commitmentRoster else { return [] }
            try board.publish(roster, as: step)
            // Without a dispute the next step is closed as well.
            if disputes.isEmpty { try board.publish(try leader.closeDisputes(), as: .masks) }
            return roster.senders
        case .masks:
            for pair in leader.disputes ?? [] {
                for member in [pair.lower, pair.upper] {
                    collect(
                        .disputes, Signed<DisputeKey>.self, &leader, only: member,
                        suffix: "-\(pair.peer(of: member))"
                    ) { try $0.receive($1, from: $2) }
                }
            }
            let roster = try leader.closeDisputes()
            try board.publish(roster, as: step)
            return roster.senders
        case .survivors:
            collect(.input, Signed<MaskedInput>.self, &leader) { try $0.receive($1, from: $2) }
            let survivors = try leader.closeInputs(signedWith: key)
            try board.publish(survivors, as: step)
            return survivors.message.participants
        case .consents:
            collect(.consent, Signed<SurvivorConsent>.self, &leader) { try $0.receive($1, from: $2) }
            let roster = try leader.closeConsents()
            try board.publish(roster, as: step)
            return roster.senders
        case .sum:
            return []
        }
    }

    /// Takes in what participants posted; what cannot be used is as good as silence, and is noted.
    func collect<Message>(
        _ box: AggregationBoard.Box, _: Signed<Message>.Type, _ leader: inout AggregationLeader,
        only: Int? = nil, suffix: String = "",
        _ receive: (inout AggregationLeader, Signed<Message>, Int) throws -> Void
    ) {
        for participant in only.map({ [$0] }) ?? Array(board.session.indices) {
            do {
                guard let message: Signed<Message> = try board.message(box, from: participant, suffix: suffix)
                else { continue }
                try receive(&leader, message, participant)
            } catch { console.note("Participant \(participant): \(printable("\(error)"))") }
        }
    }
}

/// `zkpot aggregate open`
struct AggregateOpenVerb: Verb {
    static let about = About(
        "open", "Leader: take the masks off the sum, check it against the commitments, and publish it.",
        discussion:
            "Needs no secret: anybody can do it. Ends with 1 if too few revealed right shares, or the sum is spoiled.",
        example: "zkpot aggregate open --board board")

    @Option("The public folder.")
    var board: Folder

    func run(_ console: Console) throws -> ExitCode {
        let board = try AggregationBoard(board)
        guard board.due == .sum || board.due == nil else {
            throw CommandError("steps are left to close before the sum", file: board.folder.path)
        }
        var leader = try board.leader(MaskCommitter(length: board.session.length))
        Closing(board: board, console: console)
            .collect(.unmask, Signed<RevealedShares>.self, &leader) { try $0.receive($1, from: $2) }
        var failure: AggregationError?
        var survivors = [Int]()
        do {
            let sum = try leader.open()
            survivors = sum.survivors
            try board.publish(sum, as: .sum)
        } catch let error as AggregationError { failure = error }
        try board.record(leader.faults)
        try console.present(
            AggregateCloseVerb.Result(
                step: "sum", present: survivors, faults: leader.faults.map(\.description),
                failure: failure?.description))
        return failure == nil ? .success : .falseStatement
    }
}

/// `zkpot aggregate status`
struct AggregateStatusVerb: Verb {
    static let about = About(
        "status", "Anybody: tell which step is due, who has answered, and who is named.",
        example: "zkpot aggregate status --board board")

    @Option("The public folder.")
    var board: Folder

    func run(_ console: Console) throws -> ExitCode {
        let board = try AggregationBoard(board)
        let boxes: [AggregationBoard.Broadcast: AggregationBoard.Box] = [
            .keys: .keys, .shares: .shares, .commitments: .masks, .masks: .disputes, .survivors: .input,
            .consents: .consent, .sum: .unmask,
        ]
        let box = board.due.flatMap { boxes[$0] }
        let answered = box.map { box in
            board.session.indices.filter { board.folder.has("\(box.rawValue)/\($0).message") }
        }
        try console.present(
            Result(
                session: board.session.digest.description, participants: board.session.members.count,
                threshold: board.session.threshold, due: box?.rawValue, answered: answered ?? [],
                faults: try board.recordedFaults.map { printable($0) }))
        return .success
    }

    struct Result: Presentable {
        var session: String
        var participants: Int
        var threshold: Int
        /// The verb that participants run now; `nil` once the sum is open.
        var due: String?
        var answered: [Int]
        var faults: [String]

        func text(_ style: TextStyle) -> String {
            var lines = ["\(participants) participants, threshold \(threshold)."]
            if let due {
                let names = answered.isEmpty ? "nobody" : answered.map(String.init).joined(separator: ", ")
                lines.append("Due: 'zkpot aggregate \(due)'; answered by \(names).")
                if due == AggregationBoard.Box.unmask.rawValue {
                    lines.append(
                        "On a ledger the survivors come first: 'zkpot aggregate survivors', 'ledger submit'.")
                }
            } else {
                lines.append("The sum is open: 'zkpot aggregate check'.")
            }
            return (lines + faults.map { style.red("Named") + ": \($0)" }).joined(separator: "\n")
        }
    }
}
