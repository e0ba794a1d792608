import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import TrainingCircuits

typealias Fr = BN254ScalarField
typealias G1 = AffinePoint<BN254G1>

/// Keys, a model, a test set and an accepted proof of a small quality circuit, made once.
struct ProofFixture: Sendable {
    static let sampleCount = 5
    static let spec = ModelSpec(
        name: "small", widths: [6, 4, 3], input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
        weights: FixedPoint(bits: 5, fractionBits: 3), activations: FixedPoint(bits: 8, fractionBits: 4))

    let circuit: QualityCircuit
    let committer: QualityCommitter
    let key: ProvingKey<BN254>
    let prover: QualityProver
    let model: QuantizedModel
    let testSet: Dataset
    /// What the model gets right, neither nothing nor all.
    let correct: Int
    let opening = CommitmentOpening()
    let commitment: G1
    let testCommitment: G1
    let proven: ProvenStatement<BN254>
    static let context = ProofContext(
        ledger: "ledger", contract: "contract", task: "task", round: 3, stage: 0, chunk: 0,
        participant: "alice",
        roles: QualityRelation.roles)

    static func made() throws -> ProofFixture { try once.get() }
    private static let once = Result { try ProofFixture() }

    private init() throws {
        circuit = try QualityCircuit(spec: Self.spec, sampleCount: Self.sampleCount)
        committer = QualityCommitter(circuit)
        key = try QualityProver.developmentSetup(circuit)
        prover = try QualityProver(key)
        var seed: UInt64 = 0
        var chosen: (model: QuantizedModel, testSet: Dataset, correct: Int)
        repeat {
            seed += 1
            let (model, testSet) = (try Self.model(seed: seed), try Self.samples(seed: seed))
            chosen = (model, testSet, try model.correctCount(on: testSet))
        } while !(2...3).contains(chosen.correct)
        (model, testSet, correct) = chosen
        commitment = try committer.commit(to: model, opening: opening)
        testCommitment = try committer.commit(to: testSet)
        proven = try prover.prove(
            model: model, opening: opening, testSet: testSet, correct: correct, context: Self.context)
    }

    /// Random weights over their whole range.
    static func model(seed: UInt64) throws -> QuantizedModel {
        var generator = SeededGenerator(seed: seed)
        return try QuantizedModel(
            spec: spec,
            flattened: (0..<spec.weightCount).map { _ in Int16.random(in: -16...15, using: &generator) }
        )
    }

    /// Random pixels and labels.
    static func samples(seed: UInt64, count: Int = sampleCount) throws -> Dataset {
        var generator = SeededGenerator(seed: seed &+ 1000)
        return try Dataset(
            name: "random", featureCount: 6, classCount: 3,
            pixels: (0..<count * 6).map { _ in UInt8.random(in: 0...16, using: &generator) },
            labels: (0..<count).map { _ in UInt8.random(in: 0...2, using: &generator) })
    }

    /// The statement of the accepted proof, changed.
    func verifies(_ change: (inout Statement<BN254>) -> Void) throws -> Bool {
        var statement = proven.statement
        change(&statement)
        return try prover.prover.verifier.verify(proven.proof, statement)
    }

    /// Whether a proof made with whatever witness, and not checked by the prover, is accepted.
    func isAccepted(_ witness: some TwoPhaseWitness<Fr>, commitments: [G1]? = nil) throws -> Bool {
        var generator = SystemRandomNumberGenerator()
        let proven = try prover.prover.prove(
            witness, context: Self.context, blindings: SecretScalars([opening.value, .zero]),
            commitments: commitments, randomness: SecretScalars(count: 3, using: &generator))
        return try prover.prover.verifier.verify(proven.proof, proven.statement)
    }

    /// Whether the prover gives out a proof of this witness.
    func isProven(_ witness: some TwoPhaseWitness<Fr>, commitments: [G1]? = nil) throws -> Bool {
        do {
            _ = try prover.prover.prove(
                witness, context: Self.context, blindings: SecretScalars([opening.value, .zero]),
                commitments: commitments)
            return true
        } catch ProvingError.noProof {
            return false
        }
    }
}

/// A witness in which whole parts are replaced after everything has been computed.
struct ReplacedWitness<Base: TwoPhaseWitness<Fr>>: TwoPhaseWitness {
    var base: Base
    let publicCount: Int
    var changeStatement: ([Fr]) -> [Fr] = { $0 }
    var changeCommitted: ([Fr]) -> [Fr] = { $0 }

    var statement: [Fr] { changeStatement(base.statement) }
    var committed: [Fr] { changeCommitted(base.committed) }

    func assignment(challenges: [Fr]) throws -> [Fr] {
        var all = try base.assignment(challenges: challenges)
        let (statement, committed) = (statement, committed)
        all.replaceSubrange(publicCount - statement.count..<publicCount, with: statement)
        all.replaceSubrange(publicCount..<publicCount + committed.count, with: committed)
        return all
    }
}
