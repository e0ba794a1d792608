import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Circuits of convolutional networks hold the integers of `QuantizedLearning`, bit for bit.
@Suite struct ConvolutionalCircuitTests {
    @Test(arguments: ConvolutionalSpecs.all)
    func qualityEqualsInference(spec: ModelSpec) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let fixture = try QualityFixture(spec: spec, sampleCount: 5, given: 4, seed: seed)
            #expect(try fixture.harness.isSatisfied())
            let trace = try fixture.model.inferenceTrace(inputs: spec.inputs(of: fixture.testSet))
            let assignment = try fixture.harness.assignment()
            func values(_ name: String) -> [Fr] {
                fixture.harness.values(name, in: assignment)
            }
            // The fifth sample is padding.
            func expect(_ name: String, _ matrix: Matrix<Int64>) {
                let expected = matrix.elements.map { Fr($0) }
                #expect(Array(values(name).prefix(expected.count)) == expected, "\(name)")
                #expect(values(name).count == matrix.columns * 5)
            }
            for layer in 0..<spec.layerCount - 1 {
                let activation = try #require(trace.layers[layer].activation)
                expect("layer \(layer + 1)/activation/p", activation.positive)
                expect("layer \(layer + 1)/activation/n", activation.negative)
                expect("layer \(layer + 1)/activation/rem", activation.remainder)
                if let pooling = trace.layers[layer].pooling, pooling.selector != nil {
                    expect("layer \(layer + 1)/pooling/max", pooling.output)
                }
            }
            expect("layer \(spec.layerCount)/logits", trace.logits)
        }
    }

    @Test(arguments: ConvolutionalSpecs.all)
    func stepsEqualTheTrainers(spec: ModelSpec) throws {
        let fixture = try TrainingFixture(spec: spec, steps: 2) { trace in
            trace.contains { $0.backward[0].update.elements.contains { $0 != 0 } }
        }
        #expect(try fixture.harness.isSatisfied())
        let assignment = try fixture.harness.assignment()
        func expect(_ name: String, _ integers: [Int64]) {
            #expect(fixture.values(name, in: assignment) == integers.map { Fr($0) }, "\(name)")
        }
        func expectDifference(_ name: String, _ integers: [Int64]) {
            expect(name + "/p", integers.map { max($0, 0) })
            expect(name + "/n", integers.map { max(-$0, 0) })
        }
        for (index, trace) in fixture.trace.enumerated() {
            let step = "step \(index + 1)"
            for layer in 0..<spec.layerCount - 1 {
                let activation = try #require(trace.forward.layers[layer].activation)
                expect("\(step)/layer \(layer + 1)/activation/p", activation.positive.elements)
                expect("\(step)/layer \(layer + 1)/activation/n", activation.negative.elements)
                expect("\(step)/layer \(layer + 1)/activation/rem", activation.remainder.elements)
            }
            for layer in 0..<spec.layerCount {
                let backward = trace.backward[layer]
                expect("\(step)/layer \(layer + 1)/update/weights", backward.nextWeights.elements)
                expect("\(step)/layer \(layer + 1)/update/rem", backward.updateRemainder.elements)
                guard let propagated = backward.propagated else { continue }
                let below = spec.geometry(layer: layer - 1)
                let name = "\(step)/layer \(layer + 1)/backward"
                expectDifference("\(name)/gradient", propagated.scaled.elements)
                expect("\(name)/gradient/rem", propagated.remainder.elements)
                let isAverage = below.pooling?.kind == .average
                expect("\(name)/sums", isAverage ? [] : propagated.sums.elements)
                let isMaximum = below.pooling?.kind == .maximum
                let maskName = isMaximum ? "pooling/mask" : "activation/mask"
                expect("\(step)/layer \(layer)/\(maskName)", propagated.mask.elements)
                if below.pooling != nil {
                    let members = below.poolingWindows.flatMap(\.members)
                    let gradient = propagated.gradient
                    expect(
                        "\(name)/spread/gradient",
                        (0..<gradient.rows).flatMap { row in members.map { gradient[row, $0] } })
                }
                if isMaximum {
                    let pooling = try #require(trace.forward.layers[layer - 1].pooling)
                    expect("\(step)/layer \(layer)/pooling/max", pooling.output.elements)
                    let selector = try #require(pooling.selector)
                    // The last of each window follows from the others.
                    expect(
                        "\(step)/layer \(layer)/pooling/selector",
                        (0..<selector.rows).flatMap { row in
                            below.poolingWindows.flatMap { window in
                                window.members.dropLast().map { selector[row, $0] }
                            }
                        })
                }
            }
        }
        let last = try #require(fixture.trace.last)
        #expect(last.nextModel.flattened != fixture.model.flattened)
        #expect(
            Array(assignment[fixture.harness.r1cs.wires(ofSegment: 1)])
                == (try fixture.circuit.modelValues(last.nextModel, over: Fr.self)))
    }

    /// Any network's step ends with the model of the trainer's step, and its quality is what inference says.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func randomNetworks(seed: UInt64) throws {
        let spec = try ConvolutionalSpecs.random(seed: seed)
        let step = try TrainingFixture(spec: spec, seed: seed)
        #expect(try step.harness.isSatisfied(), "\(spec)")
        let after = step.harness.r1cs.wires(ofSegment: 1)
        #expect(
            Array(try step.harness.assignment()[after])
                == (try step.circuit.modelValues(step.trace[0].nextModel, over: Fr.self)))
        let quality = try QualityFixture(spec: spec, sampleCount: 3, seed: seed)
        #expect(try quality.harness.isSatisfied(), "\(spec)")
        let trace = try quality.model.inferenceTrace(inputs: spec.inputs(of: quality.testSet))
        #expect(
            quality.harness.values("layer \(spec.layerCount)/logits", in: try quality.harness.assignment())
                == trace.logits.elements.map { Fr($0) })
    }

    /// The fast trainer ends with the committed model.
    @Test(arguments: [ConvolutionalSpecs.averageTwice, ConvolutionalSpecs.maximumTwice])
    func endsWithTheTrainersModel(spec: ModelSpec) throws {
        let fixture = try TrainingFixture(spec: spec, steps: 3)
        let data = try Dataset(
            name: "all", featureCount: spec.widths[0], classCount: spec.classCount,
            pixels: fixture.batches.flatMap(\.pixels), labels: fixture.batches.flatMap(\.labels))
        let trainer = try IntegerTrainer(model: fixture.model, data: data)
        for step in 0..<3 { try trainer.step(samples: Array(step * 2..<(step + 1) * 2)) }
        let after = fixture.harness.r1cs.wires(ofSegment: 1)
        #expect(
            Array(try fixture.harness.assignment()[after])
                == (try fixture.circuit.modelValues(trainer.model, over: Fr.self)))
    }

    @Test func genericOverTheField() throws {
        let fixture = try TrainingFixture(spec: ConvolutionalSpecs.averageTwice)
        let r1cs = try fixture.circuit.constraints(over: BN254BaseField.self)
        let witness = try fixture.circuit.witness(
            model: fixture.model, batches: fixture.batches, over: BN254BaseField.self)
        let challenges = (0..<r1cs.challengeCount).map { _ in BN254BaseField.random() }
        #expect(try r1cs.check(witness.assignment(challenges: challenges)))
    }

    /// One step of LeNet-5 with 16 samples, by region, as `Docs/convolution.md` has it.
    @Test func costsOfLeNet5() throws {
        let circuit = try TrainingStepCircuit(spec: .lenet5, steps: 1)
        let r1cs = try circuit.constraints(over: Fr.self)
        let regions = Dictionary(uniqueKeysWithValues: r1cs.statistics().map { ($0.region, $0.constraints) })
        let batch = 16
        let shapes = try (0..<2).map { layer in
            let geometry = ModelSpec.lenet5.geometry(layer: layer)
            return try ConvolutionShape(
                samples: batch, inChannels: geometry.input.channels, outChannels: geometry.output.channels,
                input: .init(geometry.input.height, geometry.input.width), kernel: .init(5, 5),
                padding: .init(geometry.padding.height, geometry.padding.width))
        }
        #expect(regions["powers of the challenge"] == 1023)
        for (layer, outputs) in [4704, 1600].enumerated() {
            let name = "step 1/layer \(layer + 1)"
            #expect(regions[name] == shapes[layer].convolutionConstraints(bias: true))
            #expect(regions["\(name)/activation"] == 5 * batch * outputs)
            let update = shapes[layer].weightGradientConstraints(bias: true)
            #expect(
                regions["\(name)/update"]
                    == update + 3 * (shapes[layer].weightCount + shapes[layer].outChannels))
        }
        #expect(regions["step 1/layer 2/backward"] == shapes[1].inputGradientConstraints)
        for (layer, pooled, outputs) in [(2, 1176, 4704), (3, 400, 1600)] {
            let name = "step 1/layer \(layer)/backward"
            #expect(regions["\(name)/gradient"] == 3 * batch * pooled)
            #expect(regions["\(name)/spread"] == batch * outputs)
        }
        #expect(r1cs.constraintCount == 1_483_086)
        #expect(r1cs.statistics().reduce(0) { $0 + $1.constraints } == r1cs.constraintCount)
    }

    /// LeNet-small on CIFAR-10's shape: published circuits take 2,002,118 constraints for one image.
    @Test func costsOfLeNetSmall() throws {
        let r1cs = try QualityCircuit(spec: .lenetSmall, sampleCount: 25).constraints(over: Fr.self)
        let regions = Dictionary(uniqueKeysWithValues: r1cs.statistics().map { ($0.region, $0.constraints) })
        #expect(regions["model"] == 74_824)
        #expect(regions["layer 1/activation"] == 3 * 25 * 4704)
        #expect(r1cs.constraintCount == 995_510)
    }

    /// A specification of a few bytes must not ask for any amount of memory.
    @Test func hugeCircuitsAreRefused() throws {
        #expect(throws: CircuitError.self) { try QualityCircuit(spec: .lenetSmall, sampleCount: 2000) }
        var spec = ModelSpec.lenetSmall
        spec.training?.batchSize = 1024
        #expect(throws: CircuitError.self) { try TrainingStepCircuit(spec: spec, steps: 9) }
    }
}
