import EllipticCurves
import Groth16
import Ledger
import Presentation
import ProofOfTraining

/// `zkpot ledger audit-transactions`
struct LedgerAuditVerb: Verb {
    static let about = About(
        "audit-transactions", "Make the transactions that submit an answer to an audit.",
        discussion: """
            One answerAudit for each stage that was picked, and in the mode sampled+bounded one proveUpdate for every stage. \
            The task must have been made for the ledger (zkpot audit task --ledger), and the trajectory for the sender's \
            public key (zkpot train --participant). The proofs are not checked here; 'zkpot audit verify' does that.
            """,
        example: """
            zkpot ledger audit-transactions alice.zka --task task.json --challenge alice.challenge.json --output answers
            """)

    @Positional("The answer.")
    var answer: InputFile

    @Option("The audit's task.")
    var task: InputFile

    @Option("The challenge.")
    var challenge: InputFile

    @Option("The folder that the transactions go to.", short: "o")
    var output: Folder

    func run(_ console: Console) throws -> ExitCode {
        let auditTask = try AuditFiles.task(task)
        let challenge = try AuditFiles.challenge(challenge, of: auditTask)
        let bytes = try BinaryFile.read(answer)
        let answer = try answer.reading { _ in try AuditAnswer(encoded: bytes, task: auditTask) }
        guard let name = Identifier(auditTask.task), Digest(hexadecimal: auditTask.ledger) != nil,
            auditTask.contract.isEmpty
        else { throw CommandError("is not a task of an embedded ledger", file: task.path) }
        guard PublicKey(hexadecimal: challenge.participant) != nil else {
            throw CommandError("its participant is not a public key of a ledger", file: self.challenge.path)
        }
        var files: [String] = []
        for stage in answer.stages {
            guard let number = UInt32(exactly: stage.stage) else { continue }
            let transaction = AnswerAudit(
                task: name, round: auditTask.round, stage: number, before: checkpoint(stage.before),
                after: checkpoint(stage.after), batches: stage.batches.map(checkpoint),
                proof: stage.proof.encoded)
            files.append(try write(.answerAudit(transaction), "stage-\(number).json"))
        }
        let leaves = Trajectory.leaves(answer.checkpoints)
        for (stage, proof) in answer.updates.enumerated() {
            guard let number = UInt32(exactly: stage), stage + 1 < leaves.count else { continue }
            let transaction = ProveUpdate(
                task: name, round: auditTask.round, stage: number, before: checkpoint(leaves[stage]),
                after: checkpoint(leaves[stage + 1]), proof: proof.encoded)
            files.append(try write(.proveUpdate(transaction), "update-\(number).json"))
        }
        try console.present(
            Result(task: name, round: auditTask.round, participant: challenge.participant, files: files))
        return .success
    }

    private func write(_ transaction: Transaction, _ name: String) throws -> String {
        let path = output.file(name)
        try OutputFile(path).write(try TransactionJSON.encode(transaction))
        return path
    }

    private func checkpoint(_ leaf: CommittedLeaf) -> AuditedCheckpoint {
        AuditedCheckpoint(commitment: leaf.point.encoded(as: .compressed), path: leaf.path.nodes)
    }

    struct Result: Presentable {
        var task: Identifier
        var round: UInt64
        /// Who must send them.
        var participant: String
        var files: [String]

        func text(_ style: TextStyle) -> String {
            (["Transactions of \(printable(participant)), \(task), round \(round):"]
                + files.map { style.bold(printable($0)) }).joined(separator: "\n")
        }
    }
}
