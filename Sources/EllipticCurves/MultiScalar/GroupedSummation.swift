import FieldArithmetic

/// Sums of groups of points in affine coordinates: neighbours in a group are added pairwise, pass after pass, each pass
/// with one shared inversion (5M + 1S an addition).
///
/// Operands may be equal, opposite or infinite. The work is done in blocks that stay in the processor's cache.
struct GroupedSummation<Curve: ShortWeierstrassCurve>: ~Copyable {
    /// Points of one block: with their scratch space they fit a second-level cache of 1 MiB.
    private static var capacity: Int { 4096 }

    private struct Run {
        var group: Int32
        var start: Int32
        var length: Int32
    }

    private let points: UnsafeMutablePointer<AffinePoint<Curve>>
    private let denominators: UnsafeMutablePointer<Curve.BaseField>
    private let products: UnsafeMutablePointer<Curve.BaseField>
    private var runs: [Run] = []

    init() {
        points = .allocate(capacity: Self.capacity)
        denominators = .allocate(capacity: Self.capacity / 2)
        products = .allocate(capacity: Self.capacity / 2)
        runs.reserveCapacity(Self.capacity)
    }

    deinit {
        points.deallocate()
        denominators.deallocate()
        products.deallocate()
    }

    /// Sums `groupCount` ≥ 1 groups that stand one behind another.
    ///
    /// - Parameters:
    ///   - end: the position behind the last point of a group.
    ///   - fill: writes the points at these positions.
    ///   - emit: takes the sum of a group; empty groups are left out, and of repeated calls the last counts.
    @inline(__always)
    mutating func sum(
        groupCount: Int, end: (Int) -> Int,
        fill: (_ positions: Range<Int>, _ target: UnsafeMutablePointer<AffinePoint<Curve>>) -> Void,
        emit: (_ group: Int, _ sum: AffinePoint<Curve>) -> Void
    ) {
        let total = end(groupCount - 1)
        var position = 0
        var group = 0
        // 1 if the first place holds the sum so far of a group that began in an earlier block.
        var carried = 0
        while position < total {
            let blockEnd = min(total, position + Self.capacity - carried)
            fill(position..<blockEnd, points + carried)
            let used = carried + blockEnd - position
            var start = 0
            while start < used {
                let runEnd = min(end(group), blockEnd) - position + carried
                if runEnd > start {
                    runs.append(Run(group: Int32(group), start: Int32(start), length: Int32(runEnd - start)))
                }
                start = runEnd
                if start < used { group += 1 }
            }
            reduceRuns(emit)
            carried = end(group) > blockEnd ? 1 : 0
            group += 1 - carried
            position = blockEnd
        }
    }

    /// Emits the sums of all runs; the last one's is also left at the first place.
    @inline(__always)
    private mutating func reduceRuns(_ emit: (_ group: Int, _ sum: AffinePoint<Curve>) -> Void) {
        guard let last = runs.last else { return }
        for run in runs where run.length == 1 { emit(Int(run.group), points[Int(run.start)]) }
        runs.removeAll { $0.length == 1 }
        while !runs.isEmpty {
            addPairs()
            var kept = 0
            for index in runs.indices {
                let run = runs[index]
                let half = (run.length + 1) / 2
                if half == 1 {
                    emit(Int(run.group), points[Int(run.start)])
                } else {
                    runs[kept] = Run(group: run.group, start: run.start, length: half)
                    kept += 1
                }
            }
            runs.removeSubrange(kept...)
        }
        points[0] = points[Int(last.start)]
    }

    /// Replaces the points 2i and 2i + 1 of each run by their sum at place i.
    @inline(never)
    private func addPairs() {
        var product = Curve.BaseField.one
        var count = 0
        var isOrdinary = true
        for run in runs {
            let base = points + Int(run.start)
            for pair in 0..<Int(run.length) / 2 {
                let (p, q) = (base[2 &* pair], base[2 &* pair &+ 1])
                var denominator = q.x - p.x
                // Infinity has x = 0.
                if p.x.isZero || q.x.isZero || denominator.isZero {
                    isOrdinary = false
                    denominator = Self.denominator(p, q)
                }
                (denominators + count).initialize(to: denominator)
                (products + count).initialize(to: product)
                product *= denominator
                count &+= 1
            }
        }
        // No denominator is zero.
        let inverse = product.inverseVartime()!
        if isOrdinary {
            finishOrdinaryPairs(inverse, count)
        } else {
            finishPairs(inverse, count)
        }
        for run in runs where run.length & 1 == 1 {
            let base = points + Int(run.start)
            let length = Int(run.length)
            base[length / 2] = base[length - 1]
        }
    }

    /// The sums, given the inverse of the product of all denominators, whatever the points are.
    @inline(never)
    private func finishPairs(_ inverseOfProduct: Curve.BaseField, _ count: Int) {
        var inverse = inverseOfProduct
        for index in stride(from: count - 1, through: 0, by: -1) {
            let denominator = denominators[index]
            denominators[index] = inverse * products[index]
            inverse *= denominator
        }
        var index = 0
        for run in runs {
            let base = points + Int(run.start)
            for pair in 0..<Int(run.length) / 2 {
                base[pair] = Self.sum(base[2 * pair], base[2 * pair + 1], inverse: denominators[index])
                index += 1
            }
        }
    }

    /// The same where no point is infinite and no two x of a pair are equal: passes of independent multiplications, of
    /// which the processor has several under way at a time.
    @inline(never)
    private func finishOrdinaryPairs(_ inverseOfProduct: Curve.BaseField, _ count: Int) {
        // Slopes take the place of the denominators.
        var inverse = inverseOfProduct
        var index = count
        for run in runs.reversed() {
            let base = points + Int(run.start)
            for pair in (0..<Int(run.length) / 2).reversed() {
                index &-= 1
                let denominator = denominators[index]
                denominators[index] = Curve.BaseField.multiplyDifference(
                    base[2 &* pair &+ 1].y, base[2 &* pair].y, by: inverse * products[index])
                inverse *= denominator
            }
        }
        // The x of the sums take the place of the products.
        index = 0
        for run in runs {
            let base = points + Int(run.start)
            for pair in 0..<Int(run.length) / 2 {
                products[index] = denominators[index].squared() - base[2 &* pair].x - base[2 &* pair &+ 1].x
                index &+= 1
            }
        }
        index = 0
        for run in runs {
            let base = points + Int(run.start)
            for pair in 0..<Int(run.length) / 2 {
                let p = base[2 &* pair]
                let x = products[index]
                let y = Curve.BaseField.multiplyDifference(p.x, x, by: denominators[index]) - p.y
                base[pair] = AffinePoint(x: x, y: y)
                index &+= 1
            }
        }
    }

    /// The denominator of the slope through two points, 1 where their sum needs none.
    @inline(__always)
    private static func denominator(_ p: AffinePoint<Curve>, _ q: AffinePoint<Curve>) -> Curve.BaseField {
        if p.isInfinity || q.isInfinity { return .one }
        let difference = q.x - p.x
        if !difference.isZero { return difference }
        return p.y == q.y && !p.y.isZero ? p.y.doubled() : .one
    }

    /// p + q, given the inverse of `denominator(p, q)`.
    @inline(__always)
    private static func sum(
        _ p: AffinePoint<Curve>, _ q: AffinePoint<Curve>, inverse: Curve.BaseField
    ) -> AffinePoint<Curve> {
        if p.isInfinity { return q }
        if q.isInfinity { return p }
        let slope: Curve.BaseField
        if p.x == q.x {
            if p.y != q.y || p.y.isZero { return .infinity }
            let square = p.x.squared()
            slope = (square.doubled() + square) * inverse
        } else {
            slope = Curve.BaseField.multiplyDifference(q.y, p.y, by: inverse)
        }
        let x = slope.squared() - p.x - q.x
        return AffinePoint(x: x, y: Curve.BaseField.multiplyDifference(p.x, x, by: slope) - p.y)
    }
}
