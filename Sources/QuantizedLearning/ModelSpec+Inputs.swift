extension ModelSpec {
    /// The integers that enter the model: one row per sample, without the constant of the biases.
    ///
    /// - Throws: `LearningError.dataset` where the data set does not fit the model.
    public func inputs(of data: Dataset) throws(LearningError) -> Matrix<Int64> {
        try checkFits(data)
        return Matrix(
            rows: data.count, columns: data.featureCount,
            elements: data.pixels.map { Int64(input.encode(Int($0))) })
    }

    /// Refuses a data set with another number of features, more classes or larger values than the model has.
    func checkFits(_ data: Dataset) throws(LearningError) {
        guard data.featureCount == architecture.input.count else {
            throw .dataset(
                reason:
                    "\(data.name) has \(data.featureCount) features, the model \(name) takes \(architecture.input.count)"
            )
        }
        guard data.classCount <= classCount else {
            throw .dataset(
                reason: "\(data.name) has \(data.classCount) classes, the model \(name) knows \(classCount)")
        }
        if let index = data.pixels.firstIndex(where: { $0 > input.maximum }) {
            throw .dataset(
                reason: "\(data.name), sample \(index / data.featureCount): value \(data.pixels[index]), "
                    + "the model \(name) takes at most \(input.maximum)")
        }
    }
}
