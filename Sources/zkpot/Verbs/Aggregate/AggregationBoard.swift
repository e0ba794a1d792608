import Foundation
import Ledger
import Presentation
import QuantizedLearning
import SecureAggregation

/// The public folder of an aggregation: the session, what the leader gave out, and the participants' messages.
struct AggregationBoard {
    let folder: Folder
    let session: AggregationSession

    /// Files of the leader, in the order in which they come to be.
    enum Broadcast: String, CaseIterable {
        case keys = "keys.roster"
        case shares = "shares.roster"
        case commitments = "commitments.roster"
        case masks = "masks.roster"
        case survivors = "survivors.signed"
        case consents = "consents.roster"
        case sum = "aggregate.sum"
    }

    /// Folders of the participants' messages.
    enum Box: String, CaseIterable {
        case keys, shares, masks
        case disputes = "dispute"
        case input, consent, unmask
    }

    static let sessionFile = "session"
    static let specificationFile = "model.json"
    static let faultsFile = "faults.txt"

    /// - Throws: `CommandError` that names the file.
    init(_ folder: Folder) throws {
        self.folder = folder
        session = try Self.read(folder.file(Self.sessionFile))
    }

    var specification: ModelSpec {
        get throws {
            let file = try InputFile.parse(folder.file(Self.specificationFile))
            return try file.reading { _ in
                let spec = try ModelSpec.read(from: file.url)
                guard spec.weightCount == session.length else {
                    throw CommandError(
                        "has \(spec.weightCount) weights, the session's models \(session.length)")
                }
                return spec
            }
        }
    }

    static func read<Value: CanonicalCodable>(_ path: String) throws -> Value {
        let file = try InputFile.parse(path)
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in try Value(encoded: bytes) }
    }

    /// What the leader gave out, `nil` if it has not yet.
    func broadcast<Value: CanonicalCodable>(_ broadcast: Broadcast, as: Value.Type = Value.self) throws
        -> Value?
    {
        guard folder.has(broadcast.rawValue) else { return nil }
        return try Self.read(folder.file(broadcast.rawValue)) as Value
    }

    /// - Throws: `CommandError` if the step before is not closed.
    func required<Value: CanonicalCodable>(_ broadcast: Broadcast, as: Value.Type = Value.self) throws
        -> Value
    {
        guard let value: Value = try self.broadcast(broadcast) else {
            throw CommandError(
                "is not there: the leader has not closed that step", file: folder.file(broadcast.rawValue))
        }
        return value
    }

    func publish(_ value: some CanonicalCodable, as broadcast: Broadcast) throws {
        try OutputFile(folder.file(broadcast.rawValue)).write(Data(value.encoded))
    }

    func post(_ message: some CanonicalCodable, from participant: Int, in box: Box, suffix: String = "")
        throws
        -> String
    {
        let place = try folder.makeFolder(box.rawValue)
        let path = place.file("\(participant)\(suffix).message")
        try OutputFile(path).write(Data(message.encoded))
        return path
    }

    /// A participant's message, `nil` if there is none.
    func message<Value: CanonicalCodable>(_ box: Box, from participant: Int, suffix: String = "") throws
        -> Value?
    {
        let name = "\(box.rawValue)/\(participant)\(suffix).message"
        return folder.has(name) ? try Self.read(folder.file(name)) as Value : nil
    }

    /// Appends to the list of faults what is not there yet.
    func record(_ faults: [Fault]) throws {
        guard !faults.isEmpty else { return }
        let path = folder.file(Self.faultsFile)
        let known = try recordedFaults
        let new = faults.map(\.description).filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        try OutputFile(path).write(Data(((known + new).joined(separator: "\n") + "\n").utf8))
    }

    var recordedFaults: [String] {
        get throws {
            guard folder.has(Self.faultsFile) else { return [] }
            let file = try InputFile.parse(folder.file(Self.faultsFile))
            return String(decoding: try BinaryFile.read(file), as: UTF8.self).split(separator: "\n")
                .map { String($0.prefix(400)) }
        }
    }

    /// Participants whose vectors are there, and whom neither the survivors nor the faults name.
    func ignored(by survivors: SurvivorSet) throws -> [Int] {
        let faults = try recordedFaults
        return session.indices.filter { participant in
            !survivors.contains(participant) && folder.has("\(Box.input.rawValue)/\(participant).message")
                && !faults.contains { $0.hasPrefix("participant \(participant) ") }
        }
    }

    /// A leader that has gone through all closed steps.
    func leader(_ committer: MaskCommitter) throws -> AggregationLeader {
        var leader = try AggregationLeader(session: session, committer: committer)
        let survivors: Signed<SurvivorSet>? = try broadcast(.survivors)
        var inputs = [Signed<MaskedInput>]()
        for participant in survivors?.message.participants ?? [] {
            if let input: Signed<MaskedInput> = try message(.input, from: participant) {
                inputs.append(input)
            }
        }
        try naming(folder.path) {
            try leader.resume(
                keys: broadcast(.keys), shares: broadcast(.shares), commitments: broadcast(.commitments),
                masks: broadcast(.masks), survivors: survivors, inputs: inputs,
                consents: broadcast(.consents))
        }
        return leader
    }

    /// The first step that is not closed.
    var due: Broadcast? { Broadcast.allCases.first { !folder.has($0.rawValue) } }
}
