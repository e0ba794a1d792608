import FieldArithmetic

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

    private static func joined(_ blocks: [[Numbers<F>]]) -> [F] {
        var result: [F] = []
        result.reserveCapacity(blocks.joined().reduce(0) { $0 + $1.count })
        for block in blocks.joined() { result.append(contentsOf: block.elements) }
        return result
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
