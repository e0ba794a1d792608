/// The three convolutions in machine integers, for witnesses.
///
/// Sums wrap: the intervals of a circuit exclude an overflow, and a forged witness must not trap.
extension ConvolutionShape {
    /// X ∗ W, ordered as outputs.
    public func convolution(_ x: [Int], _ w: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: outputCount)
        let step = stride.width
        result.withUnsafeMutableBufferPointer { z in
            x.withUnsafeBufferPointer { x in
                forEachRow { input, weight, output, count in
                    let factor = w[weight]
                    for index in 0..<count {
                        z[output + index] &+= factor &* x[input + index * step]
                    }
                }
            }
        }
        return result
    }

    /// Σ X·G for every weight.
    public func weightGradient(_ x: [Int], _ g: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: weightCount)
        let step = stride.width
        x.withUnsafeBufferPointer { x in
            g.withUnsafeBufferPointer { g in
                forEachRow { input, weight, output, count in
                    var sum = 0
                    for index in 0..<count { sum &+= x[input + index * step] &* g[output + index] }
                    result[weight] &+= sum
                }
            }
        }
        return result
    }

    /// Σ G for every output channel.
    public func channelSums(_ g: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: outChannels)
        for (index, value) in g.enumerated() { result[index / positions % outChannels] &+= value }
        return result
    }

    /// Σ G·W for every input.
    public func inputGradient(_ g: [Int], _ w: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: inputCount)
        let step = stride.width
        result.withUnsafeMutableBufferPointer { r in
            g.withUnsafeBufferPointer { g in
                forEachRow { input, weight, output, count in
                    let factor = w[weight]
                    for index in 0..<count {
                        r[input + index * step] &+= factor &* g[output + index]
                    }
                }
            }
        }
        return result
    }

    /// Every run of products that share a weight and a row of outputs: where its inputs (in steps of the stride), the
    /// weight and the outputs start, and how many there are.
    @inline(__always)
    private func forEachRow(_ body: (_ input: Int, _ weight: Int, _ output: Int, _ count: Int) -> Void) {
        let (rows, columns) = (output.height, output.width)
        for position in 0..<kernel.area {
            guard let inputs = inputs(at: position), let outputs = outputs(at: position) else { continue }
            for plane in 0..<samples * outChannels {
                let (sample, outChannel) = (plane / outChannels, plane % outChannels)
                for channel in 0..<inChannels {
                    let weight = (channel * kernel.area + position) * outChannels + outChannel
                    for (number, row) in outputs.rows.enumerated() {
                        let inputRow = inputs.rows.lowerBound + number * stride.height
                        body(
                            ((sample * inChannels + channel) * input.height + inputRow) * input.width
                                + inputs.columns.lowerBound,
                            weight, (plane * rows + row) * columns + outputs.columns.lowerBound,
                            outputs.columns.count)
                    }
                }
            }
        }
    }
}
