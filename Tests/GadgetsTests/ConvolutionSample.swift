import ConstraintSystem
import Gadgets
import TestSupport
import Testing

/// A convolution with random integers, and its results by the definition.
struct ConvolutionSample {
    let shape: ConvolutionShape
    let x: [Int]
    let w: [Int]
    let bias: [Int]
    let g: [Int]
    static let scale = 16

    init(_ shape: ConvolutionShape, seed: UInt64 = 1) {
        var generator = SeededGenerator(seed: seed)
        self.shape = shape
        x = (0..<shape.inputCount).map { _ in Int.random(in: -100...100, using: &generator) }
        // No weight of 0, so that every input that a window reaches matters.
        w = (0..<shape.weightCount).map { _ in
            Int.random(in: 1...50, using: &generator) * (Bool.random(using: &generator) ? 1 : -1)
        }
        bias = (0..<shape.outChannels).map { _ in Int.random(in: -50...50, using: &generator) }
        g = (0..<shape.outputCount).map { _ in Int.random(in: -70...70, using: &generator) }
    }

    /// Every product of the trilinear form: positions of its factors in X, W and the output.
    private func forEachProduct(_ body: (_ x: Int, _ w: Int, _ z: Int) -> Void) {
        let (input, kernel, output) = (shape.input, shape.kernel, shape.output)
        for b in 0..<shape.samples {
            for o in 0..<shape.outChannels {
                for i in 0..<output.height {
                    for j in 0..<output.width {
                        for c in 0..<shape.inChannels {
                            for u in 0..<kernel.height {
                                for v in 0..<kernel.width {
                                    let row = i * shape.stride.height + u - shape.padding.height
                                    let column = j * shape.stride.width + v - shape.padding.width
                                    guard (0..<input.height).contains(row),
                                        (0..<input.width).contains(column)
                                    else { continue }
                                    body(
                                        ((b * shape.inChannels + c) * input.height + row) * input.width
                                            + column,
                                        ((c * kernel.height + u) * kernel.width + v) * shape.outChannels + o,
                                        ((b * shape.outChannels + o) * output.height + i) * output.width + j)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// X ∗ W.
    var z: [Int] {
        var result = [Int](repeating: 0, count: shape.outputCount)
        forEachProduct { result[$2] += x[$0] * w[$1] }
        return result
    }

    /// X ∗ W + scale·bias.
    var zWithBias: [Int] {
        z.enumerated().map { index, value in
            value + Self.scale * bias[index / shape.output.height / shape.output.width % shape.outChannels]
        }
    }

    var weightGradient: [Int] {
        var result = [Int](repeating: 0, count: shape.weightCount)
        forEachProduct { result[$1] += x[$0] * g[$2] }
        return result
    }

    var biasGradient: [Int] {
        var result = [Int](repeating: 0, count: shape.outChannels)
        let positions = shape.output.height * shape.output.width
        for (index, value) in g.enumerated() {
            result[index / positions % shape.outChannels] += Self.scale * value
        }
        return result
    }

    var inputGradient: [Int] {
        var result = [Int](repeating: 0, count: shape.inputCount)
        forEachProduct { result[$0] += g[$2] * w[$1] }
        return result
    }

    /// How many products each input takes part in.
    var productsOfInput: [Int] {
        var result = [Int](repeating: 0, count: shape.inputCount)
        forEachProduct { x, _, _ in result[x] += 1 }
        return result
    }

    // MARK: Circuits

    func forward(bias withBias: Bool = false) throws -> Harness {
        let z = withBias ? zWithBias : self.z
        return try Harness { builder in
            let checker = ConvolutionChecker(builder)
            let patch = shape.inChannels * shape.kernel.height * shape.kernel.width
            let proven = try checker.requireConvolution(
                shape, try builder.input("x", x, interval: Interval(-100...100)),
                try builder.input("w", w, interval: Interval(-50...50)),
                bias: withBias
                    ? (try builder.input("bias", bias, interval: Interval(-50...50)), Self.scale) : nil,
                equals: try builder.input("z", z), builder)
            let most = patch * 5000 + (withBias ? 50 * Self.scale : 0)
            #expect(proven.interval == Interval(-most...most))
        }
    }

    func weights(bias withBias: Bool = false) throws -> Harness {
        let (dw, db) = (weightGradient, biasGradient)
        return try Harness { builder in
            let checker = ConvolutionChecker(builder)
            let proven = try checker.requireWeightGradient(
                shape, try builder.input("x", x, interval: Interval(-100...100)),
                try builder.input("g", g, interval: Interval(-70...70)),
                equals: try builder.input("dw", dw),
                bias: withBias ? (try builder.input("db", db), Self.scale) : nil, builder)
            let most = shape.samples * shape.output.height * shape.output.width * 7000
            #expect(proven.interval == Interval(-most...most))
        }
    }

    func inputs() throws -> Harness {
        let r = inputGradient
        return try Harness { builder in
            let checker = ConvolutionChecker(builder)
            let proven = try checker.requireInputGradient(
                shape, try builder.input("g", g, interval: Interval(-70...70)),
                try builder.input("w", w, interval: Interval(-50...50)),
                equals: try builder.input("r", r), builder)
            #expect(proven.interval?.contains(r.max() ?? 0) == true)
        }
    }

    /// Shapes with every feature alone and mixed: margins, steps, positions that no window reaches, one of everything.
    static let shapes: [ConvolutionShape] = {
        func shape(
            _ b: Int, _ c: Int, _ o: Int, _ input: (Int, Int), _ kernel: (Int, Int),
            _ stride: (Int, Int) = (1, 1),
            _ padding: (Int, Int) = (0, 0)
        ) -> ConvolutionShape? {
            try? ConvolutionShape(
                samples: b, inChannels: c, outChannels: o, input: .init(input.0, input.1),
                kernel: .init(kernel.0, kernel.1), stride: .init(stride.0, stride.1),
                padding: .init(padding.0, padding.1))
        }
        return [
            shape(1, 1, 1, (1, 1), (1, 1)), shape(1, 1, 1, (3, 3), (2, 2)), shape(2, 1, 1, (3, 3), (3, 3)),
            shape(1, 2, 1, (3, 4), (2, 3)), shape(1, 1, 3, (4, 3), (3, 2)), shape(3, 2, 2, (4, 4), (2, 2)),
            shape(2, 2, 3, (4, 5), (3, 3), (1, 1), (1, 1)), shape(2, 1, 2, (5, 5), (3, 3), (2, 2)),
            shape(2, 2, 2, (6, 7), (3, 2), (2, 3), (1, 1)), shape(2, 3, 2, (5, 4), (3, 3), (2, 1), (2, 0)),
            shape(3, 1, 2, (5, 6), (2, 2), (3, 3)), shape(2, 1, 2, (1, 5), (1, 3), (1, 2), (0, 2)),
            shape(2, 1, 1, (1, 1), (3, 3), (1, 1), (1, 1)), shape(2, 2, 1, (2, 2), (3, 3), (2, 2), (2, 2)),
        ].compactMap { $0 }
    }()
}
