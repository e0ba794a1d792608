import Simulation
import Testing

@Suite struct RoundsTests {
    private static func setting() -> RoundsSetting {
        var setting = RoundsSetting()
        setting.participants = 5
        setting.byzantine = 4
        setting.rounds = 1
        setting.samples = 20
        setting.epochs = 1
        setting.audits = 2
        return setting
    }

    @Test func everyKindOfMisconductTakesItsTurn() throws {
        #expect(
            try RoundsSimulation(Self.setting()).conduct == [
                nil, .falseAccuracy, .randomWeights, .replay, .lazyAudit,
            ])
    }

    /// With real keys and proofs: who is honest enters the average, nobody else does, each for a reason of its own.
    @Test func theProtocolKeepsOutWhatIsNotProven() throws {
        let simulation = try RoundsSimulation(Self.setting())
        let round = try #require(try simulation.run(.protocolRules).first)
        #expect(round.accepted == 1)
        #expect(round.refusals[0] == nil)
        #expect(round.refusals[1] == "the quality proof does not verify")
        // The start is so bad that what stays close to it may have nothing right at all.
        for participant in [2, 4] {
            let reason = try #require(round.refusals[participant])
            #expect(
                ["too few to enter", "no answer to the audit", "nothing to prove"].contains {
                    reason.contains($0)
                },
                "\(reason)")
        }
        #expect(round.refusals[3] == "the quality proof does not verify")
    }

    @Test func withoutProofsEverybodyEnters() throws {
        let setting = Self.setting()
        let all = try RoundsSimulation(setting).run(.none)
        #expect(all[0].accepted == 5 && all[0].refusals.isEmpty)
        #expect(try RoundsSimulation(setting).run(.none)[0].accuracy == all[0].accuracy)
        let honest = try RoundsSimulation(setting).run(.honestOnly)
        #expect(honest[0].accepted == 1)
        #expect(honest[0].accuracy != all[0].accuracy)
    }

    /// Without noise and attackers, clipping at the median is all that differential privacy changes.
    @Test func noiseIsWhatPrivacyCosts() throws {
        var setting = Self.setting()
        setting.byzantine = 0
        setting.rounds = 2
        setting.epochs = 4
        setting.noise = 0
        let quiet = try RoundsSimulation(setting).run(.differentialPrivacy)
        setting.noise = 20
        let noisy = try RoundsSimulation(setting).run(.differentialPrivacy)
        #expect(quiet[1].accuracy > noisy[1].accuracy + 0.1)
    }

    @Test func moreTestSamplesThanThereAreAreRefused() {
        var setting = Self.setting()
        setting.rounds = 19
        #expect(throws: (any Error).self) { try RoundsSimulation(setting) }
    }
}
