import FieldArithmetic

/// A witness made in two phases: the committed wires first, the rest once the challenges are known.
///
/// - SeeAlso: `Docs`, the proof system's steps 1 to 4: the challenges are a hash of commitments to the first phase.
public protocol TwoPhaseWitness<F> {
    associatedtype F: PrimeField

    /// The public wires after the challenges.
    var statement: [F] { get }
    /// The values of the committed wires, in wire order.
    var committed: [F] { get }

    /// All `wireCount` values in wire order; the first is 1.
    ///
    /// It may be called again with other challenges.
    ///
    /// - Throws: a wrong number of challenges; `CircuitError.unluckyChallenge` if a denominator is zero for these
    ///   challenges, so that the caller retries with a new blinding.
    func assignment(challenges: [F]) throws -> [F]
}
