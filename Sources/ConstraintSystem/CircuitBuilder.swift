import FieldArithmetic

/// Records a circuit or makes a witness for it: what circuit code talks to.
///
/// The same code runs in both modes. `R1CS.init(recording:)` runs it once to record constraints, without values;
/// `CircuitWitness` runs it for every proof to compute values, without constraints. Code must therefore do the same
/// whatever the values are: only the closures that it passes for values may look at them.
///
/// Work that needs challenges is registered with `afterChallenges` and runs when phase 1 is complete. Whatever it
/// checks must be fixed before: committed or public (`Values.isFixed`), and nothing can be committed from then on.
public final class CircuitBuilder<F: PrimeField> {
    enum Phase { case first, second }

    struct SegmentInfo {
        var name: String
        var isLinked: Bool
    }

    /// Work put off, with the region in which it was.
    struct Deferred {
        var path: String
        var work: (CircuitBuilder<F>) throws -> Void
    }

    /// Whether values are computed (or constraints recorded).
    public let isWitness: Bool
    var phase = Phase.first
    var isInsideConstraint = false
    var segments: [SegmentInfo] = []
    /// Wires made so far in each space.
    var counts: [Int]
    var challengeNames: [String] = []
    var beforeChallengesWork: [Deferred] = []
    var afterChallengesWork: [Deferred] = []
    /// The current region's path.
    public private(set) var path = ""

    // While recording.
    var store = ConstraintStore<F>()
    var regionNumbers: [String: Int] = ["": 0]
    var regions: [String] = [""]
    var constraintSpans: [CircuitNames.ConstraintSpan] = []
    var wireSpans: [RawWireSpan] = []

    // While a witness is made.
    var blocks: [[Numbers<F>]]
    var challengeValues: [F] = []
    package let forgery: CircuitForgery<F>?

    struct RawWireSpan {
        var start: UInt32
        var count: Int
        var region: Int
        var name: String
    }

    init(isWitness: Bool, forgery: CircuitForgery<F>?) {
        self.isWitness = isWitness
        self.forgery = forgery
        counts = Array(repeating: 0, count: WireSpace.count)
        counts[WireSpace.constant] = 1
        blocks = Array(repeating: [], count: WireSpace.count)
    }

    // MARK: Regions

    /// Runs `body` in a named region inside the current one. Regions with the same path are one region.
    @discardableResult
    public func region<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        try inRegion(path: path.isEmpty ? name : path + "/" + name, body)
    }

    /// Runs `body` in the region of a path that `path` gave earlier: where a put-off request came from.
    public func inRegion<Result>(path new: String, _ body: () throws -> Result) rethrows -> Result {
        let outer = path
        path = new
        defer { path = outer }
        return try body()
    }

    func regionNumber() -> Int {
        if let number = regionNumbers[path] { return number }
        regions.append(path)
        regionNumbers[path] = regions.count - 1
        return regions.count - 1
    }

    // MARK: Wires

    /// A new committed segment; `isLinked` if it can be tied to a commitment outside the proof.
    public func segment(_ name: String, isLinked: Bool) throws -> SegmentHandle {
        guard segments.count < WireSpace.segmentLimit else {
            throw CircuitError.tooLarge(what: "more than \(WireSpace.segmentLimit) segments")
        }
        segments.append(SegmentInfo(name: name, isLinked: isLinked))
        return SegmentHandle(index: segments.count - 1)
    }

    /// The unlinked segment of the gadgets' own committed wires, made at its first use.
    public var advice: WireKind {
        get throws {
            if let index = segments.firstIndex(where: { !$0.isLinked && $0.name == "advice" }) {
                return .committed(SegmentHandle(index: index))
            }
            return .committed(try segment("advice", isLinked: false))
        }
    }

    /// New wires.
    ///
    /// - Parameters:
    ///   - interval: what is known about them from outside the circuit, because whoever recomputes a commitment or
    ///     states a public value checks it; `nil` for wires that only constraints can bound.
    ///   - values: called while a witness is made, and then only.
    /// - Throws: `CircuitError.wrongPhase` for committed or public wires after the challenges;
    ///   `CircuitError.noWitness` for values that are missing, too few, or outside the interval.
    public func wires(
        _ kind: WireKind, _ name: String, count: Int, interval: Interval? = nil,
        values: () throws -> Numbers<F>?
    ) throws -> Values<F> {
        var kind = kind
        if let forgery, forgery.movedToPrivate == qualified(name) { kind = .private }
        let space = WireSpace.of(kind)
        guard phase == .first || kind == .private else {
            throw CircuitError.wrongPhase(
                region: path,
                what: "\(name) must be committed or public, but the challenges are already drawn")
        }
        guard !isInsideConstraint else {
            throw CircuitError.wrongPhase(
                region: path,
                what: "\(name) is made inside a constraint: make it before, for the witness as well")
        }
        guard count > 0 else { throw CircuitError.shapeMismatch(region: path, what: "\(name) has no values") }
        let index = counts[space]
        guard index + count <= WireSpace.indexLimit else {
            throw CircuitError.tooLarge(what: "more than 2²⁸ wires of one kind")
        }
        counts[space] += count
        let isFixed = kind != .private
        if isWitness {
            let numbers = try witnessValues(name, count: count, interval: interval, values)
            blocks[space].append(numbers)
            return Values(content: .numbers(numbers), interval: interval, isFixed: isFixed)
        }
        let first = WireSpace.raw(space, index)
        recordSpan(first, count: count, name: name)
        return Values(
            content: .terms(Terms(firstWire: first, count: count)), interval: interval, isFixed: isFixed)
    }

    /// New wires whose values are machine integers.
    public func wires(
        _ kind: WireKind, _ name: String, count: Int, interval: Interval? = nil,
        integers: @autoclosure () throws -> [Int]?
    ) throws -> Values<F> {
        try wires(kind, name, count: count, interval: interval) { try integers().map { .integers($0) } }
    }

    /// Constants.
    public func constants(_ values: [Int]) -> Values<F> { anchor.constant(.integers(values)) }

    /// Constants.
    public func constants(_ values: [F]) -> Values<F> { anchor.constant(.elements(values)) }

    /// The constant 1, for its mode.
    private var anchor: Values<F> {
        let content: Values<F>.Content =
            isWitness ? .numbers(.integers([1])) : .terms(Terms(firstWire: 0, count: 1))
        return Values(content: content, interval: Interval(1), isFixed: true)
    }

    private func qualified(_ name: String) -> String { path.isEmpty ? name : path + "/" + name }

    private func witnessValues(
        _ name: String, count: Int, interval: Interval?, _ values: () throws -> Numbers<F>?
    ) throws -> Numbers<F> {
        guard var numbers = try values() else {
            throw CircuitError.noWitness(region: path, what: "no values for \(name)")
        }
        guard numbers.count == count else {
            throw CircuitError.noWitness(
                region: path, what: "\(name) has \(count) values, but \(numbers.count) are given")
        }
        if let forge = forgery?.replacements[qualified(name)] { numbers = forge(numbers) }
        if let range = interval?.closedRange, forgery == nil {
            guard let integers = numbers.integers else {
                throw CircuitError.noWitness(region: path, what: "a value of \(name) does not fit 64 bits")
            }
            if let position = integers.firstIndex(where: { !range.contains($0) }) {
                throw CircuitError.noWitness(
                    region: path, what: "\(name)[\(position)] = \(integers[position]) is not in \(range)")
            }
        }
        return numbers
    }

    private func recordSpan(_ first: UInt32, count: Int, name: String) {
        let region = regionNumber()
        if let last = wireSpans.last, last.region == region, last.name == name,
            Int(last.start) + last.count == Int(first)
        {
            wireSpans[wireSpans.count - 1].count += count
        } else {
            wireSpans.append(RawWireSpan(start: first, count: count, region: region, name: name))
        }
    }
}
