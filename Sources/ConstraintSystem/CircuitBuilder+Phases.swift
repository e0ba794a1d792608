import FieldArithmetic

extension CircuitBuilder {
    /// Puts work off to the end of phase 1, when all requests are known: it can still commit wires.
    ///
    /// The work gets the builder as its argument and must keep no other.
    public func beforeChallenges(_ work: @escaping (CircuitBuilder<F>) throws -> Void) throws {
        guard phase == .first else {
            throw CircuitError.wrongPhase(region: path, what: "the challenges are already drawn")
        }
        beforeChallengesWork.append(Deferred(path: path, work: work))
    }

    /// Registers work of phase 2: it can use challenges and make private wires.
    ///
    /// The work gets the builder as its argument and must keep no other: it runs once for each set of challenges.
    public func afterChallenges(_ work: @escaping (CircuitBuilder<F>) throws -> Void) {
        afterChallengesWork.append(Deferred(path: path, work: work))
    }

    /// The challenge for one purpose: the same for all who name that purpose, another for every other purpose.
    ///
    /// - Throws: `CircuitError.wrongPhase` in phase 1.
    public func challenge(_ purpose: String) throws -> Values<F> {
        guard phase == .second else {
            throw CircuitError.wrongPhase(region: path, what: "there is no challenge yet in phase 1")
        }
        let index: Int
        if let known = challengeNames.firstIndex(of: purpose) {
            index = known
        } else {
            index = challengeNames.count
            challengeNames.append(purpose)
        }
        if isWitness {
            guard index < challengeValues.count else {
                throw CircuitError.noWitness(
                    region: path, what: "the circuit has more than \(challengeValues.count) challenges")
            }
            return Values(
                content: .numbers(.elements([challengeValues[index]])), interval: nil, isFixed: false)
        }
        let wire = WireSpace.raw(WireSpace.challenge, index)
        return Values(content: .terms(Terms(firstWire: wire, count: 1)), interval: nil, isFixed: false)
    }

    func runFirstPhase(_ circuit: (CircuitBuilder<F>) throws -> Void) throws {
        try circuit(self)
        var next = 0
        while next < beforeChallengesWork.count {
            let deferred = beforeChallengesWork[next]
            try inRegion(path: deferred.path) { try deferred.work(self) }
            next += 1
        }
        beforeChallengesWork = []
    }

    func runSecondPhase() throws {
        phase = .second
        var next = 0
        while next < afterChallengesWork.count {
            let deferred = afterChallengesWork[next]
            try inRegion(path: deferred.path) { try deferred.work(self) }
            next += 1
        }
    }

    /// Segment numbers in wire order: linked ones first.
    var segmentOrder: [Int] {
        segments.indices.filter { segments[$0].isLinked } + segments.indices.filter { !segments[$0].isLinked }
    }
}

extension R1CS {
    /// Records a circuit.
    ///
    /// - Throws: whatever the circuit code throws; `CircuitError` for an unsound or oversized circuit.
    public init(recording circuit: (CircuitBuilder<F>) throws -> Void) throws {
        try self.init(forging: nil, recording: circuit)
    }

    package init(forging forgery: CircuitForgery<F>?, recording circuit: (CircuitBuilder<F>) throws -> Void)
        throws
    {
        let builder = CircuitBuilder<F>(isWitness: false, forgery: forgery)
        try builder.runFirstPhase(circuit)
        try builder.runSecondPhase()
        builder.afterChallengesWork = []
        self = try builder.finished()
    }
}

extension CircuitBuilder {
    /// The recorded circuit, with its wires renumbered into the order of `R1CS`.
    fileprivate func finished() throws -> R1CS<F> {
        counts[WireSpace.challenge] = challengeNames.count
        for (index, name) in challengeNames.enumerated() {
            wireSpans.append(
                RawWireSpan(
                    start: WireSpace.raw(WireSpace.challenge, index), count: 1, region: 0,
                    name: "challenge \(name)"))
        }
        let segmentSpaces = segmentOrder.map { WireSpace.firstSegment + $0 }
        let order =
            [WireSpace.constant, WireSpace.challenge, WireSpace.statement] + segmentSpaces + [
                WireSpace.secret
            ]
        var base = Array(repeating: 0, count: WireSpace.count)
        var next = 0
        for space in order {
            base[space] = next
            next += counts[space]
        }
        guard next < Int(UInt32.max) else { throw CircuitError.tooLarge(what: "\(next) wires") }
        store.renumber(base: base)
        let wireNames = wireSpans.map { span in
            CircuitNames.WireSpan(
                start: base[Int(span.start) >> WireSpace.indexBits]
                    + Int(span.start) & (WireSpace.indexLimit - 1),
                region: span.region, name: span.name)
        }
        return R1CS(
            publicCount: base[WireSpace.statement] + counts[WireSpace.statement],
            challengeCount: challengeNames.count,
            segments: segmentOrder.map { index in
                Segment(
                    name: segments[index].name, count: counts[WireSpace.firstSegment + index],
                    isLinked: segments[index].isLinked)
            },
            privateCount: counts[WireSpace.secret],
            a: store.a, b: store.b, c: store.c, coefficients: store.coefficients.values,
            names: CircuitNames(
                regions: regions, constraints: constraintSpans,
                wires: wireNames.sorted { $0.start < $1.start }))
    }
}
