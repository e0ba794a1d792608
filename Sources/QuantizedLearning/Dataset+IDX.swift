import Foundation

extension Dataset {
    /// Reads images and labels from a pair of IDX files (MNIST's format), plain or compressed with gzip.
    ///
    /// IDX: two zero bytes, the element type (8 = unsigned byte, the only one read here), the number of dimensions,
    /// each dimension as 32 bits big-endian, then the elements. All dimensions of an image after the first are features.
    ///
    /// - Throws: `LearningError.file` naming the offset, `LearningError.dataset` where the two files do not agree.
    public static func readIDX(
        images: URL, labels: URL, classCount: Int = 10
    ) throws(LearningError) -> Dataset {
        try readIDX(images: images, labels: readIDXLabels(from: labels), classCount: classCount)
    }

    /// The labels of an IDX file of one dimension.
    ///
    /// - Throws: `LearningError.file` naming the offset.
    public static func readIDXLabels(from url: URL) throws(LearningError) -> [UInt8] {
        let file = try IDXFile(FileInput.readPossiblyCompressed(url), name: url.lastPathComponent)
        guard file.dimensions.count == 1 else {
            throw .file(
                name: url.lastPathComponent, position: "offset 3", reason: "labels have one dimension")
        }
        return file.elements
    }

    /// Reads images whose labels are known already, as `readIDX(images:labels:)` does.
    public static func readIDX(
        images: URL, labels: [UInt8], classCount: Int = 10
    ) throws(LearningError) -> Dataset {
        let imageFile = try IDXFile(
            FileInput.readPossiblyCompressed(images), name: images.lastPathComponent)
        guard imageFile.dimensions.count >= 2 else {
            throw .file(
                name: images.lastPathComponent, position: "offset 3",
                reason: "images need at least two dimensions")
        }
        guard imageFile.dimensions[0] == labels.count else {
            throw .dataset(reason: "\(imageFile.dimensions[0]) images but \(labels.count) labels")
        }
        return try Dataset(
            name: images.lastPathComponent, featureCount: imageFile.dimensions.dropFirst().reduce(1, *),
            classCount: classCount, pixels: imageFile.elements, labels: labels)
    }
}

/// A parsed IDX file of unsigned bytes.
struct IDXFile {
    let dimensions: [Int]
    let elements: [UInt8]

    init(_ data: Data, name: String) throws(LearningError) {
        let bytes = [UInt8](data)
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        guard bytes.count >= 4 else { throw failure(bytes.count, "the header is truncated") }
        guard bytes[0] == 0, bytes[1] == 0 else { throw failure(0, "not an IDX file") }
        guard bytes[2] == 8 else {
            throw failure(2, "element type \(bytes[2]), only 8 (unsigned byte) is read")
        }
        let rank = Int(bytes[3])
        guard (1...8).contains(rank) else { throw failure(3, "\(rank) dimensions") }
        let start = 4 + 4 * rank
        guard bytes.count >= start else { throw failure(bytes.count, "the header is truncated") }

        var total = 1
        var dimensions = [Int]()
        for index in 0..<rank {
            let offset = 4 + 4 * index
            let dimension = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let (product, overflow) = total.multipliedReportingOverflow(by: dimension)
            guard dimension > 0, !overflow else { throw failure(offset, "dimension \(dimension)") }
            total = product
            dimensions.append(dimension)
        }
        guard bytes.count - start == total else {
            throw failure(
                min(bytes.count, start), "\(total) elements declared, \(bytes.count - start) bytes follow")
        }
        self.dimensions = dimensions
        self.elements = Array(bytes[start...])
    }
}
