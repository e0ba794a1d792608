import EllipticCurves
import FieldArithmetic
import TestSupport

/// A field that tests can draw awkward and uniform elements of.
protocol SkewedField: Field {
    static func skewed(using generator: inout SeededGenerator) -> Self
    static func random(using generator: inout SeededGenerator) -> Self
}

extension Fp2: SkewedField {
    static func skewed(using generator: inout SeededGenerator) -> Self {
        Self(.skewed(using: &generator), .skewed(using: &generator))
    }
    static func random(using generator: inout SeededGenerator) -> Self {
        Self(.random(using: &generator), .random(using: &generator))
    }
}

extension Fp6: SkewedField {
    static func skewed(using generator: inout SeededGenerator) -> Self {
        Self(.skewed(using: &generator), .skewed(using: &generator), .skewed(using: &generator))
    }
    static func random(using generator: inout SeededGenerator) -> Self {
        Self(.random(using: &generator), .random(using: &generator), .random(using: &generator))
    }
}

extension Fp12: SkewedField {
    static func skewed(using generator: inout SeededGenerator) -> Self {
        Self(.skewed(using: &generator), .skewed(using: &generator))
    }
    static func random(using generator: inout SeededGenerator) -> Self {
        Self(.random(using: &generator), .random(using: &generator))
    }
}
