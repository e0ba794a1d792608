import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

/// Proves that two committed models differ by at most a bound in every weight.
///
/// Linked segments: `model before` and `model after`, all weights as in `QuantizedModel.flattened`, as in
/// `TrainingStepCircuit`. There is no public input. It is what every stage proves in the audit mode `sampled+bounded`,
/// whether it is sampled or not, so that a foreign model needs many bad stages.
///
/// **Constrains** before − after, for each weight, to −B … B, as elements of the field: one look-up in a table of 2·B + 1
/// rows. Neither model is range-checked: that the first is the public start, and each difference small, bounds them all.
///
/// **Costs** n + 2·B + 2 constraints for n weights.
public struct BoundedUpdateCircuit: Sendable, Equatable {
    public let spec: ModelSpec
    /// B: what k steps with the bound b of `TrainingStepCircuit` move a weight by is at most k·b.
    public let bound: Int

    /// The largest bound: the table has twice as many rows.
    public static let largestBound = 1 << 18

    /// The names of the linked segments, in order.
    public static let linkedSegments = ["model before", "model after"]

    /// - Throws: `LearningError` for a bad specification, `CircuitError.malformed` for an impossible bound.
    public init(spec: ModelSpec, bound: Int) throws {
        try spec.validate()
        guard (0...Self.largestBound).contains(bound) else {
            throw CircuitError.malformed(
                "a bound of \(bound) for the difference of two models, allowed are 0...\(Self.largestBound)")
        }
        self.spec = spec
        self.bound = bound
    }

    /// Records the circuit.
    ///
    /// - Throws: `CircuitError`.
    public func constraints<F: PrimeField>(over field: F.Type) throws -> R1CS<F> {
        try R1CS { try synthesize($0, before: nil, after: nil) }
    }

    /// The witness for two models.
    ///
    /// - Throws: `CircuitError.noWitness` for a weight that differs by more than the bound, `CircuitError.malformed` for
    ///   models of another specification.
    public func witness<F: PrimeField>(
        before: QuantizedModel, after: QuantizedModel, over field: F.Type
    ) throws -> CircuitWitness<F> {
        let (old, new) = (try integers(before), try integers(after))
        if let index = old.indices.first(where: { abs(old[$0] - new[$0]) > bound }) {
            throw CircuitError.noWitness(
                region: "difference",
                what: "weight \(index) changes by \(new[index] - old[index]), more than \(bound)")
        }
        return try CircuitWitness { try synthesize($0, before: old, after: new) }
    }

    /// The circuit for both modes of the builder, with the values of a witness.
    ///
    /// For tests and for circuits that contain this one; `constraints` and `witness` are what a prover needs.
    public func synthesize<F: PrimeField>(
        _ builder: CircuitBuilder<F>, before: QuantizedModel, after: QuantizedModel
    ) throws {
        try synthesize(builder, before: try integers(before), after: try integers(after))
    }

    private func synthesize<F: PrimeField>(
        _ builder: CircuitBuilder<F>, before: [Int]?, after: [Int]?
    ) throws {
        let segments = try Self.linkedSegments.map { try builder.segment($0, isLinked: true) }
        let differences = try LookupTable("of differences", keys: -bound...bound, builder)
        let models = try zip(segments, [("before", before), ("after", after)]).map { segment, model in
            try builder.wires(
                .committed(segment), model.0, count: spec.weightCount, integers: model.1)
        }
        try builder.region("difference") { try differences.require(models[0] - models[1], builder) }
    }

    private func integers(_ model: QuantizedModel) throws -> [Int] {
        try QualityInputs.requireShape(of: model, spec)
        return model.flattened.map { Int($0) }
    }
}
