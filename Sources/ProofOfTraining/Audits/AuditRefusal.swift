/// Why an answer to an audit is refused; every reason names the stage at fault, if there is one.
public enum AuditRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case stageMissing(Int)
    case stageNotAsked(Int)
    case stagesOutOfOrder(Int)
    case foreignDataset
    case foreignCheckpoint(stage: Int, checkpoint: Int)
    case wrongBatch(stage: Int, step: Int, expected: Int, given: Int)
    case foreignBatch(stage: Int, batch: Int)
    case brokenChain(stage: Int)
    case foreignStart
    case foreignModel(stage: Int)
    case wrongProof(stage: Int)
    case updatesMissing
    case updatesNotAsked
    case foreignCheckpoints
    case wrongUpdate(stage: Int)

    /// The stage at fault.
    public var stage: Int? {
        switch self {
        case .stageMissing(let stage), .stageNotAsked(let stage), .stagesOutOfOrder(let stage),
            .foreignCheckpoint(let stage, _), .wrongBatch(let stage, _, _, _), .foreignBatch(let stage, _),
            .brokenChain(let stage), .foreignModel(let stage), .wrongProof(let stage),
            .wrongUpdate(let stage):
            return stage
        case .foreignStart: return 0
        case .foreignDataset, .updatesMissing, .updatesNotAsked, .foreignCheckpoints: return nil
        }
    }

    public var description: String {
        switch self {
        case .stageMissing(let stage): return "stage \(stage) is asked for and not answered"
        case .stageNotAsked(let stage): return "stage \(stage) is answered and was not asked for"
        case .stagesOutOfOrder(let stage): return "stage \(stage) is answered twice or out of order"
        case .foreignDataset: return "the batches are not those of the data set that was published"
        case .foreignCheckpoint(let stage, let checkpoint):
            return "stage \(stage): checkpoint \(checkpoint) is not under the published root"
        case .wrongBatch(let stage, let step, let expected, let given):
            return "stage \(stage): step \(step + 1) uses batch \(given), the beacon's order has \(expected)"
        case .foreignBatch(let stage, let batch):
            return "stage \(stage): batch \(batch) is not under the data set's root"
        case .brokenChain(let stage):
            return "stage \(stage) does not begin at the checkpoint at which the one before it ends"
        case .foreignStart: return "stage 0 does not begin at the public start"
        case .foreignModel(let stage): return "stage \(stage) does not end at the model's commitment"
        case .wrongProof(let stage): return "stage \(stage): the proof does not show the steps"
        case .updatesMissing: return "the proofs that updates are bounded are missing"
        case .updatesNotAsked: return "there are proofs of bounded updates, which the task does not ask for"
        case .foreignCheckpoints:
            return "the checkpoints of the bounded updates are not under the published root"
        case .wrongUpdate(let stage):
            return "stage \(stage): the proof does not show that the update is bounded"
        }
    }
}
