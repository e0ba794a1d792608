import Foundation
import Ledger
import Presentation

/// Opens ledgers and keys, with errors that name the file first.
enum LedgerFile {
    /// - Parameter operatorKey: the file of the key that seals the ledger, to write to it.
    /// - Throws: `CommandError` that names the file.
    static func open(_ file: InputFile, operatorKey: InputFile? = nil) throws -> Ledger {
        let key = try operatorKey.map { try signingKey($0) }
        return try naming(file) { try Ledger.open(file.path, operatorKey: key) }
    }

    /// - Throws: `CommandError` that names the file.
    static func signingKey(_ file: InputFile) throws -> SigningKey {
        do {
            return try SigningKey(file: file.path)
        } catch KeyError.file(let path, let reason) {
            throw CommandError(reason, file: path)
        }
    }

    /// Reads a JSON file.
    ///
    /// - Throws: `CommandError` that names the file.
    static func json<Value: Decodable>(_ type: Value.Type, _ file: InputFile) throws -> Value {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            do {
                return try JSONDecoder().decode(type, from: Data(bytes))
            } catch DecodingError.keyNotFound(let key, _) {
                throw CommandError("the field \(key.stringValue) is missing")
            } catch DecodingError.typeMismatch(_, let context),
                DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(let context)
            {
                let place = context.codingPath.map(\.stringValue).joined(separator: ".")
                throw CommandError(
                    place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)")
            }
        }
    }

    /// - Throws: `CommandError` that names the file.
    static func transaction(_ file: InputFile) throws -> Transaction {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in try TransactionJSON.decode(Data(bytes)) }
    }

    /// Runs `body`; an error about the ledger becomes one about the file, without saying its name twice.
    static func naming<Result>(_ file: InputFile, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as LedgerError {
            throw CommandError(words(of: error), file: file.path)
        }
    }

    /// What is wrong, without the file's name.
    static func words(of error: LedgerError) -> String {
        switch error {
        case .file(_, let reason): reason
        case .locked: "is locked: another process has it open for writing"
        case .corrupt(_, let place, let reason): "\(place): \(reason)"
        case .notTheOperator: "is sealed by another key than this one"
        case .readOnly: "is open for reading only"
        case .checkpointMissing(_, let head): "does not contain \(head)"
        }
    }
}

extension PublicKey: ArgumentValue {
    public static func parse(_ text: String) throws -> PublicKey {
        guard let key = PublicKey(hexadecimal: text) else {
            throw UsageError("expects a public key of 64 hexadecimal digits, not '\(text)'")
        }
        return key
    }

    public static var valueName: String { "public key" }
    public var argumentText: String { description }
}

extension Identifier: ArgumentValue {
    public static func parse(_ text: String) throws -> Identifier {
        guard let identifier = Identifier(text) else {
            throw UsageError(
                "expects a name of 1 to 64 letters, digits, dots, hyphens and underscores, not '\(text)'")
        }
        return identifier
    }

    public static var valueName: String { "name" }
    public var argumentText: String { description }
}
