import FieldArithmetic

/// Fp12 = Fp6[w]/(w² − v): c0 + c1·w. The coefficient of w⁰…w⁵ is c0.c0, c1.c0, c0.c1, c1.c1, c0.c2, c1.c2.
@frozen
public struct Fp12<Tower: TowerParameters>: Field {
    public var c0: Fp6<Tower>
    public var c1: Fp6<Tower>

    @inlinable @inline(__always)
    public init(_ c0: Fp6<Tower>, _ c1: Fp6<Tower>) {
        self.c0 = c0
        self.c1 = c1
    }

    @inlinable public static var zero: Self { Self(.zero, .zero) }
    @inlinable public static var one: Self { Self(.one, .zero) }
    @inlinable public var isZero: Bool { c0.isZero && c1.isZero }

    @inlinable
    public static func + (a: Self, b: Self) -> Self { Self(a.c0 + b.c0, a.c1 + b.c1) }

    @inlinable
    public static func - (a: Self, b: Self) -> Self { Self(a.c0 - b.c0, a.c1 - b.c1) }

    @inlinable
    public static prefix func - (a: Self) -> Self { Self(-a.c0, -a.c1) }

    /// Karatsuba: three multiplications in Fp6.
    @inlinable
    public static func * (a: Self, b: Self) -> Self {
        let low = a.c0 * b.c0
        let high = a.c1 * b.c1
        let cross = (a.c0 + a.c1) * (b.c0 + b.c1)
        return Self(low + high.multipliedByV, cross - low - high)
    }

    /// (c₀ + c₁)(c₀ + v·c₁) − c₀c₁ − v·c₀c₁ + 2c₀c₁·w (complex squaring): two multiplications in Fp6.
    @inlinable
    public func squared() -> Self {
        let product = c0 * c1
        let sum = (c0 + c1) * (c0 + c1.multipliedByV)
        return Self(sum - product - product.multipliedByV, product.doubled())
    }

    /// self·(1 + a·w + b·w³), the form of a line on a D-twist: 48 products and 12 reductions in Fp.
    ///
    /// The coefficient of wᵏ is fₖ + a·f₍ₖ₋₁₎ + b·f₍ₖ₋₃₎ with f₍ₖ₋₆₎ = ξ·fₖ, the two in neighbouring places of a row.
    @inlinable
    public func multipliedByLine(_ a: Fp2<Tower.Base>, _ b: Fp2<Tower.Base>) -> Self {
        withUnsafeTemporaryAllocation(of: Tower.Base.self, capacity: 32) { storage in
            let even = Fp2Rows(UnsafeMutableBufferPointer(rebasing: storage[..<16]), capacity: 4)
            even.set(0, c1.c1)
            even.set(1, c1.c0)
            even.set(2, Tower.multiplyByNonResidue(c1.c2))
            even.set(3, Tower.multiplyByNonResidue(c1.c1))
            let odd = Fp2Rows(UnsafeMutableBufferPointer(rebasing: storage[16...]), capacity: 4)
            odd.set(0, c0.c2)
            odd.set(1, c0.c1)
            odd.set(2, c0.c0)
            odd.set(3, Tower.multiplyByNonResidue(c0.c2))
            return withUnsafeBytes(of: (a, b)) { line in
                let line = line.assumingMemoryBound(to: Tower.Base.self).baseAddress!
                return Self(
                    Fp6(
                        c0.c0 + even.sumOfProducts(line, from: 2, count: 2),
                        c0.c1 + even.sumOfProducts(line, from: 1, count: 2),
                        c0.c2 + even.sumOfProducts(line, from: 0, count: 2)),
                    Fp6(
                        c1.c0 + odd.sumOfProducts(line, from: 2, count: 2),
                        c1.c1 + odd.sumOfProducts(line, from: 1, count: 2),
                        c1.c2 + odd.sumOfProducts(line, from: 0, count: 2)))
            }
        }
    }

    /// c₀ − c₁·w: the p⁶-th power, and the inverse in the cyclotomic subgroup.
    @inlinable
    public var conjugate: Self { Self(c0, -c1) }

    @inlinable
    public func inverse() -> Self? {
        let norm = c0.squared() - c1.squared().multipliedByV
        return norm.inverse().map { Self(c0 * $0, -(c1 * $0)) }
    }

    /// The inverse, `nil` for zero. Time depends on the value.
    @inlinable
    public func inverseVartime() -> Self? {
        let norm = c0.squared() - c1.squared().multipliedByV
        return norm.inverseVartime().map { Self(c0 * $0, -(c1 * $0)) }
    }

    /// The pⁿ-th power for n = 1, 2, 3.
    @inlinable
    public func frobenius(_ n: Int = 1) -> Self {
        let gamma = Tower.frobenius
        @inline(__always)
        func map(_ a: Fp2<Tower.Base>, _ k: Int) -> Fp2<Tower.Base> {
            let image = n & 1 == 1 ? a.conjugate : a
            return k == 0 ? image : image * gamma[n, k]
        }
        return Self(
            Fp6(map(c0.c0, 0), map(c0.c1, 2), map(c0.c2, 4)),
            Fp6(map(c1.c0, 1), map(c1.c1, 3), map(c1.c2, 5)))
    }

    /// The square of an element of the cyclotomic subgroup (order p⁴ − p² + 1): nine squarings in Fp2.
    ///
    /// - SeeAlso: Granger, Scott, "Faster squaring in the cyclotomic subgroup of sixth degree extensions" (eprint
    ///   2009/565), section 3.2.
    @inlinable
    public func cyclotomicSquared() -> Self {
        let (a0, a1) = Self.squareQuartic(c0.c0, c1.c1)
        let (b0, b1) = Self.squareQuartic(c1.c0, c0.c2)
        let (d0, d1) = Self.squareQuartic(c0.c1, c1.c2)
        let e = Tower.multiplyByNonResidue(d1)
        return Self(
            Fp6(Self.thriceMinus(a0, c0.c0), Self.thriceMinus(b0, c0.c1), Self.thriceMinus(d0, c0.c2)),
            Fp6(Self.thricePlus(e, c1.c0), Self.thricePlus(a1, c1.c1), Self.thricePlus(b1, c1.c2)))
    }

    /// (x + y·s)² in Fp4 = Fp2[s]/(s² − ξ).
    @inlinable
    static func squareQuartic(
        _ x: Fp2<Tower.Base>, _ y: Fp2<Tower.Base>
    ) -> (Fp2<Tower.Base>, Fp2<Tower.Base>) {
        let xx = x.squared()
        let yy = y.squared()
        return (xx + Tower.multiplyByNonResidue(yy), (x + y).squared() - xx - yy)
    }

    /// 3a − 2b.
    @inlinable @inline(__always)
    static func thriceMinus(_ a: Fp2<Tower.Base>, _ b: Fp2<Tower.Base>) -> Fp2<Tower.Base> {
        (a - b).doubled() + a
    }

    /// 3a + 2b.
    @inlinable @inline(__always)
    static func thricePlus(_ a: Fp2<Tower.Base>, _ b: Fp2<Tower.Base>) -> Fp2<Tower.Base> {
        (a + b).doubled() + a
    }

    /// self to a power given by a windowed non-adjacent form, most significant digit first, in the cyclotomic subgroup: digits
    /// are zero or odd.
    @inlinable
    public func cyclotomicPower(windowedDigits digits: [Int8]) -> Self {
        guard let largest = digits.map(\.magnitude).max(), largest > 0 else { return .one }
        var oddPowers = [self]
        if largest > 1 {
            let square = cyclotomicSquared()
            for index in 1...Int(largest >> 1) { oddPowers.append(oddPowers[index - 1] * square) }
        }
        var result: Self?
        for digit in digits {
            if let power = result { result = power.cyclotomicSquared() }
            if digit == 0 { continue }
            let factor = oddPowers[Int(digit.magnitude >> 1)]
            let signed = digit < 0 ? factor.conjugate : factor
            result = result.map { $0 * signed } ?? signed
        }
        return result ?? .one
    }
}
