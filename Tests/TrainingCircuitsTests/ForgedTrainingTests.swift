import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Steps that were not taken as claimed, each as a forged witness.
@Suite struct ForgedTrainingTests {
    private static let widths = [4, 3, 2]

    /// Updates in every layer, gradients for every sample, clamped and unclamped gaps, both masks.
    private static func fixture(
        steps: Int = 1, updateBound: Int? = nil, loss: TrainingSpec.Loss = .softmaxCrossEntropy,
        seed: UInt64 = 1
    ) throws -> TrainingFixture {
        try TrainingFixture(
            spec: TrainingFixture.spec(widths: widths, loss: loss), steps: steps, updateBound: updateBound,
            seed: seed
        ) { trace in
            trace.allSatisfy { step in
                let masks = step.backward[1].propagated?.mask.elements ?? []
                let gaps = step.output.softmax?.gap.elements ?? [15, 16, 1]
                return step.backward.allSatisfy { layer in
                    layer.update.elements.contains { $0 != 0 }
                        && (0..<layer.gradient.rows).allSatisfy {
                            layer.gradient.row($0).contains { $0 != 0 }
                        }
                } && masks.contains(0) && masks.contains(1) && gaps.contains { $0 > 15 }
                    && gaps.contains { (1...15).contains($0) }
                    && step.output.gradient.elements.allSatisfy { $0 != 0 }
            }
        }
    }

    private static func changed(_ index: Int, by difference: Int) -> ([Int]) -> [Int] {
        { $0.enumerated().map { $0 == index ? $1 &+ difference : $1 } }
    }

    private static func set(_ values: [Int64]) -> ([Int]) -> [Int] { { _ in values.map { Int($0) } } }

    /// Tries the change of each of `count` values of a wire, alone and with a compensation in another wire.
    private static func expectRefused(
        _ fixture: TrainingFixture, _ name: String, count: Int, by differences: [Int] = [1, -1],
        with other: String? = nil, factor: Int = 0
    ) throws {
        for index in 0..<count {
            for difference in differences {
                var forged = [name: changed(index, by: difference)]
                if let other { forged[other] = changed(index, by: factor * difference) }
                #expect(
                    try !fixture.harness.accepts(forged), "\(name)[\(index)] changed by \(difference)")
            }
        }
    }

    @Test func theHonestStepIsAccepted() throws {
        #expect(try Self.fixture().harness.accepts([:]))
        #expect(try Self.fixture(steps: 3).harness.accepts([:]))
        #expect(try Self.fixture(loss: .squaredError).harness.accepts([:]))
    }

    @Test func updatesAreNotSkipped() throws {
        let fixture = try Self.fixture(steps: 2)
        for step in 1...2 {
            for layer in 1...2 {
                let backward = fixture.trace[step - 1].backward[layer - 1]
                let name = "step \(step)/layer \(layer)/update"
                let before = zip(backward.nextWeights.elements, backward.update.elements).map { $0 + $1 }
                #expect(try !fixture.harness.accepts(["\(name)/weights": Self.set(before)]))
                // The remainder takes up what the update should.
                let shift = layer == 1 ? 8 : 9
                let rest = zip(backward.update.elements, backward.updateRemainder.elements).map {
                    $0 << shift + $1
                }
                #expect(
                    try !fixture.harness.accepts([
                        "\(name)/weights": Self.set(before), "\(name)/rem": Self.set(rest),
                    ]))
            }
        }
    }

    @Test(arguments: [LearningRate(numerator: 2, shift: 1), LearningRate(numerator: 1, shift: 2)])
    func learningRateIsTheCircuits(rate: LearningRate) throws {
        let fixture = try Self.fixture()
        let spec = TrainingFixture.spec(widths: Self.widths, rate: rate)
        let model = try QuantizedModel(spec: spec, flattened: fixture.model.flattened)
        let other = try model.stepTrace(
            inputs: spec.inputs(of: fixture.batches[0]), labels: fixture.batches[0].labels)
        var forged: [String: ([Int]) -> [Int]] = [:]
        for layer in 0..<2 {
            forged["step 1/layer \(layer + 1)/update/weights"] = Self.set(
                other.backward[layer].nextWeights.elements)
        }
        #expect(other.nextModel.flattened != fixture.trace[0].nextModel.flattened)
        #expect(try !fixture.harness.accepts(forged))
        for layer in 0..<2 {
            forged["step 1/layer \(layer + 1)/update/rem"] = Self.set(
                other.backward[layer].updateRemainder.elements)
        }
        #expect(try !fixture.harness.accepts(forged))
    }

    @Test func updatesAreExact() throws {
        let fixture = try Self.fixture()
        for (layer, count, shift) in [(1, 12, 8), (2, 6, 9)] {
            let name = "step 1/layer \(layer)/update"
            try Self.expectRefused(fixture, "\(name)/weights", count: count)
            try Self.expectRefused(fixture, "\(name)/rem", count: count)
            try Self.expectRefused(
                fixture, "\(name)/weights", count: count, with: "\(name)/rem", factor: 1 << shift)
        }
    }

    @Test func gradientsAreExact() throws {
        let fixture = try Self.fixture()
        let gradient = "step 1/layer 2/backward/gradient"
        for half in ["p", "n"] {
            try Self.expectRefused(fixture, "\(gradient)/\(half)", count: 6)
            try Self.expectRefused(
                fixture, "\(gradient)/\(half)", count: 6, with: "\(gradient)/rem",
                factor: half == "p" ? -1 << 4 : 1 << 4)
        }
        // Both halves of a signed value raised.
        for index in 0..<6 {
            let raise = Self.changed(index, by: 1)
            #expect(
                try !fixture.harness.accepts(["\(gradient)/p": raise, "\(gradient)/n": raise]))
        }
        try Self.expectRefused(fixture, "\(gradient)/rem", count: 6)
        try Self.expectRefused(fixture, "step 1/layer 2/backward/sums", count: 6, by: [1, -1, 16])
        try Self.expectRefused(
            fixture, "step 1/layer 2/backward/sums", count: 6, with: "\(gradient)/rem", factor: 1)
    }

    @Test func activationsAreExact() throws {
        let fixture = try Self.fixture()
        for (name, count, shift) in [("step 1/layer 1/activation", 6, 3), ("step 1/layer 2/logits", 4, 5)] {
            for half in ["p", "n"] {
                try Self.expectRefused(fixture, "\(name)/\(half)", count: count)
                try Self.expectRefused(
                    fixture, "\(name)/\(half)", count: count, with: "\(name)/rem",
                    factor: half == "p" ? -1 << shift : 1 << shift)
            }
            for index in 0..<count {
                let raise = Self.changed(index, by: 1)
                #expect(try !fixture.harness.accepts(["\(name)/p": raise, "\(name)/n": raise]))
            }
            try Self.expectRefused(fixture, "\(name)/rem", count: count)
        }
    }

    @Test func masksFollowTheActivations() throws {
        let fixture = try Self.fixture()
        let flip: (Int) -> ([Int]) -> [Int] = { index in
            { $0.enumerated().map { $0 == index ? 1 - $1 : $1 } }
        }
        for index in 0..<6 {
            #expect(try !fixture.harness.accepts(["step 1/layer 1/activation/mask": flip(index)]))
        }
        try Self.expectRefused(fixture, "step 1/layer 1/activation/mask", count: 6, by: [1, 2, -1])
        #expect(try !fixture.harness.accepts(["step 1/layer 1/activation/mask": { $0.map { _ in 0 } }]))
        #expect(try !fixture.harness.accepts(["step 1/layer 1/activation/mask": { $0.map { _ in 1 } }]))
    }

    /// A unit that is exactly zero does not pass gradients.
    @Test func masksOfZeroAreZero() throws {
        let fixture = try TrainingFixture(spec: TrainingFixture.spec(widths: Self.widths)) { trace in
            let activation = trace[0].forward.layers[0].activation
            return activation.map {
                zip($0.positive.elements, $0.negative.elements).contains { $0 + $1 == 0 }
            }
                ?? false
        }
        #expect(try fixture.harness.isSatisfied())
        let activation = try #require(fixture.trace[0].forward.layers[0].activation)
        for index in 0..<6
        where activation.positive.elements[index] == 0 && activation.negative.elements[index] == 0 {
            #expect(
                try !fixture.harness.accepts([
                    "step 1/layer 1/activation/mask": Self.changed(index, by: 1)
                ]))
        }
    }

    @Test func softmaxIsExact() throws {
        let fixture = try Self.fixture()
        let softmax = try #require(fixture.trace[0].output.softmax)
        let name = "step 1/output"
        try Self.expectRefused(fixture, "\(name)/max", count: 2, by: [1, -1, 5, 300])
        try Self.expectRefused(fixture, "\(name)/clamped gap", count: 4, by: [1, -1, 16])
        try Self.expectRefused(fixture, "\(name)/f(x)", count: 4)
        try Self.expectRefused(fixture, "\(name)/quotient", count: 4)
        try Self.expectRefused(fixture, "\(name)/remainder", count: 4)
        try Self.expectRefused(fixture, "\(name)/selector", count: 4)
        // p raised, the remainder lowered by the divisor, and the other way round.
        for index in 0..<4 {
            for sign in [1, -1] {
                let divisor = Int(softmax.sum[index / 2])
                #expect(
                    try !fixture.harness.accepts([
                        "\(name)/quotient": Self.changed(index, by: sign),
                        "\(name)/remainder": Self.changed(index, by: -sign * divisor),
                    ]))
            }
        }
        // Another class selected as the largest; none; with the maximum moved to it.
        #expect(try !fixture.harness.accepts(["\(name)/selector": { $0.map { 1 - $0 } }]))
        #expect(try !fixture.harness.accepts(["\(name)/selector": { $0.map { _ in 0 } }]))
        let scaled = fixture.trace[0].output.scaledLogits
        let least = (0..<2).map { scaled.row($0).min() ?? 0 }
        #expect(
            try !fixture.harness.accepts([
                "\(name)/selector": { $0.map { 1 - $0 } }, "\(name)/max": Self.set(least),
            ]))
        // The clamp where there is none to be, and none where there is one.
        for index in 0..<4 where softmax.gap.elements[index] != softmax.clampedGap.elements[index] {
            #expect(
                try !fixture.harness.accepts([
                    "\(name)/clamped gap": Self.changed(
                        index,
                        by: Int(softmax.gap.elements[index] - softmax.clampedGap.elements[index]))
                ]))
        }
        for index in 0..<4 where softmax.clampedGap.elements[index] != 15 {
            #expect(
                try !fixture.harness.accepts([
                    "\(name)/clamped gap": { $0.enumerated().map { $0 == index ? 15 : $1 } }
                ]))
        }
    }

    @Test func squaredErrorIsExact() throws {
        let fixture = try Self.fixture(loss: .squaredError)
        let name = "step 1/layer 2/logits"
        for half in ["p", "n"] {
            try Self.expectRefused(fixture, "\(name)/\(half)", count: 4)
            try Self.expectRefused(
                fixture, "\(name)/\(half)", count: 4, with: "\(name)/rem", factor: half == "p" ? -2 : 2)
        }
        try Self.expectRefused(fixture, "\(name)/rem", count: 4)
    }

    @Test func modelsAndBatchesAreTheCommitted() throws {
        let fixture = try Self.fixture(steps: 2)
        let other = try Self.fixture(steps: 2, seed: 400)
        let r1cs = fixture.harness.r1cs
        let honest = try fixture.harness.assignment()
        let foreign = try other.harness.assignment()
        #expect(try r1cs.check(honest) && r1cs.check(foreign))
        for segment in 0..<4 {
            let wires = r1cs.wires(ofSegment: segment)
            var assignment = honest
            assignment.replaceSubrange(wires, with: foreign[wires])
            #expect(try !r1cs.check(assignment), "\(r1cs.segments[segment].name) of another proof")
        }
        // The batches of the two steps exchanged.
        var assignment = honest
        assignment.replaceSubrange(r1cs.wires(ofSegment: 2), with: honest[r1cs.wires(ofSegment: 3)])
        assignment.replaceSubrange(r1cs.wires(ofSegment: 3), with: honest[r1cs.wires(ofSegment: 2)])
        #expect(try !r1cs.check(assignment))
        // The model before also as the model after: nothing was trained.
        assignment = honest
        assignment.replaceSubrange(r1cs.wires(ofSegment: 1), with: honest[r1cs.wires(ofSegment: 0)])
        #expect(try !r1cs.check(assignment))
        // A model from somewhere between the steps.
        let between = fixture.trace[0].nextModel
        assignment.replaceSubrange(
            r1cs.wires(ofSegment: 1), with: try fixture.circuit.modelValues(between, over: Fr.self))
        #expect(try !r1cs.check(assignment))
        // Another batch from the start is another true statement.
        #expect(try fixture.harness.accepts(["step 2/batch/labels": Self.relabelled]))
    }

    private static func relabelled(_ labels: [Int]) -> [Int] {
        [labels[1], labels[0]] + labels.dropFirst(2)
    }

    @Test func batchesHaveRanges() throws {
        let fixture = try Self.fixture()
        for value in [-1, 17, 255, -1000] {
            #expect(
                try !fixture.harness.accepts(["step 1/batch/inputs": { [value] + $0.dropFirst() }]),
                "an input of \(value)")
        }
        for labels in [[0, 0], [1, 1], [2, -1], [-1, 2]] {
            #expect(
                try !fixture.harness.accepts(["step 1/batch/labels": { labels + $0.dropFirst(2) }]),
                "labels \(labels)")
        }
        #expect(try fixture.harness.accepts(["step 1/batch/labels": Self.relabelled]))
    }

    /// A model after that has the right differences but not the range; a model before far away.
    @Test func modelsHaveRanges() throws {
        let fixture = try Self.fixture()
        for weight in [64, -64, 100, -1000] {
            #expect(try !fixture.harness.accepts(["model/weights": { [weight] + $0.dropFirst() }]))
        }
        // Another start is another true statement.
        let second = Int(fixture.model.flattened[1])
        #expect(
            try fixture.harness.accepts([
                "model/weights": { [$0[0], second == 0 ? 1 : second - 1] + $0.dropFirst(2) }
            ]))
    }

    @Test func updatesStayWithinTheBound() throws {
        func largest(_ fixture: TrainingFixture) -> Int {
            fixture.trace.flatMap { $0.backward.flatMap(\.update.elements) }.map { Int(abs($0)) }.max() ?? 0
        }
        let free = try TrainingFixture(spec: TrainingFixture.spec(widths: Self.widths)) { trace in
            trace[0].backward.flatMap(\.update.elements).contains { abs($0) > 1 }
        }
        let bound = largest(free)
        #expect(bound >= 2)
        // At the bound, one below it, and with the honest integers put into a circuit that does not allow them.
        let tight = try TrainingStepCircuit(spec: free.circuit.spec, steps: 1, updateBound: bound)
        #expect(
            try TrainingFixture(circuit: tight, model: free.model, batches: free.batches).harness
                .isSatisfied())
        let tooTight = try TrainingStepCircuit(spec: free.circuit.spec, steps: 1, updateBound: bound - 1)
        #expect(throws: CircuitError.self) {
            try tooTight.witness(model: free.model, batches: free.batches, over: Fr.self)
        }
        let calm = try TrainingFixture(spec: free.circuit.spec, updateBound: bound - 1)
        let samples = try free.circuit.spec.inputs(of: free.batches[0]).elements
        let forged: [String: ([Int]) -> [Int]] = [
            "model/weights": { _ in free.model.flattened.map { Int($0) } },
            "step 1/batch/inputs": Self.set(samples),
            "step 1/batch/labels": { _ in
                free.batches[0].labels.flatMap { $0 == 0 ? [1, 0] : [0, 1] }
            },
        ]
        #expect(try !calm.harness.accepts(forged))
        let unbounded = try TrainingFixture(
            circuit: free.circuit, model: calm.model, batches: calm.batches)
        #expect(try unbounded.harness.accepts(forged))
    }

    @Test func everyCommittedWireMustBeCommitted() throws {
        for loss in [TrainingSpec.Loss.softmaxCrossEntropy, .squaredError] {
            let fixture = try Self.fixture(steps: 2, loss: loss)
            let names = fixture.harness.committedNames
            for expected in [
                "model/weights", "step 1/batch/inputs", "step 1/batch/labels",
                "step 1/layer 1/activation/mask",
                "step 1/layer 1/update/weights", "step 2/layer 2/update/weights",
                "step 1/layer 2/backward/sums",
            ] { #expect(names.contains(expected)) }
            #expect(names.contains("step 1/output/clamped gap") == (loss == .softmaxCrossEntropy))
            for name in names {
                guard case .notFixedBeforeChallenges? = fixture.harness.refusal(movingToPrivate: name) else {
                    Issue.record("\(name) may be private")
                    continue
                }
            }
        }
    }

    /// Each wire of a small circuit changed, one at a time, in several ways: none of them is another witness.
    @Test(arguments: [TrainingSpec.Loss.softmaxCrossEntropy, .squaredError])
    func mutations(loss: TrainingSpec.Loss) throws {
        let fixture = try Self.fixture(loss: loss)
        let r1cs = fixture.harness.r1cs
        let honest = try fixture.harness.assignment()
        #expect(try r1cs.check(honest))
        let single = SingleChanges(r1cs, honest)
        var generator = SeededGenerator(seed: 5)
        for wire in 0..<r1cs.wireCount {
            let value = honest[wire]
            let changes = [
                value + .one, value - .one, -value, value.doubled(), .zero, .one, value + Fr(256),
                .random(using: &generator),
            ]
            for changed in changes where changed != value {
                #expect(
                    !single.isAccepted(wire, changed),
                    "\(r1cs.names.name(ofWire: wire)) = \(changed) instead of \(value)")
            }
        }
    }
}
