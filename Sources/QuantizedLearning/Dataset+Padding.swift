extension Dataset {
    /// The images in the middle of larger ones, the same in every channel, the rest black.
    ///
    /// MNIST as 3×32×32 is a stand-in for colour images where there are none: it costs what they cost.
    ///
    /// - Parameters:
    ///   - shape: of this data set's samples, in one channel.
    ///   - larger: at least as high and wide.
    /// - Throws: `LearningError.dataset` where the samples have another shape or do not fit.
    public func padded(_ shape: Extent, to larger: Shape) throws(LearningError) -> Dataset {
        guard shape.height > 0, shape.width > 0, shape.height <= featureCount,
            featureCount.isMultiple(of: shape.height), featureCount / shape.height == shape.width
        else { throw .dataset(reason: "\(name): \(featureCount) features are no images of \(shape)") }
        guard (shape.height...1 << 10).contains(larger.height),
            (shape.width...1 << 10).contains(larger.width),
            (1...1 << 10).contains(larger.channels), larger.count <= 1 << 20
        else { throw .dataset(reason: "\(name): images of \(shape) do not fit \(larger)") }
        let top = (larger.height - shape.height) / 2
        let left = (larger.width - shape.width) / 2
        var padded = [UInt8](repeating: 0, count: count * larger.count)
        for index in 0..<count {
            let sample = Array(sample(index))
            for channel in 0..<larger.channels {
                for row in 0..<shape.height {
                    let line = (channel * larger.height + top + row) * larger.width + left
                    for column in 0..<shape.width {
                        padded[index * larger.count + line + column] = sample[row * shape.width + column]
                    }
                }
            }
        }
        return try Dataset(
            name: name, featureCount: larger.count, classCount: classCount, pixels: padded, labels: labels)
    }
}
