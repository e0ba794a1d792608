import FieldArithmetic

/// What the Miller loop of the ate pairing needs to know of a curve with a sextic D-twist y² = x³ + b/ξ.
///
/// The untwisting map is (x, y) ↦ (x·w², y·w³).
public protocol TwistedPairingParameters: Sendable {
    associatedtype Tower: TowerParameters
    associatedtype G1: ShortWeierstrassCurve where G1.BaseField == Tower.Base
    associatedtype G2: ShortWeierstrassCurve where G2.BaseField == Fp2<Tower.Base>

    /// Signed binary digits of the loop's length, most significant first: 6u + 2 for Barreto–Naehrig curves.
    static var loopDigits: [Int8] { get }
}

/// The p-power Frobenius of the curve, carried over to the twist.
public enum TwistEndomorphism<Parameters: TwistedPairingParameters> {
    /// ψ(x, y) = (x̄·γ₁₂, ȳ·γ₁₃).
    ///
    /// - SeeAlso: Galbraith, Scott, "Exponentiation in pairing-friendly groups using homomorphisms" (2008).
    public static func apply(_ point: AffinePoint<Parameters.G2>) -> AffinePoint<Parameters.G2> {
        let gamma = Parameters.Tower.frobenius
        return AffinePoint(x: point.x.conjugate * gamma[1, 2], y: point.y.conjugate * gamma[1, 3])
    }

    static func apply(_ point: JacobianPoint<Parameters.G2>) -> JacobianPoint<Parameters.G2> {
        let gamma = Parameters.Tower.frobenius
        return JacobianPoint(
            x: point.x.conjugate * gamma[1, 2], y: point.y.conjugate * gamma[1, 3], z: point.z.conjugate)
    }
}

/// The line through two points of the twist, y = slope·x − intercept.
///
/// At P = (x_P, y_P), scaled by 1/y_P: 1 − slope·(x_P/y_P)·w + intercept/y_P·w³. The scaling by subfield elements here and
/// in `PreparedLines` does not survive the final exponentiation.
@frozen
@usableFromInline
struct TwistLine<Base: PrimeField & CoordinateField>: Sendable {
    @usableFromInline var slope: Fp2<Base>
    @usableFromInline var intercept: Fp2<Base>

    @usableFromInline
    init(slope: Fp2<Base>, intercept: Fp2<Base>) {
        self.slope = slope
        self.intercept = intercept
    }
}

/// A point and, where the portable kernel runs, all lines of its optimal ate loop, in the order in which the loop meets them.
public struct PreparedLines<Parameters: TwistedPairingParameters>: Sendable {
    typealias Element = Fp2<Parameters.Tower.Base>

    let point: AffinePoint<Parameters.G2>
    /// Empty for infinity, and where they are not made ahead of the loop.
    let lines: [TwistLine<Parameters.Tower.Base>]

    init(point: AffinePoint<Parameters.G2>, lines: [TwistLine<Parameters.Tower.Base>] = []) {
        self.point = point
        self.lines = lines
    }

    public var isInfinity: Bool { point.isInfinity }
}

/// A running multiple of Q in homogeneous coordinates that emits the lines of its steps.
///
/// - SeeAlso: Costello, Lange, Naehrig, "Faster pairing computations on curves with high-degree twists" (eprint
///   2009/615), section 5; Aranha et al., "Faster explicit formulas for computing pairings over ordinary curves"
///   (eprint 2010/526), section 4.
struct LineWalk<Parameters: TwistedPairingParameters> {
    typealias Element = Fp2<Parameters.Tower.Base>

    private let start: AffinePoint<Parameters.G2>
    private var x: Element
    private var y: Element
    private var z = Element.one
    /// Numerators of (slope, intercept), and their common denominators.
    private var numerators: [TwistLine<Parameters.Tower.Base>] = []
    private var denominators: [Element] = []

    init(start: AffinePoint<Parameters.G2>) {
        self.start = start
        x = start.x
        y = start.y
        numerators.reserveCapacity(128)
        denominators.reserveCapacity(128)
    }

    /// T ← 2T with the tangent: slope 3X²/(2YZ), intercept (Y² − 3bZ²)·(−1)/(2YZ). The coordinates are four times those of
    /// the papers, so that nothing is halved.
    mutating func double() {
        let b = y.squared()
        let c = z.squared()
        let e = (c.doubled() + c) * Parameters.G2.b
        let f = e.doubled() + e
        let h = (y + z).squared() - b - c
        let j = x.squared()
        let fourEE = e.doubled().squared()
        numerators.append(TwistLine(slope: j.doubled() + j, intercept: b - e))
        denominators.append(h)
        x = Element.multiplyDifference(b, f, by: (x * y).doubled())
        y = (b + f).squared() - (fourEE.doubled() + fourEE)
        z = (b * h).doubled().doubled()
    }

    /// T ← T + Q with the chord: slope θ/λ, intercept (θ·x_Q − λ·y_Q)/λ for θ = Y − y_Q·Z, λ = X − x_Q·Z.
    mutating func add(_ q: AffinePoint<Parameters.G2>) {
        let theta = y - q.y * z
        let lambda = x - q.x * z
        let d = lambda.squared()
        let e = lambda * d
        let g = x * d
        let h = e + z * theta.squared() - g.doubled()
        numerators.append(TwistLine(slope: theta, intercept: theta * q.x - lambda * q.y))
        denominators.append(lambda)
        x = lambda * h
        y = theta * (g - h) - e * y
        z = z * e
    }

    /// The lines so far, divided by their denominators: one inversion in all.
    func normalized() -> PreparedLines<Parameters> {
        var inverses = denominators
        Element.invertAllVartime(&inverses)
        return PreparedLines(
            point: start,
            lines: numerators.indices.map { index in
                let line = numerators[index]
                let inverse = inverses[index]
                return TwistLine(slope: line.slope * inverse, intercept: line.intercept * inverse)
            })
    }
}

/// The optimal ate pairing's loop for Barreto–Naehrig curves.
///
/// - SeeAlso: Vercauteren, "Optimal pairings" (eprint 2008/096); Beuchat et al., "High-speed software implementation of
///   the optimal ate pairing over Barreto–Naehrig curves" (eprint 2010/354), algorithm 1.
public enum OptimalAteLoop<Parameters: TwistedPairingParameters> {
    public typealias Target = Fp12<Parameters.Tower>

    /// The lines of f_{6u+2,Q}, of [6u+2]Q + ψ(Q), and of [6u+2]Q + ψ(Q) − ψ²(Q).
    static func prepare(_ q: AffinePoint<Parameters.G2>) -> PreparedLines<Parameters> {
        if q.isInfinity { return PreparedLines(point: q) }
        var walk = LineWalk<Parameters>(start: q)
        let minusQ = -q
        for digit in Parameters.loopDigits.dropFirst() {
            walk.double()
            if digit == 1 { walk.add(q) }
            if digit == -1 { walk.add(minusQ) }
        }
        let image = TwistEndomorphism<Parameters>.apply(q)
        walk.add(image)
        walk.add(-TwistEndomorphism<Parameters>.apply(image))
        return walk.normalized()
    }

    /// The product over all pairs, with shared squarings.
    static func evaluate(
        _ pairs: [(AffinePoint<Parameters.G1>, PreparedLines<Parameters>)]
    ) -> Target {
        let finite = pairs.filter { !$0.0.isInfinity && !$0.1.isInfinity }.map { pair in
            (pair.0, pair.1.lines.isEmpty ? prepare(pair.1.point) : pair.1)
        }
        if finite.isEmpty { return .one }
        // On a curve of odd order no y is zero.
        var inverseY = finite.map(\.0.y)
        Parameters.Tower.Base.invertAllVartime(&inverseY)
        let minusXOverY = finite.indices.map { -(finite[$0].0.x * inverseY[$0]) }
        var f = Target.one
        var step = 0
        func multiplyByLines() {
            for index in finite.indices {
                let line = finite[index].1.lines[step]
                f = f.multipliedByLine(line.slope * minusXOverY[index], line.intercept * inverseY[index])
            }
            step += 1
        }
        for (position, digit) in Parameters.loopDigits.dropFirst().enumerated() {
            if position > 0 { f = f.squared() }
            multiplyByLines()
            if digit != 0 { multiplyByLines() }
        }
        multiplyByLines()
        multiplyByLines()
        return f
    }
}

extension PrimeField {
    /// 1/2.
    static var half: Self {
        // (p + 1)/2, computed without an inversion.
        let limbs = ((BigInteger(modulus) + 1) >> 1).limbs(as: Limbs.self)
        return limbs.flatMap { Self(canonical: $0) } ?? .zero
    }
}

/// The non-adjacent form of an integer in windows of `width` bits, most significant digit first.
package func nonAdjacentForm(_ integer: UInt128, width: Int = 2) -> [Int8] {
    Limbs4(UInt64(truncatingIfNeeded: integer), UInt64(truncatingIfNeeded: integer >> 64), 0, 0)
        .windowedDigitsVartime(width: width).trimmingTrailingZeros.reversed()
}

extension [Int8] {
    fileprivate var trimmingTrailingZeros: [Int8] {
        var digits = self
        while digits.last == 0 { digits.removeLast() }
        return digits
    }
}
