import Foundation
import TestSupport
import Testing

import ContentStore

@Suite struct LocalStoreTests {
    private func withStore(limit: Int = 1000, _ body: (LocalStore, URL) throws -> Void) throws {
        try TestFiles.withTemporaryFolder { folder in
            let place = folder.appending(path: "store")
            try body(try LocalStore(folder: place.path, maximumBlockByteCount: limit), place)
        }
    }

    /// All files below a folder.
    private func files(_ folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func whatIsPutIsGot() throws {
        try withStore { store, folder in
            var generator = SeededGenerator(seed: 3)
            for count in [0, 1, 31, 1000] {
                let content = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                let name = try store.put(content)
                #expect(name == ContentIdentifier(of: content))
                #expect(try store.get(name) == content)
                #expect(store.holds(name))
                #expect(try store.put(content) == name)
            }
            let report = try store.check()
            #expect(report.blocks == 4 && report.bytes == 1032 && report.isSound)
            #expect(try files(folder).allSatisfy { !$0.contains("partial") })
            let other = ContentIdentifier(of: [9])
            #expect(throws: ContentError.notFound(other, place: store.folder)) { try store.get(other) }
            #expect(!store.holds(other))
            // Another store on the same folder sees the same.
            let again = try LocalStore(folder: folder.path)
            #expect(try again.get(ContentIdentifier(of: [])) == [])
            try again.remove(ContentIdentifier(of: []))
            try again.remove(ContentIdentifier(of: []))
            #expect(throws: ContentError.self) { try store.get(ContentIdentifier(of: [])) }
        }
    }

    /// A changed bit, a missing end, an addition, another block's content: refused at every read, repaired by a new put.
    @Test func damageIsFoundAtEveryRead() throws {
        try withStore { store, _ in
            let content = Array("the global model of round 7".utf8)
            let name = try store.put(content)
            let file = URL(filePath: store.path(of: name))
            var flipped = content
            flipped[3] ^= 1
            for damaged in [
                flipped, Array(content.dropLast()), content + [0], [], Array("another block".utf8),
            ] {
                try Data(damaged).write(to: file)
                #expect(throws: ContentError.damaged(name, place: store.folder)) { try store.get(name) }
                #expect(try store.check().damaged == [name])
                #expect(try store.put(content) == name)
                #expect(try store.get(name) == content)
            }
            #expect(try store.check().isSound)
        }
    }

    @Test func sizesAreLimited() throws {
        try withStore(limit: 10) { store, folder in
            let large = [UInt8](repeating: 1, count: 11)
            #expect(throws: ContentError.tooLarge(byteCount: 11, limit: 10)) { try store.put(large) }
            let name = try LocalStore(folder: folder.path).put(large)
            #expect(throws: ContentError.tooLarge(byteCount: 11, limit: 10)) { try store.get(name) }
            #expect(try store.check().damaged == [name])
        }
    }

    /// Whatever lies in the place of a block: a folder, a link out of the store, a pipe.
    @Test func onlyRegularFilesAreRead() throws {
        try withStore { store, folder in
            let content = Array("secret".utf8)
            let name = try store.put(content)
            let path = store.path(of: name)
            let outside = folder.deletingLastPathComponent().appending(path: "outside")
            try Data(content).write(to: outside)
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside.path)
            #expect(throws: ContentError.self) { try store.get(name) }
            #expect(try store.check().damaged == [name])
            // A put replaces the link and leaves what it led to.
            #expect(try store.put(content) == name)
            #expect(try store.get(name) == content)
            #expect(try Data(contentsOf: outside) == Data(content))

            try FileManager.default.removeItem(atPath: path)
            try #require(mkfifo(path, 0o600) == 0)
            #expect(throws: ContentError.self) { try store.get(name) }
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            #expect(throws: ContentError.self) { try store.get(name) }
            #expect(throws: ContentError.self) { try store.put(content) }
        }
    }

    @Test func foreignFilesAreReported() throws {
        try withStore { store, folder in
            let name = try store.put([1, 2, 3])
            let shard = URL(filePath: store.path(of: name)).deletingLastPathComponent()
            try Data().write(to: folder.appending(path: "readme"))
            try Data().write(to: shard.appending(path: ".partial-abc"))
            // A block in the wrong subfolder would never be found.
            let wrong = folder.appending(path: "zz")
            try FileManager.default.createDirectory(at: wrong, withIntermediateDirectories: false)
            try Data([1, 2, 3]).write(to: wrong.appending(path: name.description))
            let report = try store.check()
            #expect(report.blocks == 1 && report.damaged.isEmpty && report.foreign.count == 3)
            #expect(report.foreign.contains("readme") && report.foreign.contains("zz/\(name)"))
        }
    }

    @Test func foldersThatCannotBeUsed() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "file")
            try Data().write(to: file)
            for path in [file.path, folder.path + "/missing/store", "", "/proc/nothing/here"] {
                #expect(throws: ContentError.self, "\(path)") { try LocalStore(folder: path) }
            }
        }
    }
}
