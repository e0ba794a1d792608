import Foundation
import Presentation
import QuantizedLearning

/// Models and their specifications, built in or in files.
enum ModelFile {
    /// - Throws: `CommandError` that names the file.
    static func specification(_ name: String) throws -> ModelSpec {
        switch name {
        case "digits": return .digits
        case "mnist": return .mnist
        case "digits-convolution": return .digitsConvolution
        case "lenet5": return .lenet5
        case "lenet-small": return .lenetSmall
        default:
            let file = try InputFile.parse(name)
            return try file.reading { _ in try ModelSpec.read(from: file.url) }
        }
    }

    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile) throws -> QuantizedModel {
        try file.reading { _ in try QuantizedModel.read(from: file.url) }
    }

    /// A model that has a given specification, whatever its name.
    ///
    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile, of spec: ModelSpec) throws -> QuantizedModel {
        let model = try read(file)
        return try file.reading { _ in
            var named = model.spec
            named.name = spec.name
            guard named == spec else {
                throw CommandError("is a model of another specification, \(model.spec.name)")
            }
            return try QuantizedModel(spec: spec, flattened: model.flattened)
        }
    }
}
