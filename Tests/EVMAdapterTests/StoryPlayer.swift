import EVMAdapter
import EllipticCurves
import Ethereum
import FieldArithmetic
import Groth16
import Ledger
import LedgerTestSupport

/// Plays a story on a registry of its own, with real proofs made for it.
final class StoryPlayer {
    private struct Commitment {
        var model: [Int]
        var blinding: BN254ScalarField
        var point: AffinePoint<BN254G1>
    }

    /// One round as this side has to know it, to make proofs and the sum.
    private struct Round {
        /// In the order of first commitments.
        var participants: [String] = []
        var commitments: [String: Commitment] = [:]
        var proven: [String: Proof<BN254>] = [:]
        /// Once they are on record.
        var survivors: [String]?
    }

    let story: StoryFile
    let registry: RegistryClient
    private let chain: TestChain
    private let circuit: InnerProductCircuit
    private let verifier: Address
    private let senders: [String: TransactionSender]
    private let testSet: AffinePoint<BN254G1>
    private let start: UInt64
    private var rounds: [UInt64: Round] = [:]
    /// Gas of accepted transactions, by what they do.
    private(set) var gas: [(step: Transaction.Kind, gas: UInt64)] = []

    init(_ story: StoryFile) throws {
        self.story = story
        chain = try TestChain()
        circuit = try InnerProductCircuit.shared.get()
        let deployer = try chain.sender(1)
        verifier = try chain.deployVerifier(circuit.key, by: deployer).contract.address
        let parameters = story.parameters
        registry = try RegistryClient.deploy(
            RegistryParameters(
                minimumStake: Role.allCases.map { UInt256(parameters.minimumStake[$0]) },
                minimumBond: UInt256(parameters.minimumBond),
                nonRevealSlash: UInt64(parameters.nonRevealSlash),
                challengerShare: UInt64(parameters.challengerShare),
                voteQuorum: UInt64(parameters.voteQuorum),
                maximumParticipants: UInt64(parameters.maximumParticipants),
                maximumValidators: UInt64(parameters.maximumValidators)), by: deployer
        ).registry
        var senders: [String: TransactionSender] = [:]
        for (index, name) in story.actors.keys.sorted().enumerated() {
            let sender = try chain.sender(UInt8(index + 2))
            if index >= 9 {
                // The chain begins with ten accounts that have money.
                var gift = try deployer.send(to: sender.key.address, value: UInt256(amount: "1000ether")!)
                _ = try deployer.wait(for: &gift)
            }
            if let balance = story.actors[name], balance > 0 {
                try registry.perform(.deposit(UInt256(balance)), gasLimit: TestChain.gas / 10, by: sender)
            }
            senders[name] = sender
        }
        self.senders = senders
        testSet = try InnerProductCircuit.commit(story.testSet.values)
        start = try chain.node.latestBlock().timestamp + 100
    }

    func address(_ name: String?) throws -> Address { try sender(name).key.address }

    private func sender(_ name: String?) throws -> TransactionSender {
        guard let sender = senders[name ?? ""] else { throw StoryError("there is no actor \(name ?? "")") }
        return sender
    }

    private func time(_ seconds: UInt64) -> UInt64 { start + seconds }

    /// Plays one step.
    ///
    /// - Returns: `accepted`, or the reason code.
    func play(_ step: StoryFile.Step) throws -> String {
        try chain.setNextTime(time(step.at))
        let sender = try sender(step.by)
        let call = try call(step)
        let code = try registry.refusal(of: call, from: sender.key.address)
        do {
            let receipt = try registry.perform(call, gasLimit: TestChain.gas / 2, by: sender)
            gas.append((step.do, receipt.gasUsed))
        } catch TransactionError.reverted {
            // What asking gave is also what a block gives.
            guard let code else {
                throw StoryError("\(step.do) of \(step.by) was undone, but not refused before")
            }
            return code
        }
        guard code == nil else {
            throw StoryError("\(step.do) was refused with \(code ?? ""), and then carried out")
        }
        note(step)
        return "accepted"
    }

    /// Keeps what an accepted step means for later ones.
    private func note(_ step: StoryFile.Step) {
        let round = step.round ?? 0
        if step.do == .commitModel, rounds[round]?.participants.contains(step.by) == false {
            rounds[round]?.participants.append(step.by)
        }
        if step.do == .fixSurvivors { rounds[round]?.survivors = step.survivors }
        if step.do == .proveQuality { rounds[round]?.proven[step.by] = pendingProof }
        if step.do == .commitModel, let pending = pendingCommitment {
            rounds[round]?.commitments[step.by] = pending
        }
    }

    private var pendingProof: Proof<BN254>?
    private var pendingCommitment: Commitment?

    private func call(_ step: StoryFile.Step) throws -> RegistryCall {
        let (task, round) = ("\(story.task.name)", step.round ?? 0)
        if rounds[round] == nil { rounds[round] = Round() }
        switch step.do {
        case .register: return .register(try role(step.role), UInt256(step.amount ?? 0))
        case .unregister: return .unregister(try role(step.role))
        case .openTask:
            return .openTask(
                task, verifier: verifier, samples: story.task.samples,
                minimumSamples: story.task.minimumSamples,
                entryShare: UInt64(story.task.entryShare ?? 0))
        case .openOrder:
            guard let split = step.split, let times = step.times else {
                throw StoryError("openOrder lacks terms")
            }
            return .openOrder(
                task, round, testSetHash: try testSetHash(round),
                RegistryTerms(
                    reward: UInt256(step.reward ?? 0), bond: UInt256(step.bond ?? 0),
                    split: split.map { UInt64($0) },
                    times: times.map(time), signers: try (step.signers ?? []).map(address),
                    threshold: UInt64(step.threshold ?? 0)))
        case .commitModel:
            guard case .values(let model)? = step.model else {
                throw StoryError("commitModel lacks its model")
            }
            let blinding = BN254ScalarField.random()
            let commitment = Commitment(
                model: model, blinding: blinding,
                point: try InnerProductCircuit.commit(model, blinding: blinding))
            pendingCommitment = commitment
            return .commitModel(
                task, round, commitment.point,
                beaconCommitment: RegistryHashes.beaconCommitment(
                    account: try address(step.by), secret: secret(step)))
        case .revealTestSet:
            return .revealTestSet(
                task, round, salt: story.testSet.salt.bytes, contents: contents,
                baseline: story.testSet.baseline,
                chunks: chunks)
        case .revealSecret: return .revealSecret(task, round, secret(step))
        case .proveQuality: return try proof(step)
        case .validate:
            return .validate(
                task, round, participant: try address(step.participant), correct: step.correct ?? 0)
        case .challenge:
            return .challenge(
                task, round, participant: try address(step.participant),
                validator: try address(step.validator))
        case .report:
            return .report(
                task, round, subject: step.subject == "globalModel" ? 1 : 0,
                kind: UInt64(step.kind?.rawValue ?? 0))
        case .vote:
            return .vote(task, round, report: UInt64(step.report ?? 0), upholds: step.upholds ?? false)
        case .fixSurvivors: return try fixSurvivors(step)
        case .finalize: return try finalize(step)
        case .payout:
            // Before there is anything to pay, an empty list is signed.
            let digest =
                (try? registry.payoutDigest(task: task, round: round))
                ?? RegistryHashes.payout(
                    orderName: registry.orderName(task: task, round: round), payments: [])
            return .payout(
                task, round,
                try (step.signers ?? []).map { try RegistrySignature(digest, by: self.sender($0).key) })
        default: throw StoryError("the registry has no transaction \(step.do)")
        }
    }

    // MARK: - The pieces

    private func role(_ role: Role?) throws -> RegistryRole {
        guard let role, let known = RegistryRole(rawValue: Int(role.rawValue)) else {
            throw StoryError("a role is missing")
        }
        return known
    }

    private var contents: [UInt8] { SHA256.hash(story.testSet.values.map { UInt8(truncatingIfNeeded: $0) }) }
    private var chunks: [RegistryChunk] {
        [RegistryChunk(commitment: testSet, samples: story.testSet.samples)]
    }

    private func testSetHash(_ round: UInt64) throws -> [UInt8] {
        RegistryHashes.testSet(
            orderName: registry.orderName(task: "\(story.task.name)", round: round),
            salt: story.testSet.salt.bytes,
            contents: contents, baseline: story.testSet.baseline, chunks: chunks)
    }

    private func secret(_ step: StoryFile.Step) -> [UInt8] {
        [UInt8](repeating: 0, count: 31) + [step.secret ?? 0]
    }

    private func proof(_ step: StoryFile.Step) throws -> RegistryCall {
        let round = step.round ?? 0
        let own = rounds[round]?.commitments[step.by]
        let commitment = own ?? Commitment(model: [0, 0, 0, 0], blinding: .one, point: testSet)
        var proof: Proof<BN254>
        if let name = step.proof, name.hasPrefix("for:") {
            guard let other = rounds[round]?.proven[String(name.dropFirst(4))] else {
                throw StoryError("\(name.dropFirst(4)) has no accepted proof")
            }
            proof = other
        } else {
            let context = registry.context(
                task: "\(story.task.name)", round: round, participant: try address(step.by),
                roles: InnerProductCircuit.roles)
            let model = own == nil ? [1, 0, 0, 0] : commitment.model
            proof = try circuit.prove(
                model: model, blinding: commitment.blinding, testSet: story.testSet.values, context)
            if step.proof == "flipped" { proof.a = -proof.a }
        }
        pendingProof = proof
        return .proveQuality(
            "\(story.task.name)", round, chunk: 0, proof, correct: step.correct ?? 0, model: commitment.point,
            testSet: testSet)
    }

    private func fixSurvivors(_ step: StoryFile.Step) throws -> RegistryCall {
        let (task, round) = ("\(story.task.name)", step.round ?? 0)
        var survivors = RegistryHashes.ascending(try (step.survivors ?? []).map(address))
        if step.order == "descending" { survivors.reverse() }
        let digest = RegistryHashes.survivors(
            orderName: registry.orderName(task: task, round: round), survivors)
        guard try registry.survivorsDigest(task: task, round: round, survivors) == digest else {
            throw StoryError("the registry computes another digest of the survivors")
        }
        let signatures = try (step.signers ?? []).map { name in
            name.hasPrefix("!")
                ? try RegistrySignature(SHA256.hash(digest), by: sender(String(name.dropFirst())).key)
                : try RegistrySignature(digest, by: sender(name).key)
        }
        return .fixSurvivors(task, round, survivors, signatures)
    }

    /// Summed are the survivors if they are on record, otherwise all of whom a proof was accepted; in the order of first
    /// commitments.
    private func finalize(_ step: StoryFile.Step) throws -> RegistryCall {
        let round = step.round ?? 0
        let state = rounds[round] ?? Round()
        guard case .global(let name)? = step.model else { throw StoryError("finalize lacks its model") }
        let survivors = name == "all" ? nil : state.survivors
        let commitments = state.participants.filter {
            survivors?.contains($0) ?? (state.proven[$0] != nil)
        }.compactMap { state.commitments[$0]?.point }
        var sum = commitments.reduce(JacobianPoint<BN254G1>(.infinity)) { $0 + $1 }
        if name == "wrong" { sum = sum + testSet }
        let file = SHA256.hash(Array("global model".utf8))
        let call = RegistryCall.finalize(
            "\(story.task.name)", round, model: name == "none" ? nil : sum.affine, file: file,
            commitments: commitments)
        // The client finds the same in the registry's logs.
        if name == "sum", step.expect == "accepted" {
            let found = try registry.finalizing(
                task: "\(story.task.name)", round: round, file: file, sender: address(step.by))
            guard found.arguments == call.arguments else {
                throw StoryError("the client finds another sum than the story")
            }
        }
        return call
    }
}

struct StoryError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
