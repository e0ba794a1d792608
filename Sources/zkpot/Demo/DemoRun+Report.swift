import ConstraintSystem
import FieldArithmetic
import Foundation
import Ledger
import Parallelism
import Presentation
import TrainingCircuits

extension DemoRun {
    /// What happened, for the page and for JSON.
    ///
    /// - Parameter isReplayed: whether the ledger was verified from its first block, all proofs included.
    func report(elapsedSeconds: Double, isReplayed: Bool) throws -> DemoReport {
        let r1cs = try circuit.constraints(over: BN254ScalarField.self)
        let key = prover.prover.key
        let formatter = ISO8601DateFormatter()
        return DemoReport(
            title: "Federated learning with proofs of quality",
            introduction: """
                \(participants.count) participants train \(Self.shape(circuit)) networks on their own shards of handwritten \
                digits. Each commits to its model before the round's test set is revealed, and proves to the ledger how \
                many of the \(settings.samples) samples the committed model classifies correctly, showing neither model \
                nor data.
                """,
            date: formatter.string(from: Date()), elapsedSeconds: elapsedSeconds,
            machine: .init(
                processor: Self.processorName, cores: ProcessInfo.processInfo.activeProcessorCount,
                threads: Parallelism.threadCount, kernel: "\(Kernel.current.rawValue)",
                peakMemoryBytes: Memory.peak),
            circuit: .init(
                shape: Self.shape(circuit), testImages: settings.samples,
                dataset: "Optical recognition of handwritten digits (UCI), 8×8 pixels",
                constraints: r1cs.constraintCount, wires: r1cs.wireCount,
                publicInputs: key.verifyingKey.publicInputCount,
                nonZeros: r1cs.a.nonZeroCount + r1cs.b.nonZeroCount + r1cs.c.nonZeroCount,
                regions: r1cs.statistics(depth: 1).map {
                    .init($0.region.isEmpty ? "other" : $0.region, constraints: $0.constraints)
                }),
            keys: .init(
                provingBytes: key.byteCount, verifyingBytes: key.verifyingKey.encoded.count,
                setupSeconds: setupSeconds, isForDevelopment: key.verifyingKey.isDevelopmentKey),
            rounds: rounds.map(describe), refusals: rounds.flatMap(refusals),
            ledger: .init(blocks: try blocks(), isReplayed: isReplayed))
    }

    private func describe(_ round: Round) -> DemoReport.Round {
        DemoReport.Round(
            number: round.number + 1, testImages: settings.samples,
            participants: round.outcomes.map { outcome in
                .init(
                    name: outcome.participant.name, shardSize: outcome.participant.shard.count,
                    claimedCorrect: outcome.claimed, testImages: settings.samples,
                    proofBytes: outcome.proofBytes, proveSeconds: outcome.proveSeconds,
                    verifySeconds: outcome.verifySeconds,
                    status: outcome.refusal.map { .refused(reason: $0) } ?? .accepted,
                    isLeader: outcome.isLeader)
            }, isAggregateConfirmed: round.aggregateIsRight, globalAccuracyBefore: round.accuracyBefore,
            globalAccuracyAfter: round.accuracyAfter)
    }

    private func refusals(_ round: Round) -> [DemoReport.Refusal] {
        round.outcomes.compactMap { outcome in
            outcome.refusal.map {
                .init(
                    round: round.number + 1, participant: outcome.participant.name,
                    attempt: outcome.conduct.description, reason: $0)
            }
        }
    }

    private func blocks() throws -> [DemoReport.Block] {
        let names = Dictionary(
            uniqueKeysWithValues: participants.map { ($0.key.publicKey.description, $0.name) })
        return try ledger.view().blocks.map { block in
            .init(
                height: Int(block.height), hash: block.hash, previousHash: block.previous,
                transactions: block.transactions.map { transaction in
                    let sender = names[transaction.sender] ?? "publisher"
                    return "\(transaction.kind), \(sender)" + (transaction.isAccepted ? "" : ", refused")
                })
        }
    }

    /// The processor's name, where the system tells it.
    private static var processorName: String {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    }
}
