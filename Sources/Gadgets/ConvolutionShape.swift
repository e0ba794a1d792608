import ConstraintSystem

/// The sizes of a two-dimensional convolution of a batch, and where its values lie in vectors.
///
/// Inputs and outputs are ordered (sample, channel, row, column); weights are a matrix with a row for each
/// (input channel, kernel row u, kernel column v) and a column for each output channel. Output (b, o, i, j) is
/// Σ_{c,u,v} X[b, c, i·stride + u − padding, j·stride + v − padding]·W[(c,u,v), o]; inputs outside the image are zero.
public struct ConvolutionShape: Sendable, Hashable {
    /// Rows and columns.
    public struct Extent: Sendable, Hashable {
        public var height: Int
        public var width: Int

        public init(_ height: Int, _ width: Int) {
            self.height = height
            self.width = width
        }

        var area: Int { height * width }
    }

    public let samples: Int
    public let inChannels: Int
    public let outChannels: Int
    public let input: Extent
    public let kernel: Extent
    public let stride: Extent
    public let padding: Extent

    /// - Throws: `CircuitError.shapeMismatch` for sizes that make no convolution: none of a kind, a kernel larger than the
    ///   padded image, a padding as wide as the kernel, or more than 2²⁸ values.
    public init(
        samples: Int, inChannels: Int, outChannels: Int, input: Extent, kernel: Extent,
        stride: Extent = Extent(1, 1), padding: Extent = Extent(0, 0)
    ) throws {
        self.samples = samples
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.input = input
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        let sizes = [
            samples, inChannels, outChannels, input.height, input.width, kernel.height, kernel.width,
            stride.height, stride.width, padding.height + 1, padding.width + 1,
        ]
        guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), padding.height < kernel.height,
            padding.width < kernel.width, kernel.height <= padded.height, kernel.width <= padded.width
        else { throw CircuitError.shapeMismatch(region: "", what: "no convolution has the sizes \(self)") }
        let channels = Double(max(inChannels, outChannels))
        let most = max(
            Double(samples) * channels * Double(padded.height) * Double(padded.width),
            Double(inChannels) * Double(kernel.height) * Double(kernel.width) * Double(outChannels))
        guard most <= Double(1 << 28) else {
            throw CircuitError.shapeMismatch(
                region: "", what: "a convolution of the sizes \(self) has too many values")
        }
    }

    /// Rows and columns of the output.
    public var output: Extent {
        Extent(
            (padded.height - kernel.height) / stride.height + 1,
            (padded.width - kernel.width) / stride.width + 1)
    }

    /// Values of X.
    public var inputCount: Int { samples * inChannels * input.area }
    /// Values of W without biases.
    public var weightCount: Int { patch * outChannels }
    /// Values of Z.
    public var outputCount: Int { samples * outChannels * positions }

    /// Multiplications of the convolution, those with padding included: what a circuit by the definition would cost.
    public var multiplications: Int { outputCount * patch }

    /// Rows and columns of an image with its margin of zeros.
    var padded: Extent { Extent(input.height + 2 * padding.height, input.width + 2 * padding.width) }
    /// Positions of the padded image: exponents of positions and shifts are below it.
    var area: Int { padded.area }
    /// Weights that an output sees.
    var patch: Int { inChannels * kernel.area }
    /// Outputs in a channel.
    var positions: Int { output.area }

    // MARK: Costs

    /// Constraints of `ConvolutionChecker.requireConvolution`.
    public func convolutionConstraints(bias: Bool = false) -> Int {
        inputCount + weightCount + outputCount + kernel.area + 1
            + (samples > 1 ? Self.multiplications(forPower: outChannels) : 0)
            + (bias ? outChannels + samples : 0)
    }

    /// Constraints of `ConvolutionChecker.requireWeightGradient`.
    public func weightGradientConstraints(bias: Bool = false) -> Int {
        inputCount + weightCount + outputCount + positions + 1
            + (outChannels > 1 ? Self.multiplications(forPower: inChannels) : 0) + (bias ? outChannels : 0)
    }

    /// Constraints of `ConvolutionChecker.requireInputGradient`.
    public var inputGradientConstraints: Int {
        inputCount + weightCount + outputCount + kernel.area + 1
            + (samples > 1 ? Self.multiplications(forPower: inChannels) : 0)
    }

    /// Constraints of the powers of the challenge, which all convolutions of a circuit share: those of the largest count.
    public var powerConstraints: Int { area - 1 }

    /// Multiplications of square and multiply.
    static func multiplications(forPower exponent: Int) -> Int {
        Int.bitWidth - 1 - exponent.leadingZeroBitCount + exponent.nonzeroBitCount - 1
    }

    // MARK: Exponents

    // Each position of the padded image has an exponent of its own: row·(padded width) + column.

    /// Exponents of the inputs' positions, row by row.
    var inputExponents: [Int] {
        (0..<input.area).map {
            ($0 / input.width + padding.height) * padded.width + $0 % input.width + padding.width
        }
    }

    /// Exponents of the upper left corners of the outputs' windows, row by row.
    var outputExponents: [Int] {
        let output = output
        return (0..<output.area).map {
            $0 / output.width * stride.height * padded.width + $0 % output.width * stride.width
        }
    }

    /// Exponents of the positions in a kernel, row by row.
    var kernelExponents: [Int] {
        (0..<kernel.area).map { $0 / kernel.width * padded.width + $0 % kernel.width }
    }

    // MARK: Windows

    /// The inputs that position number `position` of the kernel meets, for all outputs; `nil` if it meets padding only.
    func inputs(at position: Int) -> Lattice? {
        let (u, v) = (position / kernel.width - padding.height, position % kernel.width - padding.width)
        return outputs(at: position).map { outputs in
            Lattice(
                rows: outputs.rows.lowerBound * stride.height + u...outputs.rows.upperBound * stride.height
                    + u,
                columns: outputs.columns.lowerBound * stride.width + v...outputs.columns.upperBound
                    * stride.width + v)
        }
    }

    /// The outputs for which position number `position` of the kernel meets an input, not padding.
    func outputs(at position: Int) -> Lattice? {
        guard
            let rows = Self.outputs(
                meeting: position / kernel.width - padding.height, size: input.height, stride: stride.height,
                count: output.height),
            let columns = Self.outputs(
                meeting: position % kernel.width - padding.width, size: input.width, stride: stride.width,
                count: output.width)
        else { return nil }
        return Lattice(rows: rows, columns: columns)
    }

    /// The i in 0 ..< count with 0 ≤ i·stride + offset < size.
    private static func outputs(meeting offset: Int, size: Int, stride: Int, count: Int) -> ClosedRange<Int>?
    {
        guard offset < size else { return nil }
        let first = max(0, (stride - 1 - offset) / stride)
        let last = min(count - 1, (size - 1 - offset) / stride)
        return first <= last ? first...last : nil
    }

    /// The inputs in the window of output number `position`, padding left out.
    func window(of position: Int) -> Lattice {
        let top = position / output.width * stride.height - padding.height
        let left = position % output.width * stride.width - padding.width
        // Not empty: the padding is narrower than the kernel.
        return Lattice(
            rows: max(top, 0)...min(top + kernel.height, input.height) - 1,
            columns: max(left, 0)...min(left + kernel.width, input.width) - 1)
    }
}

/// Rows and columns of an image from the first to the last named, in steps that belong to the table of sums.
struct Lattice: Hashable {
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>
}
