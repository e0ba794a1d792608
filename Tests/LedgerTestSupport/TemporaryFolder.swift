import Foundation

/// A folder that goes away with its holder.
public final class TemporaryFolder {
    public let path: String

    public init() throws {
        var template = Array("\(NSTemporaryDirectory())zkpot-ledger-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("no temporary folder") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    public func file(_ name: String) -> String { path + "/" + name }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    _ = unlink(path + "/" + String(cString: $0))
                }
            }
        }
        closedir(folder)
        rmdir(path)
    }
}
