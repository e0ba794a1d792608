import Presentation

/// `zkpot export`
struct ExportVerb: VerbGroup {
    static let about = About(
        "export", "Write verifiers and proofs for the EVM.",
        discussion: "Docs/evm.md says what the contracts do and what they cost.",
        example: "zkpot export verifier --key digits.zkvk --output verifier.vy",
        verbs: [ExportVerifierVerb.self, ExportCalldataVerb.self])
}
