import EVMContracts
import EllipticCurves
import Ethereum
import FieldArithmetic
import Groth16

/// The numbers that fix a verifier contract's code; the key itself is an argument of its constructor.
public struct VerifierShape: Sendable, Hashable {
    public var challenges: Int
    public var inputs: Int
    public var commitments: Int
    /// Whether proofs have D and π.
    public var isLinked: Bool

    public init(_ key: VerifyingKey<BN254>) {
        challenges = key.challengeCount
        inputs = key.publicInputCount
        commitments = key.linkedSegments.count
        isLinked = key.hasLink
    }

    /// The contract of `Contracts/build` for this shape, if there is one.
    public var compiledName: String? {
        guard isLinked else {
            return challenges == 0 && (1...4).contains(inputs) ? "PlainVerifier\(inputs)" : nil
        }
        switch (challenges, inputs, commitments) {
        case (2, 1, 2): return "QualityVerifier"
        case (3, 0, 3): return "StepVerifier"
        case (1, 1, 2): return "ProductVerifier"
        default: return nil
        }
    }
}

/// How a verifying key becomes a contract, and a proof a call of it.
public enum VerifierContract {
    /// SHA-256 of the key's file, then the file from α on.
    public static func constructorArgument(_ key: VerifyingKey<BN254>) -> [UInt8] {
        let points = 64 + 128 * (3 + key.linkKey.count) + 64 * key.ic.count
        return key.digest + key.encoded.suffix(points)
    }

    /// The interface of every verifier of this shape.
    public static func interface(_ shape: VerifierShape) throws(EncodingError) -> ContractInterface {
        var interface = ContractInterface()
        interface.constructorInputs = [.init(name: "key", type: .bytes)]
        func words(_ count: Int) -> ABIType { .fixedArray(.uint(256), count) }
        let inputs: [ContractInterface.Parameter]
        if shape.isLinked {
            inputs = [
                .init(name: "proof", type: words(12)), .init(name: "context", type: .fixedBytes(32)),
                .init(name: "statement", type: words(shape.inputs + 2 * shape.commitments)),
            ]
        } else {
            inputs = [
                .init(name: "a", type: words(2)), .init(name: "b", type: .fixedArray(words(2), 2)),
                .init(name: "c", type: words(2)), .init(name: "inputs", type: words(shape.inputs)),
            ]
        }
        interface.functions = [
            .init(
                name: shape.isLinked ? "verify" : "verifyProof", inputs: inputs,
                outputs: [.init(name: "", type: .bool)], isView: true),
            .init(
                name: "keyDigest", inputs: [], outputs: [.init(name: "", type: .fixedBytes(32))], isView: true
            ),
        ]
        return interface
    }

    /// The contract of `Contracts/build` for a key.
    ///
    /// - Throws: `ContractFileError` if none is compiled for its shape.
    public static func compiled(_ shape: VerifierShape) throws -> CompiledContract {
        guard let name = shape.compiledName else {
            throw ContractFileError(
                description: """
                    no verifier is compiled for \(shape.challenges) challenges, \(shape.inputs) public inputs and \
                    \(shape.commitments) linked commitments; export its source and compile that
                    """)
        }
        return try CompiledContract(name)
    }

    /// Function and arguments of the call that checks one proof.
    ///
    /// - Throws: `EncodingError` if proof or statement do not have the key's form.
    public static func call(
        _ proof: Proof<BN254>, _ statement: Statement<BN254>, shape: VerifierShape
    ) throws(EncodingError) -> (function: ContractInterface.Function, arguments: [ABIValue]) {
        let function = try interface(shape).functions[0]
        guard statement.publicInputs.count == shape.inputs, statement.commitments.count == shape.commitments,
            (proof.link != nil) == shape.isLinked
        else { throw EncodingError("the proof or its statement does not have the form that the key wants") }
        let inputs = statement.publicInputs.map { ABIValue.integer(word($0.bigEndianBytes)) }
        if proof.link != nil {
            let commitments = statement.commitments.flatMap { words($0) }
            return (
                function,
                [.list(words(proof)), .bytes(statement.context.digest), .list(inputs + commitments)]
            )
        }
        let b = words(proof.b)
        return (
            function,
            [
                .list(words(proof.a)), .list([.list(Array(b[..<2])), .list(Array(b[2...]))]),
                .list(words(proof.c)),
                .list(inputs),
            ]
        )
    }

    /// A ‖ B ‖ C ‖ D ‖ π, uncompressed, as twelve words.
    public static func words(_ proof: Proof<BN254>) -> [ABIValue] {
        var values = words(proof.a) + words(proof.b) + words(proof.c)
        if let link = proof.link { values += words(link.commitment) + words(link.argument) }
        return values
    }

    /// x and y; the identity is two zeros, as the precompiles have it.
    public static func words(_ point: AffinePoint<BN254G1>) -> [ABIValue] {
        split(point.isInfinity ? [UInt8](repeating: 0, count: 64) : point.encoded(as: .uncompressed))
    }

    /// x and y, the imaginary part of each first.
    static func words(_ point: AffinePoint<BN254G2>) -> [ABIValue] {
        split(point.isInfinity ? [UInt8](repeating: 0, count: 128) : point.encoded(as: .uncompressed))
    }

    private static func split(_ bytes: [UInt8]) -> [ABIValue] {
        stride(from: 0, to: bytes.count, by: 32).map { .integer(word(bytes[$0..<$0 + 32])) }
    }

    private static func word(_ bytes: some BidirectionalCollection<UInt8>) -> UInt256 {
        UInt256(bigEndian: bytes) ?? .zero
    }
}
