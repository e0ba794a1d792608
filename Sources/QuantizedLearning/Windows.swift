/// Values of a batch, rearranged from samples × (channel, row, column) into the windows of a layer and back.
///
/// These are the definitions; `IntegerNetwork` does the same without the matrices.
extension LayerGeometry {
    /// The windows of all samples: (sample, position) × (channel, row in the window, column in the window), with zeros
    /// where a window reaches into the padding and `one` as the last column where there are biases.
    func windows<T: Numeric & Sendable>(of values: Matrix<T>, one: T) -> Matrix<T> {
        var elements = [T]()
        elements.reserveCapacity(values.rows * positions * weightRows)
        for sample in 0..<values.rows {
            forEachPosition { row, column in
                for channel in 0..<input.channels {
                    for u in 0..<kernel.height {
                        for v in 0..<kernel.width {
                            let place = inputIndex(
                                channel: channel, row: row * stride.height + u,
                                column: column * stride.width + v)
                            elements.append(place.map { values[sample, $0] } ?? 0)
                        }
                    }
                }
                if bias { elements.append(one) }
            }
        }
        return Matrix(rows: values.rows * positions, columns: weightRows, elements: elements)
    }

    /// The transpose of `windows(of:one:)` as a linear map, without the column of the biases: each value of a window is
    /// added to the input from which it came.
    func scattered<T: Numeric & Sendable>(_ windows: Matrix<T>) -> Matrix<T> {
        var result = Matrix<T>(rows: windows.rows / positions, columns: input.count, repeating: 0)
        for sample in 0..<result.rows {
            var line = sample * positions
            forEachPosition { row, column in
                var index = 0
                for channel in 0..<input.channels {
                    for u in 0..<kernel.height {
                        for v in 0..<kernel.width {
                            if let place = inputIndex(
                                channel: channel, row: row * stride.height + u,
                                column: column * stride.width + v)
                            {
                                result[sample, place] += windows[line, index]
                            }
                            index += 1
                        }
                    }
                }
                line += 1
            }
        }
        return result
    }

    /// (sample, position) × channel, rearranged to sample × (channel, position).
    func byChannel<T: Sendable>(_ products: Matrix<T>) -> Matrix<T> {
        let samples = products.rows / positions
        var elements = [T]()
        elements.reserveCapacity(products.elements.count)
        for sample in 0..<samples {
            for channel in 0..<output.channels {
                for position in 0..<positions {
                    elements.append(products[sample * positions + position, channel])
                }
            }
        }
        return Matrix(rows: samples, columns: output.count, elements: elements)
    }

    /// sample × (channel, position), rearranged to (sample, position) × channel.
    func byPosition<T: Sendable>(_ values: Matrix<T>) -> Matrix<T> {
        var elements = [T]()
        elements.reserveCapacity(values.elements.count)
        for sample in 0..<values.rows {
            for position in 0..<positions {
                for channel in 0..<output.channels {
                    elements.append(values[sample, channel * positions + position])
                }
            }
        }
        return Matrix(rows: values.rows * positions, columns: output.channels, elements: elements)
    }

    private func forEachPosition(_ body: (_ row: Int, _ column: Int) -> Void) {
        for row in 0..<output.height {
            for column in 0..<output.width { body(row, column) }
        }
    }

    /// Where a value of the padded input lies, nil in the padding.
    @inline(__always)
    func inputIndex(channel: Int, row: Int, column: Int) -> Int? {
        let (row, column) = (row - padding.height, column - padding.width)
        guard (0..<input.height).contains(row), (0..<input.width).contains(column) else { return nil }
        return (channel * input.height + row) * input.width + column
    }
}

/// One window of a pooling layer.
public struct PoolingWindow {
    /// Index of its value among the pooled ones.
    public let pooled: Int
    /// Indices of its members among the layer's outputs, row by row.
    public let members: [Int]
}

extension LayerGeometry {
    /// The windows of the pooling, in the order of the pooled values; none without pooling.
    public var poolingWindows: [PoolingWindow] {
        guard let pooling else { return [] }
        return (0..<pooled.count).map { index in
            let (channel, position) = index.quotientAndRemainder(dividingBy: pooled.height * pooled.width)
            let top = position / pooled.width * pooling.stride.height
            let left = position % pooled.width * pooling.stride.width
            let members = (0..<pooling.window.area).map { member in
                let row = top + member / pooling.window.width
                let column = left + member % pooling.window.width
                return (channel * output.height + row) * output.width + column
            }
            return PoolingWindow(pooled: index, members: members)
        }
    }
}
