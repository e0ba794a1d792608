import Foundation
import QuantizedLearning
import Testing

@Suite struct TrainingTests {
    @Test(arguments: SampleSpec.all + SampleSpec.convolutional)
    func fastStepsEqualTheTrace(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 64, seed: 3)
        let start = try QuantizedModel.initial(spec: spec, seed: 6)
        let batchSize = try #require(spec.training).batchSize
        let trainer = try IntegerTrainer(model: start, data: data)
        var twin = start
        for batch in BatchSchedule(sampleCount: 64, batchSize: batchSize, seed: 1).batches(epoch: 0).prefix(8)
        {
            try trainer.step(samples: batch)
            let samples = data.subset(batch)
            twin = try twin.stepTrace(inputs: spec.inputs(of: samples), labels: samples.labels).nextModel
            #expect(try trainer.model == twin)
        }
        #expect(twin != start)
    }

    @Test func fastStepsEqualTheTraceOnDigits() throws {
        let spec = ModelSpec.digits
        let data = try Dataset.digits()
        let trainer = try IntegerTrainer(model: .initial(spec: spec, seed: 1), data: data)
        var twin = try QuantizedModel.initial(spec: spec, seed: 1)
        for batch in BatchSchedule(sampleCount: data.count, batchSize: 32, seed: 1).batches(epoch: 0) {
            try trainer.step(samples: batch)
            let samples = data.subset(batch)
            twin = try twin.stepTrace(inputs: spec.inputs(of: samples), labels: samples.labels).nextModel
        }
        #expect(try trainer.model == twin)
    }

    /// Every equation and range of the step, on sums written out once more.
    @Test(arguments: SampleSpec.all)
    func traceSatisfiesItsEquations(spec: ModelSpec) throws {
        let training = try #require(spec.training)
        let data = try SampleSpec.data(for: spec, count: training.batchSize, seed: 8)
        let model = try QuantizedModel.initial(spec: spec, seed: 9)
        let trace = try model.stepTrace(inputs: spec.inputs(of: data), labels: data.labels)
        checkOutput(trace, spec: spec, training: training)
        var gradient = trace.output.gradient
        for layer in (0..<spec.layerCount).reversed() {
            let values = trace.backward[layer]
            #expect(values.gradient == gradient)
            checkUpdate(values, trace: trace, layer: layer, model: model, training: training)
            guard let propagated = values.propagated else { continue }
            #expect(layer > 0)
            checkPropagated(propagated, trace: trace, layer: layer, model: model, training: training)
            gradient = propagated.gradient
        }
    }

    private func checkOutput(_ trace: StepTrace, spec: ModelSpec, training: TrainingSpec) {
        let (output, shift) = (trace.output, Int64(training.logitShift(of: spec)))
        let one = Int64(1) << Int64(training.outputGradientFractionBits)
        for row in 0..<trace.labels.count {
            for column in 0..<spec.classCount {
                let offset: Int64 = output.softmax == nil ? 1 << (shift - 1) : 0
                let remainder = output.scaledRemainder[row, column]
                #expect(
                    trace.forward.logits[row, column] + offset
                        == output.scaledLogits[row, column] << shift + remainder)
                #expect((0..<1 << shift).contains(remainder))
                let target = Int(trace.labels[row]) == column ? one : 0
                guard let softmax = output.softmax else {
                    #expect(output.gradient[row, column] == output.scaledLogits[row, column] - target)
                    continue
                }
                let table = ExponentTable(training.softmax!)
                let (gap, clamped) = (softmax.gap[row, column], softmax.clampedGap[row, column])
                #expect(gap == softmax.maximum[row] - output.scaledLogits[row, column] && gap >= 0)
                #expect(clamped == gap || (clamped == table.values.count - 1 && gap > clamped))
                #expect(softmax.exponential[row, column] == table.values[Int(clamped)])
                let probability = softmax.probability[row, column]
                #expect(
                    softmax.exponential[row, column] * one
                        == probability * softmax.sum[row] + softmax.remainder[row, column])
                #expect((0..<softmax.sum[row]).contains(softmax.remainder[row, column]))
                #expect((0...one).contains(probability))
                #expect(output.gradient[row, column] == probability - target)
            }
            guard let softmax = output.softmax else { continue }
            #expect(softmax.gap.row(row).contains(0))
            #expect(softmax.sum[row] == softmax.exponential.row(row).reduce(0, +))
        }
    }

    private func checkUpdate(
        _ values: BackwardTrace, trace: StepTrace, layer: Int, model: QuantizedModel, training: TrainingSpec
    ) {
        let (rows, columns) = model.spec.weightShape(layer: layer)
        let input = trace.forward.layers[layer].windows
        let shift = Int64(training.updateShift(layer: layer, of: model.spec))
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Int64 = 0
                for sample in 0..<trace.labels.count {
                    sum += input[sample, row] * values.gradient[sample, column]
                }
                #expect(values.weightGradient[row, column] == sum)
                let (update, remainder) = (values.update[row, column], values.updateRemainder[row, column])
                #expect(
                    Int64(training.learningRate.numerator) * sum + 1 << (shift - 1)
                        == update << shift + remainder)
                #expect((0..<1 << shift).contains(remainder))
                let next = Int64(model.weights[layer][row, column]) - update
                #expect(values.nextWeights[row, column] == next)
                #expect(model.spec.weightRange.contains(next) && model.spec.weightRange.contains(update))
                #expect(Int64(trace.nextModel.weights[layer][row, column]) == next)
            }
        }
    }

    private func checkPropagated(
        _ values: PropagatedTrace, trace: StepTrace, layer: Int, model: QuantizedModel, training: TrainingSpec
    ) {
        let (spec, gradient) = (model.spec, trace.backward[layer].gradient)
        let shift = Int64(training.backwardShift(layer: layer, of: spec))
        for sample in 0..<trace.labels.count {
            for unit in 0..<spec.widths[layer] {
                var sum: Int64 = 0
                for k in 0..<spec.widths[layer + 1] {
                    sum += gradient[sample, k] * Int64(model.weights[layer][unit, k])
                }
                #expect(values.sums[sample, unit] == sum)
                let isActive = trace.forward.layers[layer - 1].activation!.positive[sample, unit] > 0
                #expect(values.mask[sample, unit] == (isActive ? 1 : 0))
                #expect(
                    (isActive ? sum : 0) + 1 << (shift - 1)
                        == values.gradient[sample, unit] << shift + values.remainder[sample, unit])
                #expect((0..<1 << shift).contains(values.remainder[sample, unit]))
                #expect(training.gradientRange.contains(values.gradient[sample, unit]))
            }
        }
    }

    @Test func exponentTableIsTheExponential() {
        for fraction in [0, 4, 6, 8] {
            let spec = SoftmaxSpec(logitFractionBits: fraction, tableBits: 12, exponentFractionBits: 30)
            let table = ExponentTable(spec).values
            #expect(table.count == 4096 && table[0] == 1 << 30)
            for (row, value) in table.enumerated() {
                let exact = exp(-Double(row) / Double(1 << fraction)) * Double(1 << 30)
                #expect(abs(Double(value) - exact) <= 0.5 + 1e-6)
                #expect(row == 0 || value <= table[row - 1])
            }
        }
        let table = ExponentTable(SoftmaxSpec(logitFractionBits: 6, tableBits: 10, exponentFractionBits: 14))
        #expect(table.values[0] == 16384 && table.values[64] == 6027 && table.values[1023] == 0)
    }

    /// Trained weights are the same integers everywhere: FNV-1a over them after two epochs on the digits. An
    /// independent NumPy program with its own generator, exponentials and products arrives at the same value.
    @Test func trainingIsDeterministic() throws {
        let model = try QuantizedModel.initial(spec: .digits, seed: 1).trained(
            on: .digits().split().train, epochs: 2, seed: 1)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for weight in model.flattened {
            for byte in [UInt8(truncatingIfNeeded: weight), UInt8(truncatingIfNeeded: weight >> 8)] {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        #expect(hash == 0xf1e7_1e78_0ec5_1a72)
    }

    @Test func valuesOutOfRangeAreReportedAndLeaveTheModelAlone() throws {
        var spec = ModelSpec.digits
        spec.training?.learningRate = LearningRate(numerator: 1000, shift: 1)
        let data = try Dataset.digits()
        let start = try QuantizedModel.initial(spec: spec, seed: 1)
        let trainer = try IntegerTrainer(model: start, data: data)
        let batch = Array(0..<32)
        let message = message { try trainer.step(samples: batch) }
        #expect(message.contains("lower learning rate"))
        #expect(try trainer.model == start)
        #expect(throws: LearningError.self) {
            _ = try start.stepTrace(
                inputs: spec.inputs(of: data.subset(batch)), labels: Array(data.labels.prefix(32)))
        }
    }

    @Test func wrongBatchesAreRefused() throws {
        let data = try Dataset.digits()
        let start = try QuantizedModel.initial(spec: .digits, seed: 1)
        let trainer = try IntegerTrainer(model: start, data: data)
        #expect(message { try trainer.step(samples: Array(0..<31)) }.contains("31 samples"))
        #expect(message { try trainer.step(samples: Array(1766..<1798)) }.contains("no batch"))
        #expect(
            message { _ = try IntegerTrainer(model: start, data: data.prefix(31)) }.contains("31 samples"))
        var spec = ModelSpec.digits
        spec.training = nil
        let untrained = try QuantizedModel.zero(spec: spec)
        #expect(
            message { _ = try IntegerTrainer(model: untrained, data: data) }.contains("training: missing"))
        let inputs = try spec.inputs(of: data.prefix(32))
        #expect(
            message { _ = try start.stepTrace(inputs: inputs, labels: [UInt8](repeating: 10, count: 32)) }
                .contains("not among the 10 classes"))
    }
}
