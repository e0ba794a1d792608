import ConstraintSystem
import FieldArithmetic
import Presentation
import QuantizedLearning
import TrainingCircuits

/// `zkpot-bench circuits`
struct CircuitsBench: Verb {
    static let about = About(
        "circuits",
        "Quality circuits: time to record them and to make their witnesses, over the number of samples.",
        discussion: "The unit is a constraint. Weights and samples are random. Nothing here uses vectors.",
        example: "zkpot-bench circuits --model mnist --samples 1,10,100")

    @Group var options: BenchOptions
    @Option("Models.") var model: [QualityModel] = [.digits]
    @Option("Numbers of samples.", check: .in(1...1000)) var samples: [Int] = [1, 10, 100]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        try Self.measure(model, samples, session)
        return try options.finish(session, console)
    }

    static func measure(_ models: [QualityModel], _ counts: [Int], _ session: BenchSession) throws {
        for choice in models {
            for count in counts {
                let circuit = try QualityCircuit(spec: choice.spec, sampleCount: count)
                let constraints = try circuit.constraints(over: Fr.self)
                func subject(_ name: String) -> BenchSession.Subject {
                    .init(
                        group: "circuits", benchmark: "\(choice.rawValue), \(name)", size: count,
                        unit: "constraint", units: constraints.constraintCount)
                }
                try session.measureParallel(subject("constraints"), kernel: .portable, warmsUp: false) {
                    consume(try circuit.constraints(over: Fr.self))
                    return []
                }
                let model = try QuantizedModel.initial(spec: choice.spec, seed: 1)
                let data = try QualityMeasurement.randomSamples(choice.spec, count: count)
                let challenges = RandomInputs.elements(constraints.challengeCount, of: Fr.self)
                try session.measureParallel(subject("witness"), kernel: .portable, warmsUp: false) {
                    let witness = try circuit.witness(model: model, testSet: data, least: 0, over: Fr.self)
                    consume(try witness.assignment(challenges: challenges))
                    return []
                }
            }
        }
    }
}
