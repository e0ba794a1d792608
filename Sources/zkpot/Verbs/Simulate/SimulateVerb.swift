import Presentation

/// `zkpot simulate`
struct SimulateVerb: VerbGroup {
    static let about = About(
        "simulate", "Simulate agreement on blocks, or federated rounds with dishonest participants.",
        example: "zkpot simulate pbft --nodes 100,1000",
        verbs: [SimulatePBFTVerb.self, SimulateRoundsVerb.self])
}
