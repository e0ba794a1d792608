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
        "Samples: 'digits' (built in), a CSV file, an IDX file of images, or a .bin file of CIFAR-10 (may be gzipped).",
        valueName: "digits|file")
    var data: String?

    @Option("IDX file of labels, for an IDX file of images.")
    var labels: InputFile?

    @Option("Part of the data: every fifth sample is for tests, the others train.")
    var split: Split = .all

    @Option("Leave out so many samples of that part.", check: .atLeast(0))
    var skip: Int = 0

    @Option("Take at most so many samples.", check: .atLeast(1))
    var count: Int?

    init() {}

    /// For verbs that cannot do without.
    ///
    /// - Throws: `UsageError` if no data set is named.
    func validate() throws {
        if data == nil {
            throw UsageError(
                "--data is missing: 'digits', a CSV file, an IDX file of images or one of CIFAR-10")
        }
    }

    /// What messages call the data.
    var name: String { data ?? "" }

    /// - Throws: `CommandError` that names the file.
    func load() throws -> Dataset {
        let whole = try naming(name) { try readWhole() }
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

    private func readWhole() throws -> Dataset {
        if name == "digits" { return try Dataset.digits() }
        let file = try InputFile.parse(name)
        if let labels {
            let known = try labels.reading { _ in try Dataset.readIDXLabels(from: labels.url) }
            return try Dataset.readIDX(images: file.url, labels: known)
        }
        if file.url.lastPathComponent.hasSuffix(".bin") || file.url.lastPathComponent.hasSuffix(".bin.gz") {
            return try Dataset.readCIFAR10(from: [file.url])
        }
        guard !file.url.lastPathComponent.contains("idx") else {
            throw CommandError("looks like an IDX file: name its labels with --labels")
        }
        return try Dataset.readCSV(from: file.url)
    }
}
