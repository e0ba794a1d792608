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
            let weights: [[Float]]
            let bias: [Float]?
        }

        let layout: Layout
        let inputDivisor: Double?
        let layers: [Layer]
    }

    /// Reads `{"layout": "inputsByOutputs", "inputDivisor": 255, "layers": [{"weights": [[…], …], "bias": […]}, …]}`;
    /// `inputDivisor` and `bias` may be absent.
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
        var matrices = [Matrix<Float>]()
        for (layer, content) in document.layers.enumerated() {
            let columns = content.weights.first?.count ?? 0
            if let row = content.weights.firstIndex(where: { $0.count != columns }) {
                throw .file(
                    name: name, position: "layers[\(layer)].weights[\(row)]",
                    reason: "\(content.weights[row].count) numbers instead of \(columns)")
            }
            matrices.append(
                Matrix(
                    rows: content.weights.count, columns: columns, elements: content.weights.flatMap { $0 }))
        }
        return try ImportedModel(
            matrices: matrices, biases: document.layers.map(\.bias), layout: document.layout,
            inputDivisor: document.inputDivisor)
    }

    /// Turns the files' matrices and biases into one matrix per layer.
    private init(
        matrices: [Matrix<Float>], biases: [[Float]?], layout: Layout, inputDivisor: Double?
    ) throws(LearningError) {
        let hasBias = biases.contains { $0 != nil }
        var weights = [Matrix<Float>]()
        for (layer, matrix) in matrices.enumerated() {
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
    /// - Throws: `LearningError.file` naming the offset, `LearningError.model` where shapes do not follow on each other.
    public static func readNPY(
        weights: [URL], biases: [URL] = [], layout: Layout = .inputsByOutputs, inputDivisor: Double? = nil
    ) throws(LearningError) -> ImportedModel {
        guard biases.isEmpty || biases.count == weights.count else {
            throw .model(reason: "\(biases.count) files of biases for \(weights.count) files of weights")
        }
        var matrices = [Matrix<Float>]()
        for url in weights {
            let array = try NumPyArray.read(from: url)
            guard array.shape.count == 2 else {
                throw .file(
                    name: url.lastPathComponent, position: nil,
                    reason: "\(array.shape.count) dimensions, weights have two")
            }
            matrices.append(Matrix(rows: array.shape[0], columns: array.shape[1], elements: array.elements))
        }
        var vectors = [[Float]?](repeating: nil, count: weights.count)
        for (layer, url) in biases.enumerated() { vectors[layer] = try NumPyArray.read(from: url).elements }
        return try ImportedModel(
            matrices: matrices, biases: vectors, layout: layout, inputDivisor: inputDivisor)
    }
}

/// A NumPy array of 32- or 64-bit little-endian floats, its elements in row-major order.
///
/// The `.npy` format: magic "\x93NUMPY", version, header length (16 bits in version 1, else 32), header as a Python
/// dictionary of `descr`, `fortran_order` and `shape`, then the elements.
struct NumPyArray {
    let shape: [Int]
    let elements: [Float]

    static func read(from url: URL) throws(LearningError) -> NumPyArray {
        try NumPyArray(FileInput.read(url), name: url.lastPathComponent)
    }

    init(_ data: Data, name: String) throws(LearningError) {
        let bytes = [UInt8](data)
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw failure(0, "not a NumPy file")
        }
        guard (1...3).contains(bytes[6]) else { throw failure(6, "version \(bytes[6])") }
        let lengthSize = bytes[6] == 1 ? 2 : 4
        let start = 8 + lengthSize
        let headerLength = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard headerLength <= bytes.count - start else {
            throw failure(8, "a header of \(headerLength) bytes in a file of \(bytes.count)")
        }
        let header = String(decoding: bytes[start..<start + headerLength], as: UTF8.self)
        guard let type = header.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.1,
            let order = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.1,
            let dimensions = header.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/)?.1
        else { throw failure(start, "the header lacks descr, fortran_order or shape") }
        guard type == "<f4" || type == "<f8" else {
            throw failure(start, "elements of type \(type), only <f4 and <f8 are read")
        }
        let size = type == "<f4" ? 4 : 8
        var shape = [Int]()
        var total = 1
        for part in dimensions.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let dimension = Int(part), dimension > 0, total <= bytes.count / dimension else {
                throw failure(start, "shape (\(dimensions)) in a file of \(bytes.count) bytes")
            }
            total *= dimension
            shape.append(dimension)
        }
        let payload = start + headerLength
        guard (1...2).contains(shape.count) else { throw failure(start, "\(shape.count) dimensions") }
        guard bytes.count - payload == total * size else {
            throw failure(payload, "\(bytes.count - payload) bytes of elements instead of \(total * size)")
        }
        let values = bytes.withUnsafeBytes { raw in
            (0..<total).map { index in
                let offset = payload + index * size
                return size == 4
                    ? Float(
                        bitPattern: UInt32(
                            littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                    : Float(
                        Double(
                            bitPattern: UInt64(
                                littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
            }
        }
        self.shape = shape
        let isColumnMajor = order == "True" && shape.count == 2
        elements =
            isColumnMajor
            ? Matrix(rows: shape[1], columns: shape[0], elements: values).transposed.elements : values
    }
}
