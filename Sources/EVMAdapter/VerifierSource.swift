import EVMContracts
import Ethereum
import EllipticCurves
import Groth16

/// Vyper sources of verifiers.
public enum VerifierSource {
    /// The verifier of every key of a shape; the key is an argument of the constructor.
    ///
    /// - Throws: `ContractFileError`.
    public static func forShape(_ shape: VerifierShape) throws -> String {
        try VerifierTemplate(shape).fill(
            ContractFiles.template(shape.isLinked ? "LinkedVerifier" : "PlainVerifier"))
    }

    /// The verifier of one key, which stands in the source; the constructor takes nothing.
    ///
    /// The key is still checked when the contract is created, and stands in its code from then on.
    ///
    /// - Throws: `ContractFileError`.
    public static func forKey(_ key: VerifyingKey<BN254>) throws -> String {
        let source = try forShape(VerifierShape(key))
        var lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // def __init__(key: Bytes[KEY_BYTES]): """ … @param key … """
        guard let head = lines.firstIndex(of: "def __init__(key: Bytes[KEY_BYTES]):"),
            lines.count > head + 2, lines[head + 1] == "    \"\"\"",
            let end = lines[(head + 2)...].firstIndex(of: "    \"\"\""),
            let parameter = lines[head..<end].firstIndex(where: { $0.hasPrefix("    @param key ") })
        else {
            throw ContractFileError(description: "the template's constructor is not the one that is known")
        }
        let argument = Hex.encode(VerifierContract.constructorArgument(key)).dropFirst(2)
        lines[head] = "def __init__():"
        lines.replaceSubrange(
            parameter...end, with: ["    \"\"\"", "    key: Bytes[KEY_BYTES] = x\"\(argument)\""])
        return lines.joined(separator: "\n")
    }
}
