import EVMAdapter
import Ethereum
import Foundation
import Ledger
import LedgerTestSupport
import Testing

/// The stories of `Tests/Stories` on both ledgers at once, the embedded one and the EVM: after every step the same
/// receipt, at the end the same balances, stakes and burnt amount, and all of it what the story says.
@Suite struct StoryTests {
    @Test func everyStoryIsPlayed() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Stories")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".json")
        }
        #expect(Set(files) == Set(StoryFile.all.map { $0 + ".json" }))
    }

    @Test(arguments: StoryFile.all)
    func bothLedgersTellTheSame(name: String) throws {
        let story = try StoryFile.named(name)
        let folder = try TemporaryFolder()
        var embedded = try EmbeddedStory(story, path: folder.file("ledger"))
        let chain = try StoryPlayer(story)
        for (index, step) in story.steps.enumerated() {
            let outcome = try chain.play(step)
            let place = "\(name), step \(index): \(step.do) by \(step.by) at \(step.at)"
            #expect(outcome == step.expect, "\(place), on the chain")
            #expect(try embedded.tell(step).outcome == outcome, "\(place), embedded")
            if let balances = step.balances { try compare(chain, balances, place) }
            for (actor, roles) in step.stakes ?? [:] {
                for (role, amount) in roles {
                    let known = try #require(RegistryRole.allCases.first { "\($0)" == role })
                    let stake = try chain.registry.stake(of: chain.address(actor), known).stake
                    #expect(stake == UInt256(amount), "\(place): stake of \(actor) as \(role)")
                }
            }
            if let burnt = step.burnt {
                #expect(try chain.registry.burnt() == UInt256(burnt), "\(place): burnt")
            }
        }
        try compare(chain, story.balances, name)

        // Whatever the story does not name is the same, too.
        let state = embedded.ledger.state
        for actor in story.actors.keys {
            let (key, address) = (try embedded.key(actor).publicKey, try chain.address(actor))
            #expect(
                try chain.registry.balance(of: address) == UInt256(state.balance(of: key)),
                "\(name): \(actor)")
            for role in Role.allCases {
                let known = try #require(RegistryRole(rawValue: Int(role.rawValue)))
                let stake = try chain.registry.stake(of: address, known).stake
                #expect(stake == UInt256(state.stake(of: key, as: role)), "\(name): \(actor) as \(role)")
            }
        }
        #expect(try chain.registry.burnt() == UInt256(state.burnt), "\(name): burnt")
        #expect(state.burnt == story.burnt)
    }

    private func compare(_ chain: StoryPlayer, _ balances: [String: UInt64], _ place: String) throws {
        for (actor, amount) in balances {
            let balance = try chain.registry.balance(of: chain.address(actor))
            #expect(balance == UInt256(amount), "\(place): balance of \(actor)")
        }
    }
}
