import FieldArithmetic

/// The Shallue–van de Woestijne map from a prime field to the points of y² = x³ + b, for moduli ≡ 3 mod 4.
///
/// - SeeAlso: RFC 9380, section 6.6.1 and appendix F.1.
struct ShallueVanDeWoestijne<Curve: ShortWeierstrassCurve>: Sendable where Curve.BaseField: PrimeField {
    typealias Element = Curve.BaseField

    private let z: Element
    private let c1: Element
    private let c2: Element
    private let c3: Element
    private let c4: Element

    /// The constants c1 = g(Z), c2 = −Z/2, c3 = √(−g(Z)·3Z²) with an even root, c4 = −4·g(Z)/(3Z²); `nil` if Z does not
    /// suit the curve.
    init?(z: Element) {
        let threeZZ = z.squared() * Element(3)
        self.z = z
        c1 = Self.rightSide(z)
        c2 = -z * Element.half
        guard let root = (-c1 * threeZZ).squareRootVartime(), let inverse = threeZZ.inverse() else {
            return nil
        }
        c3 = Self.isOdd(root) ? -root : root
        c4 = -(c1 * Element(4)) * inverse
    }

    /// x³ + b.
    private static func rightSide(_ x: Element) -> Element { x.squared() * x + Curve.b }

    /// sgn0 of RFC 9380, section 4.1.
    private static func isOdd(_ a: Element) -> Bool { a.canonical.bit(0) }

    /// (1 − c1·u²)(1 + c1·u²), whose inverse, or zero, `map` needs.
    func denominator(_ u: Element) -> Element {
        let product = u.squared() * c1
        return (.one - product) * (.one + product)
    }

    /// The point of u. Time depends on the value.
    ///
    /// - Parameters:
    ///   - inverse: the inverse of `denominator(u)`, zero for zero.
    func map(_ u: Element, inverse: Element) -> AffinePoint<Curve> {
        let product = u.squared() * c1
        let offset = u * (.one - product) * inverse * c3
        // Of the three candidates at least one has a root.
        for x in [c2 - offset, c2 + offset] {
            if let y = Self.rightSide(x).squareRootVartime() { return signed(x, y, like: u) }
        }
        let square = (.one + product).squared() * inverse
        let x = square.squared() * c4 + z
        return signed(x, Self.rightSide(x).squareRootVartime() ?? .zero, like: u)
    }

    private func signed(_ x: Element, _ y: Element, like u: Element) -> AffinePoint<Curve> {
        AffinePoint(x: x, y: Self.isOdd(u) == Self.isOdd(y) ? y : -y)
    }
}
