import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Polynomials

/// Where the bytes of a circuit's proving key go.
public struct KeySize: Sendable, Equatable {
    /// Points of the domain.
    public var domainSize: Int
    /// Bytes that the wires, rows and entries of each region take, by index into `R1CS.names.regions`.
    public var regions: [Int]
    /// Bytes of the public rows, the domain's padding, the commitment bases and the coefficients.
    public var rest: Int

    public var total: Int { regions.reduce(rest, +) }
}

extension R1CS where F == BN254ScalarField {
    /// The size of the proving key on BN254, without its header and verifying key; `nil` if the field has no domain
    /// large enough.
    public var keySize: KeySize? {
        guard let domain = EvaluationDomain<F>(minimumSize: constraintCount + publicCount) else { return nil }
        let g1 = MemoryLayout<AffinePoint<BN254G1>>.stride
        let g2 = MemoryLayout<AffinePoint<BN254G2>>.stride
        let index = MemoryLayout<UInt32>.stride
        var stands = [UInt8](repeating: 0, count: wireCount)
        for column in a.columns { stands[Int(column)] |= 1 }
        for column in b.columns { stands[Int(column)] |= 2 }
        for wire in 0..<publicCount { stands[wire] |= 1 }
        func bytes(ofWire wire: Int) -> Int {
            var bytes = stands[wire] & 1 != 0 ? g1 + index : 0
            if stands[wire] & 2 != 0 { bytes += g1 + g2 + index }
            if wire >= publicCount { bytes += wire < publicCount + committedCount ? 2 * g1 : g1 }
            return bytes
        }
        func bytes(ofRow row: Int) -> Int {
            g1 + 2 * index * (1 + a.entries(ofRow: row).count + b.entries(ofRow: row).count)
        }
        var size = KeySize(
            domainSize: domain.size, regions: [Int](repeating: 0, count: max(1, names.regions.count)),
            rest: (domain.size - constraintCount) * g1 + coefficients.count * MemoryLayout<F>.stride
                + (segments.filter(\.isLinked).map(\.count).max() ?? 0) * g1)
        let rowStarts = names.constraints.isEmpty ? [(0, 0)] : names.constraints.map { ($0.start, $0.region) }
        for (position, (start, region)) in rowStarts.enumerated() {
            let end = position + 1 < rowStarts.count ? rowStarts[position + 1].0 : constraintCount
            for row in start..<end { size.regions[region] += bytes(ofRow: row) }
        }
        let wireStarts = names.wires.isEmpty ? [(0, 0)] : names.wires.map { ($0.start, $0.region) }
        for wire in 0..<wireStarts[0].0 { size.rest += bytes(ofWire: wire) }
        for (position, (start, region)) in wireStarts.enumerated() {
            let end = position + 1 < wireStarts.count ? wireStarts[position + 1].0 : wireCount
            for wire in start..<end { size.regions[region] += bytes(ofWire: wire) }
        }
        return size
    }
}
