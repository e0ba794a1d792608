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

    public static func + (a: RegionStatistics, b: RegionStatistics) -> RegionStatistics {
        RegionStatistics(
            region: a.region, constraints: a.constraints + b.constraints,
            publicWires: a.publicWires + b.publicWires, committedWires: a.committedWires + b.committedWires,
            privateWires: a.privateWires + b.privateWires, nonZeros: a.nonZeros + b.nonZeros)
    }
}

extension R1CS {
    /// Constraints, wires and entries of each region, in the order in which regions were first entered.
    ///
    /// - Parameter depth: regions nested deeper are added to their ancestor at this depth; `nil` keeps all apart.
    public func statistics(depth: Int? = nil) -> [RegionStatistics] {
        var result: [RegionStatistics] = []
        var position: [String: Int] = [:]
        func add(_ region: Int, _ change: (inout RegionStatistics) -> Void) {
            let parts = names.regions[region].split(separator: "/")
            let path = parts.prefix(depth ?? parts.count).joined(separator: "/")
            let index = position[path] ?? result.count
            if index == result.count {
                position[path] = index
                result.append(RegionStatistics(region: path))
            }
            change(&result[index])
        }
        for (rows, region) in spans(names.constraints.map { ($0.start, $0.region) }, end: constraintCount) {
            add(region) { statistics in
                statistics.constraints += rows.count
                for matrix in [a, b, c] {
                    statistics.nonZeros += Int(
                        matrix.rowOffsets[rows.upperBound] - matrix.rowOffsets[rows.lowerBound])
                }
            }
        }
        let committed = publicCount..<publicCount + committedCount
        for (wires, region) in spans(names.wires.map { ($0.start, $0.region) }, end: wireCount) {
            add(region) { statistics in
                if wires.lowerBound < committed.lowerBound {
                    statistics.publicWires += wires.count
                } else if wires.lowerBound < committed.upperBound {
                    statistics.committedWires += wires.count
                } else {
                    statistics.privateWires += wires.count
                }
            }
        }
        return result
    }

    private func spans(_ starts: [(Int, Int)], end: Int) -> [(Range<Int>, Int)] {
        starts.indices.map { index in
            let next = index + 1 < starts.count ? starts[index + 1].0 : end
            return (starts[index].0..<next, starts[index].1)
        }
    }
}
