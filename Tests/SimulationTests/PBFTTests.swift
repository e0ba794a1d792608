import Ledger
import Simulation
import Testing

@Suite struct PBFTTests {
    /// A setting in which nothing takes time but what a test adds.
    private func setting(nodes: Int) -> PBFTSimulation {
        PBFTSimulation(
            nodes: nodes, requestBytes: 0, blockBytes: 0, voteBytes: 0, replyBytes: 0, megabits: 1e9,
            latency: 0,
            link: .sharedUplink, quorum: .castroLiskov)
    }

    @Test func theSameSeedGivesTheSameRun() throws {
        var simulation = setting(nodes: 31)
        simulation.latency = 250
        simulation.blockBytes = 10_000
        let one = simulation.run(seed: 7)
        #expect(one == simulation.run(seed: 7))
        #expect(one.seconds != simulation.run(seed: 8).seconds)
        #expect(one.committed == 31)
    }

    /// Request, n − 1 pre-prepares, (n − 1)² prepares, n·(n − 1) commits and n replies.
    @Test(arguments: [4, 7, 10, 31]) func everyMessageIsSentOnce(nodes: Int) {
        let outcome = setting(nodes: nodes).run(seed: 1)
        #expect(outcome.messages == 1 + (nodes - 1) + (nodes - 1) * (nodes - 1) + nodes * (nodes - 1) + nodes)
        #expect(outcome.committed == nodes)
    }

    /// Without latency the time is the sum of the transfers, which can be counted by hand.
    @Test func aStarIsAsSlowAsThePrimarysUplink() throws {
        var simulation = setting(nodes: 4)
        simulation.megabits = 1
        simulation.blockBytes = 1448 * 100
        // One message of 100 segments with 70 bytes of headers each; votes of 0 bytes still take one header.
        let block = Double(1518 * 100) * 8 / 1e6
        let small = 70.0 * 8 / 1e6
        let seconds = try #require(simulation.run(seed: 1).seconds)
        // f = 1: two replies are enough, and they need two backups with the block.
        #expect(seconds > 2 * block)
        #expect(seconds < 3 * block + 30 * small)
        simulation.dissemination = .tree(fanOut: 1)
        let chain = try #require(simulation.run(seed: 1).seconds)
        #expect(abs(chain - seconds) < 2 * block, "one link after another is no faster for a chain")
    }

    @Test func treesCarryLargeBlocksFaster() throws {
        var simulation = setting(nodes: 400)
        simulation.megabits = 10
        simulation.blockBytes = 100_000
        simulation.latency = 50
        let star = try #require(simulation.run(seed: 3).seconds)
        simulation.dissemination = .tree(fanOut: 8)
        let tree = try #require(simulation.run(seed: 3).seconds)
        #expect(tree < star / 3)
    }

    /// n = 3f + 1: f silent nodes do no harm, f + 1 stop everything.
    @Test(arguments: [4, 10, 31]) func silentNodesUpToAThird(nodes: Int) {
        var simulation = setting(nodes: nodes)
        let f = (nodes - 1) / 3
        simulation.silent = f
        let outcome = simulation.run(seed: 5)
        #expect(outcome.seconds != nil && outcome.committed == nodes - f)
        simulation.silent = f + 1
        let stopped = simulation.run(seed: 5)
        #expect(stopped.seconds == nil && stopped.committed == 0)
        #expect(simulation.meanSeconds(runs: 2, seed: 5) == nil)
    }

    @Test func processorTimeIsSpentInOrder() throws {
        var simulation = setting(nodes: 4)
        let fast = try #require(simulation.run(seed: 1).seconds)
        simulation.blockSeconds = 2
        simulation.voteSeconds = 0.25
        let slow = try #require(simulation.run(seed: 1).seconds)
        // The block, then two prepares and at least two commits, one after the other.
        #expect(slow - fast >= 2 + 4 * 0.25 - 1e-9)
        #expect(slow - fast <= 2 + 6 * 0.25 + 1e-9)
    }

    /// Every published row but three is within a quarter; those fit a tenth of their transactions, or a slower machine.
    @Test func thePublishedRowsAreReproduced() throws {
        let report = AgreementReport(runs: 10, seed: 1)
        #expect(report.rows.count == 21)
        var far = [String]()
        for row in report.rows {
            guard let ratio = row.ratio else { continue }
            if abs(ratio - 1) > AgreementReport.tolerance {
                far.append("\(row.measurement.transactions)@\(row.measurement.megabits)")
                #expect(row.fittingTransactions != nil)
            }
        }
        #expect(far == ["5000@0.1", "5000@30.0", "10000@30.0"], "\(far)")
        let slow = try #require(report.rows.first { $0.measurement.transactions == 5000 })
        let fitting = try #require(slow.fittingTransactions)
        #expect((450...550).contains(fitting), "the row fits a tenth of the transactions, not \(fitting)")
    }

    @Test func sizesAreThoseOfTheLedger() throws {
        let task = try #require(Identifier("digits"))
        let one = try BlockTraffic(proofs: 1, task: task)
        let many = try BlockTraffic(proofs: 100, task: task)
        #expect(one.proofTransactionBytes > 192 + 64 + 32)
        #expect(many.blockBytes - one.blockBytes == 99 * one.proofTransactionBytes)
        let outcome = many.agreement(
            nodes: 100, megabits: 30, latency: 300, signatureSeconds: 60e-6, proofSeconds: 45e-6
        ).run(seed: 1)
        let seconds = try #require(outcome.seconds)
        #expect(seconds > 0.1 && seconds < 60)
        #expect(outcome.bytes > 99 * many.blockBytes)
    }
}
