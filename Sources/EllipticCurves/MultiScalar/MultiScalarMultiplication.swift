import FieldArithmetic
import Parallelism

/// Σ [scalarᵢ]Pᵢ. Counts must agree. Time depends on the scalars.
///
/// Zeros and points at infinity cost next to nothing, and small scalars of either sign little: what counts are the
/// windows that are not zero. The sum does not depend on the number of threads. A handful of points is summed in Swift
/// whatever the kernel, for that is faster.
@specialized(where Curve == BN254G1)
@specialized(where Curve == BN254G2)
public func multiScalarMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<Curve.ScalarField>, _ points: UnsafeBufferPointer<AffinePoint<Curve>>,
    kernel: Kernel = .current
) -> JacobianPoint<Curve> {
    precondition(scalars.count == points.count && points.count < 1 << 31)
    #if arch(x86_64)
        if kernel == .vector, scalars.count > VectorMultiplication.fewPoints, let list = VectorPoints(points),
            let sums = vectorSums(scalars, [list])
        {
            return JacobianPoint(words: sums[0])
        }
    #endif
    return portableMultiply(scalars, points)
}

/// `multiScalarMultiply` in Swift alone, whatever the kernel.
@specialized(where Curve == BN254G1)
@specialized(where Curve == BN254G2)
package func portableMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<Curve.ScalarField>, _ points: UnsafeBufferPointer<AffinePoint<Curve>>
) -> JacobianPoint<Curve> {
    precondition(scalars.count == points.count && points.count < 1 << 31)
    return scalars.count <= 128 ? interleavedMultiply(scalars, points) : bucketMultiply(scalars, points)
}

/// Σ [scalarᵢ]Pᵢ. Counts must agree. Time depends on the scalars.
public func multiScalarMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>], kernel: Kernel = .current
) -> JacobianPoint<Curve> {
    scalars.withUnsafeBufferPointer { scalars in
        points.withUnsafeBufferPointer { multiScalarMultiply(scalars, $0, kernel: kernel) }
    }
}

/// Σ [scalarᵢ]Pᵢ and Σ [scalarᵢ]Qᵢ for points of two groups under the same scalars, whose digits are made and sorted once
/// for both. Counts must agree. Time depends on the scalars.
public func multiScalarMultiply<First: ShortWeierstrassCurve, Second: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<First.ScalarField>, _ first: UnsafeBufferPointer<AffinePoint<First>>,
    _ second: UnsafeBufferPointer<AffinePoint<Second>>, kernel: Kernel = .current
) -> (JacobianPoint<First>, JacobianPoint<Second>) where First.ScalarField == Second.ScalarField {
    precondition(scalars.count == first.count && scalars.count == second.count && scalars.count < 1 << 31)
    #if arch(x86_64)
        if kernel == .vector, let p = VectorPoints(first), let q = VectorPoints(second),
            let sums = vectorSums(scalars, [p, q])
        {
            return (JacobianPoint(words: sums[0]), JacobianPoint(words: sums[1]))
        }
    #endif
    return (
        multiScalarMultiply(scalars, first, kernel: kernel),
        multiScalarMultiply(scalars, second, kernel: kernel)
    )
}

/// Σ [scalarᵢ]Pᵢ by single multiplications: the twin of `multiScalarMultiply`. Counts must agree.
public func multiScalarMultiplyReference<Curve: ShortWeierstrassCurve>(
    _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>]
) -> JacobianPoint<Curve> {
    precondition(scalars.count == points.count)
    return zip(scalars, points).reduce(.zero) { sum, pair in
        sum + JacobianPoint(pair.1).multipliedVartimeReference(by: pair.0.canonical)
    }
}

/// For few points: signed windows of all scalars over one chain of doublings.
///
/// - SeeAlso: Straus, "Addition chains of vectors" (1964); Möller, "Algorithms for multi-exponentiation" (2001).
@inline(__always)
func interleavedMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<Curve.ScalarField>, _ points: UnsafeBufferPointer<AffinePoint<Curve>>
) -> JacobianPoint<Curve> {
    let width = 4
    var digits: [[Int8]] = []
    var multiples: [JacobianPoint<Curve>] = []
    for index in scalars.indices where !scalars[index].isZero && !points[index].isInfinity {
        let positive = scalars[index].canonical
        let negative = (-scalars[index]).canonical
        let isNegative = negative.isLessThanVartime(positive)
        digits.append((isNegative ? negative : positive).windowedDigitsVartime(width: width))
        let first = JacobianPoint(isNegative ? -points[index] : points[index])
        let twice = first.doubled()
        multiples.append(first)
        for _ in 1..<(1 << (width - 2)) { multiples.append(multiples[multiples.count - 1] + twice) }
    }
    let affine = JacobianPoint.batchAffineVartime(multiples)
    var result = JacobianPoint<Curve>.zero
    for position in stride(from: (digits.map(\.count).max() ?? 0) - 1, through: 0, by: -1) {
        result = result.doubled()
        for (index, row) in digits.enumerated() where position < row.count && row[position] != 0 {
            let digit = Int(row[position])
            let multiple = affine[index << (width - 2) + abs(digit) >> 1]
            result += digit < 0 ? -multiple : multiple
        }
    }
    return result
}

/// For many points: Pippenger's bucket method, the buckets summed in affine coordinates.
///
/// - SeeAlso: Bernstein, Doumen, Lange, Oosterwijk, "Faster batch forgery identification" (eprint 2012/549), section 4.
@inline(__always)
func bucketMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<Curve.ScalarField>, _ points: UnsafeBufferPointer<AffinePoint<Curve>>
) -> JacobianPoint<Curve> {
    let recoded = RecodedScalars(scalars, windowBits: cheapestWindow)
    // Few windows are cut into ranges of points, so that there is work for several threads.
    let wantedTasks = 16
    let ranges = max(1, min(wantedTasks / recoded.windowCount, scalars.count >> 14))
    let length = (scalars.count + ranges - 1) / ranges
    let sums = parallelMap(recoded.windowCount * ranges) { task in
        let (window, range) = (task / ranges, task % ranges)
        return windowSum(
            recoded, window: window, in: range * length..<min(scalars.count, (range + 1) * length), points)
    }
    var result = JacobianPoint<Curve>.zero
    for window in (0..<recoded.windowCount).reversed() {
        for _ in 0..<recoded.windowBits { result = result.doubled() }
        for range in 0..<ranges { result += sums[window * ranges + range] }
    }
    return result
}

/// The window width with the least work for scalars of which `lengths[b]` have b bits.
///
/// A bucket costs about three additions: two in its row and column, and what the sums of these cost.
func cheapestWindow(_ lengths: [Int]) -> Int {
    let longest = lengths.lastIndex { $0 > 0 } ?? 0
    func cost(_ bits: Int) -> Int {
        let additions = lengths.indices.reduce(0) { $0 + lengths[$1] * (($1 + bits - 1) / bits) }
        return additions + 3 * (longest / bits + 1) << (bits - 1)
    }
    return (2...16).min { cost($0) < cost($1) } ?? 2
}

/// Σ digitᵢ·Pᵢ for one window and a range of points.
@inline(__always)
func windowSum<Curve: ShortWeierstrassCurve>(
    _ recoded: RecodedScalars, window: Int, in range: Range<Int>,
    _ points: UnsafeBufferPointer<AffinePoint<Curve>>
) -> JacobianPoint<Curve> {
    // Bucket b holds the points with digit ±(b + 1). Counting sort by bucket; the sign goes with the index.
    let bucketCount = recoded.bucketCount
    var summation = GroupedSummation<Curve>()
    var buckets = [AffinePoint<Curve>](repeating: .infinity, count: bucketCount)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: bucketCount + 1) { ends in
        ends.initialize(repeating: 0)
        recoded.forEachDigit(ofWindow: window, in: range) { _, _, magnitude in ends[magnitude] &+= 1 }
        for bucket in 1..<ends.count { ends[bucket] &+= ends[bucket - 1] }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: range.count) { order in
            recoded.forEachDigit(ofWindow: window, in: range) { index, isNegative, magnitude in
                let entry = UInt32(truncatingIfNeeded: index) << 1 | (isNegative ? 1 : 0)
                order.initializeElement(at: ends[magnitude - 1], to: entry)
                ends[magnitude - 1] &+= 1
            }
            summation.sum(
                groupCount: bucketCount, end: { ends[$0] },
                fill: { positions, target in
                    // Copies first, as a short loop has more cache misses under way at a time.
                    for (place, position) in positions.enumerated() {
                        (target + place).initialize(to: points[Int(order[position] >> 1)])
                    }
                    for (place, position) in positions.enumerated() {
                        target[place].y = target[place].y.negated(if: order[position] & 1 == 1)
                    }
                },
                emit: { buckets[$0] = $1 })
        }
    }
    return weightedSum(buckets, bits: recoded.windowBits - 1, with: &summation)
}

/// Σ (b + 1)·B_b over 2^bits buckets.
///
/// As a square of rows and columns: with b + 1 = 2^h·i + j the sum is 2^h·Σ i·(row i) + Σ j·(column j), which leaves
/// two affine additions to a bucket, and sums with running weights over the sides only.
@inline(__always)
func weightedSum<Curve: ShortWeierstrassCurve>(
    _ buckets: [AffinePoint<Curve>], bits: Int, with summation: inout GroupedSummation<Curve>
) -> JacobianPoint<Curve> {
    if bits < 6 { return runningSum(buckets) }
    let low = bits / 2
    let width = 1 << low
    let height = 1 << (bits - low)
    // Weight 2^bits, the last bucket's, is row `height` alone; the others stand at weight = position.
    func fill(
        _ weight: @escaping (Int) -> Int
    ) -> (Range<Int>, UnsafeMutablePointer<AffinePoint<Curve>>) -> Void {
        { positions, target in
            for (place, position) in positions.enumerated() {
                let weight = weight(position)
                (target + place).initialize(to: weight == 0 ? .infinity : buckets[weight - 1])
            }
        }
    }
    var rows = [AffinePoint<Curve>](repeating: .infinity, count: height)
    summation.sum(
        groupCount: height, end: { ($0 + 1) * width }, fill: fill { $0 }, emit: { rows[$0] = $1 })
    var columns = [AffinePoint<Curve>](repeating: .infinity, count: width)
    summation.sum(
        groupCount: width, end: { ($0 + 1) * height },
        fill: fill { ($0 & (height - 1)) << low | $0 >> (bits - low) }, emit: { columns[$0] = $1 })
    var result = runningSum(Array(rows[1...]) + [buckets[buckets.count - 1]])
    for _ in 0..<low { result = result.doubled() }
    return result + runningSum(Array(columns[1...]))
}

/// Σ (i + 1)·Pᵢ: each point is added once into a sum, and each such sum into the result.
@inline(__always)
func runningSum<Curve: ShortWeierstrassCurve>(_ points: [AffinePoint<Curve>]) -> JacobianPoint<Curve> {
    var running = JacobianPoint<Curve>.zero
    var total = JacobianPoint<Curve>.zero
    for point in points.reversed() {
        running += point
        total += running
    }
    return total
}
