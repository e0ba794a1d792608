import Foundation
import Testing

/// One case of a go-ethereum precompile vector file.
struct PrecompileVector: Decodable {
    let name: String
    let input: String
    let expected: String

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case input = "Input"
        case expected = "Expected"
    }

    static func load(_ file: String, from path: String = #filePath) throws -> [PrecompileVector] {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Vectors/eip/\(file).json"))
        return try JSONDecoder().decode([PrecompileVector].self, from: data)
    }

    /// The input as exactly `count` bytes: padded with zeros, or cut.
    func input(padded count: Int) -> [UInt8] {
        let bytes = hexBytes(input).prefix(count)
        return bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }
}

/// The bytes of a hexadecimal string of even length.
func hexBytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    precondition(digits.count == text.utf8.count && digits.count % 2 == 0)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(16 * digits[$0] + digits[$0 + 1]) }
}
