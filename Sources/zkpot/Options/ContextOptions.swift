import Groth16
import Presentation
import ProofOfTraining

/// Where a proof is to count; the verifier must expect the same.
struct ContextOptions: ArgumentGroup {
    @Option("Ledger or chain for which the proof counts.")
    var ledger: String = ""

    @Option("Contract on that chain: 0x and 40 lower-case digits.")
    var contract: String = ""

    @Option("Task for which it counts.")
    var task: String = ""

    @Option("Round of the task.", check: .atLeast(0))
    var round: Int = 0

    @Option("Chunk of a large test set.", check: .atLeast(0))
    var chunk: Int = 0

    @Option("Whose proof it is.")
    var participant: String = ""

    init() {}

    var context: ProofContext {
        ProofContext(
            ledger: ledger, contract: contract, task: task, round: UInt64(round), chunk: UInt64(chunk),
            participant: participant,
            roles: QualityRelation.roles)
    }
}
