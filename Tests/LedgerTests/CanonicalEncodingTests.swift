import Foundation
import Ledger
import LedgerTestSupport
import TestSupport
import Testing

@Suite struct CanonicalEncodingTests {
    /// One transaction of each kind, with every optional part once there and once not.
    static let transactions: [Transaction] = {
        let story = Story()
        let (a, v) = (story.participants[0], story.validators[0])
        let (task, key) = (Story.task, a.publicKey)
        let leaf = AuditedCheckpoint(
            commitment: ClearProofSystem.commitment(5), path: [Digest(sha256: [1]), Digest(sha256: [2])])
        return [
            Story.openTask(),
            Story.openTask(keys: [], weights: .provenAccuracy, mode: .open, audit: AuditRulesTests.policy()),
            story.openOrder(), story.openOrder(signers: [], threshold: 0, start: AuditRulesTests.start),
            Story.commit(5, by: a), Story.commit(5, checkpointRoot: Digest(sha256: [3]), by: a),
            Story.reveal(),
            Story.prove(77, chunk: 1, proof: [1, 2, 3]), Story.finalize(commitment: nil),
            Story.finalize(commitment: ClearProofSystem.commitment(8)),
            .deposit(Deposit(account: key, amount: 7)), .transfer(Transfer(to: key, amount: .max)),
            .register(Register(role: .verifier, amount: 1)), .unregister(Unregister(role: .aggregator)),
            .commitData(CommitData(task: task, round: 0, batchRoot: Digest(sha256: [4]), batches: 9)),
            Story.revealSecret(of: a),
            .claimScore(ClaimScore(task: task, round: 2, correct: 3, opening: Digest(sha256: [5]))),
            .answerAudit(
                AnswerAudit(
                    task: task, round: 0, stage: 3, before: leaf, after: leaf, batches: [leaf, leaf],
                    proof: [9])),
            .proveUpdate(
                ProveUpdate(task: task, round: 0, stage: 3, before: leaf, after: leaf, proof: [9])),
            Story.validate(a, 12), Story.challenge(v, of: a), Story.check(a), Story.report(.testSet),
            Story.report(.globalModel, .unfit), Story.report(.model(key)), Story.vote(7, upholds: true),
            .payout(
                Payout(
                    task: task, round: 1,
                    signatures: [AccountSignature(signer: key, signature: [UInt8](repeating: 3, count: 64))])),
            Story.prune(round: 4),
            .fixSurvivors(FixSurvivors(task: task, round: 1, survivors: [], signatures: [])),
            .fixSurvivors(
                FixSurvivors(
                    task: task, round: 1, survivors: [key, v.publicKey],
                    signatures: [AccountSignature(signer: key, signature: [UInt8](repeating: 3, count: 64))])
            ),
        ]
    }()

    @Test(arguments: transactions) func transactionsSurviveTheRoundTrip(_ transaction: Transaction) throws {
        #expect(try Transaction(encoded: transaction.encoded) == transaction)
        let signed = try SignedTransaction(
            transaction, ledger: Digest(sha256: []), nonce: 3, key: Story.signer(4))
        let decoded = try SignedTransaction(encoded: signed.encoded)
        #expect(decoded == signed)
        #expect(decoded.isSigned)
    }

    /// In JSON a transaction says the same, and a field that does not belong there is not overlooked.
    @Test(arguments: transactions) func transactionsSurviveJSON(_ transaction: Transaction) throws {
        let data = try TransactionJSON.encode(transaction)
        #expect(try TransactionJSON.decode(data) == transaction)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"kind\" : \"\(transaction.kind)\""))
        let odd = text.replacingOccurrences(of: "{\n  \"", with: "{\n  \"surplus\" : 1,\n  \"")
        #expect {
            try TransactionJSON.decode(Data(odd.utf8))
        } throws: {
            "\($0)".contains("surplus")
        }
    }

    @Test func everyKindIsThere() {
        #expect(Set(Self.transactions.map(\.kind)) == Set(Transaction.Kind.allCases))
    }

    @Test func receiptsSurviveTheRoundTrip() throws {
        let leader = Leader(participant: Story.signer(1).publicKey, correct: 3, samples: 4)
        let effects: [Effect] = [
            .taskOpened, .orderOpened, .modelCommitted(order: 7), .testSetRevealed(samples: 100),
            .qualityProven(correct: 5, samples: 6), .finalized(.empty, leader: nil),
            .finalized(.settled, leader: leader), .balanceChanged(to: 1), .stakeChanged(to: 2),
            .dataCommitted,
            .secretRevealed, .scoreClaimed(correct: 1, samples: 2), .stageProven(answered: 1, wanted: 2),
            .validated, .challengeDecided(isUpheld: true, score: 1, slashed: 2, awarded: 3), .scoreChecked(4),
            .reported(number: 1, decision: .upheld), .voted, .paid(total: 5), .pruned,
            .survivorsFixed(count: 6),
        ]
        let outcomes = effects.map(Receipt.Outcome.accepted) + [.refused(code: "code", reason: "wörds")]
        for outcome in outcomes {
            let receipt = Receipt(transaction: Digest(sha256: [1]), outcome: outcome)
            #expect(try Receipt(encoded: receipt.encoded) == receipt)
        }
    }

    /// A shortened encoding is refused, wherever it is cut, and so is a longer one.
    @Test(arguments: transactions) func cutOrExtendedEncodingsAreRefused(_ transaction: Transaction) throws {
        let bytes = transaction.encoded
        for count in bytes.indices {
            #expect(throws: MalformedEncoding.self) { try Transaction(encoded: Array(bytes[..<count])) }
        }
        #expect(throws: MalformedEncoding.self) { try Transaction(encoded: bytes + [0]) }
    }

    /// Whatever is decoded encodes to the same bytes again: there is one encoding of each value.
    @Test func changedEncodingsAreRefusedOrCanonical() throws {
        var random = SeededGenerator(seed: 11)
        var accepted = 0
        for transaction in Self.transactions {
            let original = transaction.encoded
            for _ in 0..<400 {
                var bytes = original
                for _ in 0...(random.next() % 3) {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                guard let decoded = try? Transaction(encoded: bytes) else { continue }
                #expect(decoded.encoded == bytes)
                accepted += 1
            }
        }
        #expect(accepted > 100)
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            let count = Int(random.next() % 200)
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if !bytes.isEmpty { bytes[0] = UInt8(random.next() % 25) }
            if let transaction = try? Transaction(encoded: bytes) { #expect(transaction.encoded == bytes) }
            if let receipt = try? Receipt(encoded: bytes) { #expect(receipt.encoded == bytes) }
            _ = try? SignedTransaction(encoded: bytes)
            _ = try? BlockHeader(encoded: bytes)
            _ = try? LedgerConfiguration(encoded: bytes)
        }
    }

    @Test func whatHasTwoFormsElsewhereHasOneHere() throws {
        // A flag other than 0 and 1.
        var bytes = Story.finalize(commitment: nil).encoded
        bytes[bytes.count - 1] = 2
        #expect(throws: MalformedEncoding.self) { try Transaction(encoded: bytes) }
        // Text that is not UTF-8, here an overlong encoding of "/".
        var encoder = CanonicalEncoder()
        encoder.encode([0xC0, 0xAF])
        var decoder = CanonicalDecoder(encoder.bytes)
        #expect(throws: MalformedEncoding.self) { try decoder.text("text", maximum: 10) }
        // A length far beyond what is there.
        decoder = CanonicalDecoder([0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])
        #expect(throws: MalformedEncoding.self) { try decoder.bytes("bytes", maximum: .max) }
        decoder = CanonicalDecoder([0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3])
        #expect(throws: MalformedEncoding.self) {
            try decoder.list("list", maximum: .max) { decoder throws(MalformedEncoding) in
                try decoder.flag("flag")
            }
        }
    }

    @Test(arguments: ["", "a b", "ä", "a/b", "../x", String(repeating: "a", count: 65), "e\u{301}"])
    func oddIdentifiersAreRefused(_ text: String) {
        #expect(Identifier(text) == nil)
        var encoder = CanonicalEncoder()
        encoder.encode(text)
        #expect(throws: MalformedEncoding.self) { try Identifier(encoded: encoder.bytes) }
    }

    @Test func failuresSayWhereAndWhy() {
        #expect {
            try Transaction(encoded: [99])
        } throws: {
            "\($0)" == "kind of transaction at byte 0: there is none with tag 99"
        }
    }
}
