import Presentation

/// `zkpot ledger`
struct LedgerVerb: VerbGroup {
    static let about = About(
        "ledger", "Keep an embedded ledger: orders, stakes, claims, rewards.",
        discussion: """
            One SQLite file holds a chain of sealed blocks; the rules decide what every transaction does. Transactions are \
            JSON files: Docs/transactions.md has one of each kind, Docs/protocol.md the rules.
            """,
        example: """
            zkpot ledger init demo.ledger --name demo --operator operator.pem --allocate $(zkpot key alice.pem)=1000
            zkpot ledger submit demo.ledger register.json --key alice.pem --operator operator.pem
            zkpot ledger show demo.ledger
            """,
        verbs: [
            LedgerInitVerb.self, LedgerSubmitVerb.self, LedgerShowVerb.self, LedgerVerifyVerb.self,
            LedgerExportVerb.self, LedgerTestSetHashVerb.self, LedgerSecretVerb.self,
            LedgerProofVerb.self, LedgerCircuitVerb.self, LedgerOpeningVerb.self, LedgerSumVerb.self,
            LedgerAuditVerb.self,
            LedgerSignPayoutVerb.self,
        ])
}
