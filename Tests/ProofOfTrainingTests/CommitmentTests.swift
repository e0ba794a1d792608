import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Commitments to models hide and bind, those to test sets are everybody's, and sums of them commit to sums.
@Suite struct CommitmentTests {
    let fixture: ProofFixture
    private let bases = CommitmentBases<BN254>.self

    init() throws { fixture = try ProofFixture.made() }

    /// Σ wᵢ·Gᵢ without any blinding.
    private func unblinded(_ model: QuantizedModel) throws -> G1 {
        let values = try fixture.circuit.modelValues(model, over: Fr.self)
        return multiScalarMultiply(values, bases.derive(count: values.count)).affine
    }

    private func difference(_ a: G1, _ b: G1) -> G1 { (JacobianPoint(a) - JacobianPoint(b)).affine }

    /// With an unblinded commitment, small weights could be searched; with one blinding for two commitments, their
    /// difference could.
    @Test func everyCommitmentIsBlindedAfresh() throws {
        let models = try [fixture.model, ProofFixture.model(seed: 50)]
        let plain = try models.map(unblinded)
        var points: [G1] = []
        for _ in 0..<4 {
            for model in models {
                points.append(try fixture.committer.commit(to: model, opening: CommitmentOpening()))
            }
        }
        #expect(Set(points.map { $0.encoded(as: .compressed) }).count == points.count)
        for (index, point) in points.enumerated() {
            #expect(point != plain[index % 2] && !point.isInfinity)
            for (other, another) in points[..<index].enumerated() {
                #expect(difference(point, another) != difference(plain[index % 2], plain[other % 2]))
            }
        }
        // What a reused blinding would give away.
        let opening = CommitmentOpening()
        let reused = try models.map { try fixture.committer.commit(to: $0, opening: opening) }
        #expect(difference(reused[0], reused[1]) == difference(plain[0], plain[1]))
    }

    @Test func openingsAreUniformNonzeroAndOnlyTheOwnersToRead() throws {
        let values = (0..<8).map { _ in CommitmentOpening().value }
        #expect(Set(values.map(\.bigEndianBytes)).count == 8 && !values.contains(.zero))
        try TestFiles.withTemporaryFolder { folder in
            let path = folder.appending(path: "opening").path
            try fixture.opening.write(to: path)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(try CommitmentOpening.read(bytes).value == fixture.opening.value)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(throws: MalformedData.self) { try fixture.opening.write(to: path) }
            for length in 0..<bytes.count {
                #expect(throws: (any Error).self) { try CommitmentOpening.read(Array(bytes[..<length])) }
            }
            #expect(throws: MalformedData.self) { try CommitmentOpening.read(bytes + [0]) }
            // A blinding that is not below the group's order.
            let large = Array(bytes[..<16]) + [UInt8](repeating: 255, count: 32)
            #expect(throws: (any Error).self) { try CommitmentOpening.read(large) }
            #expect(!"\(fixture.opening)".contains(fixture.opening.value.description))
        }
    }

    @Test func theModelIsBound() throws {
        let blinding = fixture.opening.value
        let weights = fixture.model.flattened
        for index in weights.indices {
            var changed = weights
            changed[index] += changed[index] < 15 ? 1 : -1
            let model = try QuantizedModel(spec: ProofFixture.spec, flattened: changed)
            #expect(try fixture.committer.commit(to: model, opening: fixture.opening) != fixture.commitment)
        }
        let again = JacobianPoint(try unblinded(fixture.model)) + JacobianPoint(bases.blinding) * blinding
        #expect(again.affine == fixture.commitment)
    }

    @Test func theTestSetsCommitmentIsEverybodys() throws {
        let committer = QualityCommitter(fixture.circuit)
        #expect(try committer.commit(to: fixture.testSet) == fixture.testCommitment)
        #expect(fixture.proven.statement.commitments[1] == fixture.testCommitment)
        var seen = [fixture.testCommitment]
        func changes(_ pixels: [UInt8], _ labels: [UInt8]) throws {
            let changed = try Dataset(
                name: "changed", featureCount: 6, classCount: 3, pixels: pixels, labels: labels)
            let point = try committer.commit(to: changed)
            #expect(!seen.contains(point))
            seen.append(point)
        }
        let (pixels, labels) = (fixture.testSet.pixels, fixture.testSet.labels)
        for index in pixels.indices {
            var changed = pixels
            changed[index] = (changed[index] + 1) % 17
            try changes(changed, labels)
        }
        for index in labels.indices {
            var changed = labels
            changed[index] = (changed[index] + 1) % 3
            try changes(pixels, changed)
        }
        // Another order, fewer samples, one twice.
        let order = [1, 0, 2, 3, 4]
        try changes(order.flatMap { fixture.testSet.sample($0) }, order.map { labels[$0] })
        for count in 1..<labels.count { try changes(Array(pixels[..<(6 * count)]), Array(labels[..<count])) }
        try changes(Array(pixels[..<24] + pixels[..<6]), Array(labels[..<4] + labels[..<1]))
        // A black image with a label is another set than one image less.
        try changes(Array(pixels[..<24]) + [0, 0, 0, 0, 0, 0], labels)
        // The same samples in a circuit for more of them.
        let larger = try QualityCircuit(spec: ProofFixture.spec, sampleCount: 6)
        #expect(try QualityCommitter(larger).commit(to: fixture.testSet) != fixture.testCommitment)
    }

    @Test func commitmentFiles() throws {
        let file = CommitmentFile(role: "model", point: fixture.commitment)
        #expect(try CommitmentFile(encoded: file.encoded) == file)
        for length in 0..<file.encoded.count {
            #expect(throws: (any Error).self) { try CommitmentFile(encoded: Array(file.encoded[..<length])) }
        }
        #expect(throws: MalformedData.self) { try CommitmentFile(encoded: file.encoded + [0]) }
        let long = CommitmentFile(role: String(repeating: "m", count: 65), point: fixture.commitment)
        #expect(throws: MalformedData.self) { try CommitmentFile(encoded: long.encoded) }
        var notUnicode = file.encoded
        notUnicode[notUnicode.count - 1] = 0xFF
        #expect(throws: MalformedData.self) { try CommitmentFile(encoded: notUnicode) }
    }

    @Test func claimFiles() throws {
        let claim = QualityClaimFile(
            correct: fixture.correct, samples: ProofFixture.sampleCount, statement: fixture.proven.statement)
        let read = try QualityClaimFile(json: claim.json)
        #expect(try read == claim && read.statement == fixture.proven.statement)
        func refuses(_ change: (inout QualityClaimFile) -> Void) throws -> Bool {
            var changed = claim
            change(&changed)
            return (try? QualityClaimFile(json: changed.json)) == nil
        }
        #expect(try !refuses { _ in })
        #expect(try refuses { $0.format = "another" })
        #expect(try refuses { $0.version = 2 })
        #expect(try refuses { $0.correct = ProofFixture.sampleCount + 1 })
        #expect(try refuses { $0.correct = -1 })
        #expect(try refuses { $0.samples = 0 })
        #expect(try refuses { $0.model = "" })
        #expect(try refuses { $0.model = String(repeating: "z", count: 64) })
        #expect(try refuses { $0.testSet = String(repeating: "f", count: 64) })
        #expect(try refuses { $0.context.roles = ["test set", "model"] })
        #expect(try refuses { $0.context.roles = [] })
        let json = Array(try claim.json)
        for length in stride(from: 0, to: json.count - 1, by: 7) {
            #expect(throws: MalformedData.self) { try QualityClaimFile(json: Data(json[..<length])) }
        }
    }
}

/// FedAvg on commitments: anybody checks the sum, nobody sees a model.
@Suite struct AggregateTests {
    let fixture: ProofFixture
    let models: [QuantizedModel]
    let openings: [CommitmentOpening]
    let commitments: [G1]
    let weights: [Int64] = [3, 1, 7]

    init() throws {
        fixture = try ProofFixture.made()
        models = try (60...62).map { try ProofFixture.model(seed: $0) }
        openings = models.map { _ in CommitmentOpening() }
        commitments = try zip(models, openings).map { [fixture] model, opening in
            try fixture.committer.commit(to: model, opening: opening)
        }
    }

    private func opening(_ weights: [Int64]) throws -> AggregateOpening {
        AggregateOpening(
            try FederatedAverage(models, coefficients: weights), openings: openings, weights: weights)
    }

    @Test func theSumOpensTheSumOfCommitments() throws {
        let sum = AggregateOpening.weightedSum(of: commitments, weights: weights)
        let published = try opening(weights)
        #expect(try fixture.committer.commit(to: published) == sum)
        // By definition, one participant after the other.
        var expected = JacobianPoint<BN254G1>.zero
        for (commitment, weight) in zip(commitments, weights) {
            for _ in 0..<weight { expected += JacobianPoint(commitment) }
        }
        #expect(expected.affine == sum)
        // What was published gives everybody the same global model.
        let again = AggregateOpening(weightedSum: published.weightedSum, blinding: published.blinding)
        #expect(try fixture.committer.commit(to: again) == sum)
        let average = try FederatedAverage(
            spec: ProofFixture.spec, weightedSum: published.weightedSum, divisor: 11)
        #expect(try average.model() == FederatedAverage(models, coefficients: weights).model())
    }

    @Test func wrongSumsWeightsAndBlindingsDoNot() throws {
        let sum = AggregateOpening.weightedSum(of: commitments, weights: weights)
        let right = try opening(weights)
        func opens(_ change: (inout AggregateOpening) -> Void) throws -> Bool {
            var published = right
            change(&published)
            return try fixture.committer.commit(to: published) == sum
        }
        #expect(try opens { _ in })
        for index in right.weightedSum.indices {
            #expect(try !opens { $0.weightedSum[index] += 1 })
        }
        #expect(
            try !opens {
                $0.weightedSum.swapAt(0, right.weightedSum.firstIndex { $0 != right.weightedSum[0] }!)
            })
        #expect(try !opens { $0.blinding += .one })
        #expect(try !opens { $0.blinding = .zero })
        #expect(try !opens { $0.blinding = openings.reduce(.zero) { $0 + $1.value } })
        for other in [[1, 1, 1], [1, 3, 7], [3, 1, 8], [6, 2, 14]] as [[Int64]] {
            #expect(try fixture.committer.commit(to: opening(other)) != sum)
            #expect(AggregateOpening.weightedSum(of: commitments, weights: other) != sum)
        }
        // One participant left out.
        let two = AggregateOpening.weightedSum(of: Array(commitments[..<2]), weights: [3, 1])
        #expect(try fixture.committer.commit(to: right) != two)
        #expect(throws: MalformedData.self) {
            try fixture.committer.commit(
                to: AggregateOpening(weightedSum: right.weightedSum + [0], blinding: right.blinding))
        }
    }
}
