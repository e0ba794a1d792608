import Foundation

extension Dataset {
    /// The length of a record of CIFAR-10: a label, then 32×32 values each of red, green and blue, row by row.
    private static let cifarRecord = 1 + 3 * 32 * 32

    /// Reads the binary version of CIFAR-10 (A. Krizhevsky, "Learning multiple layers of features from tiny images",
    /// 2009), plain or compressed with gzip: `data_batch_1.bin` and so on, one after the other.
    ///
    /// The features are in the order (channel, row, column), as models with three channels take them.
    ///
    /// - Throws: `LearningError.file` naming the offset.
    public static func readCIFAR10(from urls: [URL]) throws(LearningError) -> Dataset {
        var (pixels, labels) = ([UInt8](), [UInt8]())
        for url in urls {
            try parseCIFAR10(
                FileInput.readPossiblyCompressed(url), name: url.lastPathComponent, &pixels, &labels)
        }
        guard let first = urls.first, !labels.isEmpty else { throw .dataset(reason: "no files of CIFAR-10") }
        return try Dataset(
            name: urls.count == 1 ? first.lastPathComponent : "\(first.lastPathComponent) and others",
            featureCount: cifarRecord - 1, classCount: 10, pixels: pixels, labels: labels)
    }

    private static func parseCIFAR10(
        _ data: Data, name: String, _ pixels: inout [UInt8], _ labels: inout [UInt8]
    ) throws(LearningError) {
        guard !data.isEmpty, data.count.isMultiple(of: cifarRecord) else {
            throw .file(
                name: name, position: nil,
                reason: "\(data.count) bytes, CIFAR-10 has records of \(cifarRecord)")
        }
        guard pixels.count + data.count <= FileInput.maximumBytes else {
            throw .file(name: name, position: nil, reason: "too many images for one data set")
        }
        for start in stride(from: data.startIndex, to: data.endIndex, by: cifarRecord) {
            guard data[start] < 10 else {
                throw .file(
                    name: name, position: "offset \(start - data.startIndex)",
                    reason: "label \(data[start]), but there are 10 classes")
            }
            labels.append(data[start])
            pixels.append(contentsOf: data[start + 1..<start + cifarRecord])
        }
    }
}
