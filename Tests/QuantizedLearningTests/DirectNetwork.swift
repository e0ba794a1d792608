import QuantizedLearning

/// Networks written out with loops over channels, rows and columns, without windows or matrix products.
enum DirectNetwork {
    /// Values of one sample before each layer's ReLU and pooling; the last are the logits.
    static func layers(
        _ input: [Double], _ weights: [Matrix<Double>], _ architecture: Architecture
    ) -> [[Double]] {
        var (values, shape) = (input, architecture.input)
        var result = [[Double]]()
        for (layer, matrix) in zip(architecture.layers, weights) {
            switch layer {
            case .dense(let dense):
                let sums = (0..<dense.units).map { unit in
                    var sum = dense.bias ? matrix[values.count, unit] : 0
                    for (index, value) in values.enumerated() { sum += value * matrix[index, unit] }
                    return sum
                }
                result.append(sums)
                shape = Shape(channels: dense.units, height: 1, width: 1)
                values = sums.map { max($0, 0) }
            case .convolution(let convolution):
                let (sums, extent) = convolve(values, shape, convolution, matrix)
                result.append(sums)
                shape = Shape(
                    channels: convolution.channels, height: extent.height, width: extent.width)
                (values, shape) = pool(sums.map { max($0, 0) }, shape, convolution.pooling)
            }
        }
        return result
    }

    static func logits(
        _ input: [Double], _ weights: [Matrix<Double>], _ architecture: Architecture
    ) -> [Double] {
        layers(input, weights, architecture).last ?? []
    }

    private static func convolve(
        _ values: [Double], _ shape: Shape, _ layer: ConvolutionSpec, _ matrix: Matrix<Double>
    ) -> ([Double], Extent) {
        let rows = (shape.height + 2 * layer.padding.height - layer.kernel.height) / layer.stride.height + 1
        let columns = (shape.width + 2 * layer.padding.width - layer.kernel.width) / layer.stride.width + 1
        var result = [Double]()
        for output in 0..<layer.channels {
            for i in 0..<rows {
                for j in 0..<columns {
                    var sum = layer.bias ? matrix[matrix.rows - 1, output] : 0
                    for channel in 0..<shape.channels {
                        for u in 0..<layer.kernel.height {
                            for v in 0..<layer.kernel.width {
                                let y = i * layer.stride.height + u - layer.padding.height
                                let x = j * layer.stride.width + v - layer.padding.width
                                if y < 0 || y >= shape.height || x < 0 || x >= shape.width { continue }
                                let row = (channel * layer.kernel.height + u) * layer.kernel.width + v
                                sum +=
                                    values[(channel * shape.height + y) * shape.width + x]
                                    * matrix[row, output]
                            }
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return (result, Extent(height: rows, width: columns))
    }

    private static func pool(
        _ values: [Double], _ shape: Shape, _ pooling: PoolingSpec?
    ) -> ([Double], Shape) {
        guard let pooling else { return (values, shape) }
        let rows = (shape.height - pooling.window.height) / pooling.stride.height + 1
        let columns = (shape.width - pooling.window.width) / pooling.stride.width + 1
        var result = [Double]()
        for channel in 0..<shape.channels {
            for i in 0..<rows {
                for j in 0..<columns {
                    var (sum, largest) = (0.0, -Double.infinity)
                    for u in 0..<pooling.window.height {
                        for v in 0..<pooling.window.width {
                            let y = i * pooling.stride.height + u
                            let x = j * pooling.stride.width + v
                            let value = values[(channel * shape.height + y) * shape.width + x]
                            sum += value
                            largest = max(largest, value)
                        }
                    }
                    let area = Double(pooling.window.height * pooling.window.width)
                    result.append(pooling.kind == .average ? sum / area : largest)
                }
            }
        }
        return (result, Shape(channels: shape.channels, height: rows, width: columns))
    }
}
