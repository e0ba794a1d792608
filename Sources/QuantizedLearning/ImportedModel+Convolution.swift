/// Numbers of a file in several dimensions, the last index running fastest.
struct Tensor {
    let shape: [Int]
    let elements: [Float]

    /// A matrix from nested arrays.
    static func nested(_ rows: [[Float]], place: String, name: String) -> Result<Tensor, LearningError> {
        let columns = rows.first?.count ?? 0
        if let row = rows.firstIndex(where: { $0.count != columns }) {
            return .failure(
                .file(
                    name: name, position: "\(place)[\(row)]",
                    reason: "\(rows[row].count) numbers instead of \(columns)"))
        }
        return .success(Tensor(shape: [rows.count, columns], elements: rows.flatMap { $0 }))
    }

    /// Four dimensions from nested arrays.
    static func nested(_ blocks: [[[[Float]]]], place: String, name: String) -> Result<Tensor, LearningError>
    {
        var shape: [Int]?
        var elements = [Float]()
        for (outer, planes) in blocks.enumerated() {
            for (inner, rows) in planes.enumerated() {
                switch nested(rows, place: "\(place)[\(outer)][\(inner)]", name: name) {
                case .failure(let error): return .failure(error)
                case .success(let matrix):
                    let found = [blocks.count, planes.count] + matrix.shape
                    guard found == shape ?? found else {
                        return .failure(
                            .file(
                                name: name, position: "\(place)[\(outer)][\(inner)]",
                                reason: "shape \(found) instead of \(shape ?? [])"))
                    }
                    shape = found
                    elements += matrix.elements
                }
            }
        }
        guard let shape, elements.count == shape.reduce(1, *), !elements.isEmpty else {
            return .failure(.file(name: name, position: place, reason: "kernels of unequal depth, or none"))
        }
        return .success(Tensor(shape: shape, elements: elements))
    }
}

extension ImportedModel.Layout {
    /// Output channels or units.
    func outputs(of tensor: Tensor) -> Int {
        (self == .outputsByInputs ? tensor.shape.first : tensor.shape.last) ?? 0
    }

    /// The window of weights of four dimensions.
    func kernel(of tensor: Tensor) -> Extent {
        let first = self == .outputsByInputs ? 2 : 0
        return Extent(height: tensor.shape[first], width: tensor.shape[first + 1])
    }

    /// The shape that a layer's weights have in the files.
    func shape(of geometry: LayerGeometry, isDense: Bool) -> [Int] {
        let outputs = geometry.output.channels
        switch (self, isDense) {
        case (.outputsByInputs, true): return [outputs, geometry.windowLength]
        case (.inputsByOutputs, true): return [geometry.windowLength, outputs]
        case (.outputsByInputs, false):
            return [outputs, geometry.input.channels, geometry.kernel.height, geometry.kernel.width]
        case (.inputsByOutputs, false):
            return [geometry.kernel.height, geometry.kernel.width, geometry.input.channels, outputs]
        }
    }

    /// Where in the files the weight of a window's value and an output lies; a dense layer's window is its input.
    func index(
        channel: Int, row: Int, column: Int, output: Int, _ geometry: LayerGeometry
    ) -> Int {
        let kernel = geometry.kernel
        switch self {
        case .outputsByInputs:
            return ((output * geometry.input.channels + channel) * kernel.height + row) * kernel.width
                + column
        case .inputsByOutputs:
            return ((row * kernel.width + column) * geometry.input.channels + channel)
                * geometry.output.channels + output
        }
    }
}

extension ImportedModel {
    /// A model with convolutions.
    ///
    /// `outputsByInputs` takes kernels as output × channel × row × column and spatial values of a dense layer in the order
    /// (channel, row, column), as PyTorch has them; `inputsByOutputs` takes row × column × channel × output and (row,
    /// column, channel), as Keras has them.
    init(
        _ tensors: [Tensor], biases: [[Float]?], layout: Layout, architecture: Architecture,
        inputDivisor: Double?
    ) throws(LearningError) {
        try architecture.validate()
        guard tensors.count == architecture.layers.count else {
            throw .model(
                reason: "\(tensors.count) tensors of weights instead of \(architecture.layers.count)")
        }
        var weights = [Matrix<Float>]()
        for (layer, geometry) in architecture.geometries.enumerated() {
            let isDense =
                if case .dense = architecture.layers[layer] { true } else { false }
            let expected = layout.shape(of: geometry, isDense: isDense)
            guard tensors[layer].shape == expected else {
                throw .model(
                    reason: "weights of layer \(layer) have the shape \(tensors[layer].shape) instead of "
                        + "\(expected); is the layout \(layout.rawValue) right?")
            }
            let outputs = geometry.output.channels
            var elements = [Float]()
            elements.reserveCapacity(geometry.weightRows * outputs)
            for channel in 0..<geometry.input.channels {
                for place in 0..<geometry.kernel.area {
                    let (row, column) = place.quotientAndRemainder(dividingBy: geometry.kernel.width)
                    for output in 0..<outputs {
                        elements.append(
                            tensors[layer].elements[
                                layout.index(
                                    channel: channel, row: row, column: column, output: output, geometry)])
                    }
                }
            }
            let bias = biases[layer] ?? [Float](repeating: 0, count: geometry.bias ? outputs : 0)
            guard bias.count == (geometry.bias ? outputs : 0) else {
                throw .model(
                    reason:
                        "layer \(layer) has \(bias.count) biases for \(geometry.bias ? outputs : 0) outputs")
            }
            weights.append(
                Matrix(rows: geometry.weightRows, columns: outputs, elements: elements + bias))
        }
        model = try FloatModel(weights: weights, architecture: architecture)
        self.inputDivisor = inputDivisor
    }
}
