import FieldArithmetic

extension CircuitBuilder {
    /// aᵢ·bᵢ = cᵢ for every i: one constraint each. A vector of one value stands for as many as the others have.
    ///
    /// The arguments are evaluated while a circuit is recorded only, so they must not make wires.
    /// Put the side with small values into `b`: the prover's work in G2 depends on it.
    ///
    /// - Throws: `CircuitError.mayWrapAround` if an operand, or a·b where all three are integers, may leave
    ///   (−r/2, r/2); `CircuitError.shapeMismatch`.
    public func constrain(
        _ a: @autoclosure () throws -> Values<F>, times b: @autoclosure () throws -> Values<F>,
        equals c: @autoclosure () throws -> Values<F>
    ) throws {
        if isWitness { return }
        let (a, b, c) = try withoutNewWires { (try a(), try b(), try c()) }
        let count = max(a.count, b.count, c.count)
        guard [a, b, c].allSatisfy({ $0.count == count || $0.count == 1 }) else {
            throw CircuitError.shapeMismatch(
                region: path, what: "a constraint joins \(a.count), \(b.count) and \(c.count) values")
        }
        try requireNoWrap(a, "the first factor")
        try requireNoWrap(b, "the second factor")
        try requireNoWrap(c, "the product")
        if let x = a.interval, let y = b.interval, c.interval != nil {
            try requireNoWrap(x * y, "the product of the factors")
        }
        guard case .terms(let aRows) = a.content, case .terms(let bRows) = b.content,
            case .terms(let cRows) = c.content
        else { preconditionFailure("values of a circuit and of a witness mixed") }
        let region = regionNumber()
        if constraintSpans.last?.region != region {
            constraintSpans.append(CircuitNames.ConstraintSpan(start: store.count, region: region))
        }
        try store.append(aRows, bRows, cRows, count: count)
    }

    /// aᵢ = bᵢ for every i: one constraint each.
    ///
    /// - Throws: as `constrain`.
    public func requireEqual(
        _ a: @autoclosure () throws -> Values<F>, _ b: @autoclosure () throws -> Values<F>
    ) throws {
        if isWitness { return }
        let difference = try withoutNewWires { try a() - b() }
        try constrain(difference, times: constants([1]), equals: constants([0]))
    }

    /// Evaluates the arguments of a constraint, which a witness skips: wires made there would be missing from it.
    private func withoutNewWires<Result>(_ body: () throws -> Result) rethrows -> Result {
        isInsideConstraint = true
        defer { isInsideConstraint = false }
        return try body()
    }

    /// New wires aᵢ·bᵢ: one constraint and one wire each.
    ///
    /// - Throws: as `constrain` and `wires`.
    public func product(
        _ a: Values<F>, _ b: Values<F>, kind: WireKind = .private, name: String = "product"
    ) throws -> Values<F> {
        let interval = a.interval.flatMap { x in b.interval.map { x * $0 } }
        let product = try wires(kind, name, count: max(a.count, b.count)) {
            .product(try a.numbers(), try b.numbers())
        }
        let bounded = interval.map { product.bounded(by: $0) } ?? product
        try constrain(a, times: b, equals: bounded)
        return bounded
    }

    /// - Throws: `CircuitError.mayWrapAround` if an integer may leave (−r/2, r/2).
    public func requireNoWrap(_ values: Values<F>, _ what: @autoclosure () -> String) throws {
        if let interval = values.interval { try requireNoWrap(interval, what()) }
    }

    /// - Throws: `CircuitError.mayWrapAround` if an integer may leave (−r/2, r/2).
    public func requireNoWrap(_ interval: Interval, _ what: @autoclosure () -> String) throws {
        guard interval.fits(in: F.self) else {
            throw CircuitError.mayWrapAround(region: path, what: what(), interval: interval.description)
        }
    }

    /// - Throws: `CircuitError.notFixedBeforeChallenges` if a wire in it is private or depends on a challenge.
    public func requireFixed(_ values: Values<F>, _ what: @autoclosure () -> String) throws {
        guard values.isFixed else {
            throw CircuitError.notFixedBeforeChallenges(region: path, what: what())
        }
    }

    /// The interval of integers.
    ///
    /// - Throws: `CircuitError.unsuitableInterval` for field elements, `CircuitError.mayWrapAround`.
    public func requireInteger(_ values: Values<F>, _ what: @autoclosure () -> String) throws -> Interval {
        guard let interval = values.interval else {
            throw CircuitError.unsuitableInterval(
                region: path, what: "\(what()) must be integers of known range, but are field elements")
        }
        try requireNoWrap(interval, what())
        return interval
    }
}
