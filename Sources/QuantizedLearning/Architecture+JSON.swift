extension LayerSpec: Codable {
    private enum Kind: String, CodingKey {
        case convolution, dense
    }

    /// `{"convolution": {…}}` or `{"dense": {…}}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        guard container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a layer is one of convolution and dense"))
        }
        self =
            container.contains(.convolution)
            ? .convolution(try container.decode(ConvolutionSpec.self, forKey: .convolution))
            : .dense(try container.decode(DenseSpec.self, forKey: .dense))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Kind.self)
        switch self {
        case .convolution(let layer): try container.encode(layer, forKey: .convolution)
        case .dense(let layer): try container.encode(layer, forKey: .dense)
        }
    }
}

extension ConvolutionSpec: Decodable {
    private enum Field: String, CodingKey {
        case channels, kernel, stride, padding, bias, pooling
    }

    /// Everything but `channels` and `kernel` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Field.self)
        self.init(
            channels: try container.decode(Int.self, forKey: .channels),
            kernel: try container.decode(Extent.self, forKey: .kernel),
            stride: try container.decodeIfPresent(Extent.self, forKey: .stride) ?? Extent(1),
            padding: try container.decodeIfPresent(Extent.self, forKey: .padding) ?? Extent(0),
            bias: try container.decodeIfPresent(Bool.self, forKey: .bias) ?? false,
            pooling: try container.decodeIfPresent(PoolingSpec.self, forKey: .pooling))
    }
}

extension DenseSpec: Decodable {
    private enum Field: String, CodingKey {
        case units, bias
    }

    /// `bias` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Field.self)
        self.init(
            units: try container.decode(Int.self, forKey: .units),
            bias: try container.decodeIfPresent(Bool.self, forKey: .bias) ?? false)
    }
}

extension PoolingSpec: Decodable {
    private enum Field: String, CodingKey {
        case kind, window, stride
    }

    /// `stride` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Field.self)
        self.init(
            try container.decode(Kind.self, forKey: .kind),
            window: try container.decode(Extent.self, forKey: .window),
            stride: try container.decodeIfPresent(Extent.self, forKey: .stride))
    }
}
