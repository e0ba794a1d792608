import Presentation

/// `zkpot aggregate`, which holds the steps of secure aggregation.
struct AggregateVerb: VerbGroup {
    static let about = About(
        "aggregate", "Sum up private models: the leader learns the sum only, liars are named.",
        discussion: """
            Participants and leader share a folder, the board, on which everything public lies. Each participant has a \
            folder of its own, which stays private. The leader starts, and closes every step with 'close'; in between the \
            participants answer: keys, shares, masks, input, consent, unmask. 'status' says what is due. Whoever falls \
            silent is left out. Where the models are those of an order on a ledger, 'survivors' makes the transaction that puts \
            on record whose models the sum holds, before anybody unmasks. Docs/secure-aggregation.md has the equations, and \
            what is promised.
            """,
        example: """
            zkpot aggregate status --board board
            zkpot aggregate check --board board --output global.zkm
            """,
        verbs: [
            AggregateEnrolVerb.self, AggregateStartVerb.self, AggregateKeysVerb.self,
            AggregateSharesVerb.self,
            AggregateMasksVerb.self, AggregateDisputeVerb.self, AggregateInputVerb.self,
            AggregateConsentVerb.self, AggregateUnmaskVerb.self, AggregateCloseVerb.self,
            AggregateSurvivorsVerb.self, AggregateOpenVerb.self, AggregateCheckVerb.self,
            AggregateStatusVerb.self,
        ])
}
