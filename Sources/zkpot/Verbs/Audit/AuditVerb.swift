import Presentation

/// `zkpot audit`, which holds the verbs of audits.
struct AuditVerb: VerbGroup {
    static let about = About(
        "audit", "Plan how many stages of a training are audited.",
        example: "zkpot audit plan --stages 200 --cost 1 --reward 300 --stake-limit 1000",
        verbs: [AuditPlanVerb.self])
}
