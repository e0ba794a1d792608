import Ledger
import Presentation
import ProofOfTraining
import SecureAggregation

/// `zkpot aggregate keys`
struct AggregateKeysVerb: Verb {
    static let about = About(
        "keys", "Participant, step 1: advertise X25519 keys for this session.",
        example: "zkpot aggregate keys --board board --me alice")

    @Group var seat: SeatOptions

    @Flag("Take part although shares were revealed in another attempt of this round.")
    var again: Bool

    func run(_ console: Console) throws -> ExitCode {
        try answer(seat, .keys, console, allowsAgain: again) { _, participant in
            try participant.advertiseKeys()
        }
    }
}

/// `zkpot aggregate shares`
struct AggregateSharesVerb: Verb {
    static let about = About(
        "shares", "Participant, step 2: share the seeds of one's masks, in case one falls silent.",
        example: "zkpot aggregate shares --board board --me alice")

    @Group var seat: SeatOptions

    func run(_ console: Console) throws -> ExitCode {
        try answer(seat, .shares, console) { board, participant in
            try participant.shareSecrets(board.required(.keys))
        }
    }
}

/// `zkpot aggregate masks`
struct AggregateMasksVerb: Verb {
    static let about = About(
        "masks", "Participant, step 3: commit to one's masks, and complain about wrong shares.",
        example: "zkpot aggregate masks --board board --me alice")

    @Group var seat: SeatOptions

    func run(_ console: Console) throws -> ExitCode {
        try answer(seat, .masks, console) { board, participant in
            try participant.commitToMasks(board.required(.shares))
        }
    }
}

/// `zkpot aggregate dispute`
struct AggregateDisputeVerb: Verb {
    static let about = About(
        "dispute",
        "Participant, between steps 3 and 4: show the key of a pair that committed to different masks.",
        discussion: "Does nothing where there is no such pair. Who does not answer may be left out.",
        example: "zkpot aggregate dispute --board board --me alice")

    @Group var seat: SeatOptions

    func run(_ console: Console) throws -> ExitCode {
        let (board, participant) = try seat.open()
        let said: Roster<MaskCommitments> = try board.required(.commitments)
        var answers = [String]()
        for pair in try board.leader(participant.committer).disputes ?? []
        where pair.contains(participant.index) {
            let peer = pair.peer(of: participant.index)
            guard let own = said.messages.first(where: { $0.sender == participant.index }),
                let other = said.messages.first(where: { $0.sender == peer })
            else { continue }
            let key = try naming(board.folder.path) {
                try participant.showDisputeKey(own: own, other: other)
            }
            answers.append(
                try board.post(key, from: participant.index, in: .disputes, suffix: "-\(peer)"))
        }
        try console.present(Result(participant: participant.index, answers: answers))
        return .success
    }

    struct Result: Presentable {
        var participant: Int
        var answers: [String]

        func text(_ style: TextStyle) -> String {
            answers.isEmpty
                ? "Participant \(participant) is in no dispute."
                : "Participant \(participant) showed the keys of \(answers.count) pairs: wrote "
                    + answers.map { style.bold($0) }.joined(separator: ", ") + "."
        }
    }
}

/// `zkpot aggregate input`
struct AggregateInputVerb: Verb {
    static let about = About(
        "input", "Participant, step 4: send the model and its blinding under all masks.",
        discussion: "Model and opening must be those of the commitment that the session names.",
        example: "zkpot aggregate input --board board --me alice --model alice.zkm --opening alice.zko")

    @Group var seat: SeatOptions

    @Option("The model that was committed to.")
    var model: InputFile

    @Option("The secret that opens the commitment.")
    var opening: InputFile

    func run(_ console: Console) throws -> ExitCode {
        let weights = try ModelFile.read(model)
        let secret = try BinaryFile.opening(opening)
        return try answer(seat, .input, console) { board, participant in
            try participant.maskInput(
                board.required(.masks), values: weights.flattened.map { Scalar(Int64($0)) },
                blinding: secret.value)
        }
    }
}

/// `zkpot aggregate consent`
struct AggregateConsentVerb: Verb {
    static let about = About(
        "consent", "Participant, step 5: sign the set of survivors, once.",
        discussion: """
            It is signed for the others and for the ledger. Warns of participants whose vectors are on the board and who are \
            left out without being named: they may have been late, or the leader ignores them.
            """,
        example: "zkpot aggregate consent --board board --me alice")

    @Group var seat: SeatOptions

    func run(_ console: Console) throws -> ExitCode {
        try answer(seat, .consent, console) { board, participant in
            let survivors: Signed<SurvivorSet> = try board.required(.survivors)
            for ignored in try board.ignored(by: survivors.message) {
                console.warn(
                    "participant \(ignored) sent a vector, is not named, and is left out: late, or ignored by the leader"
                )
            }
            return try participant.consent(to: survivors)
        }
    }
}

/// `zkpot aggregate unmask`
struct AggregateUnmaskVerb: Verb {
    static let about = About(
        "unmask", "Participant, step 6: reveal the shares that take the masks off the sum.",
        discussion: """
            Of a survivor's secrets its self mask is revealed, of anybody else's its mask keys; never both, whatever the \
            leader asks for.

            With --ledger nothing is revealed, and the exit code is 1, unless exactly these survivors are on record there. \
            Without it, it is on you that no other set of the round is ever opened, in another attempt for instance: two sums \
            of nearly the same participants give single models away.
            """,
        example: """
            zkpot aggregate unmask --board board --me alice --ledger demo.ledger
            zkpot aggregate unmask --board board --me alice
            """)

    @Group var seat: SeatOptions

    @Option("The ledger on which the survivors must be on record.")
    var ledger: InputFile?

    func run(_ console: Console) throws -> ExitCode {
        guard let ledger else {
            return try answer(seat, .unmask, console) { board, participant in
                try participant.revealShares(board.required(.consents))
            }
        }
        // Looked at before the participant is, which takes longer.
        let board = try AggregationBoard(seat.board)
        let order = try AggregationOrder(ledger, of: board.session)
        let survivors: Signed<SurvivorSet> = try board.required(.survivors)
        do {
            try survivors.message.check(against: order.record.survivors, in: board.session)
        } catch AggregationError.notOnRecord(let reason) {
            try console.present(Refusal(reason: reason))
            return .falseStatement
        }
        return try answer(seat, .unmask, console) { board, participant in
            try participant.revealShares(
                board.required(.consents), recorded: order.record.survivors)
        }
    }

    struct Refusal: Presentable {
        var isRevealed = false
        var reason: String

        func text(_ style: TextStyle) -> String { style.red("REFUSED") + ": nothing is revealed: \(reason)." }
    }
}
