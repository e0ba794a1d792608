import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

/// Proves that one committed model becomes another by steps of integer SGD on committed, private batches.
///
/// Linked segments, in this order: `model before` and `model after`, all weights as in `QuantizedModel.flattened`
/// (`modelValues`); `batch 1`, `batch 2`, …, one for each step: inputs, batch × features, then one-hot labels,
/// batch × classes (`batchValues`). Models between the steps are committed inside the proof. There is no public input:
/// what the proof says is which commitments it links.
///
/// **Constrains**, for every step, exactly the integers of `QuantizedModel.stepTrace`: inputs to 0 … the model's largest
/// one, labels to one-hot rows; the forward pass with its ReLU masks; soft-max cross-entropy or squared error; the
/// gradients with respect to all accumulators; and W' = W − ⌊(rate·AᵀG + half)/2^s⌋, where W' and the update are
/// range-checked, and the update lies within ±`updateBound` if there is one. `Docs/training-proof.md` lists the equations.
/// The model before a proof is thereby bounded by the sum of these two ranges only: that it is itself in range is what
/// the proof of the stage before shows, or that it is the public start.
///
/// **Costs** for each step about 2·(B·n + w + B·b) constraints for each layer of n inputs, w weights and b outputs, dense or
/// a convolution, as much as half of that again from the second layer on, three range checks of each weight, one of each
/// input and nine constraints for each hidden value, six where an average and eight where a maximum follows; a bound
/// B adds a table of 2·B + 1 rows.
public struct TrainingStepCircuit: Sendable, Equatable {
    public let spec: ModelSpec
    /// Steps that one proof speaks about.
    public let steps: Int
    /// B of the audit mode `sampled+bounded`: |W' − W| ≤ B for every weight in every step.
    public let updateBound: Int?
    let training: TrainingSpec

    /// Each step takes a linked segment for its batch, and there are few.
    public static let mostSteps = 9

    /// - Throws: `LearningError` for a bad specification or one without training part, `CircuitError.malformed` for an
    ///   impossible number of steps or bound, or more constraints than `QualityCircuit.mostConstraints`.
    public init(spec: ModelSpec, steps: Int, updateBound: Int? = nil) throws {
        try spec.validate()
        guard let training = spec.training else {
            throw LearningError.spec(field: "training", reason: "missing, but needed for training steps")
        }
        guard (1...Self.mostSteps).contains(steps) else {
            throw CircuitError.malformed("\(steps) steps in a proof, allowed are 1...\(Self.mostSteps)")
        }
        let largest = Int(spec.weightRange.upperBound)
        if let updateBound, !(0...largest).contains(updateBound) {
            throw CircuitError.malformed(
                "a bound of \(updateBound) for updates, allowed are 0...\(largest) for weights of \(spec.weights.bits) bits"
            )
        }
        let products = 3 * steps * spec.forwardConstraints(samples: training.batchSize)
        guard products <= QualityCircuit.mostConstraints else {
            throw CircuitError.malformed(
                "about \(products) constraints, allowed are \(QualityCircuit.mostConstraints): prove fewer steps at once"
            )
        }
        self.spec = spec
        self.steps = steps
        self.updateBound = updateBound
        self.training = training
    }

    /// The names of the linked segments, in order.
    public var linkedSegments: [String] {
        ["model before", "model after"] + (1...steps).map { "batch \($0)" }
    }

    /// The range of every W − W' in a step.
    var updateRange: ClosedRange<Int> {
        updateBound.map { -$0...$0 } ?? Int(spec.weightRange.lowerBound)...Int(spec.weightRange.upperBound)
    }

    /// Records the circuit.
    ///
    /// - Throws: `CircuitError`, for one if values of this specification could wrap around the field.
    public func constraints<F: PrimeField>(over field: F.Type) throws -> R1CS<F> {
        try R1CS { try synthesize($0, nil) }
    }

    /// The steps themselves, with all their integers; the last one's `nextModel` is the model after.
    ///
    /// - Parameter batches: one for each step, of exactly the specification's batch size.
    /// - Throws: `LearningError` for what does not fit or a value that leaves its range; `CircuitError.malformed` for a
    ///   model or a number of batches that is not the circuit's; `CircuitError.noWitness` for an update beyond the bound.
    public func trace(model: QuantizedModel, batches: [Dataset]) throws -> [StepTrace] {
        try requireShape(of: model)
        guard batches.count == steps else {
            throw CircuitError.malformed("\(batches.count) batches for \(steps) steps")
        }
        var current = model
        return try batches.enumerated().map { index, batch in
            let trace = try current.stepTrace(inputs: spec.inputs(of: batch), labels: batch.labels)
            for (layer, backward) in trace.backward.enumerated() {
                let excess = backward.update.elements.first { !updateRange.contains(Int($0)) }
                if let excess {
                    throw CircuitError.noWitness(
                        region: "step \(index + 1)/layer \(layer + 1)",
                        what: "an update is \(excess), outside \(updateRange)")
                }
            }
            current = trace.nextModel
            return trace
        }
    }

    /// The witness of training from a model on the batches, one for each step.
    ///
    /// - Throws: as `trace`.
    public func witness<F: PrimeField>(
        model: QuantizedModel, batches: [Dataset], over field: F.Type
    ) throws -> CircuitWitness<F> {
        _ = try trace(model: model, batches: batches)
        let inputs = try TrainingStepInputs(model: model, batches: batches, circuit: self)
        return try CircuitWitness { try synthesize($0, inputs) }
    }

    /// A `model` segment's values.
    public func modelValues<F: PrimeField>(_ model: QuantizedModel, over field: F.Type) throws -> [F] {
        try requireShape(of: model)
        return Numbers<F>.integers(model.flattened.map { Int($0) }).elements
    }

    /// A `batch` segment's values.
    ///
    /// - Throws: `LearningError` or `CircuitError.malformed` for samples that are no batch of the circuit.
    public func batchValues<F: PrimeField>(_ batch: Dataset, over field: F.Type) throws -> [F] {
        let (inputs, labels) = try samples(of: batch)
        return Numbers<F>.integers(inputs + labels).elements
    }

    /// Samples in a batch.
    public var batchSize: Int { training.batchSize }

    /// Values in a `batch` segment.
    public var batchLength: Int { training.batchSize * (spec.architecture.input.count + spec.classCount) }

    private func requireShape(of model: QuantizedModel) throws {
        var given = model.spec
        given.name = spec.name
        guard given == spec else {
            throw CircuitError.malformed(
                "the model's specification \(model.spec.name) is not the circuit's, \(spec.name)")
        }
    }

    /// Inputs, and labels as one-hot rows.
    func samples(of batch: Dataset) throws -> (inputs: [Int], labels: [Int]) {
        guard batch.count == training.batchSize else {
            throw CircuitError.malformed(
                "\(batch.name) has \(batch.count) samples, a batch has \(training.batchSize)")
        }
        let inputs = try spec.inputs(of: batch).elements.map { Int($0) }
        var labels = [Int](repeating: 0, count: batch.count * spec.classCount)
        for (sample, label) in batch.labels.enumerated() {
            labels[sample * spec.classCount + Int(label)] = 1
        }
        return (inputs, labels)
    }
}

/// What a witness of the training-step circuit is made from.
struct TrainingStepInputs {
    let weights: [Int]
    let batches: [(inputs: [Int], labels: [Int])]

    init(model: QuantizedModel, batches: [Dataset], circuit: TrainingStepCircuit) throws {
        weights = model.flattened.map { Int($0) }
        self.batches = try batches.map { try circuit.samples(of: $0) }
    }
}
