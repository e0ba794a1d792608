import Foundation

// Makes keys and proofs for the tests of the contracts: `contract-fixtures REQUEST.json FIXTURES.json`.
// The keys are development keys of this run; only what a verifier sees is written.
let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    FileHandle.standardError.write(Data("usage: contract-fixtures REQUEST.json FIXTURES.json\n".utf8))
    exit(2)
}
do {
    let request = try JSONDecoder().decode(
        Request.self, from: Data(contentsOf: URL(fileURLWithPath: arguments[1])))
    let response = try FixtureMaker(request).response()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(response).write(to: URL(fileURLWithPath: arguments[2]))
} catch {
    FileHandle.standardError.write(Data("contract-fixtures: \(error)\n".utf8))
    exit(1)
}
