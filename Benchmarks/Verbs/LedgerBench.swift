import Foundation
import Ledger
import Presentation

/// `zkpot-bench ledger`
struct LedgerBench: Verb {
    static let about = About(
        "ledger",
        "Transactions per second: transfers and quality proofs, one in each block and many together.",
        discussion: """
            "State" is the state machine in memory, signatures included; "file" adds blocks, their Merkle trees, their seal and \
            a synced SQLite transaction for each block. Proofs have two linked commitments and a challenge, and cost as much to \
            verify as those of any quality circuit.
            """,
        example: "zkpot-bench ledger --threads 1,2")

    @Group var options: BenchOptions
    @Option("Quality proofs, a multiple of 64.", check: .in(64...4096)) var proofs: Int = 256
    @Option("Transfers.", check: .in(1...4096)) var transfers: Int = 1024

    func validate() throws {
        if proofs % 64 != 0 { throw UsageError("--proofs expects a multiple of 64") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        try Self.measure(proofs: proofs, transfers: transfers, session)
        return try options.finish(session, console)
    }

    static func measure(proofs: Int, transfers: Int, _ session: BenchSession) throws {
        try measureProofs(proofs, session)
        try measureTransfers(transfers, session)
    }

    private static func subject(_ name: String, _ units: Int) -> BenchSession.Subject {
        .init(group: "ledger", benchmark: name, size: units, unit: "transaction", units: units)
    }

    private static func measureProofs(_ count: Int, _ session: BenchSession) throws {
        let workload = try LedgerWorkload(proofs: count)
        func require(_ results: [Swift.Result<Receipt, Rejection>]) throws {
            for result in results {
                let receipt = try result.get()
                guard receipt.isAccepted else { throw LedgerWorkload.Refused(outcome: receipt.outcome) }
            }
        }
        try session.measureParallel(subject("quality proofs, one by one, state", count)) {
            var state = workload.state
            for proof in workload.proofs { try require([.success(state.apply(proof, at: workload.time))]) }
            return []
        }
        try session.measureParallel(subject("quality proofs, in one batch, state", count)) {
            var state = workload.state
            try require(state.applyBatch(workload.proofs, at: workload.time))
            return []
        }
    }

    private static func measureTransfers(_ count: Int, _ session: BenchSession) throws {
        var workload = try TransferWorkload()
        let base = LedgerState(configuration: workload.configuration, proofSystem: ProofSystems.standard)
        let fixed = try workload.take(count)
        try session.measureParallel(subject("transfers, one by one, state", count)) {
            var state = base
            for transfer in fixed { _ = try state.apply(transfer, at: LedgerWorkload.start) }
            return []
        }
        try session.measureParallel(subject("transfers, in one batch, state", count)) {
            var state = base
            for result in state.applyBatch(fixed, at: LedgerWorkload.start) { _ = try result.get() }
            return []
        }
        for (name, blockSize) in [("a block for each", 1), ("blocks of 64", 64), ("one block", count)] {
            // A block for each is slow: fewer of them tell as much.
            let units = blockSize == 1 ? min(count, 128) : count
            try measureFile("transfers, \(name), file", units, blockSize: min(blockSize, count), session)
        }
    }

    /// Each run goes on with the same file.
    private static func measureFile(
        _ name: String, _ count: Int, blockSize: Int, _ session: BenchSession
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "zkpot-bench-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var workload = try TransferWorkload()
        let ledger = try Ledger.create(
            at: folder.appending(path: "ledger").path, configuration: workload.configuration,
            operatorKey: LedgerWorkload.key(LedgerWorkload.operatorSeed), proofSystem: ProofSystems.standard)
        // Signed before the clock runs, for every run and the one that warms up.
        var ready = try (0..<(session.runs + 1) * session.threads.count).map { _ in try workload.take(count)
        }[...]
        try session.measureParallel(subject(name, count)) {
            guard let transfers = ready.popFirst() else { return [] }
            for start in stride(from: 0, to: count, by: blockSize) {
                let block = Array(transfers[start..<min(count, start + blockSize)])
                for result in try ledger.append(block, at: LedgerWorkload.start) { _ = try result.get() }
            }
            return []
        }
    }
}
