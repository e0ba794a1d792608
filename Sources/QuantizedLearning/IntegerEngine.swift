/// A network whose entries are as narrow as the specification's ranges allow.
enum IntegerEngine {
    case narrow(IntegerNetwork<Int16>)
    case wide(IntegerNetwork<Int32>)

    init(model: QuantizedModel, capacity: Int) {
        self =
            Self.fitsNarrow(model.spec)
            ? .narrow(IntegerNetwork(model: model, capacity: capacity))
            : .wide(IntegerNetwork(model: model, capacity: capacity))
    }

    /// Whether inputs, activations, weights and gradients all fit 16 bits.
    static func fitsNarrow(_ spec: ModelSpec) -> Bool {
        let limit = Int64(Int16.max)
        let inputs = (0..<spec.layerCount).allSatisfy { spec.maximumInput(layer: $0) <= limit }
        return inputs && (spec.training?.gradientRange.upperBound ?? 0) <= limit
    }

    var model: QuantizedModel {
        get throws(LearningError) {
            switch self {
            case .narrow(let network): try network.model
            case .wide(let network): try network.model
            }
        }
    }

    func logits(samples: [Int], of data: Dataset) throws(LearningError) -> [Int64] {
        switch self {
        case .narrow(let network):
            network.load(samples: samples, of: data)
            return Array(try network.forward(count: samples.count))
        case .wide(let network):
            network.load(samples: samples, of: data)
            return Array(try network.forward(count: samples.count))
        }
    }

    func step(samples: [Int], of data: Dataset, training: TrainingSpec) throws(LearningError) {
        let labels = samples.map { data.labels[$0] }
        switch self {
        case .narrow(let network):
            network.load(samples: samples, of: data)
            try network.step(labels: labels, training: training)
        case .wide(let network):
            network.load(samples: samples, of: data)
            try network.step(labels: labels, training: training)
        }
    }
}
