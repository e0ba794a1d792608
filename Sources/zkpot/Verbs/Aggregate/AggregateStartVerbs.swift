import EllipticCurves
import Foundation
import Ledger
import Presentation
import ProofOfTraining
import SecureAggregation
import TrainingCircuits

/// What a participant enrols with, as JSON.
struct EnrolmentFile: Codable {
    var format = "zkpot-enrolment"
    /// Ed25519, hexadecimal.
    var key: String
    /// Ĉ of the model, compressed, hexadecimal.
    var commitment: String

    init(key: PublicKey, commitment: Point) {
        self.key = key.description
        self.commitment = commitment.encoded(as: .compressed).hexadecimal
    }

    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile) throws -> AggregationSession.Member {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            let decoded: EnrolmentFile
            do { decoded = try JSONDecoder().decode(EnrolmentFile.self, from: Data(bytes)) } catch {
                throw CommandError("is not the JSON that 'zkpot aggregate enrol' writes")
            }
            guard decoded.format == "zkpot-enrolment", let key = PublicKey(hexadecimal: decoded.key),
                let point = [UInt8](hexadecimal: decoded.commitment)
            else { throw CommandError("has no key or no commitment of an enrolment") }
            return AggregationSession.Member(
                key: key, commitment: try Point(decoding: point, as: .compressed))
        }
    }
}

/// `zkpot aggregate enrol`
struct AggregateEnrolVerb: Verb {
    static let about = About(
        "enrol", "Participant or leader: make a key, and say with which commitment one takes part.",
        discussion: """
            Makes the private folder if it is missing, and a key in it if there is none. A leader that does not take part \
            gives no commitment.
            """,
        example: """
            zkpot aggregate enrol --me alice --commitment alice.zkc --output alice.enrolment
            zkpot aggregate enrol --me leader
            """)

    @Option("The private folder.", valueName: "folder")
    var me: String

    @Option("The commitment to the model.")
    var commitment: InputFile?

    @Option("Where the public enrolment goes.", short: "o")
    var output: OutputFile?

    func validate() throws {
        guard (commitment == nil) == (output == nil) else {
            throw UsageError("--commitment and --output go together")
        }
        if me.isEmpty { throw UsageError("--me expects the name of a folder") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let point = try commitment.map { try BinaryFile.commitment($0, role: QualityRelation.roles[0]) }
        let folder = try Folder(path: me).makeFolder(".", isPrivate: true)
        let path = Folder(path: me).file(AggregationSeat.keyFile)
        if !folder.has(AggregationSeat.keyFile) { try SigningKey().write(to: path) }
        let key = try SigningKey(file: path).publicKey
        if let point, let output {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try output.write(try encoder.encode(EnrolmentFile(key: key, commitment: point)))
        }
        try console.present(Result(key: key.description, keyFile: path, enrolment: output?.path))
        return .success
    }

    struct Result: Presentable {
        var key: String
        var keyFile: String
        var enrolment: String?

        func text(_ style: TextStyle) -> String {
            "Key \(key). Keep \(style.bold(keyFile)) secret."
                + (enrolment.map { " Wrote \(style.bold($0)), which is public." } ?? "")
        }
    }
}

/// `zkpot aggregate start`
struct AggregateStartVerb: Verb {
    static let about = About(
        "start", "Leader: fix who takes part, with which commitments, weights and threshold.",
        discussion: """
            The threshold is how many must stay until the end; it must be above half of all. With a dishonest leader it \
            promises the more the higher it is: with d dishonest participants it must be above (n + d)/2.

            With a ledger's file, keys, commitments and weights come from there: everybody takes part who is accepted in the \
            round of the task, or is on record as a survivor. Enrolments, if there are any, choose among these. A \
            participant's key is then that of its account: it lies as key.pem in the private folder.
            """,
        example: """
            zkpot aggregate start alice.enrolment bob.enrolment carol.enrolment --board board --leader leader \\
                --model digits --task digits --threshold 2
            zkpot aggregate start --ledger demo.ledger --task digits --round 0 --board board --leader leader \\
                --model digits
            """)

    @Positional("The enrolments, in the order that numbers the participants.")
    var enrolments: [InputFile] = []

    @Option("The public folder to make; must be missing or empty.", valueName: "folder")
    var board: String

    @Option("The leader's private folder.")
    var leader: Folder

    @Option(
        "The models' specification: a JSON file, or one of the built-in digits and mnist.",
        valueName: "digits|mnist|file")
    var model: String

    @Option(
        "The smallest number of survivors; two thirds of all, rounded up, otherwise.", check: .in(2...256))
    var threshold: Int?

    @Option("Weights of the average, as 3,1,2; the ledger's, or equal, otherwise.", valueName: "n,n,…")
    var weights: String?

    @Option("The ledger's file, or its name of 64 hexadecimal digits; zeros otherwise.")
    var ledger: LedgerReference?

    @Option("Task for which the models were trained; 'aggregation' without a ledger's file.")
    var task: Identifier?

    @Option("Round of the task.", check: .atLeast(0))
    var round: Int = 0

    @Option("How often this round was started before.", check: .in(0...1_000_000))
    var attempt: Int = 0

    func validate() throws {
        if case .file = ledger {
            guard task != nil else { throw UsageError("--task is needed with a ledger's file") }
            guard weights == nil else { throw UsageError("--weights are those of the ledger") }
        } else if enrolments.isEmpty {
            throw UsageError("<enrolments> are needed without a ledger's file")
        }
    }

    /// Ledger and participants, from the ledger's file if there is one.
    private func participants(_ task: Identifier) throws -> (
        ledger: Digest, members: [AggregationSession.Member]
    ) {
        let enrolled = try enrolments.map { (file: $0, member: try EnrolmentFile.read($0)) }
        if case .file(let file) = ledger {
            let order = try AggregationOrder(file, task: task, round: UInt64(round))
            return (order.ledger.identifier, try order.members(chosen: enrolled))
        }
        var members = enrolled.map(\.member)
        if let weights {
            let numbers = weights.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
            guard numbers.count == members.count,
                numbers.allSatisfy({ $0.map { (1...1 << 32).contains($0) } ?? false })
            else { throw UsageError("--weights expects \(members.count) whole numbers from 1 to 2^32") }
            for index in members.indices { members[index].weight = numbers[index] ?? 1 }
        }
        guard case .name(let name) = ledger else { return (Self.noLedger, members) }
        return (name, members)
    }

    /// What stands for a ledger where there is none.
    private static let noLedger = Digest([UInt8](repeating: 0, count: 32))!

    func run(_ console: Console) throws -> ExitCode {
        guard let name = task ?? Identifier("aggregation") else { throw UsageError("--task expects a name") }
        let (ledgerName, members) = try participants(name)
        let specification = try ModelFile.specification(model)
        let key = try AggregationSeat(folder: leader).key
        let session: AggregationSession
        do {
            session = try AggregationSession(
                ledger: ledgerName, task: name, round: UInt64(round), attempt: UInt32(attempt),
                leader: key.publicKey, threshold: threshold ?? (2 * members.count + 2) / 3,
                length: specification.weightCount, members: members)
        } catch { throw UsageError("\(error)") }
        let folder = try Folder(path: board).makeFolder(".")
        let place = Folder(path: board)
        guard try naming(board, { try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty })
        else { throw CommandError("is not empty; name a new folder", file: board) }
        try OutputFile(place.file(AggregationBoard.specificationFile)).writing { path in
            try specification.write(to: URL(fileURLWithPath: path))
        }
        try OutputFile(place.file(AggregationBoard.sessionFile)).write(Data(session.encoded))
        try console.present(
            Result(
                board: board, session: session.digest.description, participants: members.count,
                threshold: session.threshold, entries: session.length))
        return .success
    }

    struct Result: Presentable {
        var board: String
        var session: String
        var participants: Int
        var threshold: Int
        var entries: Int

        func text(_ style: TextStyle) -> String {
            """
            Started in \(style.bold(board)): \(participants) participants, \(Format.count(entries)) weights, at least \
            \(threshold) must stay. Every participant now runs 'zkpot aggregate keys'.
            """
        }
    }
}
