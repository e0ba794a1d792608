import Presentation

/// `zkpot audit`, which holds the verbs of audits.
struct AuditVerb: VerbGroup {
    static let about = About(
        "audit", "Show and check how a model came to be: committed data, checkpoints, sampled stages.",
        discussion: """
            A publisher fixes the task. A participant commits to its data, trains in the order that a beacon fixes \
            ('zkpot train --commit-trajectory'), and publishes one root over all checkpoints. A second beacon picks \
            stages, and the participant proves exactly those. Docs/tutorial.md goes through all of it.
            """,
        example: """
            zkpot audit task --help
            zkpot audit verify alice.zka --task task.json --challenge alice.challenge.json --key training.zkvk
            """,
        verbs: [
            AuditTaskVerb.self, AuditDataVerb.self, AuditChallengeVerb.self, AuditAnswerVerb.self,
            AuditVerifyVerb.self, AuditPlanVerb.self,
        ])
}
