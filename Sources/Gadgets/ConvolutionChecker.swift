import ConstraintSystem
import FieldArithmetic

/// All convolutions of a circuit, forwards and backwards, each checked at about one constraint per value in it.
///
/// A convolution layer has the trilinear form T(X, W, G) = Σ X[b, c, i·s + u − p, j·s + v − p]·W[(c,u,v), o]·G[b, o, i, j].
/// Its output is what remains when G is left out, the gradient of its weights when W is, and that of its inputs when X is. To
/// check one of these, the tensor left out is replaced by powers of a challenge c with a different exponent for every
/// entry: both sides are then polynomials in c whose coefficients, the entries, are fixed before c. If an entry is
/// wrong they differ, and agree for at most degree/r of the challenges (Schwartz–Zippel); the degree is below
/// area·O·B forwards, area·C·O for weights and area·C·B for inputs, for B samples, C and O channels, and the padded
/// image's area. `ConvolutionShape` counts the constraints; the methods say how they arise.
///
/// The challenge is that of matrix products, and its powers are made once for all convolutions of the circuit.
public final class ConvolutionChecker<F: PrimeField> {
    typealias Check = (ChallengePowers<F>, CircuitBuilder<F>) throws -> Void

    private var checks: [(path: String, check: Check)] = []
    private var largestArea = 1
    private var isClosed = false

    /// A checker that proves its convolutions after the challenges.
    public init(_ builder: CircuitBuilder<F>) {
        builder.afterChallenges { try self.run($0) }
    }

    private func run(_ builder: CircuitBuilder<F>) throws {
        isClosed = true
        guard !checks.isEmpty else { return }
        let powers = try builder.region("powers of the challenge") {
            try ChallengePowers(of: try builder.challenge("product"), upTo: largestArea, builder)
        }
        for (path, check) in checks { try builder.inRegion(path: path) { try check(powers, builder) } }
    }

    // MARK: Requests

    /// Requires Z = X ∗ W, or X ∗ W + scale·bias, over a whole batch.
    ///
    /// **Constrains** Σ c^e·Z = Σ c^e·(X ∗ W + scale·bias) with the exponent e(b, o, i, j) = area·(O·b + o) + area − 1 − (row
    /// stride·s·i + s·j). Samples of X are folded by Horner's rule; the folded image is weighted with c^(area − 1 − position)
    /// in a `SummedAreaTable`, whose sum over the lattice that (u, v) meets is Σ_{i,j} c^e·X up to the factor
    /// c^(position of (u, v)). W is folded over output channels and multiplied with these sums.
    ///
    /// **Costs** |X| + |W| + |Z| + kernel + 1 constraints, a few more for c^(area·O), and O + B with a bias.
    ///
    /// - Parameters:
    ///   - z: may be linear combinations, such as a rescaled output put together again.
    /// - Returns: Z with the interval that the operands give it, if they are integers.
    /// - Throws: `CircuitError.notFixedBeforeChallenges`, `CircuitError.mayWrapAround`, `CircuitError.shapeMismatch`.
    public func requireConvolution(
        _ shape: ConvolutionShape, _ x: Values<F>, _ w: Values<F>,
        bias: (row: Values<F>, scale: Int)? = nil, equals z: Values<F>, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        try require(
            shape,
            x.count == shape.inputCount && w.count == shape.weightCount && z.count == shape.outputCount
                && bias?.row.count ?? shape.outChannels == shape.outChannels, builder)
        try builder.requireFixed(x, "the input of a convolution")
        try builder.requireFixed(w, "the weights of a convolution")
        try builder.requireFixed(z, "the output of a convolution")
        if let bias { try builder.requireFixed(bias.row, "the bias of a convolution") }
        let interval = try self.interval(x, w, terms: shape.patch, plus: bias, builder)
        return try register(shape, z, interval, "an output of a convolution", builder) { powers, builder in
            try builder.checkConvolution(shape, x, w, bias, z, powers)
        }
    }

    /// Requires dW to be the gradient of the weights, dW[(c,u,v), o] = Σ_{b,i,j} X[b, c, i·s + u − p, j·s + v − p]·G[b, o, i, j],
    /// and that of the biases to be scale·Σ_{b,i,j} G[b, o, i, j].
    ///
    /// **Constrains** Σ c^e·dW with e(c, u, v, o) = area·(c + C·o) + area − 1 − position of (u, v). Channels of X and of G are
    /// folded by Horner's rule; sums over windows of the weighted X, from a `SummedAreaTable` for each sample, are multiplied
    /// with the folded G, added up over samples and weighted with c^(corner of the window). Biases have an equation of
    /// their own.
    ///
    /// **Costs** |X| + |W| + |G| + (outputs in a channel) + 1 constraints, a few more for c^(area·C), and O with a bias.
    ///
    /// - Throws: as `requireConvolution`.
    public func requireWeightGradient(
        _ shape: ConvolutionShape, _ x: Values<F>, _ g: Values<F>, equals dw: Values<F>,
        bias: (gradient: Values<F>, scale: Int)? = nil, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        try require(
            shape,
            x.count == shape.inputCount && dw.count == shape.weightCount && g.count == shape.outputCount
                && bias?.gradient.count ?? shape.outChannels == shape.outChannels, builder)
        try builder.requireFixed(x, "the input of a convolution")
        try builder.requireFixed(g, "the gradient of a convolution")
        try builder.requireFixed(dw, "the gradient of a convolution's weights")
        let terms = shape.samples * shape.positions
        if let bias {
            try builder.requireFixed(bias.gradient, "the gradient of a convolution's biases")
            try builder.requireNoWrap(bias.gradient, "the gradient of a convolution's biases")
            if let interval = g.interval {
                try builder.requireNoWrap(
                    (interval * Interval(bias.scale)).summed(count: terms),
                    "the gradient of a convolution's biases")
            }
        }
        let interval = try self.interval(x, g, terms: terms, plus: nil, builder)
        return try register(
            shape, dw, interval, "the gradient of a convolution's weights", builder
        ) { powers, builder in
            try builder.checkWeightGradient(shape, x, g, dw, bias, powers)
        }
    }

    /// Requires R to be the gradient of the inputs: R[b, c, y, x] is the sum of G[b, o, i, j]·W[(c,u,v), o] over all o and all
    /// (i, u) with i·s + u − p = y and (j, v) with j·s + v − p = x. What would fall on padding is left out.
    ///
    /// **Constrains** Σ c^e·R with e(b, c, y, x) = area·(c + C·b) + position of (y, x). Samples of G and input channels of W are
    /// folded by Horner's rule; G is weighted with c^(corner of the window) in a `SummedAreaTable` for each output channel,
    /// whose sum over the outputs for which (u, v) meets no padding is multiplied with the folded weight.
    ///
    /// **Costs** |R| + |W| + |G| + kernel + 1 constraints, and a few more for c^(area·C).
    ///
    /// - Throws: as `requireConvolution`.
    public func requireInputGradient(
        _ shape: ConvolutionShape, _ g: Values<F>, _ w: Values<F>, equals r: Values<F>,
        _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        try require(
            shape,
            r.count == shape.inputCount && w.count == shape.weightCount && g.count == shape.outputCount,
            builder)
        try builder.requireFixed(g, "the gradient of a convolution")
        try builder.requireFixed(w, "the weights of a convolution")
        try builder.requireFixed(r, "the gradient of a convolution's input")
        let windows =
            ((shape.kernel.height - 1) / shape.stride.height + 1)
            * ((shape.kernel.width - 1) / shape.stride.width + 1)
        let interval = try self.interval(g, w, terms: shape.outChannels * windows, plus: nil, builder)
        return try register(
            shape, r, interval, "the gradient of a convolution's input", builder
        ) { powers, builder in
            try builder.checkInputGradient(shape, g, w, r, powers)
        }
    }

    // MARK: Conditions

    private func require(
        _ shape: ConvolutionShape, _ condition: Bool, _ builder: CircuitBuilder<F>
    ) throws {
        guard condition else {
            throw CircuitError.shapeMismatch(
                region: builder.path,
                what: "operands of a convolution do not have the numbers of values of \(shape)")
        }
    }

    /// A sum of up to `terms` products, of fewer at the edges; `nil` for field elements.
    private func interval(
        _ a: Values<F>, _ b: Values<F>, terms: Int, plus bias: (row: Values<F>, scale: Int)?,
        _ builder: CircuitBuilder<F>
    ) throws -> Interval? {
        guard let left = a.interval, let right = b.interval else { return nil }
        let sum = (left * right).union(Interval(0)).summed(count: terms)
        guard let bias else { return sum }
        return bias.row.interval.map { sum + $0 * Interval(bias.scale) }
    }

    private func register(
        _ shape: ConvolutionShape, _ result: Values<F>, _ interval: Interval?, _ what: String,
        _ builder: CircuitBuilder<F>, _ check: @escaping Check
    ) throws -> Values<F> {
        try builder.requireNoWrap(result, what)
        if let interval { try builder.requireNoWrap(interval, what) }
        guard !isClosed else {
            throw CircuitError.wrongPhase(region: builder.path, what: "the challenges are already drawn")
        }
        largestArea = max(largestArea, shape.area)
        checks.append((builder.path, check))
        return interval.map { result.bounded(by: $0) } ?? result
    }
}
