import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

@Suite struct TrainingStepCircuitTests {
    @Test(arguments: [[4, 2], [4, 3, 2], [5, 4, 3, 3], [3, 6, 2, 4, 5]], [false, true])
    func anyShapeIsSatisfied(widths: [Int], bias: Bool) throws {
        for loss in [TrainingSpec.Loss.softmaxCrossEntropy, .squaredError] {
            for rate in [LearningRate(numerator: 1, shift: 1), LearningRate(numerator: 3, shift: 2)] {
                let spec = TrainingFixture.spec(widths: widths, bias: bias, loss: loss, rate: rate)
                for seed in [1, 1001, 2001] as [UInt64] {
                    #expect(try TrainingFixture(spec: spec, seed: seed).harness.isSatisfied())
                }
            }
        }
    }

    /// The wires hold the integers of the trainer's steps, bit for bit.
    @Test(arguments: [false, true])
    func equalsTheTrainer(bias: Bool) throws {
        let spec = TrainingFixture.spec(widths: [6, 5, 4, 3], bias: bias, batch: 4)
        let fixture = try TrainingFixture(spec: spec, steps: 3)
        #expect(try fixture.harness.isSatisfied())
        let assignment = try fixture.harness.assignment()
        func expect(_ name: String, _ integers: [Int64], _ comment: Comment? = nil) {
            #expect(fixture.values(name, in: assignment) == integers.map { Fr($0) }, comment ?? "\(name)")
        }
        func expectDifference(_ name: String, _ integers: [Int64]) {
            expect(name + "/p", integers.map { max($0, 0) })
            expect(name + "/n", integers.map { max(-$0, 0) })
        }
        for (index, trace) in fixture.trace.enumerated() {
            let step = "step \(index + 1)"
            expect("\(step)/batch/inputs", try spec.inputs(of: fixture.batches[index]).elements)
            for layer in 0..<2 {
                let activation = try #require(trace.forward.layers[layer].activation)
                expect("\(step)/layer \(layer + 1)/activation/p", activation.positive.elements)
                expect("\(step)/layer \(layer + 1)/activation/n", activation.negative.elements)
                expect("\(step)/layer \(layer + 1)/activation/rem", activation.remainder.elements)
            }
            expectDifference("\(step)/layer 3/logits", trace.output.scaledLogits.elements)
            expect("\(step)/layer 3/logits/rem", trace.output.scaledRemainder.elements)
            let softmax = try #require(trace.output.softmax)
            expect("\(step)/output/max", softmax.maximum)
            expect("\(step)/output/clamped gap", softmax.clampedGap.elements)
            expect("\(step)/output/f(x)", softmax.exponential.elements)
            expect("\(step)/output/quotient", softmax.probability.elements)
            expect("\(step)/output/remainder", softmax.remainder.elements)
            for layer in 0..<3 {
                let backward = trace.backward[layer]
                if let propagated = backward.propagated {
                    let name = "\(step)/layer \(layer + 1)/backward"
                    expect("\(step)/layer \(layer)/activation/mask", propagated.mask.elements)
                    expect("\(name)/sums", propagated.sums.elements)
                    expectDifference("\(name)/gradient", propagated.gradient.elements)
                    expect("\(name)/gradient/rem", propagated.remainder.elements)
                }
                expect("\(step)/layer \(layer + 1)/update/weights", backward.nextWeights.elements)
                expect("\(step)/layer \(layer + 1)/update/rem", backward.updateRemainder.elements)
            }
        }
    }

    /// Real scales: three steps on the handwritten digits.
    @Test func trainsOnDigits() throws {
        let data = try Dataset.digits().split().train
        let batches = BatchSchedule(
            sampleCount: data.count, batchSize: 32, seed: 1
        ).batches(epoch: 0).prefix(3).map { data.subset($0) }
        let start = try QuantizedModel.initial(spec: .digits, seed: 1)
        let circuit = try TrainingStepCircuit(spec: .digits, steps: 3)
        let fixture = try TrainingFixture(circuit: circuit, model: start, batches: batches)
        #expect(try fixture.harness.isSatisfied())
        let trainer = try IntegerTrainer(model: start, data: data)
        for batch in BatchSchedule(sampleCount: data.count, batchSize: 32, seed: 1).batches(epoch: 0).prefix(
            3)
        {
            try trainer.step(samples: batch)
        }
        let after = fixture.harness.r1cs.wires(ofSegment: 1)
        #expect(
            Array(try fixture.harness.assignment()[after])
                == (try circuit.modelValues(trainer.model, over: Fr.self)))
    }

    /// The last committed model is the one that the fast trainer ends with.
    @Test(arguments: [TrainingSpec.Loss.softmaxCrossEntropy, .squaredError])
    func endsWithTheTrainersModel(loss: TrainingSpec.Loss) throws {
        let spec = TrainingFixture.spec(widths: [5, 4, 3], loss: loss, batch: 4)
        let fixture = try TrainingFixture(spec: spec, steps: 4) { $0.last?.backward[0].update.elements != [] }
        #expect(try fixture.harness.isSatisfied())
        let data = try Dataset(
            name: "all", featureCount: 5, classCount: 3, pixels: fixture.batches.flatMap(\.pixels),
            labels: fixture.batches.flatMap(\.labels))
        let trainer = try IntegerTrainer(model: fixture.model, data: data)
        for step in 0..<4 { try trainer.step(samples: Array(step * 4..<(step + 1) * 4)) }
        let trained = try trainer.model
        #expect(trained.flattened != fixture.model.flattened)
        let r1cs = fixture.harness.r1cs
        let assignment = try fixture.harness.assignment()
        #expect(
            Array(assignment[r1cs.wires(ofSegment: 0)])
                == (try fixture.circuit.modelValues(fixture.model, over: Fr.self)))
        #expect(
            Array(assignment[r1cs.wires(ofSegment: 1)])
                == (try fixture.circuit.modelValues(trained, over: Fr.self)))
        for step in 0..<4 {
            #expect(
                Array(assignment[r1cs.wires(ofSegment: 2 + step)])
                    == (try fixture.circuit.batchValues(fixture.batches[step], over: Fr.self)))
        }
    }

    @Test func segmentsAndPublicInputs() throws {
        let fixture = try TrainingFixture(spec: TrainingFixture.spec(widths: [4, 3, 2]), steps: 2)
        let r1cs = fixture.harness.r1cs
        #expect(fixture.circuit.linkedSegments == ["model before", "model after", "batch 1", "batch 2"])
        #expect(r1cs.segments.map(\.name) == fixture.circuit.linkedSegments + ["advice"])
        #expect(r1cs.segments.map(\.isLinked) == [true, true, true, true, false])
        #expect(r1cs.segments.prefix(4).map(\.count) == [18, 18, 12, 12])
        #expect(fixture.circuit.batchLength == 12)
        #expect(r1cs.publicCount == 1 + r1cs.challengeCount)
        let witness = try fixture.circuit.witness(
            model: fixture.model, batches: fixture.batches, over: Fr.self)
        #expect(witness.statement == [])
        #expect(witness.committed.count == r1cs.committedCount)
        for seed in 1...3 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let challenges = (0..<r1cs.challengeCount).map { _ in Fr.random(using: &generator) }
            #expect(try r1cs.check(witness.assignment(challenges: challenges)))
        }
    }

    @Test func constraintsDependOnTheShapeOnly() throws {
        let spec = TrainingFixture.spec(widths: [4, 3, 2])
        let first = try TrainingFixture(spec: spec, seed: 1).harness.r1cs
        let second = try TrainingFixture(spec: spec, seed: 9).harness.r1cs
        #expect(first.a == second.a && first.b == second.b && first.c == second.c)
        #expect(first.coefficients == second.coefficients)
    }

    /// The project's bound for a step of 784-128-10 with 64 samples, and its parts.
    @Test func costs() throws {
        let circuit = try TrainingStepCircuit(spec: .mnist, steps: 1)
        let r1cs = try circuit.constraints(over: Fr.self)
        #expect(r1cs.constraintCount + r1cs.publicCount <= 850_000)
        let regions = Dictionary(uniqueKeysWithValues: r1cs.statistics().map { ($0.region, $0) })
        let (b, n, h, c) = (64, 784, 128, 10)
        func constraints(_ region: String) -> Int? { regions[region]?.constraints }
        #expect(constraints("step 1/batch") == b * n + b * c + b)
        #expect(constraints("step 1/layer 1") == b * n + n * (h - 1) + b * (h - 1))
        #expect(constraints("step 1/layer 1/activation") == 5 * b * h)
        #expect(constraints("step 1/layer 2") == b * h + h * (c - 1) + b * (c - 1))
        #expect(constraints("step 1/layer 2/backward") == b * c + c * (h - 1) + b * (h - 1) + b * h)
        #expect(constraints("step 1/layer 2/backward/gradient") == 3 * b * h)
        #expect(constraints("step 1/layer 2/update") == b * h + b * (c - 1) + h * (c - 1) + 3 * h * c)
        #expect(constraints("step 1/layer 1/update") == b * n + b * (h - 1) + n * (h - 1) + 3 * n * h)
        #expect(r1cs.statistics().reduce(0) { $0 + $1.constraints } == r1cs.constraintCount)
        // A bound costs its table: 2·B + 1 rows and one sum.
        let bounded = try TrainingStepCircuit(spec: .mnist, steps: 1, updateBound: 100)
        #expect(try bounded.constraints(over: Fr.self).constraintCount == r1cs.constraintCount + 202)
    }

    @Test func genericOverTheField() throws {
        let fixture = try TrainingFixture(spec: TrainingFixture.spec(widths: [4, 3, 2]))
        let r1cs = try fixture.circuit.constraints(over: BN254BaseField.self)
        let witness = try fixture.circuit.witness(
            model: fixture.model, batches: fixture.batches, over: BN254BaseField.self)
        let challenges = (0..<r1cs.challengeCount).map { _ in BN254BaseField.random() }
        #expect(try r1cs.check(witness.assignment(challenges: challenges)))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let spec = TrainingFixture.spec(widths: [4, 3, 2])
        let fixture = try TrainingFixture(spec: spec)
        let other = try TrainingFixture(spec: TrainingFixture.spec(widths: [4, 2, 2]))
        let faster = try TrainingFixture(
            spec: TrainingFixture.spec(widths: [4, 3, 2], rate: LearningRate(numerator: 2, shift: 1)))
        func refused(_ model: QuantizedModel, _ batches: [Dataset]) -> Bool {
            (try? fixture.circuit.witness(model: model, batches: batches, over: Fr.self)) == nil
        }
        #expect(!refused(fixture.model, fixture.batches))
        #expect(refused(other.model, fixture.batches))
        #expect(refused(faster.model, fixture.batches))
        #expect(refused(fixture.model, []))
        #expect(refused(fixture.model, fixture.batches + fixture.batches))
        #expect(refused(fixture.model, [fixture.batches[0].prefix(1)]))
        #expect(throws: CircuitError.self) { try TrainingStepCircuit(spec: spec, steps: 0) }
        #expect(throws: CircuitError.self) { try TrainingStepCircuit(spec: spec, steps: 10) }
        #expect(throws: CircuitError.self) { try TrainingStepCircuit(spec: spec, steps: 1, updateBound: 32) }
        #expect(throws: CircuitError.self) { try TrainingStepCircuit(spec: spec, steps: 1, updateBound: -1) }
        #expect(throws: LearningError.self) {
            try TrainingStepCircuit(spec: QualityFixture.spec(widths: [4, 2]), steps: 1)
        }
        #expect(try TrainingStepCircuit(spec: spec, steps: 9).constraints(over: Fr.self).segments.count == 12)
    }

    /// A step out of range has no witness, and the reason names the value.
    @Test func stepsOutOfRangeHaveNoWitness() throws {
        let spec = TrainingFixture.spec(widths: [4, 2])
        let model = try QuantizedModel(spec: spec, flattened: [31, -32, -32, 31, -32, 31, -32, 31])
        let batch = try Dataset(
            name: "batch", featureCount: 4, classCount: 2, pixels: Array(repeating: 16, count: 8),
            labels: [0, 0])
        let circuit = try TrainingStepCircuit(spec: spec, steps: 1)
        #expect(throws: LearningError.self) {
            try circuit.witness(model: model, batches: [batch], over: Fr.self)
        }
    }
}
