/// Which stages of a training are proven, and what all others show (DESIGN §5).
public enum AuditMode: String, Codable, Sendable, CaseIterable {
    /// Every stage: the model is the result of integer SGD.
    case full
    /// First, last and α − 2 others of E stages: f bad ones among the others all escape with probability
    /// C(E − 2 − f, α − 2)/C(E − 2, α − 2), one foreign jump included.
    case sampled
    /// Likewise, and every stage shows that no weight moved by more than a bound: a foreign model needs many bad stages.
    case bounded = "sampled+bounded"
}
