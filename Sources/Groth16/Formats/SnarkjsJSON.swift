import EllipticCurves
import FieldArithmetic
import Foundation

/// The JSON files of snarkjs on BN254: verification keys, proofs and public inputs, numbers as decimal strings.
public enum SnarkjsJSON {
    typealias Base = BN254BaseField

    private struct VerificationKey: Codable {
        var `protocol`: String
        var curve: String
        var nPublic: Int
        var vk_alpha_1: [String]
        var vk_beta_2: [[String]]
        var vk_gamma_2: [[String]]
        var vk_delta_2: [[String]]
        var IC: [[String]]
    }

    private struct ProofJSON: Codable {
        var pi_a: [String]
        var pi_b: [[String]]
        var pi_c: [String]
        var `protocol`: String
        var curve: String?
    }

    /// - Throws: `MalformedData`, `UnsoundKey`.
    public static func verifyingKey(_ json: Data) throws -> VerifyingKey<BN254> {
        let file = try decode(VerificationKey.self, json)
        guard file.protocol == "groth16", file.curve == "bn128", file.IC.count == file.nPublic + 1 else {
            throw MalformedData("not a Groth16 verification key on bn128 with nPublic + 1 IC points")
        }
        let key = try VerifyingKey<BN254>(
            isDevelopmentKey: false, circuitDigest: [UInt8](repeating: 0, count: 32), challengeCount: 0,
            alpha: g1(file.vk_alpha_1), beta: g2(file.vk_beta_2), gamma: g2(file.vk_gamma_2),
            delta: g2(file.vk_delta_2), ic: file.IC.map(g1), linkKey: [], linkedSegments: [])
        try key.checkSoundness()
        return key
    }

    /// - Throws: `MalformedData`.
    public static func proof(_ json: Data) throws -> Proof<BN254> {
        let file = try decode(ProofJSON.self, json)
        guard file.protocol == "groth16" else { throw MalformedData("not a Groth16 proof") }
        return try Proof(a: g1(file.pi_a), b: g2(file.pi_b), c: g1(file.pi_c))
    }

    /// - Throws: `MalformedData`.
    public static func publicInputs(_ json: Data) throws -> [BN254ScalarField] {
        try decode([String].self, json).map { try number($0) }
    }

    /// A plain proof as snarkjs writes it.
    public static func encode(_ proof: Proof<BN254>) throws -> Data {
        func text(_ value: Base) -> String { BigInteger(value.canonical).description }
        func text(_ point: AffinePoint<BN254G1>) -> [String] { [text(point.x), text(point.y), "1"] }
        let file = ProofJSON(
            pi_a: text(proof.a),
            pi_b: [
                [text(proof.b.x.c0), text(proof.b.x.c1)], [text(proof.b.y.c0), text(proof.b.y.c1)],
                ["1", "0"],
            ],
            pi_c: text(proof.c), protocol: "groth16", curve: "bn128")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(file)
    }

    private static func decode<Value: Decodable>(_: Value.Type, _ json: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: json)
        } catch {
            throw MalformedData("not the JSON that snarkjs writes: \(error)")
        }
    }

    private static func number<Field: PrimeField>(_ text: String) throws -> Field {
        guard text.count <= 80, text.allSatisfy({ $0.isASCII && $0.isNumber }),
            let integer = BigInteger(text),
            let limbs = integer.limbs(as: Field.Limbs.self), let value = Field(canonical: limbs)
        else { throw MalformedData("\"\(text.prefix(90))\" is not a decimal number below the modulus") }
        return value
    }

    private static func g1(_ numbers: [String]) throws -> AffinePoint<BN254G1> {
        guard numbers.count == 3, numbers[2] == "1" else {
            throw MalformedData("a G1 point is not [x, y, \"1\"]")
        }
        let point = AffinePoint<BN254G1>(x: try number(numbers[0]), y: try number(numbers[1]))
        guard point.isOnCurve else { throw MalformedData("a G1 point is not on the curve") }
        return point
    }

    private static func g2(_ numbers: [[String]]) throws -> AffinePoint<BN254G2> {
        guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }), numbers[2] == ["1", "0"] else {
            throw MalformedData("a G2 point is not [[x0, x1], [y0, y1], [\"1\", \"0\"]]")
        }
        let point = AffinePoint<BN254G2>(
            x: .init(try number(numbers[0][0]), try number(numbers[0][1])),
            y: .init(try number(numbers[1][0]), try number(numbers[1][1])))
        guard point.isOnCurve, BN254G2.isInSubgroup(point) else {
            throw MalformedData("a G2 point is not on the curve or not in the subgroup")
        }
        return point
    }
}
