import EllipticCurves
import Ledger
import Presentation
import SecureAggregation

/// The order of a ledger that an aggregation is about: who is accepted, with which commitments and weights, and which
/// survivors are on record.
struct AggregationOrder {
    let file: InputFile
    let ledger: Ledger
    let task: Identifier
    let round: UInt64
    let record: OrderRecord

    /// - Throws: `CommandError` that names the file, for a ledger that cannot be used or has no such order.
    init(_ file: InputFile, task: Identifier, round: UInt64) throws {
        let ledger = try LedgerFile.open(file)
        guard let record = ledger.state.tasks[task]?.orders.first(where: { $0.opening.round == round }) else {
            throw CommandError("has no round \(round) of a task \(task)", file: file.path)
        }
        (self.file, self.ledger, self.task, self.round, self.record) = (file, ledger, task, round, record)
    }

    /// - Throws: `CommandError` also for another ledger than the session's.
    init(_ file: InputFile, of session: AggregationSession) throws {
        try self.init(file, task: session.task, round: session.round)
        guard ledger.identifier == session.ledger else {
            throw CommandError("is not the ledger of this session", file: file.path)
        }
    }

    /// Everybody whose model is in the global model as the ledger stands, with weights and commitments from there: all that
    /// are accepted, or the survivors once these are on record.
    ///
    /// - Parameter chosen: those who take part, and in this order, if not all do.
    /// - Throws: `CommandError` that names the ledger, or the enrolment that does not fit it.
    func members(chosen: [(file: InputFile, member: AggregationSession.Member)]) throws
        -> [AggregationSession.Member]
    {
        let weights: [ParticipantWeight]
        do { weights = try ledger.state.aggregate(task: task, round: round).weights } catch {
            throw CommandError("\(error)", file: file.path)
        }
        let accepted = try weights.map { entry in
            try file.reading { _ in
                AggregationSession.Member(
                    key: entry.participant,
                    commitment: try Point(
                        decoding: record.commitments[entry.participant]?.commitment ?? [], as: .compressed),
                    weight: entry.weight)
            }
        }
        guard !chosen.isEmpty else { return accepted }
        return try chosen.map { chosen in
            guard let member = accepted.first(where: { $0.key == chosen.member.key }) else {
                throw CommandError("is of nobody that the ledger has accepted", file: chosen.file.path)
            }
            guard member.commitment == chosen.member.commitment else {
                throw CommandError("has another commitment than the ledger", file: chosen.file.path)
            }
            return member
        }
    }
}

/// A ledger by its name or by its file.
enum LedgerReference: ArgumentValue {
    case name(Digest)
    case file(InputFile)

    static func parse(_ text: String) throws -> LedgerReference {
        if let name = Digest(hexadecimal: text) { return .name(name) }
        do { return .file(try InputFile.parse(text)) } catch is CommandError {
            throw UsageError("expects a ledger's file, or its name of 64 hexadecimal digits, not '\(text)'")
        }
    }

    static var valueName: String { "file|name" }

    var argumentText: String {
        switch self {
        case .name(let name): name.description
        case .file(let file): file.path
        }
    }
}
