import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// The proofs of an answer that is being made: one file each, written at once or not at all.
final class ProofStore {
    private let folder: URL
    private let prover: AuditProver
    /// Right proofs that are there.
    private(set) var proofs: [AuditProver.Part: Proof<BN254>] = [:]

    /// Opens the folder, or makes it, and reads the proofs in it. Those that are damaged or show something else are made
    /// again.
    ///
    /// - Throws: `CommandError` if the folder cannot be used.
    init(folder path: String, prover: AuditProver) throws {
        folder = URL(fileURLWithPath: path)
        self.prover = prover
        try naming(path) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for part in prover.parts {
            guard let bytes = try? Data(contentsOf: file(part)), bytes.count < 1024,
                let content = try? ProofFile<BN254>(encoded: [UInt8](bytes))
            else { continue }
            let verifier = prover.verifier(of: part)
            guard content.verifyingKeyDigest == verifier.keyDigest,
                (try? verifier.verify(content.proof, prover.statement(part))) == true
            else { continue }
            proofs[part] = content.proof
        }
    }

    /// - Throws: `CommandError` if it cannot be written.
    func keep(_ proof: Proof<BN254>, of part: AuditProver.Part) throws {
        let content = ProofFile(
            verifyingKeyDigest: prover.verifier(of: part).keyDigest, proof: proof)
        try OutputFile(file(part).path).write(Data(content.encoded))
        proofs[part] = proof
    }

    /// Removes the files of these parts, and the folder if nothing else is in it.
    func remove() {
        for part in prover.parts { try? FileManager.default.removeItem(at: file(part)) }
        rmdir(folder.path)
    }

    private func file(_ part: AuditProver.Part) -> URL {
        switch part {
        case .steps(let stage): return folder.appending(path: "stage-\(stage).zkp")
        case .update(let stage): return folder.appending(path: "update-\(stage).zkp")
        }
    }
}
