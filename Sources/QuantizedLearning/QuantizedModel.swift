/// A model with integer weights: exactly what is committed to and proven.
public struct QuantizedModel: Sendable, Equatable {
    public let spec: ModelSpec
    /// One matrix per layer, values in a window × output channels or units; where there are biases they are the last row.
    public let weights: [Matrix<Int16>]

    /// A model of the given weights.
    ///
    /// - Throws: `LearningError` for a bad specification, a wrong shape or a weight out of range.
    public init(spec: ModelSpec, weights: [Matrix<Int16>]) throws(LearningError) {
        try spec.validate()
        guard weights.count == spec.layerCount else {
            throw .model(reason: "\(weights.count) weight matrices instead of \(spec.layerCount)")
        }
        for (layer, matrix) in weights.enumerated() {
            let shape = spec.weightShape(layer: layer)
            guard matrix.rows == shape.rows, matrix.columns == shape.columns else {
                throw .model(
                    reason: "weights of layer \(layer) are \(matrix.rows)×\(matrix.columns) instead of "
                        + "\(shape.rows)×\(shape.columns)")
            }
            for (index, weight) in matrix.elements.enumerated()
            where !spec.weightRange.contains(Int64(weight)) {
                throw .outOfRange(
                    RangeViolation(
                        quantity: .weight, layer: layer, row: index / shape.columns,
                        column: index % shape.columns, value: Int64(weight), range: spec.weightRange))
            }
        }
        self.spec = spec
        self.weights = weights
    }

    /// A model from all weights in the order of `flattened`.
    public init(spec: ModelSpec, flattened: [Int16]) throws(LearningError) {
        try spec.validate()
        guard flattened.count == spec.weightCount else {
            throw .model(reason: "\(flattened.count) weights instead of \(spec.weightCount)")
        }
        var matrices = [Matrix<Int16>]()
        var start = 0
        for layer in 0..<spec.layerCount {
            let (rows, columns) = spec.weightShape(layer: layer)
            let end = start + rows * columns
            matrices.append(Matrix(rows: rows, columns: columns, elements: Array(flattened[start..<end])))
            start = end
        }
        try self.init(spec: spec, weights: matrices)
    }

    /// All weights: layer after layer, each matrix row by row. This is the order of the committed segment.
    public var flattened: [Int16] { weights.flatMap(\.elements) }

    /// The public start: a function of specification and seed only.
    ///
    /// Each weight is uniform in [-L, L] with L = floor(sqrt(6·4^f / inputs)), the integer form of He's initialisation
    /// (He et al., ICCV 2015, for uniform weights), inputs being the values in a window; biases are zero.
    public static func initial(spec: ModelSpec, seed: UInt64) throws(LearningError) -> QuantizedModel {
        try spec.validate()
        var matrices = [Matrix<Int16>]()
        for layer in 0..<spec.layerCount {
            var generator = DeterministicGenerator(seed: seed, purpose: .initialWeights, index: UInt64(layer))
            let (rows, columns) = spec.weightShape(layer: layer)
            let inputs = spec.geometry(layer: layer).windowLength
            let square = (6 << (2 * spec.weights.fractionBits)) / inputs
            let limit = min(integerSquareRoot(square), Int(spec.weightRange.upperBound))
            var elements = [Int16](repeating: 0, count: rows * columns)
            for index in 0..<inputs * columns {
                elements[index] = Int16(generator.next(in: -limit...limit))
            }
            matrices.append(Matrix(rows: rows, columns: columns, elements: elements))
        }
        return try QuantizedModel(spec: spec, weights: matrices)
    }

    /// The model of which every weight is zero; by the rule for ties it predicts class 0 always.
    public static func zero(spec: ModelSpec) throws(LearningError) -> QuantizedModel {
        try spec.validate()
        return try QuantizedModel(spec: spec, flattened: [Int16](repeating: 0, count: spec.weightCount))
    }

    /// floor(sqrt(value)) by Newton's iteration from above.
    static func integerSquareRoot(_ value: Int) -> Int {
        if value < 2 { return value }
        var root = 1 << ((value.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }
}
