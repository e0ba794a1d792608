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
            guard long >= Self.sampleSize, scalars.count < 1 << 27,
                Self.areManyEqual(scalars, lengths, stride: long / Self.sampleSize)
            else { return nil }
            // Each thread has the scalars of one residue of the hash; a group's number carries the residue.
            let parts = min(Parallelism.threadCount, 16)
            let numbers = KernelMemory(bytes: 4 * scalars.count)
            let lengthOf = lengths
            let source = UncheckedSendable(scalars)
            let tables = parallelMap(parts) { part in
                var table = EqualityTable(source.value, capacity: long / parts, part: part, of: parts)
                for index in source.value.indices where lengthOf[index] >= Self.leastLength {
                    guard table.contains(index) else { continue }
                    let group = table.group(of: index)
                    numbers.words(UInt32.self)[index] = group.map { UInt32($0 * parts + part) } ?? .max
                }
                return table
            }
            // Groups of one stay as they are.
            var bounds: [UInt32] = [0]
            var kept: [BN254ScalarField] = []
            let most = tables.map(\.groups.count).max() ?? 0
            var next = [UInt32](repeating: .max, count: most * parts)
            for (part, table) in tables.enumerated() {
                for (group, found) in table.groups.enumerated() where found.count > 1 {
                    next[group * parts + part] = bounds[bounds.count - 1]
                    kept.append(scalars[Int(found.first)])
                    bounds.append(bounds[bounds.count - 1] + found.count)
                }
            }
            var entries = [UInt32](repeating: 0, count: Int(bounds[bounds.count - 1]))
            for index in scalars.indices where lengths[index] >= Self.leastLength {
                let number = numbers.words(UInt32.self)[index]
                guard number != .max, next[Int(number)] != .max else { continue }
                entries[Int(next[Int(number)])] = UInt32(index)
                next[Int(number)] += 1
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
        func pointSums(_ lists: [VectorPoints], _ infinity: [KernelMemory?]) -> [VectorPoints] {
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
                return VectorPoints(group: list.group, in: memory, count: scalars.count)
            }
        }
    }

    /// Numbers different scalars as they come, by open addressing.
    private struct EqualityTable: @unchecked Sendable {
        private(set) var groups: [(first: UInt32, count: UInt32)] = []
        private let words: UnsafePointer<UInt64>
        private var places: [UInt32]
        private let shift: UInt64
        private let part: UInt64
        private let parts: UInt64
        /// Scalars that would have to look further for their place are not numbered.
        private static let longestSearch = 32

        /// A table of about `capacity` scalars: those whose hash has the residue `part` modulo `parts`.
        init(
            _ scalars: UnsafeBufferPointer<BN254ScalarField>, capacity: Int, part: Int = 0, of parts: Int = 1
        ) {
            words = scalars.words!
            let bits = Int.bitWidth - (2 * max(1, capacity) - 1).leadingZeroBitCount
            places = [UInt32](repeating: .max, count: 1 << bits)
            shift = UInt64(64 - bits)
            self.part = UInt64(part)
            self.parts = UInt64(parts)
        }

        private func hash(_ index: Int) -> UInt64 {
            (words[4 * index] ^ words[4 * index + 1] &* 0x9e37_79b9_7f4a_7c15) &* 0xd6e8_feb8_6659_fd93
        }

        /// Whether the scalar at an index belongs into this table.
        func contains(_ index: Int) -> Bool { (hash(index) & 0xffff) % parts == part }

        /// The number of the scalar at an index, which is counted; `nil` if its place would take long to find.
        mutating func group(of index: Int) -> Int? {
            let scalar = words + 4 * index
            var place = Int(hash(index) >> shift)
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
