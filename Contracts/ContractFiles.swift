import Foundation

/// The files of this folder that programs need: compiled contracts and templates of verifiers.
public enum ContractFiles {
    /// `build/NAME.json`.
    ///
    /// - Throws: `ContractFileError`.
    public static func compiled(_ name: String) throws -> Data { try read("build/\(name).json") }

    /// `templates/NAME.vy.in`.
    ///
    /// - Throws: `ContractFileError`.
    public static func template(_ name: String) throws -> String {
        guard let text = String(data: try read("templates/\(name).vy.in"), encoding: .utf8) else {
            throw ContractFileError(description: "the template \(name) is not text")
        }
        return text
    }

    /// - Parameter path: made of the names of contracts only.
    private static func read(_ path: String) throws -> Data {
        let url = Bundle.module.bundleURL.appending(path: path)
        guard let data = try? Data(contentsOf: url) else {
            throw ContractFileError(description: "Contracts/\(path) is missing: run 'make contracts'")
        }
        return data
    }
}

/// Why a contract of this folder cannot be used.
public struct ContractFileError: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}
