import EVMAdapter
import Ethereum
import Testing

/// The stories of `Tests/Stories` on the EVM: the same receipts, balances, stakes and burnt amounts as on the embedded
/// ledger, which plays them from the same files.
@Suite struct StoryTests {
    @Test func thereAreStories() { #expect(!StoryFile.names.isEmpty) }

    @Test(arguments: StoryFile.names)
    func storiesOnTheChain(name: String) throws {
        let story = try StoryFile.read(name)
        #expect(story.format == "zkpot-story-1")
        let player = try StoryPlayer(story)
        for (index, step) in story.steps.enumerated() {
            let outcome = try player.play(step)
            #expect(outcome == step.expect, "\(name), step \(index): \(step.do) by \(step.by) at \(step.at)")
            try compare(player, step.balances, step.stakes, step.burnt, "\(name), step \(index)")
        }
        try compare(player, story.balances, story.stakes, story.burnt, "\(name), end")
    }

    private func compare(
        _ player: StoryPlayer, _ balances: [String: UInt64]?, _ stakes: [String: [String: UInt64]]?,
        _ burnt: UInt64?,
        _ place: String
    ) throws {
        for (name, amount) in balances ?? [:] {
            let balance = try player.registry.balance(of: player.address(name))
            #expect(balance == UInt256(amount), "\(place): balance of \(name)")
        }
        for (name, roles) in stakes ?? [:] {
            for (role, amount) in roles {
                let known = try #require(RegistryRole.allCases.first { "\($0)" == role })
                let stake = try player.registry.stake(of: player.address(name), known).stake
                #expect(stake == UInt256(amount), "\(place): stake of \(name) as \(role)")
            }
        }
        if let burnt { #expect(try player.registry.burnt() == UInt256(burnt), "\(place): burnt") }
    }
}
