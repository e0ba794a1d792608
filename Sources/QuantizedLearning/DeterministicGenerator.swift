/// Pseudo-random numbers that are the same on every machine, for shuffles, splits and public starts.
///
/// xoshiro256** with its state filled by SplitMix64 (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number
/// generators", ACM TOMS 2021). Not for secrets. The drawing of bounded integers and the shuffle are defined here and
/// not taken from the standard library, whose algorithms may change.
public struct DeterministicGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// What a stream of numbers is for: the same seed gives unrelated streams.
    public enum Purpose: UInt64, Sendable {
        case initialWeights = 1
        case batchOrder = 2
        case sharding = 3
        case shuffle = 4
    }

    /// A stream for one purpose, for example the batch order of one epoch (`index`).
    public init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
        var mixer = SplitMix64(state: seed)
        mixer.absorb(purpose.rawValue)
        mixer.absorb(index)
        self.init(state: (mixer.next(), mixer.next(), mixer.next(), mixer.next()))
    }

    /// A stream from 256 bits, for example a hash; all zeros are replaced, as xoshiro cannot leave that state.
    public init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
        if state == (0, 0, 0, 0) { self.state.0 = 1 }
    }

    public mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A uniform integer 0 ≤ x < bound, by rejection of the numbers below 2^64 mod bound; `bound` > 0.
    public mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0)
        let rejected = (0 &- bound) % bound
        while true {
            let number = next()
            if number >= rejected { return number % bound }
        }
    }

    /// A uniform integer of a closed range.
    public mutating func next(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }

    /// Shuffles by Fisher–Yates, from the last position down.
    public mutating func shuffle<T>(_ items: inout [T]) {
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(last, Int(next(below: UInt64(last) + 1)))
        }
    }

    /// The numbers 0..<count in random order.
    public mutating func permutation(_ count: Int) -> [Int] {
        var items = Array(0..<count)
        shuffle(&items)
        return items
    }
}

/// SplitMix64, which turns a seed into the state of another generator.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// Makes all further numbers depend on one more word.
    mutating func absorb(_ word: UInt64) { state = next() ^ word }
}
