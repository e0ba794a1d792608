import EVMAdapter
import EllipticCurves
import Ethereum
import FieldArithmetic
import Foundation
import Groth16
import NetworkTestSupport
import TestSupport
import Testing

/// Keys as contracts, and proofs as calls of them, on a real EVM.
@Suite struct VerifierContractTests {
    private func call(
        _ contract: ContractClient, _ proof: Proof<BN254>, _ statement: Statement<BN254>,
        _ shape: VerifierShape
    ) throws -> Bool {
        let (function, arguments) = try VerifierContract.call(proof, statement, shape: shape)
        let client = ContractClient(
            node: contract.node, address: contract.address, interface: try VerifierContract.interface(shape))
        return try client.call(function.name, arguments) == [.bool(true)]
    }

    /// A real proof passes; another statement, a changed proof or another key's do not, and say which.
    @Test func linkedProofsOnTheChain() throws {
        let circuit = try InnerProductCircuit.shared.get()
        let chain = try TestChain()
        let sender = try chain.sender(1)
        let (contract, receipt) = try chain.deployVerifier(circuit.key, by: sender)
        #expect(receipt.gasUsed < 3_000_000)
        #expect(try contract.call("keyDigest") == [.bytes(circuit.key.digest)])
        let shape = VerifierShape(circuit.key)
        let context = ProofContext(ledger: "eip155:1", task: "t", roles: InnerProductCircuit.roles)
        let blinding = BN254ScalarField(77)
        let model = try InnerProductCircuit.commit([3, 1, 4, 1], blinding: blinding)
        let testSet = try InnerProductCircuit.commit([1, 2, 3, 4])
        let proof = try circuit.prove(
            model: [3, 1, 4, 1], blinding: blinding, testSet: [1, 2, 3, 4], context)
        let statement = InnerProductCircuit.statement(21, model: model, testSet: testSet, context)
        #expect(try Verifier(circuit.key).verify(proof, statement))
        #expect(try call(contract, proof, statement, shape))

        func refusal(_ proof: Proof<BN254>, _ statement: Statement<BN254>) throws -> String? {
            do {
                _ = try call(contract, proof, statement, shape)
                return nil
            } catch TransactionError.reverted(let reason, nil) {
                return reason.description
            }
        }
        let other = InnerProductCircuit.statement(22, model: model, testSet: testSet, context)
        #expect(try refusal(proof, other) == "false proof")
        let foreign = InnerProductCircuit.statement(21, model: testSet, testSet: model, context)
        #expect(try refusal(proof, foreign) == "false proof")
        var elsewhere = statement
        elsewhere.context.ledger = "eip155:2"
        #expect(try refusal(proof, elsewhere) == "false proof")
        var flipped = proof
        flipped.a = -proof.a
        #expect(try refusal(flipped, statement) == "false proof")
        var zero = proof
        zero.link?.commitment = .infinity
        #expect(try refusal(zero, statement) == "D is the identity")
        #expect(throws: EncodingError.self) {
            try VerifierContract.call(Proof(a: proof.a, b: proof.b, c: proof.c), statement, shape: shape)
        }
    }

    /// A key of snarkjs, its proof, and its public inputs.
    @Test func plainProofsOfSnarkjs() throws {
        let folder = TestFiles.vectors.appending(path: "snarkjs")
        func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
        let key = try SnarkjsJSON.verifyingKey(read("verification_key.json"))
        let proof = try SnarkjsJSON.proof(read("proof_snarkjs.json"))
        let inputs = try SnarkjsJSON.publicInputs(read("public.json"))
        let shape = VerifierShape(key)
        _ = try #require(shape.compiledName)
        let chain = try TestChain()
        let (contract, _) = try chain.deployVerifier(key, by: chain.sender(1))
        #expect(try call(contract, proof, Statement(publicInputs: inputs), shape))
        var wrong = inputs
        wrong[0] = wrong[0] + .one
        #expect(throws: TransactionError.reverted(.message("false proof"), transaction: nil)) {
            try call(contract, proof, Statement(publicInputs: wrong), shape)
        }
    }

    private static let compiler = """
        import json, sys
        from vyper import compile_code
        sources = json.load(sys.stdin)
        out = {name: compile_code(text, output_formats=["bytecode"])["bytecode"] for name, text in sources.items()}
        json.dump(out, sys.stdout)
        """

    private func compile(_ sources: [String: String]) throws -> [String: [UInt8]] {
        let output = try PythonScript.run(source: Self.compiler, input: JSONEncoder().encode(sources))
        return try JSONDecoder().decode([String: String].self, from: output).mapValues {
            Hex.decode($0) ?? []
        }
    }

    /// The sources that Swift fills are those of `Contracts/build`; the source for one key needs no argument.
    @Test func exportedSourcesCompile() throws {
        let circuit = try InnerProductCircuit.shared.get()
        let data = try Data(
            contentsOf: TestFiles.vectors.appending(path: "snarkjs").appending(path: "verification_key.json"))
        let plain = try SnarkjsJSON.verifyingKey(data)
        let code = try compile([
            "linked": VerifierSource.forShape(VerifierShape(circuit.key)),
            "plain": VerifierSource.forShape(VerifierShape(plain)),
            "linked key": VerifierSource.forKey(circuit.key), "plain key": VerifierSource.forKey(plain),
        ])
        #expect(try code["linked"] == VerifierContract.compiled(VerifierShape(circuit.key)).code)
        #expect(try code["plain"] == VerifierContract.compiled(VerifierShape(plain)).code)

        let chain = try TestChain()
        let sender = try chain.sender(1)
        let shape = VerifierShape(circuit.key)
        let (contract, _) = try ContractClient.deploy(
            ContractInterface(), code: code["linked key"] ?? [], gasLimit: TestChain.gas, by: sender)
        let context = ProofContext(task: "exported", roles: InnerProductCircuit.roles)
        let model = try InnerProductCircuit.commit([5, 5, 5, 5], blinding: BN254ScalarField(3))
        let testSet = try InnerProductCircuit.commit([1, 1, 1, 1])
        let proof = try circuit.prove(
            model: [5, 5, 5, 5], blinding: BN254ScalarField(3), testSet: [1, 1, 1, 1], context)
        #expect(
            try call(
                contract, proof, InnerProductCircuit.statement(20, model: model, testSet: testSet, context),
                shape))
        let (other, _) = try ContractClient.deploy(
            ContractInterface(), code: code["plain key"] ?? [], gasLimit: TestChain.gas, by: sender)
        #expect(try !chain.node.code(at: other.address).isEmpty)
    }

    @Test func keysOfOtherShapesAreNamed() throws {
        let shape = VerifierShape(try InnerProductCircuit.shared.get().key)
        #expect(shape.compiledName == "ProductVerifier")
        var other = shape
        other.inputs = 9
        #expect(other.compiledName == nil)
        #expect(throws: (any Error).self) { try VerifierContract.compiled(other) }
        #expect(try VerifierSource.forShape(other).contains("INPUT8"))
        #expect(throws: (any Error).self) { try CompiledContract("../Nothing") }
    }
}
