import FieldArithmetic

/// What one region of a circuit consists of.
public struct RegionStatistics: Sendable, Equatable {
    /// The region's path; "" for what belongs to no region.
    public var region: String
    public var constraints: Int
    public var publicWires: Int
    public var committedWires: Int
    public var privateWires: Int
    /// Entries of the three matrices.
    public var nonZeros: Int

    public init(
        region: String, constraints: Int = 0, publicWires: Int = 0, committedWires: Int = 0,
        privateWires: Int = 0,
        nonZeros: Int = 0
    ) {
        self.region = region
        self.constraints = constraints
        self.publicWires = publicWires
        self.committedWires = committedWires
        self.privateWires = privateWires
        self.nonZeros = nonZeros
    }
}

extension R1CS {
    /// Constraints, wires and entries of each region, in the order in which regions were first entered.
    ///
    /// - Parameter depth: regions nested deeper are added to their ancestor at this depth; `nil` keeps all apart.
    public func statistics(depth: Int? = nil) -> [RegionStatistics] {
        var result: [RegionStatistics] = []
        var positions: [String: Int] = [:]
        let positionOfRegion = names.regions.map { region in
            let parts = region.split(separator: "/")
            let path = parts.prefix(depth ?? parts.count).joined(separator: "/")
            if let known = positions[path] { return known }
            positions[path] = result.count
            result.append(RegionStatistics(region: path))
            return result.count - 1
        }
        for (rows, region) in constraintRuns {
            let position = positionOfRegion[region]
            result[position].constraints += rows.count
            for matrix in [a, b, c] {
                result[position].nonZeros += Int(
                    matrix.rowOffsets[rows.upperBound] - matrix.rowOffsets[rows.lowerBound])
            }
        }
        for (wires, region) in wireRuns {
            let position = positionOfRegion[region]
            if wires.lowerBound < publicCount {
                result[position].publicWires += wires.count
            } else if wires.lowerBound < publicCount + committedCount {
                result[position].committedWires += wires.count
            } else {
                result[position].privateWires += wires.count
            }
        }
        return result
    }

    /// Runs of constraints of one region; one run of all if there are no names.
    private var constraintRuns: [(Range<Int>, region: Int)] {
        let starts = names.constraints.map { ($0.start, $0.region) }
        return Self.runs(starts.isEmpty ? [(0, 0)] : starts, end: constraintCount)
    }

    /// Runs of wires of one region and kind, without wire 0.
    private var wireRuns: [(Range<Int>, region: Int)] {
        let starts = names.wires.map { ($0.start, $0.region) }
        let kinds = [1, publicCount, publicCount + committedCount].map { ($0, 0) }
        return Self.runs(starts.isEmpty ? kinds : starts, end: wireCount)
    }

    private static func runs(_ starts: [(Int, Int)], end: Int) -> [(Range<Int>, region: Int)] {
        starts.indices.map { index in
            (starts[index].0..<(index + 1 < starts.count ? starts[index + 1].0 : end), starts[index].1)
        }
    }
}
