import Foundation

/// A float model that was trained elsewhere, read from JSON or NumPy files.
public struct ImportedModel: Sendable, Equatable {
    /// How the files' matrices lie.
    public enum Layout: String, Codable, Sendable {
        /// Rows are inputs, as in scikit-learn and Keras.
        case inputsByOutputs
        /// Rows are outputs, as in PyTorch.
        case outputsByInputs
    }

    public let model: FloatModel
    /// The model was trained on pixel/divisor; absent where it takes this library's inputs.
    public let inputDivisor: Double?

    /// The model as integers, in a specification that fits it.
    ///
    /// - Parameters:
    ///   - spec: the specification; without it, `ModelSpec.suggested` chooses one of `width` bits.
    /// - Throws: `LearningError` where the model does not fit.
    public func quantized(
        name: String, input: InputSpec, width: Int = 14, spec: ModelSpec? = nil
    ) throws(LearningError) -> QuantizedModel {
        let chosen =
            if let spec { spec } else {
                try ModelSpec.suggested(
                    for: model, name: name, input: input, inputDivisor: inputDivisor, width: width)
            }
        return try QuantizedModel(quantizing: model, spec: chosen, inputDivisor: inputDivisor)
    }
}

// MARK: JSON

extension ImportedModel {
    private struct Document: Decodable {
        struct Layer: Decodable {
            let weights: [[Float]]?
            let kernels: [[[[Float]]]]?
            let bias: [Float]?
            let stride: Extent?
            let padding: Extent?
            let pooling: PoolingSpec?
        }

        let layout: Layout
        let inputDivisor: Double?
        let shape: Shape?
        let layers: [Layer]
    }

    /// Reads `{"layout": "inputsByOutputs", "inputDivisor": 255, "layers": [{"weights": [[…], …], "bias": […]}, …]}`;
    /// `inputDivisor` and `bias` may be absent.
    ///
    /// A convolution has `kernels` instead, four levels deep in the order of the layout, and may have `stride`, `padding`
    /// and `pooling` as in a specification; the document then needs the `shape` of a sample.
    ///
    /// - Throws: `LearningError.file` naming the field, `LearningError.model` where shapes do not follow on each other.
    public static func readJSON(from url: URL) throws(LearningError) -> ImportedModel {
        try parseJSON(FileInput.read(url, maximumBytes: 1 << 28), name: url.lastPathComponent)
    }

    static func parseJSON(_ data: Data, name: String) throws(LearningError) -> ImportedModel {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: data)
        } catch {
            throw .file(name: name, position: nil, reason: jsonReason(error))
        }
        var tensors = [Tensor]()
        for (layer, content) in document.layers.enumerated() {
            let place = "layers[\(layer)]"
            let tensor: Result<Tensor, LearningError>
            switch (content.weights, content.kernels) {
            case (let weights?, nil): tensor = Tensor.nested(weights, place: "\(place).weights", name: name)
            case (nil, let kernels?): tensor = Tensor.nested(kernels, place: "\(place).kernels", name: name)
            default:
                throw .file(
                    name: name, position: place, reason: "a layer has either \"weights\" or \"kernels\"")
            }
            tensors.append(try tensor.get())
        }
        guard document.layers.contains(where: { $0.kernels != nil }) else {
            return try ImportedModel(
                dense: tensors, biases: document.layers.map(\.bias), layout: document.layout,
                inputDivisor: document.inputDivisor)
        }
        guard let shape = document.shape else {
            throw .file(name: name, position: "shape", reason: "missing, but there is a convolution")
        }
        let layers = zip(document.layers, tensors).map { content, tensor in
            let outputs = document.layout.outputs(of: tensor)
            guard content.kernels != nil else {
                return LayerSpec.dense(DenseSpec(units: outputs, bias: content.bias != nil))
            }
            return .convolution(
                ConvolutionSpec(
                    channels: outputs, kernel: document.layout.kernel(of: tensor),
                    stride: content.stride ?? Extent(1), padding: content.padding ?? Extent(0),
                    bias: content.bias != nil, pooling: content.pooling))
        }
        return try ImportedModel(
            tensors, biases: document.layers.map(\.bias), layout: document.layout,
            architecture: Architecture(input: shape, layers: layers), inputDivisor: document.inputDivisor)
    }

    /// Turns the files' matrices and biases into one matrix per layer, all with biases if one has.
    private init(
        dense tensors: [Tensor], biases: [[Float]?], layout: Layout, inputDivisor: Double?
    ) throws(LearningError) {
        let hasBias = biases.contains { $0 != nil }
        var weights = [Matrix<Float>]()
        for (layer, tensor) in tensors.enumerated() {
            let matrix = Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.elements)
            let oriented = layout == .inputsByOutputs ? matrix : matrix.transposed
            let bias = biases[layer] ?? [Float](repeating: 0, count: oriented.columns)
            guard bias.count == oriented.columns else {
                throw .model(
                    reason:
                        "layer \(layer) has \(bias.count) biases for \(oriented.columns) outputs; is the layout "
                        + "\(layout.rawValue) right?")
            }
            weights.append(
                Matrix(
                    rows: oriented.rows + (hasBias ? 1 : 0), columns: oriented.columns,
                    elements: oriented.elements + (hasBias ? bias : [])))
        }
        model = try FloatModel(weights: weights, bias: hasBias)
        self.inputDivisor = inputDivisor
    }
}

// MARK: NumPy

extension ImportedModel {
    /// Reads one `.npy` file of weights per layer and, if there are any, one of biases per layer.
    ///
    /// - Parameter architecture: needed for convolutions, whose weights have four dimensions; its layers with biases take
    ///   them from `biases`, or zeros.
    /// - Throws: `LearningError.file` naming the offset, `LearningError.model` where shapes do not follow on each other.
    public static func readNPY(
        weights: [URL], biases: [URL] = [], layout: Layout = .inputsByOutputs, inputDivisor: Double? = nil,
        architecture: Architecture? = nil
    ) throws(LearningError) -> ImportedModel {
        guard biases.isEmpty || biases.count == weights.count else {
            throw .model(reason: "\(biases.count) files of biases for \(weights.count) files of weights")
        }
        var tensors = [Tensor]()
        for url in weights {
            let array = try NumPyArray.read(from: url)
            guard array.shape.count == 2 || architecture != nil else {
                throw .file(
                    name: url.lastPathComponent, position: nil,
                    reason: "\(array.shape.count) dimensions, weights have two")
            }
            tensors.append(Tensor(shape: array.shape, elements: array.elements))
        }
        var vectors = [[Float]?](repeating: nil, count: weights.count)
        for (layer, url) in biases.enumerated() { vectors[layer] = try NumPyArray.read(from: url).elements }
        guard let architecture else {
            return try ImportedModel(
                dense: tensors, biases: vectors, layout: layout, inputDivisor: inputDivisor)
        }
        return try ImportedModel(
            tensors, biases: vectors, layout: layout, architecture: architecture, inputDivisor: inputDivisor)
    }
}
