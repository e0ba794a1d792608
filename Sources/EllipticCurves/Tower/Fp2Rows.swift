import FieldArithmetic

/// Elements of Fp2 as right operands of sums of products: x₀, −x₁ for the real and x₁, x₀ for the imaginary part.
@usableFromInline
struct Fp2Rows<Base: PrimeField & CoordinateField> {
    @usableFromInline let real: UnsafeMutablePointer<Base>
    @usableFromInline let imaginary: UnsafeMutablePointer<Base>

    /// Rows of `capacity` elements in storage for four times as many.
    @inlinable @inline(__always)
    init(_ storage: UnsafeMutableBufferPointer<Base>, capacity: Int) {
        real = storage.baseAddress!
        imaginary = real + 2 * capacity
    }

    @inlinable @inline(__always)
    func set(_ place: Int, _ x: Fp2<Base>) {
        (real + 2 * place).initialize(to: x.c0)
        (real + 2 * place + 1).initialize(to: -x.c1)
        (imaginary + 2 * place).initialize(to: x.c1)
        (imaginary + 2 * place + 1).initialize(to: x.c0)
    }

    /// Σ aᵢ·x₍ₚₗₐ꜀ₑ₊ᵢ₎ over `count` ≤ 4 elements, with one reduction for each part.
    @inlinable @inline(__always)
    func sumOfProducts(_ a: UnsafePointer<Base>, from place: Int, count: Int) -> Fp2<Base> {
        Fp2(
            Base.sumOfProducts(a, real + 2 * place, count: 2 * count),
            Base.sumOfProducts(a, imaginary + 2 * place, count: 2 * count))
    }
}
