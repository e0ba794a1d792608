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
}
