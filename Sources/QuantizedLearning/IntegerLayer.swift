/// One layer's memory and tables in an `IntegerNetwork`.
///
/// Weights are held as outputs × weight rows, so that every product is one of rows with rows.
final class IntegerLayer<Operand: ProductOperand> {
    let geometry: LayerGeometry
    /// A: a line for each sample. A dense layer's holds the inputs and the constant of the biases, if there is one; a
    /// convolution's the inputs, a zero for the padding, and the constant.
    let input: Scratch<Operand>
    let inputStride: Int
    /// (sample, position) × weight rows; for a dense layer that is `input`.
    let windows: Scratch<Operand>
    /// For a convolution: from where in a line of `input` each value of a sample's windows comes.
    private let sources: [Int32]
    /// p before pooling, samples × outputs.
    let output: Scratch<Operand>
    /// Members of the pooling's windows, `memberCount` for each pooled value, indices of outputs.
    private let members: [Int32]
    private let memberCount: Int
    /// For maxima: the member that each window's value comes from, samples × pooled values.
    private let chosen: Scratch<Int32>
    /// G, (sample, position) × output channels.
    let gradient: Scratch<Operand>
    var weights: Scratch<Operand>
    /// The weights of the next step, until it is complete.
    var nextWeights: Scratch<Operand>

    init(_ geometry: LayerGeometry, one: Int64, weights matrix: Matrix<Int16>, capacity: Int) {
        self.geometry = geometry
        let count = geometry.input.count
        inputStride = geometry.isDense ? geometry.weightRows : count + 2
        input = Scratch(capacity * inputStride)
        if geometry.bias {
            for sample in 0..<capacity {
                input.base[sample * inputStride + inputStride - 1] = Operand(one)
            }
        }
        if geometry.isDense {
            windows = input
            sources = []
        } else {
            windows = Scratch(capacity * geometry.positions * geometry.weightRows)
            let places = Matrix(rows: 1, columns: count, elements: (1...count).map { Int32($0) })
            // The windows of the inputs' numbers, counted from 1: zeros are the padding.
            sources = geometry.windows(of: places, one: Int32(count + 2)).elements.map {
                $0 == 0 ? Int32(count) : $0 - 1
            }
        }
        output = Scratch(capacity * geometry.output.count)
        members = geometry.poolingWindows.flatMap { $0.members.map { Int32($0) } }
        memberCount = geometry.pooling?.window.area ?? 1
        chosen = Scratch(geometry.pooling?.kind == .maximum ? capacity * geometry.pooled.count : 0)
        gradient = Scratch(capacity * geometry.output.count)
        weights = Scratch(matrix.transposed.elements.map { Operand($0) })
        nextWeights = Scratch(weights.count)
    }

    /// Fills `windows` from `input`.
    func gather(count: Int) {
        if geometry.isDense { return }
        sources.withUnsafeBufferPointer { sources in
            for sample in 0..<count {
                let line = input.base + sample * inputStride
                let target = windows.base + sample * sources.count
                for index in 0..<sources.count { target[index] = line[Int(sources[index])] }
            }
        }
    }

    /// Adds one sample's values in its windows, positions × windowLength, to the inputs that they come from.
    ///
    /// - Parameter sums: set by this; of `inputStride` values, the inputs first.
    func scatter(_ values: UnsafePointer<Int64>, into sums: UnsafeMutablePointer<Int64>) {
        sums.update(repeating: 0, count: inputStride)
        let (rows, length) = (geometry.weightRows, geometry.windowLength)
        sources.withUnsafeBufferPointer { sources in
            for position in 0..<geometry.positions {
                for index in 0..<length {
                    sums[Int(sources[position * rows + index])] &+= values[position * length + index]
                }
            }
        }
    }

    /// Copies or pools `output` into the next layer's input.
    func pool(into next: IntegerLayer, count: Int) {
        let pooled = geometry.pooled.count
        for sample in 0..<count {
            let source = output.base + sample * geometry.output.count
            let target = next.input.base + sample * next.inputStride
            guard let pooling = geometry.pooling else {
                target.update(from: source, count: pooled)
                continue
            }
            members.withUnsafeBufferPointer { members in
                for index in 0..<pooled {
                    var member = index * memberCount
                    var value = source[Int(members[member])]
                    switch pooling.kind {
                    case .average:
                        for other in member + 1..<member + memberCount {
                            value &+= source[Int(members[other])]
                        }
                    case .maximum:
                        for other in member + 1..<member + memberCount
                        where source[Int(members[other])] > value {
                            value = source[Int(members[other])]
                            member = other
                        }
                        chosen.base[sample * pooled + index] = members[member]
                    }
                    target[index] = value
                }
            }
        }
    }

    /// Hands the rescaled gradients of one sample's pooled values to the outputs they come from.
    func unpool(_ scaled: UnsafePointer<Int64>, sample: Int) {
        let (pooled, positions, channels) = (
            geometry.pooled.count, geometry.positions, geometry.output.channels
        )
        let target = gradient.base + sample * geometry.output.count
        let active = output.base + sample * geometry.output.count
        func give(_ value: Int64, to output: Int) {
            let (channel, position) = output.quotientAndRemainder(dividingBy: positions)
            target[position * channels + channel] = Operand(truncatingIfNeeded: value)
        }
        guard let pooling = geometry.pooling else {
            for index in 0..<pooled { give(scaled[index], to: index) }
            return
        }
        target.update(repeating: 0, count: geometry.output.count)
        for index in 0..<pooled {
            switch pooling.kind {
            case .average:
                for member in members[index * memberCount..<(index + 1) * memberCount]
                where active[Int(member)] > 0 {
                    give(scaled[index], to: Int(member))
                }
            case .maximum:
                give(scaled[index], to: Int(chosen.base[sample * pooled + index]))
            }
        }
    }
}
