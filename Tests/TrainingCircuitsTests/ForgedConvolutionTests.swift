import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Inference and steps of convolutional networks that were not computed as claimed, each as a forged witness.
@Suite struct ForgedConvolutionTests {
    typealias Change = ([Int]) -> [Int]

    /// Updates in every layer and gradients that pass and that do not.
    private static func fixture(_ spec: ModelSpec) throws -> TrainingFixture {
        try TrainingFixture(spec: spec) { trace in
            trace.allSatisfy { step in
                step.backward.allSatisfy { layer in
                    layer.update.elements.contains { $0 != 0 }
                        && layer.gradient.elements.contains { $0 != 0 }
                        && (layer.propagated.map { propagated in
                            Set(propagated.mask.elements).count == 2
                                && propagated.scaled.elements.contains { $0 != 0 }
                        } ?? true)
                }
            }
        }
    }

    private static func changed(_ index: Int, by difference: Int) -> Change {
        { $0.enumerated().map { $0 == index ? $1 &+ difference : $1 } }
    }

    private static func set(_ values: some Sequence<Int64>) -> Change {
        let values = values.map { Int($0) }
        return { _ in values }
    }

    private static func exchanged(_ first: Int, _ second: Int) -> Change {
        { values in
            var result = values
            result.swapAt(first, second)
            return result
        }
    }

    /// Tries the change of every value of a wire by ±1, alone and with a compensation in another wire.
    private static func expectRefused(
        _ harness: CircuitHarness<Fr>, _ name: String, with other: String? = nil, factor: Int = 0
    ) throws {
        let count = harness.values(name, in: try harness.assignment()).count
        #expect(count > 0, "\(name)")
        for index in 0..<count {
            for difference in [1, -1] {
                var forged = [name: changed(index, by: difference)]
                if let other { forged[other] = changed(index, by: factor * difference) }
                #expect(try !harness.accepts(forged), "\(name)[\(index)] changed by \(difference)")
            }
        }
    }

    private static func expectSignedRefused(_ harness: CircuitHarness<Fr>, _ name: String, shift: Int) throws
    {
        for half in ["p", "n"] {
            try expectRefused(harness, "\(name)/\(half)")
            try expectRefused(
                harness, "\(name)/\(half)", with: "\(name)/rem",
                factor: half == "p" ? -1 << shift : 1 << shift)
        }
        try expectRefused(harness, "\(name)/p", with: "\(name)/n", factor: 1)
        try expectRefused(harness, "\(name)/rem")
    }

    // MARK: Training

    @Test(arguments: ConvolutionalSpecs.all)
    func theHonestStepIsAccepted(spec: ModelSpec) throws {
        #expect(try Self.fixture(spec).harness.accepts([:]))
    }

    @Test(arguments: [ConvolutionalSpecs.average, ConvolutionalSpecs.maximumTwice])
    func updatesAreNotSkipped(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        for (layer, backward) in fixture.trace[0].backward.enumerated() {
            let name = "step 1/layer \(layer + 1)/update"
            let shift = Int64(spec.training?.updateShift(layer: layer, of: spec) ?? 0)
            let before = zip(backward.nextWeights.elements, backward.update.elements).map { $0 + $1 }
            let rest = zip(backward.update.elements, backward.updateRemainder.elements).map {
                $0 << shift + $1
            }
            #expect(try !fixture.harness.accepts(["\(name)/weights": Self.set(before)]))
            #expect(
                try !fixture.harness.accepts([
                    "\(name)/weights": Self.set(before), "\(name)/rem": Self.set(rest),
                ]))
            // One weight only, the first that moved.
            let moved = try #require(backward.update.elements.firstIndex { $0 != 0 })
            let update = Int(backward.update.elements[moved])
            #expect(
                try !fixture.harness.accepts([
                    "\(name)/weights": Self.changed(moved, by: update),
                    "\(name)/rem": Self.changed(moved, by: update << shift),
                ]))
        }
    }

    @Test(arguments: [ConvolutionalSpecs.average, ConvolutionalSpecs.maximum])
    func updatesAreExact(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        for layer in 0..<spec.layerCount {
            let name = "step 1/layer \(layer + 1)/update"
            let shift = spec.training?.updateShift(layer: layer, of: spec) ?? 0
            try Self.expectRefused(fixture.harness, "\(name)/weights")
            try Self.expectRefused(fixture.harness, "\(name)/rem")
            try Self.expectRefused(
                fixture.harness, "\(name)/weights", with: "\(name)/rem", factor: 1 << shift)
        }
    }

    /// Sums of convolutions, in the form of their quotients and remainders.
    @Test(arguments: [ConvolutionalSpecs.average, ConvolutionalSpecs.maximum, ConvolutionalSpecs.oblong])
    func activationsAreExact(spec: ModelSpec) throws {
        let harness = try Self.fixture(spec).harness
        for layer in 0..<spec.layerCount - 1 {
            try Self.expectSignedRefused(
                harness, "step 1/layer \(layer + 1)/activation", shift: spec.activationShift(layer: layer))
        }
    }

    @Test func activationsStayAtTheirPlaces() throws {
        let fixture = try Self.fixture(ConvolutionalSpecs.averageTwice)
        let name = "step 1/layer 1/activation"
        let sums = fixture.trace[0].forward.layers[0].accumulator.elements
        let output = fixture.circuit.spec.geometry(layer: 0).output
        // Neighbours in a row, rows, channels, samples.
        for distance in [1, output.width, output.width * output.height, output.count] {
            for first in 0..<4 where sums[first] != sums[first + distance] {
                let exchange = Self.exchanged(first, first + distance)
                let forged = Dictionary(
                    uniqueKeysWithValues: ["p", "n", "rem", "mask"].map { ("\(name)/\($0)", exchange) })
                #expect(try !fixture.harness.accepts(forged), "\(first) and \(distance) on")
            }
        }
    }

    @Test(arguments: [ConvolutionalSpecs.averageTwice, ConvolutionalSpecs.maximumTwice])
    func gradientsAreExact(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        for layer in 1..<spec.layerCount {
            let name = "step 1/layer \(layer + 1)/backward"
            let shift = spec.training?.backwardShift(layer: layer, of: spec) ?? 0
            try Self.expectSignedRefused(fixture.harness, "\(name)/gradient", shift: shift)
            if spec.geometry(layer: layer - 1).pooling?.kind != .average {
                try Self.expectRefused(fixture.harness, "\(name)/sums")
                try Self.expectRefused(
                    fixture.harness, "\(name)/sums", with: "\(name)/gradient/rem", factor: 1)
            }
            if spec.geometry(layer: layer - 1).pooling != nil {
                try Self.expectRefused(fixture.harness, "\(name)/spread/gradient")
            }
        }
    }

    /// The gradient of a window goes to its first maximum, or by the masks, and to no other member.
    @Test(arguments: [ConvolutionalSpecs.averageTwice, ConvolutionalSpecs.maximumTwice])
    func gradientsGoToTheirPlaces(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        let name = "step 1/layer 2/backward/spread/gradient"
        let values = fixture.harness.values(name, in: try fixture.harness.assignment())
        for first in values.indices {
            for second in first + 1..<min(first + 8, values.count) where values[first] != values[second] {
                #expect(
                    try !fixture.harness.accepts([name: Self.exchanged(first, second)]),
                    "\(first) and \(second)")
            }
        }
        #expect(try !fixture.harness.accepts([name: { $0.map { _ in 0 } }]))
    }

    @Test(arguments: [ConvolutionalSpecs.averageTwice, ConvolutionalSpecs.maximumTwice])
    func masksFollowTheActivations(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        for layer in 0..<spec.layerCount - 1 {
            let isMaximum = spec.geometry(layer: layer).pooling?.kind == .maximum
            let name = "step 1/layer \(layer + 1)/\(isMaximum ? "pooling" : "activation")/mask"
            let count = fixture.harness.values(name, in: try fixture.harness.assignment()).count
            for index in 0..<count {
                #expect(
                    try !fixture.harness.accepts([
                        name: { $0.enumerated().map { $0 == index ? 1 - $1 : $1 } }
                    ]))
            }
            try Self.expectRefused(fixture.harness, name)
            for all in [0, 1] { #expect(try !fixture.harness.accepts([name: { $0.map { _ in all } }])) }
        }
    }

    /// Every other choice in every window, with the maximum that it would give, and with the honest one.
    @Test(arguments: [ConvolutionalSpecs.maximum, ConvolutionalSpecs.maximumTwice])
    func maximaAreExact(spec: ModelSpec) throws {
        let fixture = try Self.fixture(spec)
        let name = "step 1/layer 1/pooling"
        try Self.expectRefused(fixture.harness, "\(name)/max")
        try Self.expectRefused(fixture.harness, "\(name)/selector")
        let windows = spec.geometry(layer: 0).poolingWindows
        let layer = fixture.trace[0].forward.layers[0]
        let positive = try #require(layer.activation?.positive)
        let selector = try #require(layer.pooling?.selector)
        var number = 0
        for sample in 0..<positive.rows {
            for window in windows {
                let free = window.members.count - 1
                for (choice, member) in window.members.enumerated() where selector[sample, member] == 0 {
                    let start = number * free
                    let select: Change = {
                        $0.enumerated().map {
                            (start..<start + free).contains($0) ? ($0 - start == choice ? 1 : 0) : $1
                        }
                    }
                    let maximum = Int(positive[sample, member])
                    let index = number
                    let take: Change = { $0.enumerated().map { $0 == index ? maximum : $1 } }
                    #expect(try !fixture.harness.accepts(["\(name)/selector": select]))
                    #expect(
                        try !fixture.harness.accepts(["\(name)/selector": select, "\(name)/max": take]))
                }
                number += 1
            }
        }
    }

    /// Of several maxima the first takes the gradient, not another one, nor do they share it.
    @Test func tiesAreBroken() throws {
        let spec = ConvolutionalSpecs.maximum
        let windows = spec.geometry(layer: 0).poolingWindows
        func tie(_ trace: StepTrace) -> (sample: Int, window: Int, later: Int)? {
            guard let positive = trace.forward.layers[0].activation?.positive,
                let pooled = trace.forward.layers[0].pooling?.output
            else { return nil }
            for sample in 0..<positive.rows {
                for (index, window) in windows.enumerated() where pooled[sample, index] > 0 {
                    let equal = window.members.indices.filter {
                        positive[sample, window.members[$0]] == pooled[sample, index]
                    }
                    if equal.count > 1 { return (sample, index, equal[1]) }
                }
            }
            return nil
        }
        let fixture = try TrainingFixture(spec: spec) { tie($0[0]) != nil }
        #expect(try fixture.harness.isSatisfied())
        let (sample, window, later) = try #require(tie(fixture.trace[0]))
        let start = (sample * windows.count + window) * 3
        for (weights) in [[later: 1], [0: 1, 1: 1, 2: 1], [later: 0]] {
            let select: Change = {
                $0.enumerated().map {
                    (start..<start + 3).contains($0) ? weights[$0 - start] ?? 0 : $1
                }
            }
            #expect(try !fixture.harness.accepts(["step 1/layer 1/pooling/selector": select]))
        }
    }

    @Test func modelsAndBatchesAreTheCommitted() throws {
        let fixture = try Self.fixture(ConvolutionalSpecs.average)
        let honest = try fixture.harness.assignment()
        let other = try TrainingFixture(spec: ConvolutionalSpecs.average, seed: 900)
        let foreign = try other.harness.assignment()
        let r1cs = fixture.harness.r1cs
        #expect(try r1cs.check(honest) && r1cs.check(foreign))
        for segment in 0..<3 {
            let wires = r1cs.wires(ofSegment: segment)
            var assignment = honest
            assignment.replaceSubrange(wires, with: foreign[wires])
            #expect(try !r1cs.check(assignment), "\(r1cs.segments[segment].name) of another proof")
        }
        var assignment = honest
        assignment.replaceSubrange(r1cs.wires(ofSegment: 1), with: honest[r1cs.wires(ofSegment: 0)])
        #expect(try !r1cs.check(assignment))
    }

    /// |W' − W| ≤ B holds for the weights of convolutions too.
    @Test func updatesStayWithinTheBound() throws {
        let free = try Self.fixture(ConvolutionalSpecs.average)
        let largest =
            free.trace[0].backward.flatMap(\.update.elements).map { Int(abs($0)) }.max() ?? 0
        let spec = free.circuit.spec
        let tight = try TrainingStepCircuit(spec: spec, steps: 1, updateBound: largest)
        let fixture = try TrainingFixture(circuit: tight, model: free.model, batches: free.batches)
        #expect(try fixture.harness.isSatisfied())
        #expect(throws: CircuitError.self) {
            try TrainingStepCircuit(spec: spec, steps: 1, updateBound: largest - 1).witness(
                model: free.model, batches: free.batches, over: Fr.self)
        }
    }

    @Test(arguments: ConvolutionalSpecs.all)
    func everyCommittedWireMustBeCommitted(spec: ModelSpec) throws {
        for harness in [
            try Self.fixture(spec).harness, try QualityFixture(spec: spec, sampleCount: 2).harness,
        ] {
            let names = harness.committedNames
            #expect(names.count > 10)
            for name in names {
                guard case .notFixedBeforeChallenges? = harness.refusal(movingToPrivate: name) else {
                    Issue.record("\(name) may be private")
                    continue
                }
            }
        }
    }

    /// Each wire of a small circuit changed, one at a time, in several ways: none of them is another witness.
    @Test(arguments: [
        ConvolutionalSpecs.average, ConvolutionalSpecs.maximum, ConvolutionalSpecs.averageTwice,
        ConvolutionalSpecs.maximumTwice,
    ])
    func mutations(spec: ModelSpec) throws {
        #expect(try Self.mutate(Self.fixture(spec).harness).isEmpty)
    }

    /// Changes every wire that a constraint contains; returns the others.
    @discardableResult
    private static func mutate(_ harness: CircuitHarness<Fr>) throws -> Set<Int> {
        let r1cs = harness.r1cs
        let honest = try harness.assignment()
        #expect(try r1cs.check(honest))
        let single = SingleChanges(r1cs, honest)
        var generator = SeededGenerator(seed: 5)
        for wire in 0..<r1cs.wireCount where !single.isFree(wire) {
            let value = honest[wire]
            for changed in [
                value + .one, value - .one, -value, value.doubled(), .zero, .one, value + Fr(256),
                .random(using: &generator),
            ] where changed != value {
                #expect(
                    !single.isAccepted(wire, changed),
                    "\(r1cs.names.name(ofWire: wire)) = \(changed) instead of \(value)")
            }
            // The whole check says the same.
            if wire % 97 == 0 {
                var assignment = honest
                assignment[wire] = value + .one
                #expect(try !r1cs.check(assignment))
            }
        }
        return Set((0..<r1cs.wireCount).filter { single.isFree($0) })
    }

    // MARK: Quality

    @Test(arguments: [ConvolutionalSpecs.average, ConvolutionalSpecs.maximumTwice])
    func inferenceIsExact(spec: ModelSpec) throws {
        let harness = try QualityFixture(spec: spec, sampleCount: 2).harness
        #expect(try harness.accepts([:]))
        for layer in 0..<spec.layerCount - 1 {
            try Self.expectSignedRefused(
                harness, "layer \(layer + 1)/activation", shift: spec.activationShift(layer: layer))
        }
        if spec.geometry(layer: 0).pooling?.kind == .maximum {
            try Self.expectRefused(harness, "layer 1/pooling/max")
        }
        try Self.expectRefused(harness, "layer \(spec.layerCount)/logits")
    }

    /// A maximum that is one of its window, but not the greatest; a logit in favour of the label.
    @Test func claimsAreNotHelpedByForgedPooling() throws {
        let spec = ConvolutionalSpecs.maximum
        let fixture = try QualityFixture(spec: spec, sampleCount: 3)
        let trace = try fixture.model.inferenceTrace(inputs: spec.inputs(of: fixture.testSet))
        let positive = try #require(trace.layers[0].activation?.positive)
        let pooled = try #require(trace.layers[0].pooling?.output)
        let windows = spec.geometry(layer: 0).poolingWindows
        var tried = 0
        for sample in 0..<3 {
            for (index, window) in windows.enumerated() {
                for member in window.members where positive[sample, member] != pooled[sample, index] {
                    let number = sample * windows.count + index
                    let value = Int(positive[sample, member])
                    #expect(
                        try !fixture.harness.accepts([
                            "layer 1/pooling/max": { $0.enumerated().map { $0 == number ? value : $1 } }
                        ]))
                    tried += 1
                }
            }
        }
        #expect(tried > 3)
    }

    @Test(arguments: [ConvolutionalSpecs.average, ConvolutionalSpecs.maximumTwice, ConvolutionalSpecs.oblong])
    func mutationsOfQuality(spec: ModelSpec) throws {
        let fixture = try QualityFixture(spec: spec, sampleCount: 2)
        let free = try Self.mutate(fixture.harness)
        // Pixels that no window reaches are in no constraint; the test set's commitment fixes them.
        let pixels = fixture.harness.r1cs.wires(ofSegment: 1).prefix(2 * spec.widths[0])
        #expect(free.isSubset(of: pixels) && free.count < pixels.count / 2)
    }
}
