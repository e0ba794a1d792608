import Ledger
import LedgerTestSupport
import Testing

/// The stories that every ledger must play alike.
@Suite struct StoryFileTests {
    @Test(arguments: StoryFile.all) func storiesAreToldAsTheyAreWritten(_ name: String) throws {
        let folder = try TemporaryFolder()
        let file = try StoryFile.named(name)
        var story = try EmbeddedStory(file, path: folder.file("ledger"))
        func compare(
            _ balances: [String: UInt64]?, _ stakes: [String: [String: UInt64]]?, _ burnt: UInt64?,
            _ place: String
        ) throws {
            let state = story.ledger.state
            for (name, balance) in balances ?? [:] {
                #expect(try state.balance(of: story.key(name).publicKey) == balance, "\(place): \(name)")
            }
            for (name, roles) in stakes ?? [:] {
                for (role, stake) in roles {
                    let role = try #require(Role.allCases.first { "\($0)" == role })
                    #expect(
                        try state.stake(of: story.key(name).publicKey, as: role) == stake, "\(place): \(name)"
                    )
                }
            }
            if let burnt { #expect(state.burnt == burnt, "\(place)") }
            #expect(state.accounted == state.supply)
        }
        for (number, step) in file.steps.enumerated() {
            let place = "step \(number), \(step.by) \(step.do)"
            #expect(try story.tell(step).outcome == step.expect, "\(place)")
            try compare(step.balances, step.stakes, step.burnt, place)
        }
        try compare(file.balances, file.stakes, file.burnt, "end")
        // And all of it again, proofs included.
        _ = try Ledger.open(folder.file("ledger")).verify(checkpoint: story.ledger.head)
    }

    /// A story goes wrong if it should: the runner does not just nod.
    @Test func theRunnerTellsTheTruth() throws {
        let folder = try TemporaryFolder()
        let file = try StoryFile.named("round")
        var story = try EmbeddedStory(file, path: folder.file("ledger"))
        let outcomes = try file.steps.map { try story.tell($0).outcome }
        #expect(Set(outcomes).count > 20)
        #expect(outcomes.count { $0 == "accepted" } == 34)
    }
}
