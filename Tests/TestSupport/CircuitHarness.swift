import ConstraintSystem
import FieldArithmetic

/// A circuit with one honest or forged witness of it: what tests of circuits ask.
public struct CircuitHarness<F: PrimeField> {
    public let r1cs: R1CS<F>
    private let circuit: (CircuitBuilder<F>) throws -> Void

    public init(_ circuit: @escaping (CircuitBuilder<F>) throws -> Void) throws {
        r1cs = try R1CS(recording: circuit)
        self.circuit = circuit
    }

    /// The assignment with challenges from a seed.
    package func assignment(seed: UInt64 = 1, forgery: CircuitForgery<F>? = nil) throws -> [F] {
        var generator = SeededGenerator(seed: seed)
        let challenges = (0..<r1cs.challengeCount).map { _ in F.random(using: &generator) }
        return try CircuitWitness(forging: forgery, circuit).assignment(challenges: challenges)
    }

    /// Whether the honest witness satisfies the circuit; a failure is printed.
    public func isSatisfied() throws -> Bool {
        let assignment = try assignment()
        for failure in try r1cs.failures(assignment, limit: 3) { print(failure) }
        return try r1cs.check(assignment)
    }

    /// Whether the checker accepts a witness in which the named wires hold other values, all else being computed from them.
    package func accepts(_ replacements: [String: ([Int]) -> [Int]]) throws -> Bool {
        let forged = replacements.mapValues { change in
            { (numbers: Numbers<F>) -> Numbers<F> in .integers(change(numbers.integers ?? [])) }
        }
        return try r1cs.check(assignment(forgery: CircuitForgery(replacements: forged)))
    }

    /// Names (`region/name`) of all runs of committed wires.
    public var committedNames: [String] {
        let committed = r1cs.publicCount..<r1cs.publicCount + r1cs.committedCount
        var names: [String] = []
        for span in r1cs.names.wires where committed.contains(span.start) {
            let path = r1cs.names.regions[span.region]
            let name = path.isEmpty ? span.name : path + "/" + span.name
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The assignment's values of all wires with a name (`region/name`), in order.
    public func values(_ name: String, in assignment: [F]) -> [F] {
        let spans = r1cs.names.wires
        return spans.enumerated().flatMap { index, span -> [F] in
            let path = r1cs.names.regions[span.region]
            guard (path.isEmpty ? span.name : path + "/" + span.name) == name else { return [] }
            let end = index + 1 < spans.count ? spans[index + 1].start : r1cs.wireCount
            return Array(assignment[span.start..<end])
        }
    }

    /// The error with which the circuit is refused if the named wires are private, `nil` if it is not.
    package func refusal(movingToPrivate name: String) -> CircuitError? {
        do {
            _ = try R1CS(forging: CircuitForgery(movedToPrivate: name), recording: circuit)
            return nil
        } catch {
            return error as? CircuitError
        }
    }
}
