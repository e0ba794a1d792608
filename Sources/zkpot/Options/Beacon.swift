import AuditProtocol
import Presentation

/// A beacon on the command line: 64 hexadecimal digits.
struct Beacon: ArgumentValue {
    var digest: Digest

    static func parse(_ text: String) throws -> Beacon {
        guard let digest = Digest(hexadecimal: text) else {
            throw UsageError("expects 64 hexadecimal digits, not '\(text)'")
        }
        return Beacon(digest: digest)
    }

    static var valueName: String { "hex" }
    var argumentText: String { digest.description }
}
