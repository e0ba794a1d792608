import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import Testing
import TrainingCircuits

/// Forged witnesses as proofs: what the constraints refuse, the verifier refuses, and the prover never gives out.
///
/// `TrainingCircuitsTests` tries the same and more on the constraints alone.
@Suite struct ForgedProofTests {
    let fixture: ProofFixture

    init() throws { fixture = try ProofFixture.made() }

    /// A witness of the claim that one more sample than it is is right, with the named wires changed.
    private func witness(
        claiming extra: Int = 1, _ changes: [String: ([Int]) -> [Int]]
    ) throws -> CircuitWitness<Fr> {
        let replacements = changes.mapValues { change in
            { (numbers: Numbers<Fr>) -> Numbers<Fr> in .integers(change(numbers.integers ?? [])) }
        }
        return try CircuitWitness(forging: CircuitForgery(replacements: replacements)) {
            try fixture.circuit.synthesize(
                $0, model: fixture.model, testSet: fixture.testSet, least: fixture.correct + extra)
        }
    }

    private func expectRefused(
        _ changes: [String: ([Int]) -> [Int]], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let witness = try witness(changes)
        #expect(try !fixture.isAccepted(witness), sourceLocation: sourceLocation)
        #expect(try !fixture.isProven(witness), sourceLocation: sourceLocation)
    }

    private func replaced(
        statement: @escaping ([Fr]) -> [Fr] = { $0 }, committed: @escaping ([Fr]) -> [Fr] = { $0 }
    ) throws -> ReplacedWitness<CircuitWitness<Fr>> {
        ReplacedWitness(
            base: try witness(claiming: 0, [:]), publicCount: fixture.key.shape.publicCount,
            changeStatement: statement, changeCommitted: committed)
    }

    /// The sample that the model gets wrong first.
    private var firstWrong: Int {
        get throws {
            let trace = try fixture.model.inferenceTrace(
                inputs: ProofFixture.spec.inputs(of: fixture.testSet))
            return try #require(
                (0..<fixture.testSet.count).first {
                    !Decision.isCorrect(
                        logits: trace.logits.row($0), label: Int(fixture.testSet.labels[$0]))
                })
        }
    }

    /// Otherwise nothing below would show anything.
    @Test func theHonestWitnessIsAccepted() throws {
        #expect(try fixture.isAccepted(witness(claiming: 0, [:])))
        #expect(try fixture.isProven(witness(claiming: 0, [:])))
        #expect(try fixture.isAccepted(replaced()))
        #expect(try fixture.isProven(replaced()))
    }

    @Test func theFalseClaimByItself() throws { try expectRefused([:]) }

    @Test func predictedClassOtherThanTheLargestLogit() throws {
        let wrong = try firstWrong
        let raise: ([Int]) -> [Int] = { $0.enumerated().map { $0 == wrong ? 1 : $1 } }
        try expectRefused(["correct/correct": raise])
        try expectRefused(["correct/correct": raise, "correct/margin": { $0.map { max($0, 0) } }])
        try expectRefused(["correct/correct": { $0.map { 2 * $0 } }])
    }

    @Test func freeAccumulators() throws {
        let position = try firstWrong * 3 + Int(fixture.testSet.labels[firstWrong])
        try expectRefused(["layer 2/logits": { $0.enumerated().map { $0 == position ? 400 : $1 } }])
        try expectRefused(["layer 2/logits": { $0.map { _ in 0 } }])
    }

    @Test func activationsOfTheWrongSign() throws {
        let raise: ([Int]) -> [Int] = { $0.map { $0 + 1 } }
        try expectRefused(["layer 1/activation/p": raise, "layer 1/activation/n": raise])
        try expectRefused(["layer 1/activation/p": { $0.map { -$0 } }])
    }

    @Test func remaindersWithoutRange() throws {
        let shift = ProofFixture.spec.activationShift(layer: 0)
        try expectRefused([
            "layer 1/activation/p": { $0.map { $0 + 1 } },
            "layer 1/activation/rem": { $0.map { $0 - 1 << shift } },
        ])
    }

    /// Everything computed with the committed model, but the commitment another's; and the reverse.
    @Test func weightsOtherThanTheCommittedOnes() throws {
        let other = try ProofFixture.model(seed: 90)
        let values = try fixture.circuit.modelValues(other, over: Fr.self)
        let forged = try replaced(committed: { values + $0.dropFirst(values.count) })
        #expect(try !fixture.isAccepted(forged))
        #expect(try !fixture.isProven(forged))
        let commitment = try fixture.committer.commit(to: other, opening: fixture.opening)
        let honest = try witness(claiming: 0, [:])
        #expect(try !fixture.isAccepted(honest, commitments: [commitment, fixture.testCommitment]))
        #expect(try !fixture.isAccepted(forged, commitments: [commitment, fixture.testCommitment]))
        #expect(try !fixture.isAccepted(forged, commitments: [fixture.commitment, fixture.testCommitment]))
    }

    @Test func weightsOutOfRange() throws {
        for weight in [16, -17, 1 << 20] {
            let witness = try witness(
                claiming: -fixture.correct, ["model/weights": { [weight] + $0.dropFirst() }])
            #expect(try !fixture.isAccepted(witness))
        }
        let inRange = try witness(claiming: -fixture.correct, ["model/weights": { [7] + $0.dropFirst() }])
        #expect(try fixture.isAccepted(inRange))
    }

    /// Labels that suit the model are another test set, whose commitment is not the public one.
    @Test func labelsThatSuitTheModel() throws {
        let trace = try fixture.model.inferenceTrace(inputs: ProofFixture.spec.inputs(of: fixture.testSet))
        let predictions = (0..<fixture.testSet.count).map { sample in
            UInt8(
                (0..<3).first { Decision.isCorrect(logits: trace.logits.row(sample), label: $0) } ?? 0)
        }
        let suiting = try Dataset(
            name: "suiting", featureCount: 6, classCount: 3, pixels: fixture.testSet.pixels,
            labels: predictions)
        let proven = try fixture.prover.prove(
            model: fixture.model, opening: fixture.opening, testSet: suiting, correct: suiting.count,
            context: ProofFixture.context)
        #expect(try fixture.prover.prover.verifier.verify(proven.proof, proven.statement))
        var claimed = proven.statement
        claimed.commitments[1] = fixture.testCommitment
        #expect(try !fixture.prover.prover.verifier.verify(proven.proof, claimed))
        let witness = try fixture.circuit.witness(
            model: fixture.model, testSet: suiting, least: suiting.count, over: Fr.self)
        #expect(try !fixture.isAccepted(witness, commitments: [fixture.commitment, fixture.testCommitment]))
    }

    /// One sample computed for another image.
    @Test func samplesThatAreNotProven() throws {
        for sample in 0..<ProofFixture.sampleCount {
            let change: ([Int]) -> [Int] = { $0.enumerated().map { $0 / 3 == sample ? $1 + 1 : $1 } }
            let witness = try witness(claiming: -fixture.correct, ["layer 2/logits": change])
            #expect(try !fixture.isAccepted(witness))
        }
    }

    @Test func aPublicNumberOfOnesOwn() throws {
        for number in [0, fixture.correct + 1, ProofFixture.sampleCount] {
            let forged = try replaced(statement: { _ in [Fr(number)] })
            #expect(try !fixture.isAccepted(forged))
            #expect(try !fixture.isProven(forged))
        }
    }

    /// One committed value of each kind changed behind all computations.
    @Test func committedValuesAreBound() throws {
        let segments = fixture.key.shape
        for index in stride(from: 0, to: segments.committedCount, by: max(1, segments.committedCount / 23)) {
            let forged = try replaced(committed: { values in
                values.enumerated().map { $0 == index ? $1 + .one : $1 }
            })
            #expect(try !fixture.isAccepted(forged), "committed wire \(index)")
        }
    }

    /// The prover runs no set-up of its own: proofs under its keys are worth nothing under the agreed one.
    @Test func keysOfTheProversOwn() throws {
        let own = try QualityProver(QualityProver.developmentSetup(fixture.circuit))
        #expect(own.prover.key.verifyingKey.isDevelopmentKey && fixture.key.verifyingKey.isDevelopmentKey)
        let (first, second) = (own.prover.key.verifyingKey, fixture.key.verifyingKey)
        #expect(first.circuitDigest == second.circuitDigest && first.digest != second.digest)
        #expect(first.alpha != second.alpha && first.delta != second.delta && first.linkKey != second.linkKey)
        let proven = try own.prove(
            model: fixture.model, opening: fixture.opening, testSet: fixture.testSet,
            correct: fixture.correct, context: ProofFixture.context)
        #expect(proven.statement == fixture.proven.statement)
        #expect(try own.prover.verifier.verify(proven.proof, proven.statement))
        #expect(try !fixture.prover.prover.verifier.verify(proven.proof, proven.statement))
    }
}
