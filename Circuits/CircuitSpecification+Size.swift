import QuantizedLearning

extension CircuitSpecification {
    /// So many constraints the circuit has at least: ranges of weights and updates, and products with inputs. Fast to tell,
    /// where recording the circuit takes memory in proportion to them. The largest integer if it does not fit.
    public var leastConstraintCount: Int {
        let weights = model.weightCount
        let inputs = model.architecture.input.count
        switch self {
        case .quality(_, let samples): return weights + samples * inputs
        case .boundedUpdate: return weights
        case .trainingStep(_, let steps, _):
            let step = 3 * weights + (model.training?.batchSize ?? 0) * inputs
            let (count, overflow) = step.multipliedReportingOverflow(by: steps)
            return overflow ? Int.max : count
        }
    }
}
