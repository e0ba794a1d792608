extension QuantizedModel {
    /// The integers nearest to a float model's weights, halves away from zero.
    ///
    /// - Parameter inputDivisor: where the float model was trained on pixel/divisor (say 255), that divisor: the first
    ///   layer is scaled so that this model's inputs do. Without it both take the same inputs.
    /// - Throws: `LearningError` where the shapes differ or a weight does not fit the specification; nothing is clamped.
    public init(
        quantizing model: FloatModel, spec: ModelSpec, inputDivisor: Double? = nil
    ) throws(LearningError) {
        try spec.validate()
        try model.requireArchitecture(of: spec)
        let scale = Double(1 << spec.weights.fractionBits)
        let pixelRows = spec.geometry(layer: 0).windowLength
        var matrices = [Matrix<Int16>]()
        for (layer, matrix) in model.weights.enumerated() {
            var elements = [Int16]()
            elements.reserveCapacity(matrix.elements.count)
            for (index, weight) in matrix.elements.enumerated() {
                let (row, column) = (index / matrix.columns, index % matrix.columns)
                let isPixelWeight = layer == 0 && row < pixelRows
                let factor = isPixelWeight ? try spec.pixelFactor(inputDivisor: inputDivisor) : 1
                let rounded = (Double(weight) * factor * scale).rounded()
                guard rounded.magnitude < 1e15 else {
                    throw .model(reason: "weight (\(row), \(column)) of layer \(layer) is \(weight)")
                }
                elements.append(
                    Int16(
                        try RangeViolation.check(
                            Int64(rounded), in: spec.weightRange, .weight, layer: layer, row: row,
                            column: column)))
            }
            matrices.append(Matrix(rows: matrix.rows, columns: matrix.columns, elements: elements))
        }
        try self.init(spec: spec, weights: matrices)
    }
}

extension ModelSpec {
    /// By how much weights of a model on pixel/divisor are larger in a model on pixel·2^shift/2^fractionBits.
    func pixelFactor(inputDivisor: Double?) throws(LearningError) -> Double {
        guard let inputDivisor else { return 1 }
        guard inputDivisor.isFinite, inputDivisor > 0 else {
            throw .model(reason: "inputs divided by \(inputDivisor)")
        }
        return Double(sign: .plus, exponent: input.fractionBits - input.shift, significand: 1) / inputDivisor
    }

    /// A specification for a model trained elsewhere: weights and activations of `width` bits, as many of the weights'
    /// bits for the fraction as the largest weight allows, and the first layer's rescale `width` bits wide where that
    /// leaves activations at least four fraction bits.
    ///
    /// - Throws: `LearningError` where no choice of fraction bits fits.
    public static func suggested(
        for model: FloatModel, name: String, input: InputSpec, inputDivisor: Double? = nil, width: Int = 14
    ) throws(LearningError) -> ModelSpec {
        try check("input.fractionBits", input.fractionBits, 0...16)
        try check("weights.bits", width, 2...16)
        for fractionBits in stride(from: width, through: 0, by: -1) {
            let activationFraction = max(input.fractionBits + fractionBits - width, 4)
            let spec = ModelSpec(
                name: name, architecture: model.architecture, input: input,
                weights: FixedPoint(bits: width, fractionBits: fractionBits),
                activations: FixedPoint(bits: width, fractionBits: activationFraction))
            do {
                _ = try QuantizedModel(quantizing: model, spec: spec, inputDivisor: inputDivisor)
                return spec
            } catch .outOfRange {
                continue
            }
        }
        throw .model(reason: "a weight is too large for \(width) bits")
    }
}
