/// Whose audit it is: each text stands as its SHA-256, as in the context of proofs.
public struct AuditParty: Sendable, Hashable {
    public var taskDigest: Digest
    public var participantDigest: Digest

    public init(taskDigest: Digest, participantDigest: Digest) {
        self.taskDigest = taskDigest
        self.participantDigest = participantDigest
    }

    /// - Parameters:
    ///   - task: the task's name, exactly as in the context of the proofs.
    ///   - participant: likewise: a hexadecimal public key, an address or a name.
    public init(task: String, participant: String) {
        taskDigest = Digest(sha256: task.utf8)
        participantDigest = Digest(sha256: participant.utf8)
    }
}
