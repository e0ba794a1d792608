import Foundation

/// The path of an executable of this package, which lies beside the one that runs the tests.
///
/// - Throws: `MissingExecutable` if it is not built.
public func builtExecutable(_ name: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = buffer.withUnsafeMutableBytes {
        readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard length > 0 else { throw MissingExecutable(description: "this program has no path") }
    let folder = buffer[..<length].lastIndex(of: UInt8(ascii: "/")).map { buffer[..<$0] } ?? []
    let path = String(decoding: folder, as: UTF8.self) + "/" + name
    guard access(path, X_OK) == 0 else { throw MissingExecutable(description: "\(path) is not built") }
    return path
}

/// Why there is no executable to run.
public struct MissingExecutable: Error, CustomStringConvertible {
    public let description: String
}
