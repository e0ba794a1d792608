extension LayerGeometry {
    /// Averages or maxima of samples × outputs; the values themselves without pooling.
    func pooled(_ values: Matrix<Float>) -> Matrix<Float> {
        guard let pooling else { return values }
        var result = Matrix<Float>(rows: values.rows, columns: pooled.count, repeating: 0)
        for window in poolingWindows {
            for sample in 0..<values.rows {
                let members = window.members.lazy.map { values[sample, $0] }
                result[sample, window.pooled] =
                    pooling.kind == .average
                    ? members.reduce(0, +) / Float(window.members.count) : members.max() ?? 0
            }
        }
        return result
    }
}

extension FloatModel.LayerValues {
    /// From the gradient with respect to `output` to that with respect to `products`: an average's is shared by all of
    /// its window, a maximum's goes to the first largest value, and both only where that value is positive.
    func beforePooling(_ gradient: Matrix<Float>) -> Matrix<Float> {
        var result = Matrix<Float>(rows: products.rows, columns: products.columns, repeating: 0)
        guard let pooling = geometry.pooling else {
            for index in products.elements.indices where products.elements[index] > 0 {
                result.elements[index] = gradient.elements[index]
            }
            return result
        }
        for window in geometry.poolingWindows {
            for sample in 0..<products.rows {
                switch pooling.kind {
                case .average:
                    let share = gradient[sample, window.pooled] / Float(window.members.count)
                    for member in window.members where products[sample, member] > 0 {
                        result[sample, member] = share
                    }
                case .maximum:
                    let best = window.members.dropFirst().reduce(window.members[0]) {
                        products[sample, $1] > products[sample, $0] ? $1 : $0
                    }
                    if products[sample, best] > 0 {
                        result[sample, best] = gradient[sample, window.pooled]
                    }
                }
            }
        }
        return result
    }
}
