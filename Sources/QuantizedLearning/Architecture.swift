/// The layers of a network, without the integers it computes in: what a float model and its integer form share.
///
/// Every layer is a matrix product over windows of its input. A dense layer is the one whose only window is the whole
/// input, so spatial values need no flattening: they lie in the order (channel, row, column) everywhere.
public struct Architecture: Hashable, Sendable {
    /// The shape of one sample.
    public var input: Shape
    /// First layer first; the last is dense, its units are the classes.
    public var layers: [LayerSpec]

    public init(input: Shape, layers: [LayerSpec]) {
        self.input = input
        self.layers = layers
    }

    /// Dense layers only, of so many units, inputs first: [64, 32, 10].
    public init(widths: [Int], bias: Bool) {
        self.init(
            input: Shape(features: widths.first ?? 0),
            layers: widths.dropFirst().map { .dense(DenseSpec(units: $0, bias: bias)) })
    }
}

/// Channels, rows and columns of a sample's values, which lie in this order: (channel, row, column).
public struct Shape: Codable, Hashable, Sendable, CustomStringConvertible {
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Values without rows and columns.
    public init(features: Int) { self.init(channels: features, height: 1, width: 1) }

    /// Number of values.
    public var count: Int { channels * height * width }

    /// Rows and columns of each channel.
    public var extent: Extent { Extent(height: height, width: width) }

    public var description: String {
        height == 1 && width == 1 ? "\(channels)" : "\(channels)×\(height)×\(width)"
    }
}

/// Rows and columns: of a window, its steps, or a margin.
public struct Extent: Codable, Hashable, Sendable, CustomStringConvertible {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// As many rows as columns.
    public init(_ side: Int) { self.init(height: side, width: side) }

    public var area: Int { height * width }

    public var description: String { "\(height)×\(width)" }
}

/// One layer with weights; a ReLU follows all but the last.
public enum LayerSpec: Hashable, Sendable {
    case convolution(ConvolutionSpec)
    case dense(DenseSpec)

    /// Whether the layer's input is extended by a constant 1 whose weights, the last row, are the biases.
    public var bias: Bool {
        switch self {
        case .convolution(let layer): layer.bias
        case .dense(let layer): layer.bias
        }
    }
}

/// A convolution (in fact a cross-correlation, as everywhere in machine learning) over the whole depth of its input.
public struct ConvolutionSpec: Encodable, Hashable, Sendable {
    /// Output channels.
    public var channels: Int
    public var kernel: Extent
    public var stride: Extent
    /// Rows and columns of zeros on each side.
    public var padding: Extent
    public var bias: Bool
    /// What follows the layer's ReLU.
    public var pooling: PoolingSpec?

    public init(
        channels: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        bias: Bool = false, pooling: PoolingSpec? = nil
    ) {
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.bias = bias
        self.pooling = pooling
    }
}

public struct DenseSpec: Encodable, Hashable, Sendable {
    public var units: Int
    public var bias: Bool

    public init(units: Int, bias: Bool = false) {
        self.units = units
        self.bias = bias
    }
}

/// One value for each window of a channel; windows do not overlap, rows and columns that fill no window are dropped.
public struct PoolingSpec: Encodable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable {
        case average
        case maximum
    }

    public var kind: Kind
    /// For averages of 2^m values.
    public var window: Extent
    /// At least the window.
    public var stride: Extent

    /// Pooling of windows that lie side by side, unless a larger stride leaves gaps.
    public init(_ kind: Kind, window: Extent, stride: Extent? = nil) {
        self.kind = kind
        self.window = window
        self.stride = stride ?? window
    }

    /// m for averages of 2^m values, 0 for maxima: how many fraction bits the pooled values have more.
    public var shift: Int { kind == .average ? window.area.trailingZeroBitCount : 0 }
}
