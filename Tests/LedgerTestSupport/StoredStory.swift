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

    /// The transactions of one finalized round with refusals of several kinds, in blocks.
    public static func blocks() throws -> (story: Story, blocks: [[SignedTransaction]]) {
        var story = Story()
        var blocks: [[SignedTransaction]] = [[]]
        func say(_ transaction: Transaction, _ signer: SigningKey) throws {
            blocks[blocks.count - 1].append(try story.sign(transaction, signer))
            try story.tell(transaction, signer)
        }
        let publisher = story.publisher
        let (a, b, c) = (story.participants[0], story.participants[1], story.participants[2])
        try say(Story.openTask(), publisher)
        try say(story.openRound(), publisher)
        blocks.append([])
        try say(Story.commit(11), a)
        try say(Story.commit(12), b)
        try say(Story.commit(13), c)
        blocks.append([])
        try say(Story.reveal(), publisher)
        try say(Story.commit(14), story.participants[3])
        blocks.append([])
        let honest = try story.prove(90, chunk: 0, by: a)
        try say(honest, a)
        try say(honest, b)
        try say(story.prove(91, chunk: 0, by: b), b)
        try say(Story.prove(99, chunk: 0, proof: [UInt8](repeating: 7, count: 33)), c)
        try say(Story.prove(98, chunk: 0, proof: [7]), c)
        blocks.append([])
        try say(story.prove(45, chunk: 1, by: a), a)
        try say(story.prove(44, chunk: 1, by: b), b)
        blocks.append([])
        try say(Story.finalize(commitment: ClearProofSystem.commitment(36)), publisher)
        try say(story.finalize(), publisher)
        return (story, blocks)
    }

    /// Writes the story to a new file.
    public static func write(_ path: String) throws -> Ledger {
        let ledger = try create(path)
        for (index, block) in try blocks().blocks.enumerated() {
            let time = Timestamp(milliseconds: Story.start.milliseconds + 1000 * UInt64(index))
            for result in try ledger.append(block, at: time) { _ = try result.get() }
        }
        return ledger
    }
}
