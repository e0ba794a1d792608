import FieldArithmetic
import Parallelism

/// A witness made by running circuit code: phase 1 when it is created, phase 2 for each set of challenges.
///
/// It keeps secret values in memory as long as it lives.
public struct CircuitWitness<F: PrimeField>: TwoPhaseWitness {
    private let phaseOne: CircuitBuilder<F>

    /// Runs phase 1.
    ///
    /// - Throws: whatever the circuit code throws; `CircuitError.noWitness` for values that the circuit excludes.
    public init(_ circuit: (CircuitBuilder<F>) throws -> Void) throws {
        try self.init(forging: nil, circuit)
    }

    package init(forging forgery: CircuitForgery<F>?, _ circuit: (CircuitBuilder<F>) throws -> Void) throws {
        phaseOne = CircuitBuilder<F>(isWitness: true, forgery: forgery)
        try phaseOne.runFirstPhase(circuit)
    }

    public var statement: [F] { Self.joined([phaseOne.blocks[WireSpace.statement]]) }

    public var committed: [F] { Self.joined(committedBlocks) }

    private var committedBlocks: [[Numbers<F>]] {
        phaseOne.segmentOrder.map { phaseOne.blocks[WireSpace.firstSegment + $0] }
    }

    public func assignment(challenges: [F]) throws -> [F] {
        let builder = phaseOne.secondPhaseCopy(challenges: challenges)
        try builder.runSecondPhase()
        guard builder.challengeNames.count == challenges.count else {
            throw CircuitError.noWitness(
                region: "",
                what: "the circuit has \(builder.challengeNames.count) challenges, not \(challenges.count)")
        }
        let publicBlocks: [Numbers<F>] = [.integers([1]), .elements(challenges)]
        return Self.joined(
            [publicBlocks, builder.blocks[WireSpace.statement]] + committedBlocks
                + [builder.blocks[WireSpace.secret]])
    }

    /// All values one after another, written on several threads.
    private static func joined(_ blocks: [[Numbers<F>]]) -> [F] {
        let chunk = 1 << 13
        var pieces: [(numbers: Numbers<F>, range: Range<Int>, place: Int)] = []
        var total = 0
        for numbers in blocks.joined() {
            for start in stride(from: 0, to: numbers.count, by: chunk) {
                pieces.append((numbers, start..<min(numbers.count, start + chunk), total + start))
            }
            total += numbers.count
        }
        return [F](unsafeUninitializedCapacity: total) { buffer, count in
            let target = UncheckedSendable(buffer.baseAddress)
            parallelFor(target.value == nil ? 0 : pieces.count) { index in
                let piece = pieces[index]
                piece.numbers.write(piece.range, to: target.value! + piece.place)
            }
            count = total
        }
    }
}

extension CircuitBuilder {
    /// A builder that goes on from the end of phase 1.
    fileprivate func secondPhaseCopy(challenges: [F]) -> CircuitBuilder<F> {
        let copy = CircuitBuilder<F>(isWitness: true, forgery: forgery)
        copy.segments = segments
        copy.counts = counts
        copy.blocks = blocks
        copy.afterChallengesWork = afterChallengesWork
        copy.challengeValues = challenges
        return copy
    }
}
