import EllipticCurves
import FieldArithmetic

extension ProvingKey {
    /// Whether the link part is what a sound set-up makes: a malicious one could make proofs leak the witness.
    ///
    /// Checks e(P_i, γ) = e(K_i, [a·k_0]₂)·Π e(G_t, [a·k_j]₂) for all committed wires, the same for P_ν and P_ρj, and
    /// e([η/γ]₁, γ) = e([η/δ]₁, δ), each batch with fresh random weights; and that the commitment bases are the
    /// universal ones.
    public func isLinkConsistent() -> Bool {
        guard verifyingKey.hasLink else { return true }
        guard Array(bases) == CommitmentBases<Curve>.derive(count: bases.count),
            blindingBase == CommitmentBases<Curve>.blinding
        else { return false }
        var generator = SystemRandomNumberGenerator()
        func weights(_ count: Int) -> [Scalar] {
            (0..<count).map { _ in Scalar(generator.next() as UInt64) * Scalar(generator.next() as UInt64) }
        }
        let wire = weights(shape.committedCount)
        let blindings = weights(shape.linkedCounts.count)
        let eta = weights(1)[0]
        var left = JacobianPoint(linkBlinding) * eta
        var k0 = JacobianPoint(etaByGamma) * eta
        wire.withUnsafeBufferPointer { weights in
            left += multiScalarMultiply(weights, linkQuery)
            k0 += multiScalarMultiply(weights, kQuery)
        }
        var pairs: [(G1, G2)] = []
        var start = 0
        for (index, count) in shape.linkedCounts.enumerated() {
            let segment = Array(wire[start..<start + count])
            start += count
            left += JacobianPoint(linkBase(index)) * blindings[index]
            let sum = segment.withUnsafeBufferPointer {
                multiScalarMultiply($0, UnsafeBufferPointer(rebasing: bases[..<count]))
            }
            pairs.append(
                (
                    (sum + JacobianPoint(blindingBase) * blindings[index]).affine,
                    verifyingKey.linkKey[index + 1]
                ))
        }
        pairs.append((k0.affine, verifyingKey.linkKey[0]))
        pairs.append(((-left).affine, verifyingKey.gamma))
        return Curve.isPairingProductOne(pairs)
            && Curve.isPairingProductOne([
                (etaByGamma, verifyingKey.gamma), (-etaByDelta, verifyingKey.delta),
            ])
    }
}
