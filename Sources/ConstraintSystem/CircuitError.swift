/// Why a circuit or a witness is refused.
public enum CircuitError: Error, Equatable, CustomStringConvertible {
    /// An integer could leave (−r/2, r/2), so that an equation in the field would not hold for integers.
    case mayWrapAround(region: String, what: String, interval: String)
    /// An operand of a check with a challenge is private or depends on a challenge: it could be chosen afterwards.
    case notFixedBeforeChallenges(region: String, what: String)
    /// Something was asked for in a phase in which it does not exist or would be unsound.
    case wrongPhase(region: String, what: String)
    /// Vectors or matrices do not fit each other.
    case shapeMismatch(region: String, what: String)
    /// The integer interval of an operand is not known, or too wide for the gadget.
    case unsuitableInterval(region: String, what: String)
    /// No witness: a value is missing or outside what the circuit allows.
    case noWitness(region: String, what: String)
    /// A denominator is zero for these challenges: retry with a new ν.
    case unluckyChallenge(region: String)
    /// The circuit is larger than wire and entry numbers can count.
    case tooLarge(what: String)
    /// A specification or a file says something impossible.
    case malformed(String)

    public var description: String {
        switch self {
        case .mayWrapAround(let region, let what, let interval):
            return "\(place(region))\(what) may wrap around the field: it lies in \(interval)"
        case .notFixedBeforeChallenges(let region, let what):
            return
                "\(place(region))\(what) is not fixed before the challenges: it must be a committed or public value"
        case .wrongPhase(let region, let what), .shapeMismatch(let region, let what),
            .unsuitableInterval(let region, let what), .noWitness(let region, let what):
            return "\(place(region))\(what)"
        case .unluckyChallenge(let region):
            return "\(place(region))a denominator is zero for these challenges: retry with new ν"
        case .tooLarge(let what):
            return "the circuit is too large: \(what)"
        case .malformed(let reason):
            return reason
        }
    }

    private func place(_ region: String) -> String { region.isEmpty ? "" : region + ": " }
}
