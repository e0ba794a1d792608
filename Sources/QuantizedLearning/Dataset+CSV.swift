import Foundation

extension Dataset {
    /// Reads a CSV file: one sample a line, integers 0 to 255 separated by commas, the label last.
    ///
    /// A first line that starts with a letter is a header and is skipped, and so are empty lines. Without
    /// `classCount` there are as many classes as the largest label says.
    ///
    /// - Throws: `LearningError.file` naming line and column.
    public static func readCSV(from url: URL, classCount: Int? = nil) throws(LearningError) -> Dataset {
        try parseCSV(
            FileInput.readPossiblyCompressed(url), name: url.lastPathComponent, classCount: classCount)
    }

    /// Samples from the bytes of such a file, which is not compressed; `name` is for messages.
    ///
    /// - Throws: `LearningError.file` naming line and column.
    public static func parseCSV(
        _ data: Data, name: String, classCount: Int? = nil
    ) throws(LearningError) -> Dataset {
        var pixels = [UInt8]()
        var labels = [UInt8]()
        var columns: Int?
        // Line by line: an array of all lines would be larger than the file.
        var (rest, number) = (data[...], 0)
        while !rest.isEmpty {
            let line = rest[..<(rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)]
            rest = rest.dropFirst(line.count + 1)
            number += 1
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let isHeader = number == 1 && content.first.map(isLetter) ?? false
            if content.isEmpty || isHeader { continue }
            let values = try parseLine(content, name: name, line: number)
            guard values.count == columns ?? values.count, values.count >= 2 else {
                throw .file(
                    name: name, position: "line \(number)",
                    reason: columns.map { "\(values.count) values instead of \($0)" }
                        ?? "a sample needs at least one value and a label")
            }
            columns = values.count
            pixels.append(contentsOf: values.dropLast())
            labels.append(values[values.count - 1])
        }
        guard let columns, let largest = labels.max() else {
            throw .file(name: name, position: nil, reason: "no samples")
        }
        return try Dataset(
            name: name, featureCount: columns - 1, classCount: classCount ?? Int(largest) + 1,
            pixels: pixels, labels: labels)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func parseLine(_ line: Data, name: String, line number: Int) throws(LearningError)
        -> [UInt8]
    {
        var values = [UInt8]()
        var value: Int?
        func failure(_ reason: String) -> LearningError {
            .file(name: name, position: "line \(number), column \(values.count + 1)", reason: reason)
        }
        for byte in line {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let next = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard next <= 255 else { throw failure("value above 255") }
                value = next
            case UInt8(ascii: ","):
                guard let finished = value else { throw failure("empty value") }
                values.append(UInt8(finished))
                value = nil
            default:
                throw failure("byte \(byte) is neither a digit nor a comma")
            }
        }
        guard let last = value else { throw failure("empty value") }
        values.append(UInt8(last))
        return values
    }

    /// The data set as a CSV file that `readCSV` reads.
    public func writeCSV(to url: URL) throws(LearningError) {
        var text = ""
        for index in 0..<count {
            text += sample(index).map { "\($0)," }.joined() + "\(labels[index])\n"
        }
        try FileInput.write(Data(text.utf8), to: url)
    }

    /// The 1,797 handwritten digits (8×8, values 0 to 16) that come with the library.
    ///
    /// - Throws: `LearningError.file` where the installation lacks the library's folder of resources.
    public static func digits() throws(LearningError) -> Dataset {
        // The generated `Bundle.module` ends the process where the folder is missing; this throws instead.
        let folder = "ZKPoT_QuantizedLearning.resources"
        let besides = [Bundle.main.bundleURL, Bundle.main.executableURL?.resolvingSymlinksInPath()]
        for place in besides.compactMap({ $0 }) {
            for base in [place, place.deletingLastPathComponent()] {
                let file = base.appendingPathComponent(folder).appendingPathComponent("digits.csv")
                if FileManager.default.fileExists(atPath: file.path) {
                    return try readCSV(from: file, classCount: 10)
                }
            }
        }
        throw .file(
            name: "digits.csv", position: nil, reason: "the folder \(folder) is missing beside the program")
    }
}
