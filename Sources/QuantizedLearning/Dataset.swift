/// Labelled samples of grey values.
public struct Dataset: Sendable, Equatable {
    /// What messages call it, for example the file's name.
    public let name: String
    public let featureCount: Int
    /// Labels are 0..<classCount.
    public let classCount: Int
    /// Sample after sample, `featureCount` values each.
    public let pixels: [UInt8]
    public let labels: [UInt8]

    public var count: Int { labels.count }

    /// A data set of the given samples.
    ///
    /// - Throws: `LearningError.dataset` where the lengths do not agree or a label is no class.
    public init(
        name: String, featureCount: Int, classCount: Int, pixels: [UInt8], labels: [UInt8]
    ) throws(LearningError) {
        guard (1...1 << 20).contains(featureCount), (1...256).contains(classCount) else {
            throw .dataset(reason: "\(name): \(featureCount) features and \(classCount) classes")
        }
        guard pixels.count == labels.count * featureCount else {
            throw .dataset(
                reason:
                    "\(name): \(pixels.count) values for \(labels.count) samples of \(featureCount) features")
        }
        if let index = labels.firstIndex(where: { $0 >= classCount }) {
            throw .dataset(
                reason:
                    "\(name): label \(labels[index]) of sample \(index), but there are \(classCount) classes")
        }
        self.name = name
        self.featureCount = featureCount
        self.classCount = classCount
        self.pixels = pixels
        self.labels = labels
    }

    private init(selecting indices: some Collection<Int>, of other: Dataset, name: String) {
        var pixels = [UInt8]()
        pixels.reserveCapacity(indices.count * other.featureCount)
        for index in indices { pixels.append(contentsOf: other.sample(index)) }
        self.name = name
        self.featureCount = other.featureCount
        self.classCount = other.classCount
        self.pixels = pixels
        self.labels = indices.map { other.labels[$0] }
    }

    /// The values of one sample.
    public func sample(_ index: Int) -> ArraySlice<UInt8> {
        pixels[index * featureCount..<(index + 1) * featureCount]
    }

    /// The samples at the given indices, in that order; an index outside the data set traps.
    public func subset(_ indices: some Collection<Int>, name: String? = nil) -> Dataset {
        Dataset(selecting: indices, of: self, name: name ?? self.name)
    }

    /// The first samples, at most `count`.
    public func prefix(_ count: Int) -> Dataset {
        subset(0..<Swift.min(Swift.max(count, 0), self.count))
    }

    /// The samples in an order that depends on the seed only.
    public func shuffled(seed: UInt64) -> Dataset {
        var generator = DeterministicGenerator(seed: seed, purpose: .shuffle)
        return subset(generator.permutation(count))
    }

    /// Splits by position: indices divisible by `divisor` are the test samples, all others train.
    public func split(testEvery divisor: Int = 5) -> (train: Dataset, test: Dataset) {
        let isTest: (Int) -> Bool = { $0.isMultiple(of: divisor) }
        return (
            subset((0..<count).filter { !isTest($0) }, name: "\(name), training part"),
            subset((0..<count).filter(isTest), name: "\(name), test part")
        )
    }

    /// How many samples each class has.
    public var classHistogram: [Int] {
        var histogram = [Int](repeating: 0, count: classCount)
        for label in labels { histogram[Int(label)] += 1 }
        return histogram
    }
}
