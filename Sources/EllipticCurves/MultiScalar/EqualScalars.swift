import CFieldKernels
import FieldArithmetic
import Parallelism

#if arch(x86_64)
    /// Long scalars that occur several times, as the inverses of a lookup argument do: the points of one scalar are added
    /// first, one addition for each, and only their sum is multiplied.
    struct EqualScalars: Sendable {
        /// The different scalars.
        let scalars: [BN254ScalarField]
        /// The indices of the points of each, one scalar after another.
        private let entries: [UInt32]
        /// Where those of scalar k start; one more at the end.
        private let bounds: [UInt32]

        /// Shorter scalars cost about as much as the addition that they would be spared.
        private static let leastLength = 64
        private static let sampleSize = 1 << 12
        /// Of the sample, at least one in this many must have met its like: that is so if a scalar of N long ones
        /// occurs N/40,000 times and more.
        private static let leastShare = 20

        /// Finds groups and leaves their scalars out of `lengths`; `nil` if there is little to gain.
        init?(_ scalars: UnsafeBufferPointer<BN254ScalarField>, _ lengths: inout ScalarLengths) {
            let long = lengths.total[Self.leastLength...].reduce(0, +)
            guard long >= Self.sampleSize, scalars.count < 1 << 31,
                Self.areManyEqual(scalars, lengths, stride: long / Self.sampleSize)
            else { return nil }
            var table = EqualityTable(scalars, capacity: long)
            var groupOf = [UInt32](repeating: .max, count: scalars.count)
            for index in scalars.indices where lengths[index] >= Self.leastLength {
                if let group = table.group(of: index) { groupOf[index] = UInt32(group) }
            }
            // Groups of one stay as they are.
            var bounds: [UInt32] = [0]
            var kept: [BN254ScalarField] = []
            var next = [UInt32](repeating: .max, count: table.groups.count)
            for (group, found) in table.groups.enumerated() where found.count > 1 {
                next[group] = bounds[bounds.count - 1]
                kept.append(scalars[Int(found.first)])
                bounds.append(bounds[bounds.count - 1] + found.count)
            }
            var entries = [UInt32](repeating: 0, count: Int(bounds[bounds.count - 1]))
            for (index, group) in groupOf.enumerated() where group != .max && next[Int(group)] != .max {
                entries[Int(next[Int(group)])] = UInt32(index)
                next[Int(group)] += 1
                lengths.leaveOut(index)
            }
            guard !kept.isEmpty else { return nil }
            self.scalars = kept
            self.entries = entries
            self.bounds = bounds
        }

        /// Whether a sample of the long scalars, about `sampleSize` of them, has equal ones.
        private static func areManyEqual(
            _ scalars: UnsafeBufferPointer<BN254ScalarField>, _ lengths: ScalarLengths, stride step: Int
        ) -> Bool {
            var table = EqualityTable(scalars, capacity: 2 * sampleSize)
            var sampled = 0
            // An odd step, as circuits repeat themselves after even ones.
            for index in stride(from: 0, to: scalars.count, by: step | 1)
            where lengths[index] >= leastLength && sampled < 2 * sampleSize && table.group(of: index) != nil {
                sampled += 1
            }
            return (sampled - table.groups.count) * leastShare >= max(1, sampled)
        }

        /// The sum of the points of each scalar, for each list.
        func pointSums(_ lists: [VectorPoints], _ infinity: [KernelMemory?]) -> [(
            points: VectorPoints, memory: KernelMemory
        )] {
            let bits = 12
            let together = 1 << (bits - 1)
            let pool = ScratchPool()
            return lists.indices.map { index in
                let list = lists[index]
                let memory = KernelMemory(bytes: scalars.count * list.wordsPerPoint * 8)
                let sums = memory.words(UInt64.self)
                parallelFor((scalars.count + together - 1) / together) { part in
                    let first = part * together
                    let count = min(together, scalars.count - first)
                    let local = (0...together).map { bounds[first + min($0, count)] }
                    let target = sums + first * list.wordsPerPoint
                    let marks = infinity[index]?.words(UInt64.self)
                    switch list.group {
                    case .g1:
                        let scratch = pool.take(bytes: zk_g1_msm_scratch_bytes(UInt32(bits), 1))
                        zk_g1_msm_accumulate(
                            list.words, marks, entries, local, UInt32(bits), 1, 1, scratch.base)
                        zk_g1_msm_bucket_points(UInt32(bits), 1, count, target, scratch.base)
                        pool.give(scratch)
                    case .g2:
                        let scratch = pool.take(bytes: zk_g2_msm_scratch_bytes(UInt32(bits), 1))
                        zk_g2_msm_accumulate(
                            list.words, marks, entries, local, UInt32(bits), 1, 1, scratch.base)
                        zk_g2_msm_bucket_points(UInt32(bits), 1, count, target, scratch.base)
                        pool.give(scratch)
                    }
                }
                return (VectorPoints(group: list.group, words: sums, count: scalars.count), memory)
            }
        }
    }

    /// Numbers different scalars as they come, by open addressing.
    private struct EqualityTable {
        private(set) var groups: [(first: UInt32, count: UInt32)] = []
        private let words: UnsafePointer<UInt64>
        private var places: [UInt32]
        private let shift: UInt64
        /// Scalars that would have to look further for their place are not numbered.
        private static let longestSearch = 32

        init(_ scalars: UnsafeBufferPointer<BN254ScalarField>, capacity: Int) {
            words = scalars.words!
            let bits = Int.bitWidth - (2 * max(1, capacity) - 1).leadingZeroBitCount
            places = [UInt32](repeating: .max, count: 1 << bits)
            shift = UInt64(64 - bits)
        }

        /// The number of the scalar at an index, which is counted; `nil` if its place would take long to find.
        mutating func group(of index: Int) -> Int? {
            let scalar = words + 4 * index
            let mixed = (scalar[0] ^ scalar[1] &* 0x9e37_79b9_7f4a_7c15) &* 0xd6e8_feb8_6659_fd93
            var place = Int(mixed >> shift)
            for _ in 0..<Self.longestSearch {
                let number = Int(places[place])
                if number == Int(UInt32.max) {
                    places[place] = UInt32(groups.count)
                    groups.append((UInt32(index), 1))
                    return groups.count - 1
                }
                let other = words + 4 * Int(groups[number].first)
                if scalar[0] == other[0], scalar[1] == other[1], scalar[2] == other[2], scalar[3] == other[3]
                {
                    groups[number].count += 1
                    return number
                }
                place = (place + 1) & (places.count - 1)
            }
            return nil
        }
    }
#endif
