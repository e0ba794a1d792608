import EllipticCurves
import FieldArithmetic
import Groth16
import Ledger
import LedgerTestSupport
import Testing

/// The rules with real keys, commitments and proofs.
@Suite struct Groth16LedgerTests {
    typealias Scalar = BN254ScalarField

    static let task = Identifier("inner-products")!
    static let testSet = [1, 2, 3, 4]

    struct Participant {
        let key: SigningKey
        let model: [Int]
        let blinding = Scalar.random()
        var value: UInt64 { InnerProduct.value(model, Groth16LedgerTests.testSet) }
    }

    let publisher = Story.signer(1)
    let participants = [
        Participant(key: Story.signer(2), model: [5, 1, 0, 2]),
        Participant(key: Story.signer(3), model: [1, 1, 1, 1]),
        Participant(key: Story.signer(4), model: [0, 0, 9, 1]),
    ]

    /// Far enough apart for a test; the ledger's clock is set by hand.
    private static let windows = OrderWindows(from: Story.start, training: 100_000, each: 100_000)
    private static let parameters = Story.parameters

    /// A ledger with an open task, on which every participant has committed and the test set is revealed.
    private func revealed(_ path: String) throws -> Ledger {
        let accounts = [publisher, Story.signer(40)] + participants.map(\.key)
        let ledger = try Ledger.create(
            at: path, name: Identifier("groth16")!, operatorKey: Story.signer(0), allowsDevelopmentKeys: true,
            parameters: Self.parameters,
            allocations: accounts.map { Allocation(account: $0.publicKey, amount: 1000) }, time: Story.start)
        let minimum = Self.parameters.minimumStake
        try accept(ledger, publisher, .register(Register(role: .publisher, amount: minimum.publisher)))
        try accept(
            ledger, Story.signer(40), .register(Register(role: .aggregator, amount: minimum.aggregator)))
        for participant in participants {
            try accept(
                ledger, participant.key, .register(Register(role: .participant, amount: minimum.participant)))
        }
        let keys = [QualityKey(samples: 100, verifyingKey: InnerProduct.shared.verifyingKey)]
        try accept(
            ledger, publisher,
            .openTask(
                OpenTask(
                    task: Self.task, description: "", qualityKeys: keys, minimumSamples: 100, weights: .equal)
            ))
        let chunk = TestSetChunk(
            samples: 100, key: 0, commitment: try InnerProduct.commit(Self.testSet, blinding: .zero))
        let opening = TestSetOpening(
            salt: Digest(sha256: [1]), dataDigest: Digest(sha256: [2]), chunks: [chunk])
        let hash = opening.saltedHash(ledger: ledger.identifier, task: Self.task, round: 0)
        try accept(
            ledger, publisher,
            .openOrder(
                OpenOrder(
                    task: Self.task, round: 0, testSetHash: hash, windows: Self.windows, reward: 100, bond: 50
                )))
        for participant in participants {
            let commitment = try InnerProduct.commit(participant.model, blinding: participant.blinding)
            try accept(
                ledger, participant.key,
                .commitModel(
                    CommitModel(
                        task: Self.task, round: 0, commitment: commitment,
                        beaconCommitment: BeaconSecret.commitment(
                            to: Story.secret(of: participant.key), of: participant.key.publicKey))))
        }
        try accept(
            ledger, publisher, .revealTestSet(RevealTestSet(task: Self.task, round: 0, opening: opening)),
            at: Self.windows.commitDeadline)
        for participant in participants {
            let secret = RevealSecret(
                task: Self.task, round: 0, secret: Story.secret(of: participant.key))
            try accept(ledger, participant.key, .revealSecret(secret))
        }
        return ledger
    }

    private func accept(
        _ ledger: Ledger, _ key: SigningKey, _ transaction: Transaction, at time: Timestamp? = nil
    ) throws {
        let receipt = try ledger.submit(
            try ledger.sign(transaction, with: key), at: time ?? ledger.state.time)
        #expect(receipt.isAccepted, "\(receipt.outcome)")
    }

    private func claim(_ correct: UInt64, _ proof: [UInt8]) -> Transaction {
        .proveQuality(ProveQuality(task: Self.task, round: 0, chunk: 0, correct: correct, proof: proof))
    }

    private func proof(
        of participant: Participant, on ledger: Ledger, as prover: Participant? = nil
    ) throws -> [UInt8] {
        let statement = try ledger.state.qualityStatement(
            task: Self.task, round: 0, chunk: 0, participant: participant.key.publicKey,
            correct: participant.value)
        let model = prover ?? participant
        return try InnerProduct.shared.prove(
            model: model.model, blinding: model.blinding, testSet: Self.testSet, for: statement)
    }

    @Test func aRoundWithRealProofs() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let head: ChainHead
        do {
            let ledger = try revealed(path)
            let (a, b, c) = (participants[0], participants[1], participants[2])
            func refusal(_ key: SigningKey, _ transaction: Transaction) throws -> String? {
                let receipt = try ledger.submit(
                    try ledger.sign(transaction, with: key), at: ledger.state.time)
                guard case .refused(let code, _) = receipt.outcome else { return nil }
                return code
            }
            // a proves; the same proof is no proof of a better claim, and none for b.
            let honest = try proof(of: a, on: ledger)
            #expect(honest.count == 192)
            #expect(try refusal(a.key, claim(a.value + 1, honest)) == "proof-does-not-verify")
            try accept(ledger, a.key, claim(a.value, honest))
            #expect(try refusal(b.key, claim(a.value, honest)) == "replayed-proof")
            #expect(try refusal(b.key, claim(a.value, rerandomised(honest))) == "proof-does-not-verify")
            // b proves a model other than the one it committed to: a's, or a better one of its own.
            let better = Participant(key: b.key, model: [9, 9, 0, 0])
            let foreign = try proof(of: better, on: ledger)
            #expect(try refusal(b.key, claim(better.value, foreign)) == "proof-does-not-verify")
            // Bytes that are no proof.
            for index in [0, 32, 64, 96, 128, 160] {
                var damaged = honest
                damaged[index] = 0x3F
                #expect(try refusal(b.key, claim(b.value, damaged)) == "malformed-proof")
            }
            #expect(try refusal(b.key, claim(b.value, Array(honest.prefix(128)))) == "malformed-proof")
            #expect(try refusal(b.key, claim(b.value, [])) == "malformed-proof")
            // One block with two honest claims and a false one, checked together.
            let results = try ledger.append(
                [
                    try ledger.sign(claim(b.value, proof(of: b, on: ledger)), with: b.key),
                    try ledger.sign(claim(c.value, foreign), with: c.key),
                    try SignedTransaction(
                        claim(c.value, proof(of: c, on: ledger)), ledger: ledger.identifier,
                        nonce: ledger.state.nextNonce(of: c.key.publicKey) + 1, key: c.key),
                ], at: ledger.state.time)
            #expect(try results.map { try $0.get().isAccepted } == [true, false, true])

            // Everybody can compute the global commitment: it commits to the sum of the models.
            let sum = (0..<InnerProduct.length).map { entry in participants.reduce(0) { $0 + $1.model[entry] }
            }
            let commitment = try InnerProduct.commit(
                sum, blinding: participants.reduce(Scalar.zero) { $0 + $1.blinding })
            let aggregate = try ledger.state.aggregate(task: Self.task, round: 0)
            #expect(aggregate.commitment == commitment)
            let global = GlobalModel(commitment: commitment, openingDigest: Digest(sha256: [3]))
            try accept(
                ledger, Story.signer(40),
                .finalize(FinalizeOrder(task: Self.task, round: 0, globalModel: global)),
                at: Self.windows.voteDeadline)
            let order = ledger.state.tasks[Self.task]!.orders[0]
            #expect(order.outcome?.leader?.participant == c.key.publicKey)
            #expect(order.outcome?.weights.map(\.participant) == [a, b, c].map(\.key.publicKey))
            head = ledger.head
        }
        let ledger = try Ledger.open(path, operatorKey: Story.signer(0))
        #expect(ledger.head == head)
        let report = try ledger.verify(checkpoint: head)
        #expect(report.proofs == 15)
    }

    /// (r·A, B/r, C, D, π) is as good a proof as (A, B, C, D, π).
    private func rerandomised(_ bytes: [UInt8]) throws -> [UInt8] {
        var proof = try Proof<BN254>(encoded: bytes)
        let factor = Scalar(3)
        proof.a = JacobianPoint(proof.a).multipliedVartime(by: factor).affine
        proof.b = JacobianPoint(proof.b).multipliedVartime(by: factor.inverse()!).affine
        return proof.encoded
    }

    /// A re-randomised proof of the same claim by its owner is accepted in another place, but replaces
    /// nothing.
    @Test func claimsAreKeptByStatement() throws {
        let folder = try TemporaryFolder()
        let ledger = try revealed(folder.file("ledger"))
        let a = participants[0]
        let honest = try proof(of: a, on: ledger)
        let other = try rerandomised(honest)
        #expect(other != honest)
        try accept(ledger, a.key, claim(a.value, other))
        let receipt = try ledger.submit(
            ledger.sign(claim(a.value, honest), with: a.key), at: ledger.state.time)
        let rejection = Rejection.claimNotBetter(than: a.value)
        #expect(receipt.outcome == .refused(code: rejection.code, reason: "\(rejection)"))
    }

    @Test func keysThatTheLedgerDoesNotTake() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let rich = [Allocation(account: publisher.publicKey, amount: 1000)]
        func open(_ verifyingKey: [UInt8], on ledger: Ledger) throws -> Receipt.Outcome {
            let opening = OpenTask(
                task: Identifier("t")!, description: "",
                qualityKeys: [QualityKey(samples: 1, verifyingKey: verifyingKey)], minimumSamples: 1,
                weights: .equal)
            return try ledger.submit(
                ledger.sign(.openTask(opening), with: publisher), at: ledger.state.time
            ).outcome
        }
        func refused(_ rejection: Rejection) -> Receipt.Outcome {
            .refused(code: rejection.code, reason: "\(rejection)")
        }
        do {
            let strict = try Ledger.create(
                at: path, name: Identifier("strict")!, operatorKey: Story.signer(0), allocations: rich)
            try accept(strict, publisher, .register(Register(role: .publisher, amount: 1000)))
            #expect(
                try open(InnerProduct.shared.verifyingKey, on: strict) == refused(.developmentKeyNotAllowed))
        }
        let lax = try Ledger.create(
            at: folder.file("lax"), name: Identifier("lax")!, operatorKey: Story.signer(0),
            allowsDevelopmentKeys: true, allocations: rich)
        try accept(lax, publisher, .register(Register(role: .publisher, amount: 1000)))
        let wrong: [(InnerProduct, String)] = [
            (try InnerProduct(statementCount: 2), "it has 2 public inputs, not 1"),
            (try InnerProduct(segments: ["model"]), "it has 1 linked commitments, not 2"),
            (try InnerProduct(segments: ["a", "b", "c"]), "it has 3 linked commitments, not 2"),
            (try InnerProduct(hasChallenge: false), "its circuit has no challenge"),
        ]
        for (circuit, reason) in wrong {
            #expect(try open(circuit.verifyingKey, on: lax) == refused(.malformedVerifyingKey(reason)))
        }
        // Cut short, and with every kind of byte changed: never accepted as it is, never a trap.
        let good = InnerProduct.shared.verifyingKey
        for count in [0, 1, 20, good.count - 1] {
            let outcome = try open(Array(good.prefix(count)), on: lax)
            guard case .refused("malformed-verifying-key", _) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        #expect(try open(good, on: lax) == .accepted(.taskOpened))
    }
}
