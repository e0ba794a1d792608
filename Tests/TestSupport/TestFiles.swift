import Foundation

/// Where tests find files: published vectors in the project, larger ones in a folder `shared` beside it.
public enum TestFiles {
    /// The project's folder `Tests/Vectors`.
    public static let vectors = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Vectors")

    /// `ZKPOT_SHARED`, or the folder `shared` beside the project; `nil` where there is none.
    public static let shared: URL? = {
        let environment = ProcessInfo.processInfo.environment["ZKPOT_SHARED"]
        let url =
            environment.map { URL(filePath: $0) }
            ?? vectors.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared")
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }()

    /// A file below `shared`, `nil` where it is missing: the test is then skipped.
    public static func shared(_ path: String) -> URL? {
        guard let url = shared?.appending(path: path), FileManager.default.fileExists(atPath: url.path) else {
            return nil
        }
        return url
    }

    /// Calls `body` with a fresh folder, which is removed afterwards.
    public static func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkpot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
