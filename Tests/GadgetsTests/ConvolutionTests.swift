import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct ConvolutionTests {
    private static let mixed = ConvolutionSample(ConvolutionSample.shapes[8])

    @Test func shapesAreWhatTheyShouldBe() throws {
        #expect(ConvolutionSample.shapes.count == 14)
        let shape = ConvolutionSample.shapes[8]
        #expect(shape.output == .init(3, 3) && shape.inputCount == 168 && shape.weightCount == 24)
        #expect(shape.outputCount == 36 && shape.multiplications == 36 * 12)
    }

    @Test(arguments: ConvolutionSample.shapes)
    func resultsByTheDefinition(shape: ConvolutionShape) throws {
        let sample = ConvolutionSample(shape)
        #expect(shape.convolution(sample.x, sample.w) == sample.z)
        #expect(shape.weightGradient(sample.x, sample.g) == sample.weightGradient)
        #expect(shape.channelSums(sample.g).map { $0 * ConvolutionSample.scale } == sample.biasGradient)
        #expect(shape.inputGradient(sample.g, sample.w) == sample.inputGradient)
        #expect(try sample.forward().isSatisfied())
        #expect(try sample.forward(bias: true).isSatisfied())
        #expect(try sample.weights().isSatisfied())
        #expect(try sample.weights(bias: true).isSatisfied())
        #expect(try sample.inputs().isSatisfied())
    }

    @Test(arguments: ConvolutionSample.shapes)
    func countsAreAsDocumented(shape: ConvolutionShape) throws {
        let sample = ConvolutionSample(shape)
        let powers = shape.powerConstraints
        for bias in [false, true] {
            #expect(
                try sample.forward(bias: bias).r1cs.constraintCount
                    == powers + shape.convolutionConstraints(bias: bias))
            #expect(
                try sample.weights(bias: bias).r1cs.constraintCount
                    == powers + shape.weightGradientConstraints(bias: bias))
        }
        #expect(try sample.inputs().r1cs.constraintCount == powers + shape.inputGradientConstraints)
    }

    /// LeNet-5's first two layers on a batch of 16: nothing grows with the number of multiplications.
    @Test func nonZerosAreFew() throws {
        let first = try ConvolutionShape(
            samples: 16, inChannels: 1, outChannels: 6, input: .init(28, 28), kernel: .init(5, 5),
            padding: .init(2, 2))
        let second = try ConvolutionShape(
            samples: 16, inChannels: 6, outChannels: 16, input: .init(14, 14), kernel: .init(5, 5))
        #expect(first.multiplications == 1_881_600 && second.multiplications == 3_840_000)
        for (shape, expected) in [
            (first, [357_337, 425_532, 363_863]), (second, [190_521, 199_389, 190_510]),
        ] {
            let sample = ConvolutionSample(shape)
            let cases = [
                (try sample.forward(bias: true), shape.convolutionConstraints(bias: true)),
                (try sample.weights(bias: true), shape.weightGradientConstraints(bias: true)),
                (try sample.inputs(), shape.inputGradientConstraints),
            ]
            for ((harness, constraints), nonZeros) in zip(cases, expected) {
                let r1cs = harness.r1cs
                #expect(r1cs.constraintCount == constraints + shape.powerConstraints)
                #expect([r1cs.a, r1cs.b, r1cs.c].reduce(0) { $0 + $1.nonZeroCount } == nonZeros)
                #expect(nonZeros < 5 * r1cs.constraintCount)
            }
        }
    }

    @Test(arguments: ConvolutionSample.shapes)
    func everyValueIsBound(shape: ConvolutionShape) throws {
        let sample = ConvolutionSample(shape)
        for (harness, result, count) in [
            (try sample.forward(bias: true), "z", shape.outputCount),
            (try sample.weights(bias: true), "dw", shape.weightCount),
            (try sample.weights(bias: true), "db", shape.outChannels),
            (try sample.inputs(), "r", shape.inputCount),
        ] {
            for index in stride(from: 0, to: count, by: count > 40 ? 5 : 1) {
                #expect(try !harness.accepts([result: adding(1, at: index)]), "\(result)[\(index)]")
            }
            #expect(try !harness.accepts([result: { $0.map { _ in 0 } }]))
        }
        // Inputs that no window reaches are free; a change of any other shows.
        let forward = try sample.forward()
        for (index, products) in sample.productsOfInput.enumerated() {
            #expect(try forward.accepts(["x": adding(1, at: index)]) == (products == 0), "x[\(index)]")
        }
    }

    @Test func changesThatCancelAreRefused() throws {
        let sample = Self.mixed
        for (harness, result, count) in [
            (try sample.forward(), "z", sample.shape.outputCount),
            (try sample.weights(), "dw", sample.shape.weightCount),
            (try sample.inputs(), "r", sample.shape.inputCount),
        ] {
            for distance in [1, 2, 3, count / 2, count - 1] {
                #expect(
                    try !harness.accepts([
                        result: { adding(-1, at: distance)(adding(1, at: 0)($0)) }
                    ]))
            }
        }
    }

    /// Values of the right set at wrong places: samples, channels, rows, columns.
    @Test func exchangesAreRefused() throws {
        let sample = Self.mixed
        let shape = sample.shape
        func exchange(_ size: Int) -> ([Int]) -> [Int] {
            { Array($0[size..<2 * size] + $0[..<size] + $0[(2 * size)...]) }
        }
        func shift(_ size: Int) -> ([Int]) -> [Int] { { Array($0[size...] + $0[..<size]) } }
        let output = shape.output.height * shape.output.width
        let input = shape.input.height * shape.input.width
        for (harness, result, sizes) in [
            (
                try sample.forward(), "z",
                [1, shape.output.width, output, output * shape.outChannels]
            ),
            (
                try sample.weights(), "dw",
                [
                    1, shape.outChannels, shape.outChannels * shape.kernel.width,
                    shape.outChannels * shape.kernel.width * shape.kernel.height,
                ]
            ),
            (try sample.inputs(), "r", [1, shape.input.width, input, input * shape.inChannels]),
        ] {
            for size in sizes {
                #expect(try !harness.accepts([result: exchange(size)]), "\(result) by \(size)")
                #expect(try !harness.accepts([result: shift(size)]), "\(result) by \(size)")
            }
        }
    }

    /// A result that is right for the operands is accepted, whatever they are.
    @Test func otherTruthsAreAccepted() throws {
        let other = ConvolutionSample(Self.mixed.shape, seed: 2)
        #expect(
            try Self.mixed.forward().accepts([
                "x": { _ in other.x }, "w": { _ in other.w }, "z": { _ in other.z },
            ]))
        #expect(
            try Self.mixed.weights().accepts([
                "x": { _ in other.x }, "g": { _ in other.g }, "dw": { _ in other.weightGradient },
            ]))
        #expect(
            try Self.mixed.inputs().accepts([
                "g": { _ in other.g }, "w": { _ in other.w }, "r": { _ in other.inputGradient },
            ]))
        #expect(
            try !Self.mixed.forward().accepts([
                "x": { _ in other.x }, "w": { _ in other.w }, "z": { _ in other.zWithBias },
            ]))
    }

    @Test func everythingMustBeFixed() throws {
        let sample = Self.mixed
        for (harness, names) in [
            (try sample.forward(bias: true), ["x", "w", "bias", "z"]),
            (try sample.weights(bias: true), ["x", "g", "dw", "db"]),
            (try sample.inputs(), ["g", "w", "r"]),
        ] {
            #expect(Set(harness.committedNames) == Set(names))
            for name in names {
                #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
            }
        }
    }

    @Test func wrapAroundAndShapesAreRefused() throws {
        let shape = ConvolutionSample.shapes[1]
        let wide = Interval.signed(bits: 127)
        for (xCount, zCount, interval) in [(9, 4, wide), (8, 4, Interval.bit), (9, 3, Interval.bit)] {
            let error = #expect(throws: CircuitError.self) {
                try R1CS<Fr> { builder in
                    _ = try ConvolutionChecker(builder).requireConvolution(
                        shape, try builder.input("x", Array(repeating: 0, count: xCount), interval: interval),
                        try builder.input("w", [0, 0, 0, 0], interval: interval),
                        equals: try builder.input("z", Array(repeating: 0, count: zCount)), builder)
                }
            }
            #expect(error?.isWrap == (interval == wide))
        }
        for sizes in [(0, 1, 2, 1, 0), (1, 3, 4, 1, 0), (1, 3, 2, 0, 0), (1, 3, 2, 1, 2), (1, 3, 2, 1, -1)] {
            #expect(throws: CircuitError.self) {
                try ConvolutionShape(
                    samples: sizes.0, inChannels: 1, outChannels: 1, input: .init(sizes.1, sizes.1),
                    kernel: .init(sizes.2, sizes.2), stride: .init(sizes.3, sizes.3),
                    padding: .init(sizes.4, sizes.4))
            }
        }
        #expect(throws: CircuitError.self) {
            try ConvolutionShape(
                samples: 1 << 16, inChannels: 1 << 16, outChannels: 1, input: .init(1, 1), kernel: .init(1, 1)
            )
        }
    }

    /// After the challenges nothing can be requested any more: it would not be checked.
    @Test func lateRequestsAreRefused() throws {
        let sample = ConvolutionSample(ConvolutionSample.shapes[1])
        let error = #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                let checker = ConvolutionChecker(builder)
                let x = try builder.input("x", sample.x)
                let w = try builder.input("w", sample.w)
                let z = try builder.input("z", sample.z)
                builder.afterChallenges {
                    _ = try checker.requireConvolution(sample.shape, x, w, equals: z, $0)
                }
            }
        }
        if case .wrongPhase = error {} else { Issue.record("\(String(describing: error))") }
    }

    /// Several convolutions share the powers of the challenge.
    @Test func powersAreShared() throws {
        let samples = [ConvolutionSample(ConvolutionSample.shapes[6]), Self.mixed]
        let harness = try Harness { builder in
            let checker = ConvolutionChecker(builder)
            for (index, sample) in samples.enumerated() {
                try builder.region("layer \(index)") {
                    _ = try checker.requireConvolution(
                        sample.shape, try builder.input("x", sample.x), try builder.input("w", sample.w),
                        equals: try builder.input("z", sample.z), builder)
                }
            }
        }
        #expect(
            harness.r1cs.constraintCount
                == samples.reduce(0) { $0 + $1.shape.convolutionConstraints() }
                + max(samples[0].shape.powerConstraints, samples[1].shape.powerConstraints))
        #expect(harness.r1cs.challengeCount == 1)
        #expect(try harness.isSatisfied())
    }
}
