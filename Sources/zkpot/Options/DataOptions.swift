import Foundation
import Presentation
import QuantizedLearning

/// Which part of a data set.
enum Split: String, CaseIterable, ArgumentValue {
    case all, train, test
}

/// Names a data set and a part of it.
struct DataOptions: ArgumentGroup {
    @Option(
        "Samples: 'digits' (built in), a CSV file, or an IDX file of images (may be gzipped).",
        valueName: "digits|file")
    var data: String

    @Option("IDX file of labels, for an IDX file of images.")
    var labels: InputFile?

    @Option("Part of the data: every fifth sample is for tests, the others train.")
    var split: Split = .all

    @Option("Leave out so many samples of that part.", check: .atLeast(0))
    var skip: Int = 0

    @Option("Take at most so many samples.", check: .atLeast(1))
    var count: Int?

    init() {}

    /// - Throws: `CommandError` that names the file.
    func load() throws -> Dataset {
        try Self.load(data, labels: labels, split: split, skip: skip, count: count)
    }

    /// - Throws: `CommandError` that names the file.
    static func load(_ data: String, labels: InputFile?, split: Split, skip: Int, count: Int?) throws
        -> Dataset
    {
        let whole = try naming(data) { try readWhole(data, labels: labels) }
        let part: Dataset
        switch split {
        case .all: part = whole
        case .train: part = whole.split().train
        case .test: part = whole.split().test
        }
        guard skip < part.count else {
            throw CommandError("\(part.count) samples are too few to leave out \(skip)", file: data)
        }
        let end = skip + min(part.count - skip, count ?? part.count)
        return skip == 0 && end == part.count ? part : part.subset(skip..<end)
    }

    private static func readWhole(_ data: String, labels: InputFile?) throws -> Dataset {
        if data == "digits" { return try Dataset.digits() }
        let file = try InputFile.parse(data)
        if let labels { return try Dataset.readIDX(images: file.url, labels: labels.url) }
        guard !file.url.lastPathComponent.contains("idx") else {
            throw CommandError("looks like an IDX file: name its labels with --labels")
        }
        return try Dataset.readCSV(from: file.url)
    }
}
