extension Architecture {
    /// The most values of one sample in any layer.
    static let maximumValues = 1 << 20
    /// The most weights, and the most values in all windows of one sample.
    static let maximumProducts = 1 << 26

    /// Checks that the layers follow on each other and that memory for them is bounded.
    ///
    /// - Throws: `LearningError.spec` naming the field.
    public func validate() throws(LearningError) {
        let isPlain = plainWidths != nil
        let check = ModelSpec.check
        if isPlain {
            try check("widths", layers.count + 1, 2...32, "layers")
            try check("widths[0]", input.channels, 1...Self.maximumValues, "units")
        } else {
            try check("layers", layers.count, 1...31, "layers")
            try check("input.shape.channels", input.channels, 1...Self.maximumValues, "")
            try check("input.shape.height", input.height, 1...1 << 12, "")
            try check("input.shape.width", input.width, 1...1 << 12, "")
            try check("input.shape", input.count, 1...Self.maximumValues, "values")
        }
        var shape = input
        var weightCount = 0
        for (index, layer) in layers.enumerated() {
            let field = "layers[\(index)]"
            switch layer {
            case .dense(let dense):
                let name = isPlain ? "widths[\(index + 1)]" : "\(field).dense.units"
                try check(name, dense.units, 1...Self.maximumValues, "units")
            case .convolution(let convolution):
                if index > 0, case .dense = layers[index - 1] {
                    throw .spec(field: field, reason: "a convolution after a dense layer")
                }
                try convolution.validate(input: shape, field: "\(field).convolution")
            }
            let geometry = LayerGeometry(layer, input: shape)
            try check("\(field) (outputs)", geometry.output.count, 1...Self.maximumValues, "values")
            try check(
                "\(field) (windows)", geometry.positions * geometry.weightRows, 1...Self.maximumProducts,
                "values")
            weightCount += geometry.weightRows * geometry.output.channels
            try check(isPlain ? "widths" : "layers", weightCount, 1...Self.maximumProducts, "weights")
            shape = geometry.pooled
        }
        guard case .dense(let last)? = layers.last else {
            throw .spec(field: "layers[\(layers.count - 1)]", reason: "the last layer must be dense")
        }
        try check("\(isPlain ? "widths" : "layers") (classes)", last.units, 2...256, "classes")
    }
}

extension ConvolutionSpec {
    /// The largest side of a window, and the largest step.
    private static let maximumSide = 1 << 8

    fileprivate func validate(input: Shape, field: String) throws(LearningError) {
        let check = ModelSpec.check
        let sides: ClosedRange<Int> = 1...Self.maximumSide
        try check("\(field).channels", channels, 1...1 << 16, "")
        for (side, length) in [
            (\Extent.height, input.height), (\Extent.width, input.width),
        ] {
            let name = side == \Extent.height ? "height" : "width"
            try check("\(field).kernel.\(name)", kernel[keyPath: side], sides, "")
            try check("\(field).stride.\(name)", stride[keyPath: side], sides, "")
            // Every window then contains a value that is no padding.
            try check("\(field).padding.\(name)", padding[keyPath: side], 0...kernel[keyPath: side] - 1, "")
            let padded = length + 2 * padding[keyPath: side]
            guard kernel[keyPath: side] <= padded else {
                throw .spec(
                    field: "\(field).kernel.\(name)",
                    reason: "\(kernel[keyPath: side]), larger than the padded input's \(padded)")
            }
        }
        guard let pooling else { return }
        try pooling.validate(
            input: LayerGeometry(.convolution(self), input: input).output, field: "\(field).pooling")
    }
}

extension PoolingSpec {
    fileprivate func validate(input: Shape, field: String) throws(LearningError) {
        let check = ModelSpec.check
        for (name, side, length) in [
            ("height", \Extent.height, input.height), ("width", \Extent.width, input.width),
        ] {
            try check("\(field).window.\(name)", window[keyPath: side], 1...min(length, 1 << 8), "")
            guard stride[keyPath: side] >= window[keyPath: side] else {
                throw .spec(
                    field: "\(field).stride.\(name)",
                    reason:
                        "\(stride[keyPath: side]), but windows of \(window[keyPath: side]) must not overlap"
                )
            }
            try check("\(field).stride.\(name)", stride[keyPath: side], 1...1 << 8, "")
        }
        guard kind == .average else { return }
        try check("\(field).window (area)", window.area, 1...1 << 8, "values")
        guard window.area.nonzeroBitCount == 1 else {
            throw .spec(
                field: "\(field).window", reason: "averages of \(window.area) values, no power of two")
        }
    }
}
