import EllipticCurves
import Foundation
import Ledger
import Presentation
import SecureAggregation

/// A participant's private folder: its key, and for each session a root secret and the record of what it has said.
struct AggregationSeat {
    static let keyFile = "key.pem"
    private static let rootFile = "root"
    private static let recordFile = "record"
    private static let sessionFile = "session"

    let folder: Folder

    /// The participant's key.
    var key: SigningKey {
        get throws { try SigningKey(file: folder.file(Self.keyFile)) }
    }

    /// The participant as it was when it last spoke.
    ///
    /// - Parameter allowsAgain: whether to take part although shares were revealed in another attempt of the round.
    func participant(
        on board: AggregationBoard, committer: MaskCommitter, allowsAgain: Bool
    ) throws -> AggregationParticipant {
        let key = try self.key
        let place = try folder.makeFolder(
            String(board.session.digest.description.prefix(32)), isPrivate: true)
        if !place.has(Self.rootFile) {
            if !allowsAgain { try requireNoOtherSum(than: board.session) }
            try OutputFile(place.file(Self.sessionFile)).write(Data(board.session.encoded))
        }
        let root = try Self.root(place)
        var record: ParticipantRecord?
        if place.has(Self.recordFile) { record = try AggregationBoard.read(place.file(Self.recordFile)) }
        let participant = try naming(folder.path) {
            try AggregationParticipant(
                session: board.session, signingKey: key, root: root, committer: committer, record: record,
                store: { try Self.store($0, place) })
        }
        try naming(board.folder.path) {
            try participant.resume(
                keys: board.broadcast(.keys), shares: board.broadcast(.shares),
                masks: board.broadcast(.masks), survivors: board.broadcast(.survivors))
        }
        return participant
    }

    /// Two sums of one round over sets that differ in one participant give that one's model away.
    private func requireNoOtherSum(than session: AggregationSession) throws {
        let names = try naming(folder.path) {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
        }
        for name in names.sorted() {
            let place = Folder(path: folder.file(name))
            guard place.has(Self.sessionFile), place.has(Self.recordFile) else { continue }
            let other: AggregationSession = try AggregationBoard.read(place.file(Self.sessionFile))
            let record: ParticipantRecord = try AggregationBoard.read(place.file(Self.recordFile))
            guard other.digest != session.digest, record.hasRevealed, other.ledger == session.ledger,
                other.task == session.task, other.round == session.round
            else { continue }
            throw CommandError(
                "revealed shares in another attempt of this round: two sums of nearly the same participants give single "
                    + "models away; --again takes part all the same", file: folder.path)
        }
    }

    private static func store(_ record: ParticipantRecord, _ place: Folder) throws {
        try OutputFile(place.file(recordFile)).write(Data(record.encoded))
    }

    /// The root secret, made when the participant first speaks.
    private static func root(_ place: Folder) throws -> SecretBytes {
        let path = place.file(rootFile)
        if place.has(rootFile) {
            var bytes = try BinaryFile.read(InputFile.parse(path))
            defer { for index in bytes.indices { bytes[index] = 0 } }
            guard bytes.count == 32 else {
                throw CommandError("a root secret has 32 bytes, not \(bytes.count)", file: path)
            }
            return SecretBytes(copying: bytes)
        }
        let root = try SecretBytes.random(count: 32)
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandError("cannot be created: \(String(cString: strerror(errno)))", file: path)
        }
        defer { close(descriptor) }
        let isWritten = root.withBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) == $0.count }
        guard isWritten, fsync(descriptor) == 0 else {
            throw CommandError("cannot be written: \(String(cString: strerror(errno)))", file: path)
        }
        return root
    }
}

/// Who speaks, and where.
struct SeatOptions: ArgumentGroup {
    @Option("The public folder.")
    var board: Folder

    @Option("The participant's private folder.")
    var me: Folder

    init() {}

    func open(allowsAgain: Bool = false) throws -> (
        board: AggregationBoard, participant: AggregationParticipant
    ) {
        let board = try AggregationBoard(self.board)
        // Looked for before bases are derived.
        let seat = AggregationSeat(folder: me)
        let key = try seat.key
        guard board.session.index(of: key.publicKey) != nil else {
            throw CommandError("is not the folder of a participant of this session", file: me.path)
        }
        let committer = MaskCommitter(length: board.session.length)
        return (
            board, try seat.participant(on: board, committer: committer, allowsAgain: allowsAgain)
        )
    }
}

/// What a participant said, and where it lies.
struct AnswerResult: Presentable {
    var step: String
    var participant: Int
    var message: String

    func text(_ style: TextStyle) -> String {
        "Participant \(participant), \(step): wrote \(style.bold(message))."
    }
}

/// Runs `body` for a participant; a step that its rules forbid is an error about the board.
func answer(
    _ seat: SeatOptions, _ box: AggregationBoard.Box, _ console: Console, allowsAgain: Bool = false,
    _ body: (AggregationBoard, AggregationParticipant) throws -> some CanonicalCodable
) throws -> ExitCode {
    let (board, participant) = try seat.open(allowsAgain: allowsAgain)
    let message = try naming(board.folder.path) { try body(board, participant) }
    let path = try board.post(message, from: participant.index, in: box)
    try console.present(AnswerResult(step: box.rawValue, participant: participant.index, message: path))
    return .success
}
