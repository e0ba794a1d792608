import ContentStore
import EllipticCurves
import Foundation
import Groth16
import Ledger
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// Answers the ledger's questions about contents from a folder of blocks: scores revealed models by the quality circuit's
/// own arithmetic, and recomputes commitments.
///
/// The answer depends on the task, the question and the blocks only. A block that is missing or damaged gives none.
struct StoredContentChecker: ContentChecker {
    let store: LocalStore
    /// Is told why there is no answer, or why a content does not fit.
    let explain: @Sendable (String) -> Void

    /// - Throws: `ContentError` if the folder cannot be used.
    init(_ folder: Folder, explain: @escaping @Sendable (String) -> Void) throws {
        store = try LocalStore(folder: folder.path)
        self.explain = explain
    }

    /// The number k of a quality proof for this model and test set. It is 0 for a model whose arithmetic leaves its ranges
    /// on one of the samples, of which there is no quality proof either.
    func score(_ question: ScoreQuestion) -> UInt64? {
        do {
            let circuit = try TaskCircuit.read(question.task, store)
            let samples = try testSet(question.testSet, question.task, circuit)
            let model = try model(question.opening, commitment: question.commitment, circuit)
            return try correct(model, samples)
        } catch {
            explain(words(of: error))
            return nil
        }
    }

    func isFit(_ question: FitnessQuestion) -> Bool? {
        do {
            let circuit = try TaskCircuit.read(question.task, store)
            switch question.content {
            case .model(let commitment, let opening):
                _ = try model(opening, commitment: commitment, circuit)
            case .globalModel(let model):
                _ = try globalModel(model, circuit)
            case .testSet(let opening, let current, let start):
                let samples = try testSet(opening, question.task, circuit)
                try checkBaseline(opening.baseline, samples, current: current, start: start, circuit)
            }
            return true
        } catch ContentProblem.unfit(let reason) {
            explain(reason)
            return false
        } catch {
            explain(words(of: error))
            return nil
        }
    }

    // MARK: - Contents

    /// The samples, after every chunk's commitment was recomputed.
    private func testSet(
        _ opening: TestSetOpening, _ task: OpenTask, _ circuit: QualityCircuit
    ) throws -> Dataset {
        let bytes = try ContentProblem.fetch(opening.dataDigest, "the test set", from: store)
        let samples = try ContentProblem.unfit("the test set") {
            let samples = try Dataset.parseCSV(
                Data(bytes), name: "the file", classCount: circuit.spec.classCount)
            guard UInt64(samples.count) == opening.samples else {
                throw MalformedData("it has \(samples.count) samples, its chunks \(opening.samples)")
            }
            _ = try circuit.spec.inputs(of: samples)
            return samples
        }
        var start = 0
        for (number, chunk) in opening.chunks.enumerated() {
            let name = "chunk \(number) of the test set"
            let chunkCircuit = try circuitOf(chunk, task, circuit, name)
            let point = try ContentProblem.unfit(name) {
                guard let count = Int(exactly: chunk.samples), count <= samples.count - start else {
                    throw MalformedData("it has \(chunk.samples) samples, more than are left in the file")
                }
                let part = samples.subset(start..<start + count)
                start += count
                try chunkCircuit.requireFit(part)
                return try QualityCommitter(chunkCircuit).commit(to: part)
            }
            guard point.encoded(as: .compressed) == chunk.commitment else {
                throw ContentProblem.unfit("\(name): its samples do not give its commitment")
            }
        }
        return samples
    }

    /// The circuit that a chunk is committed for: with the room of its key, and in the mode `open` of the task's circuit.
    private func circuitOf(
        _ chunk: TestSetChunk, _ task: OpenTask, _ circuit: QualityCircuit, _ name: String
    ) throws -> QualityCircuit {
        var room = circuit.sampleCount
        if task.mode == .zk {
            guard task.qualityKeys.indices.contains(Int(chunk.key)),
                let samples = Int(exactly: task.qualityKeys[Int(chunk.key)].samples)
            else { throw ContentProblem.missing("\(name): there is no key \(chunk.key)") }
            room = samples
        }
        let sized: QualityCircuit
        do {
            sized = try QualityCircuit(spec: circuit.spec, sampleCount: room)
        } catch {
            throw ContentProblem.missing("\(name): \(error)")
        }
        guard sized.linkedLengths.allSatisfy({ $0 <= TaskCircuit.mostValues }) else {
            throw ContentProblem.missing("\(name): its circuit is too large to recompute commitments")
        }
        return sized
    }

    /// The model of a claim, after its commitment was recomputed.
    private func model(
        _ digest: Digest, commitment: [UInt8], _ circuit: QualityCircuit
    ) throws -> QuantizedModel {
        let bytes = try ContentProblem.fetch(digest, "the model's opening", from: store)
        let committer = try committer(circuit)
        return try ContentProblem.unfit("the model's opening") {
            let revealed = try RevealedModel(encoded: bytes, name: "the model in it")
            try circuit.requireFit(revealed.model)
            // Names, and how the model was trained, do not enter its score.
            let model = try QuantizedModel(spec: circuit.spec, flattened: revealed.model.flattened)
            let point = try committer.commit(to: model, opening: revealed.opening)
            guard point.encoded(as: .compressed) == commitment else {
                throw MalformedData("it does not open the commitment")
            }
            return model
        }
    }

    /// The average, after the commitment to the sum was recomputed.
    private func globalModel(
        _ published: WeightedGlobalModel, _ circuit: QualityCircuit
    ) throws -> QuantizedModel {
        let bytes = try ContentProblem.fetch(
            published.model.openingDigest, "the global model's opening", from: store)
        // Sums are also published in other forms, of which this checker knows nothing.
        var reader = ByteReader(bytes)
        guard (try? FileHeader(reading: &reader))?.kind == .revealedSum else {
            throw ContentProblem.missing(
                "the global model's opening is in a form that this program cannot judge")
        }
        let committer = try committer(circuit)
        return try ContentProblem.unfit("the global model's opening") {
            let sum = try AggregateOpening(encoded: bytes)
            let point = try committer.commit(to: sum)
            guard point.encoded(as: .compressed) == published.model.commitment else {
                throw MalformedData("it does not open the commitment")
            }
            guard let divisor = Int64(exactly: published.divisor) else {
                throw MalformedData("it is divided by \(published.divisor)")
            }
            return try FederatedAverage(
                spec: circuit.spec, weightedSum: sum.weightedSum, divisor: divisor
            ).model()
        }
    }

    private func checkBaseline(
        _ baseline: UInt64, _ samples: Dataset, current: WeightedGlobalModel?, start: [UInt8],
        _ circuit: QualityCircuit
    ) throws {
        guard current != nil || start.isEmpty else {
            throw ContentProblem.missing(
                "the baseline is that of the public start, whose weights are not stored")
        }
        // A global model that is not what it should be is not the test set's fault.
        var expected: UInt64 = 0
        do {
            if let current { expected = try correct(globalModel(current, circuit), samples) }
        } catch {
            throw ContentProblem.missing("the baseline: \(words(of: error))")
        }
        guard baseline == expected else {
            throw ContentProblem.unfit(
                "the baseline is \(baseline), but the current global model is right on \(expected) samples")
        }
    }

    // MARK: - Arithmetic

    private func correct(_ model: QuantizedModel, _ samples: Dataset) throws -> UInt64 {
        do {
            return UInt64(try model.correctCount(on: samples))
        } catch LearningError.outOfRange {
            return 0
        }
    }

    /// Commits to models: bases for one sample suffice.
    private func committer(_ circuit: QualityCircuit) throws -> QualityCommitter {
        let small = try QualityCircuit(spec: circuit.spec, sampleCount: 1)
        guard small.linkedLengths.allSatisfy({ $0 <= TaskCircuit.mostValues }) else {
            throw ContentProblem.missing("the task's circuit is too large to recompute commitments")
        }
        return QualityCommitter(small)
    }

    private func words(of error: any Error) -> String {
        switch error {
        case ContentProblem.missing(let reason), ContentProblem.unfit(let reason): reason
        default: "\(error)"
        }
    }
}
