import FieldArithmetic

/// A point (X : Y : Z) in homogeneous coordinates, x = X/Z, y = Y/Z, with additions that have no special cases.
///
/// The formulas hold for all pairs of points of odd order, so that a multiplication by a secret scalar runs the same
/// steps for every scalar. The curves of the library have odd order as a whole.
///
/// - SeeAlso: Renes, Costello, Batina, "Complete addition formulas for prime order elliptic curves" (eprint 2015/1060).
struct CompletePoint<Curve: ShortWeierstrassCurve> {
    var x: Curve.BaseField
    var y: Curve.BaseField
    var z: Curve.BaseField

    static var zero: Self { Self(x: .zero, y: .one, z: .zero) }

    init(x: Curve.BaseField, y: Curve.BaseField, z: Curve.BaseField) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// (X/Z², Y/Z³) = (XZ : Y : Z³), and (0 : 1 : 0) for infinity, where X = Y = 1.
    init(_ point: JacobianPoint<Curve>) {
        self.init(x: point.x * point.z, y: point.y, z: point.z.squared() * point.z)
    }

    /// (X/Z, Y/Z) = (XZ, YZ², Z) in Jacobian coordinates.
    var jacobian: JacobianPoint<Curve> {
        JacobianPoint(x: x * z, y: y * z.squared(), z: z)
    }

    /// Algorithm 7.
    static func add(_ p: Self, _ q: Self, thriceB: Curve.BaseField) -> Self {
        let xx = p.x * q.x
        let yy = p.y * q.y
        let zz = p.z * q.z
        let xy = (p.x + p.y) * (q.x + q.y) - xx - yy
        let yz = (p.y + p.z) * (q.y + q.z) - yy - zz
        let xz = (p.x + p.z) * (q.x + q.z) - xx - zz
        let threeXX = xx.doubled() + xx
        let bzz = zz * thriceB
        let bxz = xz * thriceB
        let plus = yy + bzz
        let minus = yy - bzz
        return Self(
            x: xy * minus - yz * bxz, y: bxz * threeXX + minus * plus, z: plus * yz + threeXX * xy)
    }

    /// Algorithm 9.
    func doubled(thriceB: Curve.BaseField) -> Self {
        let yy = y.squared()
        let bzz = z.squared() * thriceB
        let eightYY = yy.doubled().doubled().doubled()
        let minus = yy - (bzz.doubled() + bzz)
        return Self(
            x: (minus * (x * y)).doubled(), y: minus * (yy + bzz) + bzz * eightYY, z: y * z * eightYY)
    }
}
