import Ledger
import LedgerTestSupport
import Testing

@Suite struct OrderRulesTests {
    @Test func aTaskIsOpenedOnce() throws {
        var story = Story()
        try story.expectRefusal(
            .notStaked(.publisher, free: 0, needs: 100), Story.openTask(), by: story.publisher)
        story = try Story.registered()
        #expect(try story.accept(Story.openTask(), story.publisher) == .taskOpened)
        try story.expectRefusal(.taskExists, Story.openTask(), by: story.publisher)
    }

    @Test func aTaskNeedsUsableKeys() throws {
        var story = try Story.registered()
        let publisher = story.publisher
        try story.expectRefusal(.noQualityKey, Story.openTask(keys: []), by: publisher)
        try story.expectRefusal(
            .malformedVerifyingKey("a key has two bytes"),
            Story.openTask(keys: [QualityKey(samples: 1, verifyingKey: [1, 2, 3])]), by: publisher)
        try story.expectRefusal(
            .sampleCountOutOfRange(0),
            Story.openTask(keys: [QualityKey(samples: 0, verifyingKey: Story.key)]),
            by: publisher)
        try story.expectRefusal(.sampleCountOutOfRange(0), Story.openTask(minimumSamples: 0), by: publisher)
        let huge = UInt64(UInt32.max) + 1
        try story.expectRefusal(
            .sampleCountOutOfRange(huge), Story.openTask(minimumSamples: huge), by: publisher)
        // Without proofs there is no need of a key.
        try story.accept(Story.openTask(keys: [], mode: .open), publisher)
    }

    @Test func developmentKeysOnlyWhereAllowed() throws {
        let marked = ClearProofSystem.key(isDevelopmentKey: true)
        let opening = Story.openTask(keys: [
            QualityKey(samples: 1, verifyingKey: Story.key), QualityKey(samples: 1, verifyingKey: marked),
        ])
        var strict = try Story.registered()
        try strict.expectRefusal(.developmentKeyNotAllowed, opening, by: strict.publisher)
        let audited = Story.openTask(audit: AuditRulesTests.policy { $0.verifyingKey = marked })
        try strict.expectRefusal(.developmentKeyNotAllowed, audited, by: strict.publisher)
        var lax = Story(allowsDevelopmentKeys: true)
        for (transaction, signer) in lax.registrations { try lax.accept(transaction, signer) }
        #expect(try lax.accept(opening, lax.publisher) == .taskOpened)
    }

    @Test func ordersFollowOneAnother() throws {
        var story = try Story.registered()
        try story.expectRefusal(.unknownTask, story.openOrder(), by: story.publisher)
        try story.accept(Story.openTask(), story.publisher)
        try story.expectRefusal(.notThePublisher, story.openOrder(), by: story.participants[0])
        try story.expectRefusal(
            .wrongRound(expected: 0, actual: 1), story.openOrder(1), by: story.publisher)
        #expect(try story.accept(story.openOrder(), story.publisher) == .orderOpened)
        #expect(story.balance(story.publisher) == Story.wealth - 200 - 1003 - 101)
        #expect(story.state.escrow == 1104)
        #expect(story.locked(story.publisher, .publisher) == 100)
        try story.expectRefusal(
            .wrongRound(expected: 1, actual: 0), story.openOrder(), by: story.publisher)
        try story.expectRefusal(.previousRoundNotFinalized, story.openOrder(1), by: story.publisher)
        story.advance(to: \.commitDeadline)
        try story.accept(Story.finalize(commitment: nil), story.publisher)
        #expect(try story.accept(story.openOrder(1), story.publisher) == .orderOpened)
    }

    @Test func timesMustFollowOneAnother() throws {
        var story = try Story.registered()
        try story.accept(Story.openTask(), story.publisher)
        let paths: [WritableKeyPath<OrderWindows, Timestamp>] = [
            \.commitStart, \.commitDeadline, \.revealDeadline, \.proofDeadline, \.validationDeadline,
            \.challengeDeadline, \.voteDeadline, \.finalizeDeadline,
        ]
        for (path, next) in zip(paths, paths.dropFirst()) {
            var windows = story.windows
            windows[keyPath: path] = windows[keyPath: next]
            try story.expectRefusal(
                .deadlinesOutOfOrder, story.openOrder(windows: windows), by: story.publisher)
        }
        var windows = story.windows
        windows.commitStart = story.time
        try story.expectRefusal(.deadlinesOutOfOrder, story.openOrder(windows: windows), by: story.publisher)
        // Commitments may begin at once.
        try story.accept(story.openOrder(), story.publisher)
    }

    @Test func unusableOrdersAreRefused() throws {
        var story = try Story.registered()
        let publisher = story.publisher
        try story.accept(Story.openTask(), publisher)
        for split in [
            RewardSplit(leader: 9999, participants: 0, validators: 0, aggregator: 0),
            RewardSplit(leader: 10_000, participants: 1, validators: 0, aggregator: 0),
            RewardSplit(leader: 65_535, participants: 10_001, validators: 0, aggregator: 0),
        ] {
            try story.expectRefusal(.splitNotWhole, story.openOrder(split: split), by: publisher)
        }
        try story.expectRefusal(
            .bondBelowMinimum(bond: 49, minimum: 50), story.openOrder(bond: 49), by: publisher)
        let (a, b) = (story.signers[0], story.signers[1])
        for (signers, threshold) in [([a, b, a], 2), ([a, b], 3), ([a, b], 0), ([], 1)]
            as [([SigningKey], UInt8)]
        {
            try story.expectRefusal(
                code: "malformed-payout-signers", story.openOrder(signers: signers, threshold: threshold),
                by: publisher)
        }
        let has = story.balance(publisher)
        try story.expectRefusal(
            .insufficientBalance(has: has, needs: has + 1), story.openOrder(reward: has - 49, bond: 50),
            by: publisher)
        for (reward, bond) in [(UInt64.max, 50), (UInt64.max - 50, 51), (1, UInt64.max)] as [(UInt64, UInt64)]
        {
            try story.expectRefusal(
                .insufficientBalance(has: has, needs: .max), story.openOrder(reward: reward, bond: bond),
                by: publisher)
        }
        try story.expectRefusal(
            code: "malformed-commitment", story.openOrder(start: [1, 2, 3]), by: publisher)
        // The stake is good for two orders at a time: of three tasks one must wait.
        for name in ["b", "c"] { try story.accept(Story.openTask(Identifier(name)!), publisher) }
        func order(_ name: String) -> Transaction {
            guard case .openOrder(var body) = story.openOrder() else { return story.openOrder() }
            body.task = Identifier(name)!
            return .openOrder(body)
        }
        try story.accept(story.openOrder(), publisher)
        try story.accept(order("b"), publisher)
        try story.expectRefusal(
            .notStaked(.publisher, free: 0, needs: 100), order("c"), by: publisher)
    }

    @Test func ordersAreListedByRewardPerTime() throws {
        var story = try Story.registered()
        try story.accept(.register(Register(role: .publisher, amount: 1000)), story.publisher)
        func open(_ name: String, reward: UInt64, training: UInt64) throws {
            try story.accept(Story.openTask(Identifier(name)!), story.publisher)
            let windows = OrderWindows(
                from: Timestamp(milliseconds: story.time.milliseconds + 1000), training: training,
                each: 1000)
            guard case .openOrder(var body) = story.openOrder(windows: windows, reward: reward) else {
                return
            }
            body.task = Identifier(name)!
            try story.accept(.openOrder(body), story.publisher)
        }
        // Opened at the first time of their windows, so ΔT is the training time.
        try open("poor", reward: 0, training: 100_000)
        try open("long", reward: 1000, training: 1_000_000)
        try open("short", reward: 500, training: 100_000)
        try open("same-b", reward: 100, training: 300_001)
        try open("same-a", reward: 100, training: 300_001)
        // 1/3 is a little more than 100 / 300,001.
        try open("more", reward: 100, training: 300_000)
        let listed = story.state.openOrders(at: story.time)
        #expect(listed.map(\.task.description) == ["short", "long", "more", "same-a", "same-b", "poor"])
        #expect(listed[0].trainingTime == 100_000)
        // Whose commitments have ended is not offered any more.
        let later = Timestamp(milliseconds: story.time.milliseconds + 200_000)
        #expect(
            story.state.openOrders(at: later).map(\.task.description) == ["long", "more", "same-a", "same-b"])
        // Products beyond 64 bits are compared rightly.
        let (key, most) = (Story.signer(1).publicKey, UInt64(Int64.max))
        let big = OrderListing(
            task: Story.task, round: 0, publisher: key, reward: most, trainingTime: most - 1)
        let small = OrderListing(
            task: Story.task, round: 0, publisher: key, reward: most - 1, trainingTime: most - 1)
        #expect(big < small && !(small < big))
    }

    @Test func whatIsNotRecorded() throws {
        var story = try Story.committed()
        let root = story.state.root()
        let signer = story.participants[3]
        let good = try story.sign(Story.commit(50, by: signer), signer)
        let (time, nonce) = (story.time, story.state.nextNonce(of: signer.publicKey))

        let elsewhere = try SignedTransaction(
            Story.commit(50, by: signer), ledger: Digest(sha256: [1]), nonce: nonce, key: signer)
        #expect(throws: Rejection.wrongLedger) { try story.state.apply(elsewhere, at: time) }
        let later = try SignedTransaction(
            Story.commit(50, by: signer), ledger: story.state.identifier, nonce: nonce + 1, key: signer)
        #expect(throws: Rejection.wrongNonce(expected: nonce, actual: nonce + 1)) {
            try story.state.apply(later, at: time)
        }
        let earlier = Timestamp(milliseconds: time.milliseconds - 1)
        #expect(throws: Rejection.timeRunsBackwards(now: earlier, previous: time)) {
            try story.state.apply(good, at: earlier)
        }
        // Any change of a signed transaction that can still be read breaks the signature, or comes too late.
        for index in good.encoded.indices {
            var bytes = good.encoded
            bytes[index] ^= 1
            guard let forged = try? SignedTransaction(encoded: bytes) else { continue }
            #expect(throws: Rejection.self) { try story.state.apply(forged, at: time) }
        }
        // What cannot be read again is not stored.
        let long = Transaction.openTask(
            OpenTask(
                task: Story.task, description: String(repeating: "x", count: 5000), qualityKeys: [],
                minimumSamples: 1, weights: .equal))
        #expect {
            try story.state.apply(story.sign(long, signer), at: time)
        } throws: {
            ($0 as? Rejection)?.code == "malformed-transaction"
        }
        let huge = Story.prove(1, chunk: 0, proof: [UInt8](repeating: 0, count: Limits.transactionBytes))
        #expect {
            try story.state.apply(story.sign(huge, signer), at: time)
        } throws: {
            ($0 as? Rejection)?.code == "transaction-too-large"
        }
        #expect(story.state.root() == root)

        // Once recorded, a transaction cannot be replayed by anybody.
        #expect(try story.state.apply(good, at: time).isAccepted)
        #expect(throws: Rejection.wrongNonce(expected: nonce + 1, actual: nonce)) {
            try story.state.apply(good, at: time)
        }
    }
}
