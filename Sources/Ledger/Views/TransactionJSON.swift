import Foundation

/// Transactions as JSON files: an object with the `kind` and the fields of `Transaction`'s cases. Digests, keys, points and
/// proofs are hexadecimal, times milliseconds since 1970, enumerations their names.
public enum TransactionJSON {
    /// Nothing larger can be a transaction.
    public static let maximumBytes = 2 * Limits.transactionBytes + (1 << 20)

    /// Indented, with sorted keys.
    ///
    /// - Throws: what `JSONEncoder` throws.
    public static func encode(_ transaction: Transaction) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(transaction)
    }

    /// - Throws: `MalformedTransactionFile` that says which field is missing, wrong, or not one of this kind.
    public static func decode(_ data: Data) throws(MalformedTransactionFile) -> Transaction {
        guard data.count <= maximumBytes else {
            throw MalformedTransactionFile("\(data.count) bytes are too many for a transaction")
        }
        let transaction: Transaction
        do {
            transaction = try JSONDecoder().decode(Transaction.self, from: data)
            // The decoder overlooks what it does not know; what it knows is what it would write again.
            let given = try JSONSerialization.jsonObject(with: data)
            let known = try JSONSerialization.jsonObject(with: encode(transaction))
            if let surplus = surplus(in: given, beside: known, path: "") {
                throw MalformedTransactionFile("a \(transaction.kind) has no field \(surplus)")
            }
        } catch let error as MalformedTransactionFile {
            throw error
        } catch let error as DecodingError {
            if let place = (try? JSONSerialization.jsonObject(with: data)).flatMap({
                unfitNumber(in: $0, path: "")
            }) {
                throw MalformedTransactionFile("\(place): a number that is negative, not whole or too large")
            }
            throw MalformedTransactionFile(words(error))
        } catch {
            throw MalformedTransactionFile("is not JSON")
        }
        return transaction
    }

    /// The path of the first field of `given` that `known` does not have.
    private static func surplus(in given: Any, beside known: Any, path: String) -> String? {
        if let given = given as? [String: Any], let known = known as? [String: Any] {
            for (name, value) in given.sorted(by: { $0.key < $1.key }) {
                let place = path.isEmpty ? name : "\(path).\(name)"
                // An absent option may be written as null.
                if value is NSNull { continue }
                guard let counterpart = known[name] else { return place }
                if let found = surplus(in: value, beside: counterpart, path: place) { return found }
            }
        }
        if let given = given as? [Any], let known = known as? [Any] {
            for (index, pair) in zip(given, known).enumerated() {
                if let found = surplus(in: pair.0, beside: pair.1, path: "\(path)[\(index)]") { return found }
            }
        }
        return nil
    }

    /// The path of the first number that is no UInt64. (The decoder only says of it that the file is not valid JSON.)
    private static func unfitNumber(in value: Any, path: String) -> String? {
        if let object = value as? [String: Any] {
            return object.sorted { $0.key < $1.key }.lazy.compactMap { name, value in
                unfitNumber(in: value, path: path.isEmpty ? name : "\(path).\(name)")
            }.first
        }
        if let list = value as? [Any] {
            return list.enumerated().lazy.compactMap { unfitNumber(in: $1, path: "\(path)[\($0)]") }.first
        }
        guard let number = value as? NSNumber, !(value is Bool) else { return nil }
        return UInt64(number.stringValue) == nil ? path : nil
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "" : path.map(\.stringValue).joined(separator: ".") + ": "
        }
        return switch error {
        case .keyNotFound(let key, let context):
            "\(place(context.codingPath))the field \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            place(context.codingPath) + context.debugDescription
        @unknown default: "\(error)"
        }
    }
}

/// Why a file is not a transaction.
public struct MalformedTransactionFile: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
