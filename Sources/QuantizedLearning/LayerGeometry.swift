/// The shapes of one layer, as they follow from those before it.
public struct LayerGeometry: Hashable, Sendable {
    /// Of the layer's input.
    public let input: Shape
    /// The window of the products: the kernel, or for a dense layer the whole input.
    public let kernel: Extent
    public let stride: Extent
    public let padding: Extent
    /// Of the accumulators and activations: channels or units, and the positions of the window.
    public let output: Shape
    public let bias: Bool
    public let pooling: PoolingSpec?
    /// Of the next layer's input: `output`, or what pooling leaves of it.
    public let pooled: Shape

    /// Where the window lies, row by row.
    public var positions: Int { output.height * output.width }

    /// Values in a window: the rows of the weight matrix but that of the biases.
    public var windowLength: Int { input.channels * kernel.area }

    /// Rows of the weight matrix.
    public var weightRows: Int { windowLength + (bias ? 1 : 0) }

    /// Whether the only window is the whole input.
    public var isDense: Bool { kernel == input.extent && padding == Extent(0) }

    /// The largest number of windows that contain a given input.
    public var windowsPerInput: Int {
        func cover(_ kernel: Int, _ stride: Int, _ positions: Int) -> Int {
            min((kernel + stride - 1) / stride, positions)
        }
        return cover(kernel.height, stride.height, output.height)
            * cover(kernel.width, stride.width, output.width)
    }
}

extension LayerGeometry {
    /// The geometry of a layer; meaningful where `Architecture.validate` accepts it.
    init(_ layer: LayerSpec, input: Shape) {
        self.input = input
        bias = layer.bias
        switch layer {
        case .dense(let dense):
            kernel = input.extent
            stride = Extent(1)
            padding = Extent(0)
            output = Shape(features: dense.units)
            pooling = nil
        case .convolution(let convolution):
            kernel = convolution.kernel
            stride = convolution.stride
            padding = convolution.padding
            output = Shape(
                channels: convolution.channels,
                height: Self.steps(
                    of: kernel.height, by: stride.height, in: input.height + 2 * padding.height),
                width: Self.steps(of: kernel.width, by: stride.width, in: input.width + 2 * padding.width))
            pooling = convolution.pooling
        }
        guard let pooling else {
            pooled = output
            return
        }
        pooled = Shape(
            channels: output.channels,
            height: Self.steps(of: pooling.window.height, by: pooling.stride.height, in: output.height),
            width: Self.steps(of: pooling.window.width, by: pooling.stride.width, in: output.width))
    }

    /// How often a window fits.
    private static func steps(of window: Int, by stride: Int, in length: Int) -> Int {
        (length - window) / stride + 1
    }
}

extension Architecture {
    /// The shapes of all layers; meaningful after `validate()`.
    public var geometries: [LayerGeometry] {
        var geometries = [LayerGeometry]()
        for layer in layers {
            geometries.append(LayerGeometry(layer, input: geometries.last?.pooled ?? input))
        }
        return geometries
    }

    /// Values of one sample that enter each layer, then the classes.
    public var widths: [Int] {
        guard plainWidths == nil else { return plainWidths ?? [] }
        return [input.count] + geometries.map(\.pooled.count)
    }

    /// The widths of a network without rows and columns, all layers with or all without biases; else nil.
    var plainWidths: [Int]? {
        var widths = [input.channels]
        for layer in layers {
            guard case .dense(let dense) = layer, dense.bias == layers[0].bias else { return nil }
            widths.append(dense.units)
        }
        return input.extent == Extent(1) ? widths : nil
    }

    /// The most values of one sample in any matrix of a layer: its input, its windows or its outputs.
    var largestLayer: Int {
        geometries.map { max($0.input.count, $0.positions * $0.weightRows, $0.output.count) }.max() ?? 1
    }

    /// Whether all layers are dense.
    public var isDense: Bool {
        layers.allSatisfy {
            if case .dense = $0 { true } else { false }
        }
    }

    /// A short name: 784-128-10, or 1×28×28, 6@5×5, average 2×2, 120, 10.
    public var summary: String {
        if let plainWidths { return plainWidths.map(String.init).joined(separator: "-") }
        let parts = layers.map { layer in
            switch layer {
            case .dense(let dense): return "\(dense.units)"
            case .convolution(let convolution):
                let pooling = convolution.pooling.map { ", \($0.kind.rawValue) \($0.window)" } ?? ""
                return "\(convolution.channels)@\(convolution.kernel)\(pooling)"
            }
        }
        return ([input.description] + parts).joined(separator: ", ")
    }
}
