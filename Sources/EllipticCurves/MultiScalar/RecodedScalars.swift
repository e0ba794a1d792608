import FieldArithmetic
import Parallelism

/// Scalars as signed magnitudes with an offset that makes signed windows independent of each other.
///
/// A scalar s stands as ±m with m ≤ r/2, so that small negative numbers are small. With K = Σ 2^(c−1)·2^(cj) over all
/// windows but the last, digit j is window j of m + K, less 2^(c−1): no carry runs from one window to the next.
struct RecodedScalars: Sendable {
    let count: Int
    /// Bits of one window, c.
    let windowBits: Int
    let windowCount: Int
    /// Words of one scalar; the sign is the top bit of the last.
    private let wordsPerScalar: Int
    private let words: [UInt64]

    private static var signBit: UInt64 { 1 << 63 }

    /// Digits are in −2^(c−1)…2^(c−1), so that there are this many buckets.
    var bucketCount: Int { 1 << (windowBits - 1) }

    /// - Parameters:
    ///   - windowBits: chooses c ≤ 16 for the numbers of scalars by bit length.
    @specialized(where Scalar == BN254ScalarField)
    init<Scalar: PrimeField>(
        _ scalars: UnsafeBufferPointer<Scalar>, windowBits choose: ([Int]) -> Int
    ) {
        let size = Scalar.Limbs.count
        var magnitudes = [UInt64](repeating: 0, count: size * scalars.count)
        let lengths = magnitudes.withUnsafeMutableBufferPointer {
            Self.fillMagnitudes($0, of: scalars)
        }
        let bits = choose(lengths)
        let longest = lengths.lastIndex { $0 > 0 } ?? 0
        count = scalars.count
        wordsPerScalar = size
        windowBits = bits
        windowCount = longest / bits + 1
        magnitudes.withUnsafeMutableBufferPointer {
            Self.addOffset(to: $0, wordsPerScalar: size, windowBits: bits, windowCount: longest / bits + 1)
        }
        words = magnitudes
    }

    /// Writes signs and magnitudes; returns how many magnitudes have 0, 1, … bits.
    @inline(__always)
    private static func fillMagnitudes<Scalar: PrimeField>(
        _ magnitudes: UnsafeMutableBufferPointer<UInt64>, of scalars: UnsafeBufferPointer<Scalar>
    ) -> [Int] {
        let size = Scalar.Limbs.count
        let chunk = 4096
        let target = UncheckedSendable(magnitudes)
        let histograms = parallelMap((scalars.count + chunk - 1) / chunk) { part in
            var lengths = [Int](repeating: 0, count: Scalar.bitWidth + 1)
            for index in part * chunk..<min(scalars.count, (part + 1) * chunk) {
                var limbs = scalars[index].canonical
                let negative = (-scalars[index]).canonical
                let isNegative = negative.isLessThanVartime(limbs)
                if isNegative { limbs = negative }
                lengths[limbs.bitWidthVartime] += 1
                for limb in 0..<size { target.value[size * index + limb] = limbs[limb] }
                if isNegative { target.value[size * index + size - 1] |= signBit }
            }
            return lengths
        }
        return histograms.reduce(into: [Int](repeating: 0, count: Scalar.bitWidth + 1)) { sum, lengths in
            for length in lengths.indices { sum[length] += lengths[length] }
        }
    }

    /// m ← m + K. The sum stays below the sign bit, as m and K have at most two bits less than the words hold.
    private static func addOffset(
        to words: UnsafeMutableBufferPointer<UInt64>, wordsPerScalar size: Int, windowBits: Int,
        windowCount: Int
    ) {
        var offset = [UInt64](repeating: 0, count: size)
        for window in 0..<(windowCount - 1) {
            let bit = window * windowBits + windowBits - 1
            offset[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        let target = UncheckedSendable(words)
        parallelRanges(words.count / size, minimum: 4096) { range in
            for index in range {
                var carry = false
                for word in 0..<size {
                    let (partial, first) = target.value[size * index + word].addingReportingOverflow(
                        offset[word])
                    let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
                    target.value[size * index + word] = sum
                    carry = first || second
                }
            }
        }
    }

    /// Calls `body` with the index, the sign and the magnitude of each digit of a window that is not zero, in order.
    @inline(__always)
    func forEachDigit(
        ofWindow window: Int, in range: Range<Int>,
        _ body: (_ index: Int, _ isNegative: Bool, _ magnitude: Int) -> Void
    ) {
        let start = window * windowBits
        let word = start >> 6
        let shift = UInt64(start & 63)
        let isLast = window == windowCount - 1
        let mask: UInt64 = (1 << UInt64(windowBits)) - 1
        let half = isLast ? 0 : 1 << (windowBits - 1)
        let crosses = Int(shift) + windowBits > 64 && word + 1 < wordsPerScalar
        let top = wordsPerScalar - 1
        let wordMask = word == top ? ~Self.signBit : ~0
        let nextMask = word + 1 == top ? ~Self.signBit : ~0
        words.withUnsafeBufferPointer { words in
            for index in range {
                let base = wordsPerScalar &* index
                var bits = (words[base &+ word] & wordMask) >> shift
                if crosses { bits |= (words[base &+ word &+ 1] & nextMask) << (64 &- shift) }
                let digit = Int(truncatingIfNeeded: bits & mask) &- half
                if digit != 0 {
                    body(index, (digit < 0) != (words[base &+ top] & Self.signBit != 0), abs(digit))
                }
            }
        }
    }
}
