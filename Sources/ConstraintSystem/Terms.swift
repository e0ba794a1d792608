import FieldArithmetic

/// A vector of linear combinations of wires in compressed rows: what a `Values` is while a circuit is recorded.
///
/// A constant is a term on the raw wire 0. A wire may occur twice in a row; recording merges the terms.
struct Terms<F: PrimeField>: Sendable {
    /// Row count + 1.
    var offsets: [Int32]
    var wires: [UInt32]
    var coefficients: [F]

    var count: Int { offsets.count - 1 }

    /// Rows of one term each: the wires from `first` on.
    @specialized(where F == BN254ScalarField)
    init(firstWire: UInt32, count: Int) {
        offsets = Array(0...Int32(count))
        wires = Array(firstWire..<firstWire + UInt32(count))
        coefficients = Array(repeating: .one, count: count)
    }

    /// Constants.
    @specialized(where F == BN254ScalarField)
    init(constants: [F]) {
        offsets = Array(0...Int32(constants.count))
        wires = Array(repeating: 0, count: constants.count)
        coefficients = constants
    }

    init(rowCapacity: Int, termCapacity: Int) {
        offsets = []
        offsets.reserveCapacity(rowCapacity + 1)
        offsets.append(0)
        wires = []
        wires.reserveCapacity(termCapacity)
        coefficients = []
        coefficients.reserveCapacity(termCapacity)
    }

    @inline(__always)
    func row(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    @inline(__always)
    private mutating func appendTerms(of other: Terms, row: Int) {
        let range = other.row(row)
        if range.count == 1 {
            wires.append(other.wires[range.lowerBound])
            coefficients.append(other.coefficients[range.lowerBound])
        } else {
            wires.append(contentsOf: other.wires[range])
            coefficients.append(contentsOf: other.coefficients[range])
        }
    }

    @specialized(where F == BN254ScalarField)
    func scaled(by factor: F) -> Terms {
        var result = self
        result.coefficients.withUnsafeMutableBufferPointer { buffer in
            for index in buffer.indices { buffer[index] = buffer[index] * factor }
        }
        return result
    }

    /// self + sign·other, row by row; a single row stands for every row.
    @specialized(where F == BN254ScalarField)
    func adding(_ other: Terms, negated: Bool) -> Terms {
        let rows = max(count, other.count)
        let right = negated ? other.scaled(by: -.one) : other
        var result = Terms(rowCapacity: rows, termCapacity: wires.count + other.wires.count)
        for row in 0..<rows {
            result.appendTerms(of: self, row: count == 1 ? 0 : row)
            result.appendTerms(of: right, row: right.count == 1 ? 0 : row)
            result.offsets.append(Int32(result.wires.count))
        }
        return result
    }

    /// The rows with the given numbers, in that order.
    @specialized(where F == BN254ScalarField)
    func gathered(_ rows: [Int]) -> Terms {
        var result = Terms(rowCapacity: rows.count, termCapacity: rows.count)
        for row in rows {
            result.appendTerms(of: self, row: row)
            result.offsets.append(Int32(result.wires.count))
        }
        return result
    }

    /// The rows of a range.
    @specialized(where F == BN254ScalarField)
    func sliced(_ rows: Range<Int>) -> Terms {
        var result = Terms(rowCapacity: rows.count, termCapacity: 0)
        let base = offsets[rows.lowerBound]
        let terms = Int(base)..<Int(offsets[rows.upperBound])
        result.wires = Array(wires[terms])
        result.coefficients = Array(coefficients[terms])
        result.offsets = offsets[rows.lowerBound...rows.upperBound].map { $0 - base }
        return result
    }

    /// The sums of each `size` successive rows.
    func groupSums(size: Int) -> Terms {
        var result = self
        result.offsets = (0...count / size).map { offsets[$0 * size] }
        return result
    }

    /// The rows of all parts, one after the other.
    static func concatenated(_ parts: [Terms]) -> Terms {
        var result = Terms(
            rowCapacity: parts.reduce(0) { $0 + $1.count },
            termCapacity: parts.reduce(0) { $0 + $1.wires.count })
        for part in parts {
            let base = Int32(result.wires.count)
            result.wires.append(contentsOf: part.wires)
            result.coefficients.append(contentsOf: part.coefficients)
            result.offsets.append(contentsOf: part.offsets.dropFirst().lazy.map { $0 + base })
        }
        return result
    }

    /// The same rows with the terms of each wire merged and zeros left out.
    @specialized(where F == BN254ScalarField)
    func merged() -> Terms {
        var result = Terms(rowCapacity: count, termCapacity: wires.count)
        for row in 0..<count {
            let order = self.row(row).sorted { wires[$0] < wires[$1] }
            var next = 0
            while next < order.count {
                let wire = wires[order[next]]
                var coefficient = coefficients[order[next]]
                next += 1
                while next < order.count, wires[order[next]] == wire {
                    coefficient += coefficients[order[next]]
                    next += 1
                }
                if !coefficient.isZero {
                    result.wires.append(wire)
                    result.coefficients.append(coefficient)
                }
            }
            result.offsets.append(Int32(result.wires.count))
        }
        return result
    }
}
