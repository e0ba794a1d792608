import Ledger

/// A story in a file.
public enum StoredStory {
    /// Makes an empty ledger with the name of the one in `Story`, sealed by `Story.signer(0)`.
    public static func create(_ path: String) throws -> Ledger {
        try Ledger.create(
            at: path, configuration: Story().state.configuration, operatorKey: Story.signer(0),
            proofSystem: ClearProofSystem())
    }

    /// Opens a ledger for reading, or with the operator's key for writing.
    public static func open(_ path: String, forWriting: Bool = false) throws -> Ledger {
        try Ledger.open(
            path, operatorKey: forWriting ? Story.signer(0) : nil,
            proofSystem: { $0 == ClearProofSystem().name ? ClearProofSystem() : nil })
    }

    /// A block: transactions of one time.
    public typealias TimedBlock = (time: Timestamp, transactions: [SignedTransaction])

    /// The transactions of one paid round with refusals of several kinds, in blocks.
    public static func blocks() throws -> (story: Story, blocks: [TimedBlock]) {
        var story = Story()
        var blocks: [TimedBlock] = []
        func begin() { blocks.append((Timestamp(milliseconds: story.time.milliseconds + 1000), [])) }
        /// All of a block is said at the time of the block.
        func say(_ transaction: Transaction, _ signer: SigningKey) throws {
            let time = blocks[blocks.count - 1].time
            blocks[blocks.count - 1].transactions.append(try story.sign(transaction, signer))
            story.time = Timestamp(milliseconds: time.milliseconds - 1000)
            try story.tell(transaction, signer)
        }
        let publisher = story.publisher
        let (a, b, c) = (story.participants[0], story.participants[1], story.participants[2])
        begin()
        for (registration, signer) in story.registrations { try say(registration, signer) }
        begin()
        try say(Story.openTask(), publisher)
        try say(story.openOrder(windows: story.windows), publisher)
        begin()
        try say(Story.commit(11, by: a), a)
        try say(Story.commit(12, by: b), b)
        try say(Story.commit(13, by: c), c)
        story.advance(to: \.commitDeadline)
        begin()
        try say(Story.reveal(), publisher)
        for participant in [a, b, c] { try say(Story.revealSecret(of: participant), participant) }
        try say(Story.commit(14, by: story.participants[3]), story.participants[3])
        begin()
        let honest = try story.prove(90, chunk: 0, by: a)
        try say(honest, a)
        try say(honest, b)
        try say(story.prove(91, chunk: 0, by: b), b)
        try say(Story.prove(99, chunk: 0, proof: [UInt8](repeating: 7, count: 33)), c)
        try say(Story.prove(98, chunk: 0, proof: [7]), c)
        begin()
        try say(story.prove(45, chunk: 1, by: a), a)
        try say(story.prove(44, chunk: 1, by: b), b)
        story.advance(to: \.proofDeadline)
        begin()
        try say(Story.validate(a, 135), story.validators[0])
        try say(Story.validate(a, 136), story.validators[1])
        try say(Story.challenge(story.validators[1], of: a), story.verifiers[0])
        story.advance(to: \.voteDeadline)
        begin()
        try say(Story.finalize(commitment: ClearProofSystem.commitment(36)), story.aggregator)
        try say(story.finalize(), story.aggregator)
        story.advance(to: \.finalizeDeadline)
        begin()
        try say(story.payout(by: Array(story.signers[..<2])), story.verifiers[1])
        return (story, blocks)
    }

    /// Writes the story to a new file.
    public static func write(_ path: String) throws -> Ledger {
        let ledger = try create(path)
        for block in try blocks().blocks {
            for result in try ledger.append(block.transactions, at: block.time) { _ = try result.get() }
        }
        return ledger
    }
}
