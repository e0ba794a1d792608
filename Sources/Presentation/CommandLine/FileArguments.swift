import Foundation

/// A file to read; on the command line it must exist, be readable and be neither folder, pipe nor device.
public struct InputFile: ArgumentValue, Hashable, Sendable {
    public var path: String

    public init(_ path: String) { self.path = path }

    public var url: URL { URL(fileURLWithPath: path) }

    /// - Throws: `CommandError` if there is no such file or it is not a file that can be read.
    public static func parse(_ text: String) throws -> InputFile {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory) else {
            throw CommandError("no such file", file: text)
        }
        guard !isDirectory.boolValue else { throw CommandError("is a folder, not a file", file: text) }
        guard FileManager.default.isReadableFile(atPath: text) else {
            throw CommandError("may not be read", file: text)
        }
        // A pipe would block, and a device may never end.
        var status = stat()
        guard stat(text, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandError("is not a regular file", file: text)
        }
        return InputFile(text)
    }

    public static var valueName: String { "file" }
    public var argumentText: String { path }

    /// Runs `body` with the path; an error that names no file becomes one about this file.
    public func reading<Result>(_ body: (String) throws -> Result) throws -> Result {
        try naming(path) { try body(path) }
    }
}

/// A file to write; on the command line its folder must exist.
public struct OutputFile: ArgumentValue, Hashable, Sendable, ExpressibleByStringLiteral {
    public var path: String

    public init(_ path: String) { self.path = path }
    public init(stringLiteral path: String) { self.path = path }

    public var url: URL { URL(fileURLWithPath: path) }

    /// - Throws: `CommandError` if the folder is missing or the path is itself a folder.
    public static func parse(_ text: String) throws -> OutputFile {
        guard !text.isEmpty else { throw UsageError("expects a file name") }
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory), isDirectory.boolValue {
            throw CommandError("is a folder, not a file", file: text)
        }
        let folder = URL(fileURLWithPath: text).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue
        else { throw CommandError("its folder does not exist", file: text) }
        return OutputFile(text)
    }

    public static var valueName: String { "file" }
    public var argumentText: String { path }

    /// Writes the whole file at once, or leaves what was there.
    ///
    /// - Throws: `CommandError` with the file's name.
    public func write(_ data: Data) throws {
        try naming(path) { try data.write(to: url, options: .atomic) }
    }

    /// Runs `body` with the path; an error that names no file becomes one about this file.
    public func writing<Result>(_ body: (String) throws -> Result) throws -> Result {
        try naming(path) { try body(path) }
    }
}
