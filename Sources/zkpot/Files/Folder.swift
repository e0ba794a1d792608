import Foundation
import Presentation

/// A folder that is there.
struct Folder: ArgumentValue, Hashable {
    var path: String

    /// - Throws: `CommandError` if there is no such folder.
    static func parse(_ text: String) throws -> Folder {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory) else {
            throw CommandError("no such folder", file: text)
        }
        guard isDirectory.boolValue else { throw CommandError("is a file, not a folder", file: text) }
        return Folder(path: text)
    }

    static var valueName: String { "folder" }
    var argumentText: String { path }

    func file(_ name: String) -> String { path + "/" + name }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Makes a folder inside, if it is not there.
    func makeFolder(_ name: String, isPrivate: Bool = false) throws -> Folder {
        let path = file(name)
        try naming(path) {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: isPrivate ? [.posixPermissions: 0o700] : nil)
        }
        return Folder(path: path)
    }
}
