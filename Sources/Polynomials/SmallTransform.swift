import FieldArithmetic

/// A discrete Fourier transform of a few thousand points with all its twiddle factors, as one step of a larger one.
///
/// The size is m = 3^t·2^k. *Permuted order* puts index i at the position whose mixed-radix digits, the threes
/// most significant, are those of i reversed: `index(atPosition:)`.
struct SmallTransform<F: PrimeField>: Sendable {
    /// One level of butterflies: `blocks` blocks, each of `radix` parts of `part` elements.
    struct Level: Sendable {
        let radix: Int
        let blocks: Int
        let part: Int
        /// Where this level's twiddle factors start: one (radix 2) or two (radix 3: ρ, ρ²) for each block
        /// (`splitting`) or each place in a part (`joining`).
        let offset: Int
    }

    enum Direction {
        /// Natural order in, permuted order out: block by block modulo X^s − ρ^s, one ρ for each block.
        case splitting
        /// Permuted order in, natural order out (decimation in time): one ρ for each place in a part.
        case joining
    }

    let size: Int
    let direction: Direction
    /// The radices, outermost (that is, most significant digit of the position) first.
    let radices: [Int]
    /// In the order in which they run.
    let levels: [Level]
    let twiddles: [F]
    /// Whether the first factor of each level is 1, because there is no twist.
    let isUntwisted: Bool
    /// The primitive third root of unity ζ of the transform's own root; 1 without a radix of 3.
    let cubeRoot: F

    /// The transform x ↦ Σ_i x_i·(twist·root^k)^i, in which `root` has order 3^`threes`·2^`twos`.
    init(twos: Int, threes: Int, root: F, twist: F = .one, direction: Direction) {
        let radices = [Int](repeating: 3, count: threes) + [Int](repeating: 2, count: twos)
        let size = radices.reduce(1, *)
        let powers = Self.powers(of: root, count: size)
        var levels: [Level] = []
        var twiddles: [F] = []
        twiddles.reserveCapacity(size)
        var blocks = 1
        for radix in radices {
            let part = size / (radix * blocks)
            levels.append(Level(radix: radix, blocks: blocks, part: part, offset: twiddles.count))
            // Twisting Σ x_i·X^i by c twists its parts by c^part where they are blocks of coefficients, and by
            // c^blocks where they are residue classes.
            let isSplitting = direction == .splitting
            let scale = twist.power(UInt64(isSplitting ? part : blocks))
            for index in 0..<(isSplitting ? blocks : part) {
                let exponent =
                    isSplitting
                    ? Self.reversed(index, radices: radices, count: blocks) * part : index * blocks
                let factor = scale * powers[exponent]
                twiddles.append(factor)
                if radix == 3 { twiddles.append(factor.squared()) }
            }
            blocks *= radix
        }
        self.size = size
        self.direction = direction
        self.radices = radices
        self.levels = direction == .splitting ? levels : levels.reversed()
        self.twiddles = twiddles
        isUntwisted = twist == .one
        cubeRoot = threes == 0 ? .one : powers[size / 3]
    }

    /// The index that stands at a position of the permuted order.
    func index(atPosition position: Int) -> Int {
        Self.reversed(position, radices: radices, count: size)
    }

    /// Digit reversal of a position below `count`, the product of the first radices.
    private static func reversed(_ position: Int, radices: [Int], count: Int) -> Int {
        var weight = 1
        var rest = position
        var span = count
        var index = 0
        for radix in radices where span > 1 {
            span /= radix
            index += rest / span * weight
            rest %= span
            weight *= radix
        }
        return index
    }

    private static func powers(of root: F, count: Int) -> [F] {
        var power = F.one
        return (0..<count).map { _ in
            defer { power *= root }
            return power
        }
    }
}

// MARK: - Portable transform

extension SmallTransform {
    /// Transforms `size` elements in place.
    @_specialize(where F == BN254ScalarField)
    func run(_ values: UnsafeMutablePointer<F>) {
        twiddles.withUnsafeBufferPointer { twiddles in
            for level in levels {
                let factors = twiddles.baseAddress! + level.offset
                switch (direction, level.radix) {
                case (.splitting, 2): Self.split2(values, level, factors)
                case (.splitting, _): Self.split3(values, level, factors, cubeRoot)
                case (.joining, 2): Self.join2(values, level, factors, startsWithOne: isUntwisted)
                case (.joining, _): Self.join3(values, level, factors, cubeRoot)
                }
            }
        }
    }

    /// (a, b) ← (a + ρb, a − ρb): the residues modulo X^s − ρ and X^s + ρ of a + b·X^s. Cooley and Tukey's butterfly.
    @inline(__always)
    private static func butterfly2(_ a: UnsafeMutablePointer<F>, _ b: UnsafeMutablePointer<F>, _ factor: F) {
        let product = b.pointee * factor
        b.pointee = a.pointee - product
        a.pointee += product
    }

    @inline(__always)
    private static func butterfly2(_ a: UnsafeMutablePointer<F>, _ b: UnsafeMutablePointer<F>) {
        let difference = a.pointee - b.pointee
        a.pointee += b.pointee
        b.pointee = difference
    }

    @inline(__always)
    private static func split2(
        _ values: UnsafeMutablePointer<F>, _ level: Level, _ factors: UnsafePointer<F>
    ) {
        let part = level.part
        for block in 0..<level.blocks {
            let first = values + 2 * part * block
            let factor = factors[block]
            if factor == .one {
                for place in 0..<part { butterfly2(first + place, first + part + place) }
            } else {
                for place in 0..<part { butterfly2(first + place, first + part + place, factor) }
            }
        }
    }

    @inline(__always)
    private static func join2(
        _ values: UnsafeMutablePointer<F>, _ level: Level, _ factors: UnsafePointer<F>, startsWithOne: Bool
    ) {
        let part = level.part
        for block in 0..<level.blocks {
            let first = values + 2 * part * block
            if startsWithOne {
                butterfly2(first, first + part)
            } else {
                butterfly2(first, first + part, factors[0])
            }
            for place in 1..<max(1, part) {
                butterfly2(first + place, first + part + place, factors[place])
            }
        }
    }

    /// a + b + c, a + ζb + ζ²c, a + ζ²b + ζc after scaling b by ρ and c by ρ². With ζ² = −1 − ζ one product is enough:
    /// the second is (a − c) + ζ(b − c) and the third (a − b) − ζ(b − c).
    @inline(__always)
    private static func butterfly3(_ a: UnsafeMutablePointer<F>, _ part: Int, _ b: F, _ c: F, _ zeta: F) {
        let first = a.pointee
        let product = (b - c) * zeta
        a.pointee = first + b + c
        a[part] = first - c + product
        a[2 * part] = first - b - product
    }

    @inline(__always)
    private static func split3(
        _ values: UnsafeMutablePointer<F>, _ level: Level, _ factors: UnsafePointer<F>, _ cubeRoot: F
    ) {
        let part = level.part
        for block in 0..<level.blocks {
            let first = values + 3 * part * block
            let (factor, square) = (factors[2 * block], factors[2 * block + 1])
            for place in first..<(first + part) {
                butterfly3(place, part, place[part] * factor, place[2 * part] * square, cubeRoot)
            }
        }
    }

    @inline(__always)
    private static func join3(
        _ values: UnsafeMutablePointer<F>, _ level: Level, _ factors: UnsafePointer<F>, _ cubeRoot: F
    ) {
        let part = level.part
        for block in 0..<level.blocks {
            let first = values + 3 * part * block
            for place in 0..<part {
                let a = first + place
                butterfly3(
                    a, part, a[part] * factors[2 * place], a[2 * part] * factors[2 * place + 1], cubeRoot)
            }
        }
    }

    /// values[i] ← values[i]·first·ratio^i.
    @_specialize(where F == BN254ScalarField)
    static func scaleByPowers(_ values: UnsafeMutableBufferPointer<F>, first: F, ratio: F) {
        // Four independent chains hide the latency of a multiplication.
        let ratio2 = ratio.squared()
        let ratio4 = ratio2.squared()
        var (p0, p1) = (first, first * ratio)
        var (p2, p3) = (p0 * ratio2, p1 * ratio2)
        var index = 0
        while index + 4 <= values.count {
            values[index] *= p0
            values[index + 1] *= p1
            values[index + 2] *= p2
            values[index + 3] *= p3
            p0 *= ratio4
            p1 *= ratio4
            p2 *= ratio4
            p3 *= ratio4
            index += 4
        }
        while index < values.count {
            values[index] *= p0
            p0 *= ratio
            index += 1
        }
    }
}
