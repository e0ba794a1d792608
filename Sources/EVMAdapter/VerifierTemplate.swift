import EVMContracts

/// Fills a verifier's template (`Contracts/templates`, syntax in `Contracts/README.md`).
struct VerifierTemplate {
    /// For the whole text.
    private let whole: [String: String]
    /// For each item of a block.
    private let items: [String: [[String: String]]]

    init(_ shape: VerifierShape) {
        let (challenges, inputs, commitments) = (shape.challenges, shape.inputs, shape.commitments)
        let links = shape.isLinked ? commitments + 1 : 0
        let words = inputs + 2 * commitments
        let icOffset = 480 + 128 * links
        func hexadecimal(_ value: Int) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        }
        func list(_ offsets: [Int]) -> String { offsets.map(String.init).joined(separator: ", ") }
        let points = 1 + challenges + inputs
        whole = [
            "challengeCount": "\(challenges)", "inputCount": "\(inputs)", "commitmentCount": "\(commitments)",
            "counts": hexadecimal(inputs) + hexadecimal(commitments), "statementWords": "\(words)",
            "statementBytes": "\(32 * words)", "claimBytes": "\(72 + 32 * words)", "icOffset": "\(icOffset)",
            "keyBytes": "\(icOffset + 64 * points)", "distinctCount": "\(3 + links)",
            "g1Offsets": list([32] + (0..<points).map { icOffset + 64 * $0 }),
            "g2Offsets": list((0..<3 + links).map { 96 + 128 * $0 }),
        ]
        let inputItems = (0..<inputs).map {
            ["index": "\($0)", "icOffset": "\(icOffset + 64 * (1 + challenges + $0))"]
        }
        items = [
            "challenge": (0..<challenges).map {
                ["index": "\($0)", "indexBytes": hexadecimal($0), "icOffset": "\(icOffset + 64 * (1 + $0))"]
            },
            "input": inputItems, "further": Array(inputItems.dropFirst()),
            "commitment": (0..<commitments).map {
                [
                    "index": "\($0)", "linkOffset": "\(480 + 128 * (1 + $0))", "xWord": "\(inputs + 2 * $0)",
                    "yWord": "\(inputs + 2 * $0 + 1)",
                ]
            },
        ]
    }

    /// - Throws: `ContractFileError` with the line that cannot be filled.
    func fill(_ template: String) throws -> String {
        var output: [String] = []
        var block: (kind: [[String: String]], lines: [(Int, Substring)])?
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            func refuse(_ reason: String) -> ContractFileError {
                ContractFileError(description: "line \(index + 1) of the template: \(reason)")
            }
            if line.hasPrefix("#each ") {
                guard block == nil, let kind = items[String(line.dropFirst(6))] else {
                    throw refuse("no such block can begin here")
                }
                block = (kind, [])
            } else if line == "#end" {
                guard let ended = block else { throw refuse("no block ends here") }
                for item in ended.kind {
                    for (number, text) in ended.lines {
                        output.append(try substitute(text, item, number))
                    }
                }
                block = nil
            } else if block != nil {
                block?.lines.append((index, line))
            } else {
                output.append(try substitute(line, [:], index))
            }
        }
        guard block == nil else {
            throw ContractFileError(description: "a block of the template does not end")
        }
        return output.joined(separator: "\n")
    }

    private func substitute(_ line: Substring, _ item: [String: String], _ index: Int) throws -> String {
        var (result, rest) = ("", line)
        while let start = rest.firstRange(of: "{{") {
            guard let end = rest[start.upperBound...].firstRange(of: "}}"),
                let value = item[String(rest[start.upperBound..<end.lowerBound])]
                    ?? whole[String(rest[start.upperBound..<end.lowerBound])]
            else {
                throw ContractFileError(
                    description: "line \(index + 1) of the template names an unknown value")
            }
            result += rest[..<start.lowerBound] + value
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}
