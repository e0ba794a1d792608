import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

/// One layer of a model on a number of samples, as both circuits need it: its weights, its products, its pooling.
struct LayerSynthesis<F: PrimeField> {
    /// W, window values × outputs, and what the constant of the biases adds.
    struct Weights {
        let matrix: ValueMatrix<F>
        let bias: (row: Values<F>, scale: Int)?
    }

    let geometry: LayerGeometry
    let samples: Int
    /// The constant 1 that extends the input; 0 without biases.
    private let biasScale: Int
    /// Of all weights, those of this layer.
    let weightIndices: Range<Int>
    /// A convolution, unless its only window is the whole input; then it is a matrix product.
    private let convolution: (shape: ConvolutionShape, checker: ConvolutionChecker<F>)?

    /// The layers of a model, first layer first.
    static func layers(
        of spec: ModelSpec, samples: Int, _ builder: CircuitBuilder<F>
    ) throws -> [LayerSynthesis] {
        let geometries = spec.architecture.geometries
        let checker = geometries.allSatisfy(\.isDense) ? nil : ConvolutionChecker(builder)
        var start = 0
        return try geometries.enumerated().map { layer, geometry in
            let count = geometry.weightRows * geometry.output.channels
            start += count
            return LayerSynthesis(
                geometry: geometry, samples: samples,
                biasScale: geometry.bias ? Int(spec.biasInput(layer: layer)) : 0,
                weightIndices: start - count..<start,
                convolution: try geometry.isDense
                    ? nil : checker.map { (try ConvolutionShape(geometry, samples: samples), $0) })
        }
    }

    /// Values of the layer's outputs, before pooling.
    var outputCount: Int { samples * geometry.output.count }

    /// Values, sample by sample, as a matrix.
    func bySample(_ values: Values<F>) throws -> ValueMatrix<F> {
        try ValueMatrix(rows: samples, columns: values.count / samples, values: values)
    }

    /// This layer's part of all weights.
    func weights(of all: Values<F>) throws -> Weights {
        let own = all[weightIndices]
        let (rows, columns) = (geometry.windowLength, geometry.output.channels)
        return Weights(
            matrix: try ValueMatrix(rows: rows, columns: columns, values: own[0..<rows * columns]),
            bias: geometry.bias ? (own[rows * columns..<own.count], biasScale) : nil)
    }

    // MARK: Forward

    /// Z = A·W over the layer's windows, with biases, while a witness is made.
    func accumulators(_ input: Values<F>, _ weights: Weights) throws -> [Int] {
        let (x, w) = (try input.integers(), try weights.matrix.values.integers())
        let bias = try weights.bias.map { bias in try bias.row.integers().map { $0 &* bias.scale } }
        guard let convolution else {
            return try IntegerMatrix.product(x, w, inner: weights.matrix.rows, bias: bias)
        }
        let result = convolution.shape.convolution(x, w)
        guard let bias else { return result }
        let positions = geometry.positions
        return result.enumerated().map { index, value in value &+ bias[index / positions % bias.count] }
    }

    /// Requires Z = A·W over the layer's windows, with biases; returns Z with its interval.
    @discardableResult
    func requireAccumulators(
        _ input: Values<F>, _ weights: Weights, equal z: Values<F>, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        guard let convolution else {
            return try builder.requireProduct(
                bySample(input), weights.matrix, bias: weights.bias, equals: bySample(z)
            ).values
        }
        return try convolution.checker.requireConvolution(
            convolution.shape, input, weights.matrix.values, bias: weights.bias, equals: z, builder)
    }

    // MARK: Backward

    /// R, the gradient with respect to the layer's inputs, while a witness is made.
    func inputGradient(_ gradient: Values<F>, _ weights: Weights) throws -> [Int] {
        let g = try gradient.integers()
        guard let convolution else {
            return try IntegerMatrix.product(
                g, try weights.matrix.transposed.values.integers(), inner: weights.matrix.columns, bias: nil)
        }
        return convolution.shape.inputGradient(g, try weights.matrix.values.integers())
    }

    /// Requires R to be the gradient with respect to the layer's inputs; returns it with its interval.
    @discardableResult
    func requireInputGradient(
        _ gradient: Values<F>, _ weights: Weights, equals r: Values<F>, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        guard let convolution else {
            return try builder.requireProduct(
                bySample(gradient), weights.matrix.transposed, equals: bySample(r)
            ).values
        }
        return try convolution.checker.requireInputGradient(
            convolution.shape, gradient, weights.matrix.values, equals: r, builder)
    }

    /// The gradient of all the layer's weights, the biases' last, while a witness is made.
    func weightGradient(_ input: Values<F>, _ gradient: Values<F>) throws -> [Int] {
        guard let convolution else {
            let transposed = try transposed(input)
            return try IntegerMatrix.product(
                try transposed.values.integers(), try gradient.integers(), inner: transposed.columns,
                bias: nil)
        }
        let g = try gradient.integers()
        let result = convolution.shape.weightGradient(try input.integers(), g)
        return geometry.bias
            ? result + convolution.shape.channelSums(g).map { $0 &* biasScale } : result
    }

    /// Requires the gradient of all the layer's weights, the biases' last.
    func requireWeightGradient(
        _ input: Values<F>, _ gradient: Values<F>, equals weights: Values<F>, _ builder: CircuitBuilder<F>
    ) throws {
        guard let convolution else {
            let transposed = try transposed(input)
            _ = try builder.requireProduct(
                transposed, bySample(gradient),
                equals: try ValueMatrix(
                    rows: transposed.rows, columns: weights.count / transposed.rows, values: weights))
            return
        }
        let count = convolution.shape.weightCount
        _ = try convolution.checker.requireWeightGradient(
            convolution.shape, input, gradient, equals: weights[0..<count],
            bias: geometry.bias ? (weights[count..<weights.count], biasScale) : nil, builder)
    }

    /// Aᵀ of a dense layer, the constant of the biases as its last row.
    private func transposed(_ input: Values<F>) throws -> ValueMatrix<F> {
        let transposed = try bySample(input).transposed
        guard geometry.bias else { return transposed }
        let constants = input.constant(.integers(Array(repeating: biasScale, count: samples)))
        return try ValueMatrix(
            rows: transposed.rows + 1, columns: samples,
            values: .concatenated([transposed.values, constants]))
    }

    // MARK: Pooling

    /// Where the outputs of each window lie, for all samples: window by window, row by row within one.
    var windowMembers: [Int] {
        let windows = geometry.poolingWindows
        return (0..<samples).flatMap { sample in
            windows.flatMap { window in window.members.map { sample * geometry.output.count + $0 } }
        }
    }

    /// The outputs of each window as a row.
    func windows(of outputs: Values<F>, _ pooling: PoolingSpec) throws -> ValueMatrix<F> {
        let members = windowMembers
        return try ValueMatrix(
            rows: members.count / pooling.window.area, columns: pooling.window.area,
            values: outputs.gathered(members))
    }

    /// Values of the members of windows, in the order of `windowMembers`, brought into the order of the outputs; 0 for
    /// outputs in no window.
    func scattered(_ members: Values<F>) -> Values<F> {
        var positions = [Int](repeating: members.count, count: outputCount)
        for (index, output) in windowMembers.enumerated() { positions[output] = index }
        return Values.concatenated([members, members.constant(.integers([0]))]).gathered(positions)
    }
}

extension ConvolutionShape {
    /// The shape of a layer on a batch.
    init(_ geometry: LayerGeometry, samples: Int) throws {
        try self.init(
            samples: samples, inChannels: geometry.input.channels, outChannels: geometry.output.channels,
            input: .init(geometry.input.height, geometry.input.width),
            kernel: .init(geometry.kernel.height, geometry.kernel.width),
            stride: .init(geometry.stride.height, geometry.stride.width),
            padding: .init(geometry.padding.height, geometry.padding.width))
    }
}

extension ModelSpec {
    /// About how many constraints products and convolutions of one forward pass take, with the weights' ranges and the
    /// powers of the challenge for the largest image.
    func forwardConstraints(samples: Int) -> Int {
        let layers = architecture.geometries
        let areas = layers.filter { !$0.isDense }.map {
            ($0.input.height + 2 * $0.padding.height) * ($0.input.width + 2 * $0.padding.width)
        }
        return layers.reduce(weightCount + (areas.max() ?? 0)) { sum, layer in
            let values = samples * (layer.input.count + layer.output.count)
            return sum + values + layer.weightRows * layer.output.channels
        }
    }
}
