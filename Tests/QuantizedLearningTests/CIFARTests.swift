import Foundation
import QuantizedLearning
import Testing

@Suite struct CIFARTests {
    static let record = 3073

    /// Images of one value per channel, from labels.
    func images(_ labels: [UInt8]) -> [UInt8] {
        labels.flatMap { label in
            [label] + (0..<3).flatMap { [UInt8](repeating: 10 * label + $0, count: 1024) }
        }
    }

    @Test func channelsFollowOnEachOther() throws {
        let folder = try TemporaryFolder()
        let files = try [
            folder.file("data_batch_1.bin", images([3, 9])), folder.file("data_batch_2.bin", images([0])),
        ]
        let data = try Dataset.readCIFAR10(from: files)
        #expect(data.labels == [3, 9, 0] && data.featureCount == 3072 && data.classCount == 10)
        #expect(data.sample(1)[3072 + 1024] == 91 && data.sample(1)[3072 + 3071] == 92)
        #expect(data.sample(2).prefix(1024).allSatisfy { $0 == 0 })
        // It fits LeNet-small.
        #expect(try ModelSpec.lenetSmall.inputs(of: data).columns == 3072)
    }

    @Test func badFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let good = images([1, 2])
        var foreign = good
        foreign[Self.record] = 10
        let cases: [([UInt8], String)] = [
            ([], "0 bytes"), (Array(good.dropLast()), "6145 bytes, CIFAR-10 has records of 3073"),
            (good + [0], "6147 bytes"), (foreign, "offset 3073: label 10, but there are 10 classes"),
            ([0x1f, 0x8b, 8], "gzip"),
        ]
        for (bytes, reason) in cases {
            let file = try folder.file("bad.bin", bytes)
            let message = message { _ = try Dataset.readCIFAR10(from: [file]) }
            #expect(message.contains("bad.bin") && message.contains(reason), "\(message)")
        }
        #expect(message { _ = try Dataset.readCIFAR10(from: []) }.contains("no files"))
        #expect(message { _ = try Dataset.readCIFAR10(from: [folder.url]) }.contains("not a regular file"))
    }
}
