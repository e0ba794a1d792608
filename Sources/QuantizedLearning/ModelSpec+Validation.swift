extension ModelSpec {
    /// Checks that the specification describes a computation without overflow, so that all later code may rely on it.
    ///
    /// - Throws: `LearningError.spec` naming the field.
    public func validate() throws(LearningError) {
        try Self.check("name", name.utf8.count, 1...200, "bytes")
        try architecture.validate()
        try Self.check("input.maximum", input.maximum, 1...255)
        try Self.check("input.shift", input.shift, -7...7)
        try Self.check("input.fractionBits", input.fractionBits, 0...16)
        try Self.check("input (largest input)", input.maximumInput, 1...(1 << 15) - 1)
        try Self.check("weights.bits", weights.bits, 2...16)
        try Self.check("weights.fractionBits", weights.fractionBits, 0...20)
        try Self.check("activations.bits", activations.bits, 2...20)
        try Self.check("activations.fractionBits", activations.fractionBits, 0...20)
        for layer in 0..<layerCount - 1 {
            try Self.check("activations (rescale shift)", activationShift(layer: layer), 1...32)
        }
        for layer in 0..<layerCount where maximumAccumulator(layer: layer) >= Bound.limit {
            throw .spec(field: "weights.bits", reason: "the sums of layer \(layer) exceed 62 bits")
        }
        try training?.validate(in: self)
    }

    static func check(
        _ field: String, _ value: Int, _ range: ClosedRange<Int>, _ unit: String = ""
    ) throws(LearningError) {
        guard range.contains(value) else {
            let what = unit.isEmpty ? "\(value)" : "\(value) \(unit)"
            throw .spec(
                field: field, reason: "\(what), allowed are \(range.lowerBound)...\(range.upperBound)")
        }
    }
}

extension TrainingSpec {
    func validate(in spec: ModelSpec) throws(LearningError) {
        let check = ModelSpec.check
        try check("training.batchSize", batchSize, 1...1 << 14, "samples")
        guard batchSize.nonzeroBitCount == 1 else {
            throw .spec(field: "training.batchSize", reason: "\(batchSize) is not a power of two")
        }
        try check(
            "training.batchSize (times the widest layer)", batchSize * spec.architecture.largestLayer,
            1...1 << 26, "")
        try check("training.learningRate.numerator", learningRate.numerator, 1...1 << 10, "")
        try check("training.learningRate.shift", learningRate.shift, 0...20, "")
        try check("training.gradientBits", gradientBits, 2...20, "")
        // Soft-max: |p - y| ≤ 2^fraction must fit below 2^gradientBits.
        try check("training.outputGradientFractionBits", outputGradientFractionBits, 0...gradientBits - 1, "")
        try check("training.hiddenGradientFractionBits", hiddenGradientFractionBits, 0...20, "")
        try validateLoss()
        let lowestLogitShift = loss == .softmaxCrossEntropy ? 0 : 1
        try check("training (logit shift)", logitShift(of: spec), lowestLogitShift...40, "")
        for layer in 0..<spec.layerCount {
            try check(
                "training (update shift of layer \(layer))", updateShift(layer: layer, of: spec), 1...40, "")
        }
        for layer in 1..<max(spec.layerCount, 1) {
            try check(
                "training (backward shift of layer \(layer))", backwardShift(layer: layer, of: spec), 1...40,
                "")
        }
        for layer in 0..<spec.layerCount {
            let gradient = maximumWeightGradient(layer: layer, of: spec)
            guard Bound.product(gradient, Int64(learningRate.numerator)) < Bound.limit else {
                throw .spec(
                    field: "training.learningRate.numerator", reason: "the updates' sums exceed 62 bits")
            }
            guard layer == 0 || maximumPropagated(layer: layer, of: spec) < Bound.limit else {
                throw .spec(
                    field: "training.gradientBits", reason: "the sums of layer \(layer) exceed 62 bits")
            }
        }
    }

    private func validateLoss() throws(LearningError) {
        switch (loss, softmax) {
        case (.softmaxCrossEntropy, let softmax?):
            try ModelSpec.check("training.softmax.logitFractionBits", softmax.logitFractionBits, 0...16)
            try ModelSpec.check("training.softmax.tableBits", softmax.tableBits, 2...16)
            try ModelSpec.check("training.softmax.exponentFractionBits", softmax.exponentFractionBits, 1...30)
        case (.softmaxCrossEntropy, nil):
            throw .spec(field: "training.softmax", reason: "missing, but the loss is softmaxCrossEntropy")
        case (.squaredError, .some):
            throw .spec(field: "training.softmax", reason: "present, but the loss is squaredError")
        case (.squaredError, nil):
            break
        }
    }
}

/// Bounds of sums of products: none may leave 62 bits, so that halves and numerators can be added in 64.
enum Bound {
    static let limit: Int64 = 1 << 62

    /// The product of non-negative numbers, or `Int64.max` where it is larger.
    static func product(_ factors: Int64...) -> Int64 {
        factors.reduce(1) {
            let (product, overflow) = $0.multipliedReportingOverflow(by: $1)
            return overflow ? Int64.max : product
        }
    }
}
