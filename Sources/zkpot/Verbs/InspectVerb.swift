import EllipticCurves
import Foundation
import Groth16
import Ledger
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// `zkpot inspect`
struct InspectVerb: Verb {
    static let about = About(
        "inspect", "Tell what a file is: kind, sizes, digests. Secrets are not shown.",
        example: "zkpot inspect digits.zkvk alice.zkp")

    @Positional("Files of ours, or keys of snarkjs.")
    var files: [InputFile]

    func run(_ console: Console) throws -> ExitCode {
        let descriptions = try files.map { file in
            try file.reading { path in FileDescription(path: path, facts: try FileInspector.facts(file)) }
        }
        try console.present(Result(files: descriptions))
        return .success
    }

    struct FileDescription: Encodable {
        var path: String
        var facts: [FileInspector.Fact]
    }

    struct Result: Presentable {
        var files: [FileDescription]

        func text(_ style: TextStyle) -> String {
            files.map { file in
                let width = file.facts.map(\.name.count).max() ?? 0
                let lines = file.facts.map { fact in
                    "  \(fact.name.padding(toLength: width, withPad: " ", startingAt: 0))  \(printable(fact.value))"
                }
                return ([style.bold(printable(file.path))] + lines).joined(separator: "\n")
            }.joined(separator: "\n\n")
        }
    }
}

/// Recognises files by their first bytes and describes them.
enum FileInspector {
    struct Fact: Encodable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// - Throws: an error that says what is wrong with the file.
    static func facts(_ file: InputFile) throws -> [Fact] {
        let handle = try FileHandle(forReadingFrom: file.url)
        defer { try? handle.close() }
        let head = [UInt8](try handle.read(upToCount: 16) ?? Data())
        let size = Int(try handle.seekToEnd())
        let common = [Fact("size", Format.bytes(size))]
        if head.starts(with: Array("SQLite format 3".utf8)) { return try common + ledger(file) }
        if head.starts(with: Array("zkey".utf8)) {
            return try [Fact("kind", "proving key of snarkjs")] + common
                + key(SnarkjsKey.read(path: file.path))
        }
        var reader = ByteReader(head)
        if let header = try? FileHeader(reading: &reader) {
            return try [Fact("kind", header.kind.description)] + common + own(file, header.kind)
        }
        if head.starts(with: Array("zkpotmdl".utf8)) {
            return try common + model(QuantizedModel.read(from: file.url))
        }
        if head.starts(with: Array("zkpotckp".utf8)) { return try common + checkpoints(file) }
        if head.first == UInt8(ascii: "{") { return try common + json(file) }
        if head.starts(with: Array("ZKPOT".utf8)) {
            // Ours, but unreadable: say what is wrong.
            var reader = ByteReader(head)
            _ = try FileHeader(reading: &reader)
        }
        throw CommandError("is no file of ours and no key of snarkjs")
    }

    private static func own(_ file: InputFile, _ kind: FileHeader.Kind) throws -> [Fact] {
        if kind == .provingKey { return try key(ProvingKey<BN254>(path: file.path)) }
        let bytes = try BinaryFile.read(file)
        switch kind {
        case .verifyingKey:
            return try verifyingKey(VerifyingKey<BN254>(encoded: bytes))
        case .proof:
            let proof = try ProofFile<BN254>(encoded: bytes)
            return [
                Fact(
                    "proof",
                    "\(proof.proof.encoded.count) bytes, SHA-256 \(SHA256.hash(proof.proof.encoded).hexadecimal)"
                ),
                Fact("linked commitments", proof.proof.link == nil ? "no" : "yes"),
                Fact("for key", proof.verifyingKeyDigest.hexadecimal),
            ]
        case .commitment:
            let commitment = try CommitmentFile(encoded: bytes)
            return [
                Fact("commitment to a", commitment.role),
                Fact("point", commitment.point.encoded(as: .compressed).hexadecimal),
            ]
        case .opening:
            _ = try CommitmentOpening.read(bytes)
            return [Fact("content", "secret, not shown")]
        case .revealedModel:
            let revealed = try RevealedModel(encoded: bytes, name: "the model in it")
            return model(revealed.model).filter { $0.name != "kind" }
        case .revealedSum:
            let sum = try AggregateOpening(encoded: bytes)
            return [Fact("weights", Format.count(sum.weightedSum.count))]
        case .blindingSeed, .dataset, .trajectory, .auditAnswer:
            return try audit(bytes, kind)
        case .provingKey:
            return []
        }
    }

    private static func verifyingKey(_ key: VerifyingKey<BN254>) -> [Fact] {
        [
            Fact("digest", key.digest.hexadecimal), Fact("circuit", key.circuitDigest.hexadecimal),
            Fact(
                "set-up",
                key.isDevelopmentKey ? "one party alone: DEVELOPMENT ONLY" : "not marked as development"),
            Fact("public inputs", "\(key.publicInputCount)"), Fact("challenges", "\(key.challengeCount)"),
            Fact(
                "linked", key.linkedSegments.isEmpty ? "nothing" : key.linkedSegments.joined(separator: ", ")),
        ]
    }

    private static func key(_ key: ProvingKey<BN254>) throws -> [Fact] {
        var facts = [
            Fact("constraints", Format.count(key.shape.constraintCount)),
            Fact("domain", Format.count(key.shape.domainSize)),
            Fact(
                "wires",
                """
                \(Format.count(key.shape.wireCount)): \(Format.count(key.shape.publicCount)) public, \
                \(Format.count(key.shape.committedCount)) committed, \(Format.count(key.shape.privateCount)) private
                """),
        ]
        if let specification = try? CircuitSpecification.parse(key.specification) {
            facts.append(Fact("circuit", name(specification)))
        }
        facts += key.sectionSizes.map { Fact($0.name, Format.bytes($0.bytes)) }
        return facts + verifyingKey(key.verifyingKey).map { Fact("verifying key: \($0.name)", $0.value) }
    }

    private static func model(_ model: QuantizedModel) -> [Fact] {
        [
            Fact("kind", "quantized model, private"),
            Fact("shape", model.spec.architecture.summary),
            Fact("weights", "\(Format.count(model.spec.weightCount)) of \(model.spec.weights.bits) bits"),
        ]
    }

    private static func ledger(_ file: InputFile) throws -> [Fact] {
        let view = try Ledger.open(file.path).view()
        return [
            Fact("kind", "ledger"), Fact("name", view.name), Fact("identifier", view.identifier),
            Fact("blocks", Format.count(view.blocks.count)), Fact("head", view.headHash),
            Fact("development keys", view.allowsDevelopmentKeys ? "accepted" : "refused"),
        ]
    }

    private static func json(_ file: InputFile) throws -> [Fact] {
        let data = Data(try BinaryFile.read(file))
        struct Named: Decodable { var format: String }
        if (try? JSONDecoder().decode(Named.self, from: data))?.format == QualityClaimFile.formatName {
            let claim = try QualityClaimFile(json: data)
            return [
                Fact("kind", "claim of a quality proof"),
                Fact("claims", "at least \(claim.correct) of \(claim.samples) samples correct"),
                Fact("model", claim.model), Fact("test set", claim.testSet),
                Fact("ledger", claim.context.ledger), Fact("task", claim.context.task),
                Fact("round", "\(claim.context.round)"), Fact("participant", claim.context.participant),
            ]
        }
        if let facts = try auditDocument(data) { return facts }
        if let specification = try? CircuitSpecification.parse([UInt8](data)) {
            return [
                Fact("kind", "circuit"), Fact("circuit", name(specification)),
                Fact("shape", specification.model.architecture.summary),
            ]
        }
        if let spec = try? ModelSpec.parse(data, name: file.path) {
            return [
                Fact("kind", "specification of a model"),
                Fact("shape", spec.architecture.summary),
            ]
        }
        throw CommandError("is JSON, but no claim, circuit or specification of a model")
    }
}
