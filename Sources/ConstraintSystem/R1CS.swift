import FieldArithmetic

/// A run of committed wires. A linked segment can be tied to a commitment that lives outside the proof.
public struct Segment: Sendable, Equatable {
    public var name: String
    public var count: Int
    public var isLinked: Bool

    public init(name: String, count: Int, isLinked: Bool) {
        self.name = name
        self.count = count
        self.isLinked = isLinked
    }
}

/// A rank-1 constraint system: (A·w)ᵢ·(B·w)ᵢ = (C·w)ᵢ for every row i of an assignment w.
///
/// Wire order: 0 (the constant 1) | challenges | statement | segment 0 | segment 1 | … | private.
/// A plain circuit has no challenges and no segments.
public struct R1CS<F: PrimeField>: Sendable {
    /// Wire 0, the challenges and the statement.
    public var publicCount: Int
    /// Wires 1...challengeCount.
    public var challengeCount: Int
    /// The committed wires in wire order: linked segments first.
    public var segments: [Segment]
    public var privateCount: Int
    public var a: SparseMatrix
    public var b: SparseMatrix
    public var c: SparseMatrix
    /// The distinct coefficients that the matrices refer to.
    public var coefficients: [F]
    /// Names for reports; nothing else depends on them.
    public var names: CircuitNames

    public init(
        publicCount: Int, challengeCount: Int = 0, segments: [Segment] = [], privateCount: Int,
        a: SparseMatrix, b: SparseMatrix, c: SparseMatrix, coefficients: [F],
        names: CircuitNames = CircuitNames()
    ) {
        self.publicCount = publicCount
        self.challengeCount = challengeCount
        self.segments = segments
        self.privateCount = privateCount
        self.a = a
        self.b = b
        self.c = c
        self.coefficients = coefficients
        self.names = names
    }

    /// Wires of all segments.
    public var committedCount: Int { segments.reduce(0) { $0 + $1.count } }
    public var wireCount: Int { publicCount + committedCount + privateCount }
    public var constraintCount: Int { a.rowCount }

    /// The wires of segment `index`.
    public func wires(ofSegment index: Int) -> Range<Int> {
        let start = publicCount + segments[..<index].reduce(0) { $0 + $1.count }
        return start..<start + segments[index].count
    }
}
