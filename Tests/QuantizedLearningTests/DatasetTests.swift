import Foundation
import QuantizedLearning
import Testing

@Suite struct DatasetTests {
    @Test func digitsAreTheKnownOnes() throws {
        let digits = try Dataset.digits()
        #expect(digits.count == 1797 && digits.featureCount == 64 && digits.classCount == 10)
        #expect(digits.classHistogram == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        #expect(digits.pixels.max() == 16)
        #expect(Array(digits.sample(0).prefix(8)) == [0, 0, 5, 13, 9, 1, 0, 0])
    }

    @Test func splitTakesEveryFifthAsTest() throws {
        let data = try Dataset(
            name: "d", featureCount: 1, classCount: 1, pixels: Array(0..<12),
            labels: [UInt8](repeating: 0, count: 12))
        let (train, test) = data.split()
        #expect(test.pixels == [0, 5, 10])
        #expect(train.pixels == [1, 2, 3, 4, 6, 7, 8, 9, 11])
    }

    @Test func shuffleIsDeterministicAndKeepsLabelsWithTheirSamples() throws {
        let data = try Dataset(
            name: "d", featureCount: 2, classCount: 50, pixels: (0..<50).flatMap { [$0, $0 + 100] },
            labels: Array(0..<50))
        let shuffled = data.shuffled(seed: 9)
        #expect(shuffled == data.shuffled(seed: 9))
        #expect(shuffled != data.shuffled(seed: 10))
        #expect(
            (0..<50).allSatisfy {
                Array(shuffled.sample($0)) == [shuffled.labels[$0], shuffled.labels[$0] + 100]
            })
        #expect(shuffled.labels.sorted() == Array(0..<50))
    }

    @Test func imagesArePadded() throws {
        let data = try Dataset(
            name: "d", featureCount: 6, classCount: 2, pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            labels: [0, 1])
        let padded = try data.padded(
            Extent(height: 2, width: 3), to: Shape(channels: 2, height: 3, width: 5))
        let first: [UInt8] = [0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0]
        #expect(Array(padded.sample(0)) == first + first)
        #expect(padded.sample(1).filter { $0 > 0 } == [7, 8, 9, 10, 11, 12, 7, 8, 9, 10, 11, 12])
        #expect(padded.labels == data.labels && padded.featureCount == 30)
        #expect(
            message { _ = try data.padded(Extent(2), to: Shape(channels: 1, height: 3, width: 5)) }
                .contains("no images of 2×2"))
        #expect(
            message {
                _ = try data.padded(
                    Extent(height: 2, width: 3), to: Shape(channels: 1, height: 2, width: 2))
            }.contains("do not fit"))
    }

    @Test(arguments: [
        ("1,2,3\n4,5\n", "line 2: 2 values instead of 3"),
        ("1,2,3\n4,x,6\n", "line 2, column 2: byte 120"),
        ("1,2,256\n", "line 1, column 3: value above 255"),
        ("1,2,99999999999999999999999999\n", "line 1, column 3: value above 255"),
        ("1,,3\n", "line 1, column 2: empty value"),
        ("1,2,\n", "line 1, column 3: empty value"),
        ("-1,2,3\n", "line 1, column 1: byte 45"),
        ("7\n", "line 1: a sample needs at least one value and a label"),
        ("", "no samples"),
        ("a,b,label\n", "no samples"),
        ("1,2,3\u{0}\n", "line 1, column 3: byte 0"),
        ("1,2,200\n", "label 200 of sample 0, but there are 10 classes"),
    ])
    func badCSVIsRefusedWithLineAndReason(text: String, reason: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("bad.csv", text)
        let message = message { _ = try Dataset.readCSV(from: file, classCount: 10) }
        #expect(message.contains("bad.csv") && message.contains(reason), "\(message)")
    }

    @Test func csvTakesHeadersAndCarriageReturnsAndWritesWhatItReads() throws {
        let folder = try TemporaryFolder()
        let data = try Dataset.readCSV(from: folder.file("d.csv", "p0,p1,label\r\n1,2,0\r\n\r\n255,0,3\r\n"))
        #expect(data.pixels == [1, 2, 255, 0] && data.labels == [0, 3] && data.classCount == 4)
        let copy = folder.url.appendingPathComponent("copy.csv")
        try data.writeCSV(to: copy)
        #expect(try Dataset.readCSV(from: copy).pixels == data.pixels)
        #expect(try Dataset.readCSV(from: copy).labels == data.labels)
    }

    @Test func whatIsNoRegularFileIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(message { _ = try Dataset.readCSV(from: folder.url) }.contains("not a regular file"))
        let missing = folder.url.appendingPathComponent("missing.csv")
        #expect(message { _ = try Dataset.readCSV(from: missing) }.contains("No such file"))
        #expect(
            message { _ = try Dataset.readCSV(from: URL(fileURLWithPath: "/dev/zero")) }
                .contains("not a regular file"))
        let pipe = folder.url.appendingPathComponent("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(message { _ = try Dataset.readCSV(from: pipe) }.contains("not a regular file"))
    }
}

@Suite struct IDXTests {
    /// Two images of 2×3 and their labels.
    static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + Array(1...12)
    static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]

    func read(_ images: [UInt8], _ labels: [UInt8]) throws -> Dataset {
        let folder = try TemporaryFolder()
        return try Dataset.readIDX(
            images: folder.file("images", images), labels: folder.file("labels", labels))
    }

    func changed(_ bytes: [UInt8], at offset: Int, to value: UInt8) -> [UInt8] {
        var copy = bytes
        copy[offset] = value
        return copy
    }

    @Test func readsImagesAndLabels() throws {
        let data = try read(Self.images, Self.labels)
        #expect(data.featureCount == 6 && data.count == 2)
        #expect(data.pixels == Array(1...12) && data.labels == [7, 9])
    }

    @Test func everyTruncationIsRefused() {
        for length in 0..<Self.images.count {
            #expect(
                message { _ = try read(Array(Self.images.prefix(length)), Self.labels) }.contains("offset"))
        }
        for length in 0..<Self.labels.count {
            #expect(
                message { _ = try read(Self.images, Array(Self.labels.prefix(length))) }.contains("offset"))
        }
    }

    @Test func badHeadersAreRefused() throws {
        let images = Self.images
        let cases: [([UInt8], String)] = [
            (changed(images, at: 0, to: 1), "offset 0: not an IDX file"),
            (changed(images, at: 2, to: 13), "offset 2: element type 13"),
            (changed(images, at: 3, to: 0), "offset 3: 0 dimensions"),
            (changed(images, at: 3, to: 200), "offset 3: 200 dimensions"),
            (changed(images, at: 7, to: 0), "offset 4: dimension 0"),
            (changed(images, at: 4, to: 255), "elements declared"),
            ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), "dimension 4294967295"),
            (images + [0], "12 elements declared, 13 bytes follow"),
            (Self.labels, "at least two dimensions"),
        ]
        for (bytes, reason) in cases {
            let message = message { _ = try read(bytes, Self.labels) }
            #expect(message.contains(reason), "\(message)")
        }
        #expect(
            message { _ = try read(images, [0, 0, 8, 1, 0, 0, 0, 3, 7, 9, 1]) }.contains(
                "2 images but 3 labels"))
        #expect(message { _ = try read(images, changed(Self.labels, at: 8, to: 10)) }.contains("label 10"))
    }

    @Test(.enabled(if: SharedData.hasMNIST, "MNIST's files are not in the shared folder"))
    func mnistIsTheKnownOne() throws {
        let data = try SharedData.mnist()
        #expect(data.count == 10_000 && data.featureCount == 784)
        #expect(data.classHistogram == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
        let (train, test) = data.split()
        #expect(train.count == 8000 && test.count == 2000)
    }

    @Test(.enabled(if: SharedData.hasMNIST, "MNIST's files are not in the shared folder"))
    func damagedGzipIsRefused() throws {
        let folder = try TemporaryFolder()
        let images = try #require(SharedData.images)
        let original = [UInt8](try Data(contentsOf: #require(SharedData.labels)))
        func read(_ bytes: [UInt8]) throws {
            _ = try Dataset.readIDX(images: images, labels: folder.file("labels.gz", bytes))
        }
        try read(original)
        for length in [2, 3, 10, 11, 100, original.count - 8, original.count - 1] {
            #expect(message { try read(Array(original.prefix(length))) }.contains("gzip stream is truncated"))
        }
        #expect(message { try read(original + [0]) }.contains("bytes after the gzip stream"))
        for offset in [2, 3, 200, 2000, original.count - 6, original.count - 1] {
            let message = message { try read(changed(original, at: offset, to: original[offset] ^ 0x20)) }
            #expect(message.contains("labels.gz"), "\(message)")
        }
    }
}
