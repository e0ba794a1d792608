import ConstraintSystem
import FieldArithmetic

// Phase 2 of `ConvolutionChecker`. Numbers in comments are constraints; B samples, C and O channels, K = C·kernel.

extension CircuitBuilder {
    func checkConvolution(
        _ shape: ConvolutionShape, _ x: Values<F>, _ w: Values<F>, _ bias: (row: Values<F>, scale: Int)?,
        _ z: Values<F>, _ powers: ChallengePowers<F>
    ) throws {
        let (area, samples) = (shape.area, shape.samples)
        let channel = powers[area]
        let sample = samples > 1 ? try power(channel, shape.outChannels) : channel

        // |X|: samples folded into one image, which is weighted.
        let image = try folded(x.parts(of: x.count / samples), by: sample, "folded input")
        let table = try SummedAreaTable(
            of: image, size: shape.input, step: shape.stride,
            weights: powers[shape.inputExponents.map { area - 1 - $0 }], self)

        // |W| + kernel: output channels folded, products with sums over the image, shifts of the kernel.
        let rows = try ValueMatrix(
            rows: shape.patch + (bias == nil ? 0 : 1), columns: shape.outChannels,
            values: bias.map { .concatenated([w, $0.row]) } ?? w)
        let weights = try folded(rows.allColumns, by: channel, "folded weight")
        // Ordered (u, v, c), so that the sum over channels is one of neighbours.
        let order = (0..<shape.patch).map { ($0 % shape.inChannels, $0 / shape.inChannels) }
        let sums = table.sums(order.map { ($0, shape.inputs(at: $1)) })
        let terms = try product(
            sums, weights.gathered(order.map { $0 * shape.kernel.area + $1 }), name: "folded term")
        var left = try product(
            terms.groupSums(size: shape.inChannels), powers[shape.kernelExponents], name: "shifted term"
        ).sum()

        // |Z|: samples, then channels folded; positions weighted.
        let positionPowers = powers[shape.outputExponents.map { area - 1 - $0 }]
        if let bias {
            let ones = Array(repeating: constants([1]), count: samples)
            let factor = try product(
                positionPowers.sum(), try folded(ones, by: sample, "folded 1"), name: "factor of the bias")
            left = left + (try product(factor, weights[shape.patch] * bias.scale, name: "folded bias"))
        }
        let outputs = try folded(z.parts(of: z.count / samples), by: sample, "folded output")
        let output = try folded(outputs.parts(of: shape.positions), by: channel, "folded output")
        let right = try product(output, positionPowers, name: "weighted output").sum()
        try requireEqual(left, right)
    }

    func checkWeightGradient(
        _ shape: ConvolutionShape, _ x: Values<F>, _ g: Values<F>, _ dw: Values<F>,
        _ bias: (gradient: Values<F>, scale: Int)?, _ powers: ChallengePowers<F>
    ) throws {
        let (area, samples) = (shape.area, shape.samples)
        let channel = powers[area]
        let block = shape.outChannels > 1 ? try power(channel, shape.inChannels) : channel

        // |X|: channels folded into one image for each sample, which is weighted.
        let images = try folded(
            channels(of: x, count: shape.inChannels, samples: samples), by: channel, "folded input")
        let table = try SummedAreaTable(
            of: images, size: shape.input, step: .init(1, 1),
            weights: powers[shape.inputExponents.map { area - 1 - $0 }], self)

        // |G| + positions: channels folded, products with sums over windows, sums over samples, corners of the windows.
        let gradient = try folded(
            channels(of: g, count: shape.outChannels, samples: samples), by: block, "folded gradient")
        // Ordered (position, sample), so that the sum over samples is one of neighbours.
        let order = (0..<samples * shape.positions).map { ($0 % samples, $0 / samples) }
        let sums = table.sums(order.map { ($0, shape.window(of: $1)) })
        let terms = try product(
            sums, gradient.gathered(order.map { $0 * shape.positions + $1 }), name: "folded term")
        let left = try product(
            terms.groupSums(size: samples), powers[shape.outputExponents], name: "shifted term"
        ).sum()

        // |W|: output, then input channels folded; positions of the kernel weighted.
        let matrix = try ValueMatrix(rows: shape.patch, columns: shape.outChannels, values: dw)
        let rows = try folded(matrix.allColumns, by: block, "folded weight gradient")
        let kernel = try folded(rows.parts(of: shape.kernel.area), by: channel, "folded weight gradient")
        let right = try product(
            kernel, powers[shape.kernelExponents.map { area - 1 - $0 }], name: "weighted weight gradient"
        ).sum()
        try requireEqual(left, right)

        if let bias {
            let biases = try folded(bias.gradient.parts(of: 1), by: block, "folded bias gradient")
            try requireEqual(gradient.sum() * bias.scale, biases)
        }
    }

    func checkInputGradient(
        _ shape: ConvolutionShape, _ g: Values<F>, _ w: Values<F>, _ r: Values<F>,
        _ powers: ChallengePowers<F>
    ) throws {
        let samples = shape.samples
        let channel = powers[shape.area]
        let sample = samples > 1 ? try power(channel, shape.inChannels) : channel

        // |G|: samples folded into one image, which is weighted.
        let image = try folded(g.parts(of: g.count / samples), by: sample, "folded gradient")
        let table = try SummedAreaTable(
            of: image, size: shape.output, step: .init(1, 1),
            weights: powers[shape.outputExponents], self)

        // |W| + kernel: input channels folded, products with sums over the image, shifts of the kernel.
        let weights = try folded(
            w.parts(of: shape.kernel.area * shape.outChannels), by: channel, "folded weight")
        let order = (0..<weights.count).map { ($0 / shape.outChannels, $0 % shape.outChannels) }
        let sums = table.sums(order.map { ($1, shape.outputs(at: $0)) })
        let terms = try product(sums, weights, name: "folded term")
        let left = try product(
            terms.groupSums(size: shape.outChannels), powers[shape.kernelExponents], name: "shifted term"
        ).sum()

        // |R|: samples, then channels folded; positions weighted.
        let inputs = try folded(r.parts(of: r.count / samples), by: sample, "folded input gradient")
        let input = try folded(
            inputs.parts(of: shape.input.area), by: channel, "folded input gradient")
        let right = try product(input, powers[shape.inputExponents], name: "weighted input gradient").sum()
        try requireEqual(left, right)
    }

    /// Channel by channel, the values of all samples.
    private func channels(of values: Values<F>, count: Int, samples: Int) -> [Values<F>] {
        let size = values.count / (samples * count)
        return (0..<count).map { channel in
            values.gathered(
                (0..<samples * size).map { ($0 / size * count + channel) * size + $0 % size })
        }
    }
}
