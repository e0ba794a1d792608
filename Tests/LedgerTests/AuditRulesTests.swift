import AuditProtocol
import Ledger
import LedgerTestSupport
import Testing

@Suite struct AuditRulesTests {
    static let stages = 6
    static let steps = 2
    static let batchCount = 5
    static let start = ClearProofSystem.commitment(500)

    static func policy(_ change: (inout AuditPolicy) -> Void = { _ in }) -> AuditPolicy {
        var policy = AuditPolicy(
            mode: .sampled, stages: UInt32(stages), sampleSize: 3, stepsPerStage: UInt32(steps), bound: 0,
            verifyingKey: Story.key)
        change(&policy)
        return policy
    }

    /// What a participant keeps of its training: points stand for checkpoints and batches.
    struct Training {
        let signer: SigningKey
        var checkpoints: [[UInt8]]
        var batches: [[UInt8]]

        init(_ signer: SigningKey, model: UInt64) {
            self.signer = signer
            checkpoints =
                [AuditRulesTests.start]
                + (1..<AuditRulesTests.stages).map { ClearProofSystem.commitment(100 * model + UInt64($0)) }
                + [ClearProofSystem.commitment(model)]
            batches = (0..<AuditRulesTests.batchCount).map {
                ClearProofSystem.commitment(200 * model + UInt64($0))
            }
        }

        private static func coordinates(_ point: [UInt8]) throws -> [UInt8] {
            try ClearProofSystem().coordinates(of: point)
        }
        var checkpointTree: MerkleTree {
            get throws {
                MerkleTree(
                    leaves: try checkpoints.enumerated().map {
                        AuditLeaf.checkpoint($0.offset, commitment: try Self.coordinates($0.element))
                    })
            }
        }
        var batchTree: MerkleTree {
            get throws {
                MerkleTree(
                    leaves: try batches.enumerated().map {
                        AuditLeaf.batch($0.offset, commitment: try Self.coordinates($0.element))
                    })
            }
        }

        func commitData() throws -> Transaction {
            .commitData(
                CommitData(
                    task: Story.task, round: 0, batchRoot: try batchTree.root, batches: UInt32(batches.count))
            )
        }

        func checkpoint(_ index: Int) throws -> AuditedCheckpoint {
            AuditedCheckpoint(
                commitment: checkpoints[index], path: try checkpointTree.path(to: index).nodes)
        }

        func update(_ stage: UInt32, on state: LedgerState) throws -> ProveUpdate {
            let (before, after) = (try checkpoint(Int(stage)), try checkpoint(Int(stage) + 1))
            let statement = StageStatement(
                ledger: state.identifier, task: Story.task, round: 0, stage: stage,
                participant: signer.publicKey, before: before.commitment, after: after.commitment,
                batches: [])
            return ProveUpdate(
                task: Story.task, round: 0, stage: stage, before: before, after: after,
                proof: ClearProofSystem.proof(of: statement, key: Story.key))
        }

        func answer(_ stage: UInt32, on state: LedgerState) throws -> AnswerAudit {
            let party = AuditParty(
                task: Story.task.description, participant: signer.publicKey.description)
            let dataset = datasetDigest(root: try batchTree.root, batches: batches.count)
            let order = BatchOrder(
                batchCount: batches.count, dataset: dataset,
                beacon: try state.dataBeacon(task: Story.task, round: 0), party: party)
            let places = try #require(order).batches(stage: Int(stage), steps: AuditRulesTests.steps)
            var answer = AnswerAudit(
                task: Story.task, round: 0, stage: stage, before: try checkpoint(Int(stage)),
                after: try checkpoint(Int(stage) + 1),
                batches: try places.map {
                    AuditedCheckpoint(commitment: batches[$0], path: try batchTree.path(to: $0).nodes)
                }, proof: [])
            answer.prove(signer, on: state)
            return answer
        }
    }

    /// Both participants have committed, all is revealed and the beacon is known.
    static func audited(
        _ change: (inout AuditPolicy) -> Void = { _ in }
    ) throws -> (story: Story, trainings: [Training]) {
        var story = try Story.registered()
        try story.accept(Story.openTask(audit: policy(change)), story.publisher)
        var windows = story.windows
        windows.commitStart = Timestamp(milliseconds: windows.commitStart.milliseconds + 20_000)
        try story.accept(story.openOrder(windows: windows, start: start), story.publisher)
        let trainings = (0..<2).map { Training(story.participants[$0], model: UInt64(11 + $0)) }
        for training in trainings {
            #expect(try story.accept(training.commitData(), training.signer) == .dataCommitted)
        }
        story.advance(to: \.commitStart)
        for training in trainings {
            try story.accept(
                Story.commit(
                    training.checkpoints[stages], checkpointRoot: training.checkpointTree.root,
                    by: training.signer), training.signer)
        }
        try story.revealAll()
        return (story, trainings)
    }

    @Test func policiesMustMakeSense() throws {
        var story = try Story.registered()
        let changes: [(inout AuditPolicy) -> Void] = [
            { $0.stages = 0 }, { $0.stages = .max }, { $0.stepsPerStage = 0 }, { $0.stepsPerStage = 1025 },
            { $0.sampleSize = 0 }, { $0.bound = 1 }, { $0.mode = .bounded },
            { $0.updateKey = Story.key },
            {
                $0.mode = .full
                $0.stages = 5000
            },
        ]
        for change in changes {
            try story.expectRefusal(
                code: "malformed-audit-policy", Story.openTask(audit: Self.policy(change)),
                by: story.publisher)
        }
        try story.expectRefusal(
            .malformedVerifyingKey("a key has two bytes"),
            Story.openTask(audit: Self.policy { $0.verifyingKey = [] }), by: story.publisher)
        try story.accept(
            Story.openTask(
                audit: Self.policy {
                    $0.mode = .bounded
                    $0.bound = 7
                    $0.updateKey = Story.key
                }), story.publisher)
        // An order of it needs a public start.
        try story.expectRefusal(code: "malformed-commitment", story.openOrder(), by: story.publisher)
    }

    @Test func dataComesBeforeModels() throws {
        var story = try Story.registered()
        try story.accept(Story.openTask(audit: Self.policy()), story.publisher)
        var windows = story.windows
        windows.commitStart = Timestamp(milliseconds: windows.commitStart.milliseconds + 10_000)
        try story.accept(story.openOrder(windows: windows, start: Self.start), story.publisher)
        let training = Training(story.participants[0], model: 11)
        let a = training.signer
        try story.expectRefusal(.publisherMayNotCompete, training.commitData(), by: story.publisher)
        for count in [0, UInt32.max] {
            let odd = Transaction.commitData(
                CommitData(task: Story.task, round: 0, batchRoot: Digest(sha256: []), batches: count))
            try story.expectRefusal(.batchCountOutOfRange(count), odd, by: a)
        }
        let outsider = Story.signer(60)
        try story.expectRefusal(
            .notStaked(.participant, free: 0, needs: 40), training.commitData(), by: outsider)
        try story.accept(training.commitData(), a)
        story.advance(to: \.commitStart)
        try story.expectRefusal(.lateCommitment, training.commitData(), by: a)
        let b = story.participants[1]
        try story.expectRefusal(
            .dataNotCommitted, Story.commit(12, checkpointRoot: Digest(sha256: []), by: b), by: b)
        try story.expectRefusal(.checkpointRootMissing, Story.commit(11, by: a), by: a)
        // Where there are no audits, there is nothing to commit to.
        var plain = try Story.opened()
        try plain.expectRefusal(.auditNotWanted, training.commitData(), by: a)
        let answer = Transaction.answerAudit(
            AnswerAudit(
                task: Story.task, round: 0, stage: 0, before: AuditedCheckpoint(commitment: [], path: []),
                after: AuditedCheckpoint(commitment: [], path: []), batches: [], proof: []))
        try plain.expectRefusal(.auditNotWanted, answer, by: a)
    }

    @Test func answeredAuditsAreRewardedBelowTheBaselineToo() throws {
        var (story, trainings) = try Self.audited()
        let (a, b) = (trainings[0].signer, trainings[1].signer)
        try story.proveAll(2)
        try story.expectRefusal(
            try story.tooEarly(\.revealDeadline), .answerAudit(trainings[0].answer(0, on: story.state)), by: a
        )
        story.advance(to: \.revealDeadline)
        for training in trainings {
            let sampled = try story.state.auditedStages(
                task: Story.task, round: 0, participant: training.signer.publicKey,
                at: try story.order.opening.windows.revealDeadline)
            #expect(sampled.count == 3 && sampled.first == 0 && sampled.last == UInt32(Self.stages - 1))
            for (number, stage) in sampled.enumerated() where training.signer === a || number < 2 {
                let effect = try story.accept(
                    .answerAudit(training.answer(stage, on: story.state)), training.signer)
                #expect(effect == .stageProven(answered: UInt32(number + 1), wanted: 3))
            }
        }
        // b has left one out, and pays for it like for a wrong one.
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(try story.order.outcome?.weights.map(\.participant) == [a.publicKey])
        #expect(try story.order.outcome?.rewarded == [a.publicKey])
        #expect(story.stake(b, .participant) == 40)
        #expect(story.state.burnt == 40)
    }

    @Test func allStagesInTheModeFull() throws {
        var (story, trainings) = try Self.audited { $0.mode = .full }
        story.advance(to: \.revealDeadline)
        for stage in 0..<UInt32(Self.stages) {
            try story.accept(.answerAudit(trainings[0].answer(stage, on: story.state)), trainings[0].signer)
        }
        #expect(try story.order.answers[trainings[0].signer.publicKey]?.count == Self.stages)
    }

    /// In the mode `bounded` every stage's update is proven to be small, whether the stage was drawn or not.
    @Test func everyUpdateIsBoundedInTheModeBounded() throws {
        var (story, trainings) = try Self.audited {
            $0.mode = .bounded
            $0.bound = 7
            $0.updateKey = Story.key
        }
        let (a, b) = (trainings[0].signer, trainings[1].signer)
        try story.proveAll(2)
        for training in trainings {
            for stage in 0..<UInt32(Self.stages) where training.signer === a || stage != 3 {
                let effect = try story.accept(
                    .proveUpdate(training.update(stage, on: story.state)), training.signer)
                let others = try story.order.updates[training.signer.publicKey]?.count
                #expect(
                    effect == .stageProven(answered: UInt32(others ?? 0), wanted: UInt32(Self.stages)))
            }
        }
        let good = try trainings[1].update(3, on: story.state)
        try story.expectRefusal(
            .stageAlreadyAnswered, .proveUpdate(trainings[0].update(0, on: story.state)), by: a)
        var odd = good
        odd.stage = UInt32(Self.stages)
        try story.expectRefusal(.stageNotSampled(odd.stage), .proveUpdate(odd), by: b)
        odd = good
        odd.proof[0] ^= 1
        try story.expectRefusal(.proofDoesNotVerify, .proveUpdate(odd), by: b)
        odd = good
        swap(&odd.before, &odd.after)
        try story.expectRefusal(code: "audit-answer-mismatch", .proveUpdate(odd), by: b)
        // The proof of a whole stage is none of its bound, nor the other way round.
        odd = good
        odd.proof = try trainings[1].answer(3, on: story.state).proof
        try story.expectRefusal(.proofDoesNotVerify, .proveUpdate(odd), by: b)
        story.advance(to: \.revealDeadline)
        for training in trainings {
            let sampled = try story.state.auditedStages(
                task: Story.task, round: 0, participant: training.signer.publicKey,
                at: try story.order.opening.windows.revealDeadline)
            for stage in sampled {
                try story.accept(.answerAudit(training.answer(stage, on: story.state)), training.signer)
            }
        }
        var late = story
        late.advance(to: \.proofDeadline)
        try late.expectRefusal(.lateProof, .proveUpdate(good), by: b)
        // b lacks one bound, drawn or not, and pays for it.
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(try story.order.outcome?.weights.map(\.participant) == [a.publicKey])
        #expect(story.stake(b, .participant) == 40)
        // Where nothing is bounded there is nothing to prove.
        var (other, others) = try Self.audited()
        try other.expectRefusal(
            .auditNotWanted, .proveUpdate(others.removeFirst().update(0, on: other.state)),
            by: other.participants[0])
    }

    @Test func wrongAnswersAreRefused() throws {
        var (story, trainings) = try Self.audited()
        let (training, other) = (trainings[0], trainings[1])
        let a = training.signer
        story.advance(to: \.revealDeadline)
        let now = try story.order.opening.windows.revealDeadline
        let sampled = try story.state.auditedStages(
            task: Story.task, round: 0, participant: a.publicKey, at: now)
        let unsampled = (0..<UInt32(Self.stages)).first { !sampled.contains($0) }!
        try story.expectRefusal(
            .stageNotSampled(unsampled), .answerAudit(training.answer(unsampled, on: story.state)), by: a)
        try story.expectRefusal(
            .stageNotSampled(.max),
            .answerAudit(
                AnswerAudit(
                    task: Story.task, round: 0, stage: .max,
                    before: AuditedCheckpoint(commitment: [], path: []),
                    after: AuditedCheckpoint(commitment: [], path: []), batches: [], proof: [])), by: a)
        let middle = sampled[1]
        let changes: [(String, (inout AnswerAudit) throws -> Void)] = [
            ("malformed-commitment", { $0.before.commitment = [1] }),
            ("audit-answer-mismatch", { $0.before.commitment = ClearProofSystem.commitment(1) }),
            ("audit-answer-mismatch", { $0.after.commitment = ClearProofSystem.commitment(1) }),
            ("audit-answer-mismatch", { $0.before.path = [] }),
            ("audit-answer-mismatch", { $0.after.path.append(Digest(sha256: [])) }),
            ("audit-answer-mismatch", { swap(&$0.before, &$0.after) }),
            ("audit-answer-mismatch", { $0.batches.removeLast() }),
            ("audit-answer-mismatch", { $0.batches.append($0.batches[0]) }),
            ("audit-answer-mismatch", { $0.batches.swapAt(0, 1) }),
            ("audit-answer-mismatch", { $0.batches[1] = $0.batches[0] }),
            ("audit-answer-mismatch", { $0 = try other.answer(middle, on: story.state) }),
            ("malformed-proof", { $0.proof = [1] }),
            ("proof-does-not-verify", { $0.proof[0] ^= 1 }),
            // A proof of the right commitments, but another participant's.
            ("proof-does-not-verify", { $0.prove(other.signer, on: story.state) }),
        ]
        for (code, change) in changes {
            var answer = try training.answer(middle, on: story.state)
            let honest = answer.proof
            try change(&answer)
            // The prover proves whatever it sends, except where the proof itself is the forgery.
            if answer.proof == honest { answer.prove(a, on: story.state) }
            try story.expectRefusal(code: code, .answerAudit(answer), by: a)
        }
        let honest = try training.answer(middle, on: story.state)
        try story.accept(.answerAudit(honest), a)
        try story.expectRefusal(.stageAlreadyAnswered, .answerAudit(honest), by: a)
        story.advance(to: \.proofDeadline)
        try story.expectRefusal(.lateProof, .answerAudit(training.answer(0, on: story.state)), by: a)
    }

    /// The chain begins at the public start and ends at the committed model.
    @Test func theEndsOfTheChainAreFixed() throws {
        var story = try Story.registered()
        try story.accept(Story.openTask(audit: Self.policy()), story.publisher)
        var windows = story.windows
        windows.commitStart = Timestamp(milliseconds: windows.commitStart.milliseconds + 10_000)
        try story.accept(story.openOrder(windows: windows, start: Self.start), story.publisher)
        var trainings = (0..<2).map { Training(story.participants[$0], model: UInt64(11 + $0)) }
        // One starts from a model of its own, the other ends elsewhere than where it committed.
        trainings[0].checkpoints[0] = ClearProofSystem.commitment(501)
        trainings[1].checkpoints[Self.stages] = ClearProofSystem.commitment(502)
        for training in trainings { try story.accept(training.commitData(), training.signer) }
        story.advance(to: \.commitStart)
        for (index, training) in trainings.enumerated() {
            try story.accept(
                Story.commit(
                    UInt64(11 + index), checkpointRoot: training.checkpointTree.root, by: training.signer),
                training.signer)
        }
        try story.revealAll()
        story.advance(to: \.revealDeadline)
        try story.expectRefusal(
            .auditAnswerMismatch("the training does not start from the public start"),
            .answerAudit(trainings[0].answer(0, on: story.state)), by: trainings[0].signer)
        try story.accept(
            .answerAudit(trainings[0].answer(UInt32(Self.stages - 1), on: story.state)), trainings[0].signer)
        try story.expectRefusal(
            .auditAnswerMismatch("the last checkpoint is not the committed model"),
            .answerAudit(trainings[1].answer(UInt32(Self.stages - 1), on: story.state)),
            by: trainings[1].signer)
        try story.accept(.answerAudit(trainings[1].answer(0, on: story.state)), trainings[1].signer)
    }

    @Test func auditsAreOfThoseWhoCommitted() throws {
        var (story, trainings) = try Self.audited()
        let a = trainings[0].signer
        let outsider = story.participants[3]
        story.advance(to: \.revealDeadline)
        let answer = Transaction.answerAudit(try trainings[0].answer(0, on: story.state))
        try story.expectRefusal(.notCommitted, answer, by: outsider)
        try story.accept(answer, a)
    }
}

extension AnswerAudit {
    /// Makes the proof of what stands in it.
    mutating func prove(_ signer: SigningKey, on state: LedgerState) {
        let statement = StageStatement(
            ledger: state.identifier, task: task, round: round, stage: stage, participant: signer.publicKey,
            before: before.commitment, after: after.commitment, batches: batches.map(\.commitment))
        proof = ClearProofSystem.proof(of: statement, key: Story.key)
    }
}
