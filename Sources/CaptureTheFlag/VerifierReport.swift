import Ledger

/// What a verifier says about the stages that it was given to run again.
public struct VerifierReport: Sendable, Hashable {
    public let verifier: PublicKey
    /// Stages that it vouches for having run, ascending.
    public let checked: [Int]
    /// Those of them that came out differently, ascending.
    public let deviating: [Int]

    /// - Throws: `FlagError` unless the lists ascend and the second is part of the first.
    public init(verifier: PublicKey, checked: [Int], deviating: [Int]) throws(FlagError) {
        guard Self.ascends(checked), Self.ascends(deviating), Set(deviating).isSubset(of: checked) else {
            throw FlagError("a report's stages do not ascend, or name what was not checked")
        }
        self.verifier = verifier
        self.checked = checked
        self.deviating = deviating
    }

    private static func ascends(_ stages: [Int]) -> Bool {
        zip(stages, stages.dropFirst()).allSatisfy(<) && (stages.first ?? 0) >= 0
            && (stages.last ?? 0) < FlagTerms.mostStages
    }

    /// What the verifier publishes before any key or report is revealed. It names the verifier, so nobody can hand in a copy;
    /// the salt of 32 random bytes hides the few reports that are possible.
    public func commitment(_ terms: FlagTerms, salt: Digest) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(terms.digest)
        encoder.encode(salt)
        encode(to: &encoder)
        return Digest(purpose: "ZKPOT-V1-FLAG-REPORT", encoder.bytes)
    }
}

extension VerifierReport: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(verifier)
        encoder.encode(list: checked) { $0.encode(UInt32($1)) }
        encoder.encode(list: deviating) { $0.encode(UInt32($1)) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let verifier = try decoder.publicKey("verifier")
        func stages(_ item: String) throws(MalformedEncoding) -> [Int] {
            try decoder.list(item, maximum: FlagTerms.mostStages) { (decoder) throws(MalformedEncoding) in
                Int(try decoder.unsigned("stage", as: UInt32.self))
            }
        }
        let (checked, deviating) = (try stages("checked stages"), try stages("deviating stages"))
        do { try self.init(verifier: verifier, checked: checked, deviating: deviating) } catch {
            throw decoder.failure("report", "\(error)", at: start)
        }
    }
}
