/// Which stages of a training are proven, and what all others show (DESIGN §5).
public enum AuditMode: String, Codable, Sendable, CaseIterable {
    /// Every stage: the model is the result of integer SGD.
    case full
    /// α of E stages: at most f bad ones escape with probability C(E − f, α)/C(E, α), one foreign jump included.
    case sampled
    /// Likewise, and every stage shows that no weight moved by more than a bound: a foreign model needs many bad stages.
    case bounded = "sampled+bounded"
}
