/// What the constraints and wires of a circuit are called: for reports and statistics.
public struct CircuitNames: Sendable, Equatable {
    /// A run of constraints that one region made. A region can have several runs.
    public struct ConstraintSpan: Sendable, Equatable {
        /// The first constraint; the run ends where the next one starts.
        public var start: Int
        /// An index into `regions`.
        public var region: Int

        public init(start: Int, region: Int) {
            self.start = start
            self.region = region
        }
    }

    /// A run of wires that were made together, in one region, under one name.
    public struct WireSpan: Sendable, Equatable {
        /// The first wire; the run ends where the next one starts.
        public var start: Int
        /// An index into `regions`.
        public var region: Int
        public var name: String

        public init(start: Int, region: Int, name: String) {
            self.start = start
            self.region = region
            self.name = name
        }
    }

    /// Paths of the regions: the names from the outermost inwards, joined with "/"; the root is "".
    public var regions: [String]
    /// Ordered by `start`.
    public var constraints: [ConstraintSpan]
    /// Ordered by `start`.
    public var wires: [WireSpan]

    public init(regions: [String] = [""], constraints: [ConstraintSpan] = [], wires: [WireSpan] = []) {
        self.regions = regions
        self.constraints = constraints
        self.wires = wires
    }

    /// The path of the region that made a constraint, "" if nothing is known.
    public func region(ofConstraint row: Int) -> String {
        guard let span = Self.last(constraints, startingBy: row, start: \.start) else { return "" }
        return regions[span.region]
    }

    /// The name of a wire, like `layer 1/weights[17]`; `w17` if nothing is known.
    public func name(ofWire wire: Int) -> String {
        if wire == 0 { return "1" }
        guard let span = Self.last(wires, startingBy: wire, start: \.start) else { return "w\(wire)" }
        let path = regions[span.region]
        return (path.isEmpty ? "" : path + "/") + "\(span.name)[\(wire - span.start)]"
    }

    /// The last of the ordered spans that starts at or before `position`.
    private static func last<Span>(
        _ spans: [Span], startingBy position: Int, start: (Span) -> Int
    ) -> Span? {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if start(spans[middle]) <= position { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : spans[low - 1]
    }
}
