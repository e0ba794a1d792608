import Parallelism

extension LedgerState {
    /// Applies transactions in order, all at one time, with their signatures checked on all threads and their proofs
    /// checked together.
    ///
    /// The result is that of applying them one by one: first as if every proof were valid; if the check of
    /// all proofs finds one that is not, once more with the true verdicts.
    ///
    /// - Returns: for each a receipt, or the `Rejection` of one that is not to be recorded.
    package mutating func applyBatch(
        _ transactions: [SignedTransaction], at time: Timestamp
    ) -> [Result<Receipt, Rejection>] {
        let before = self
        let areSigned = parallelMap(transactions.count) { transactions[$0].isSigned }
        let contents = ContentMemory(checker)
        var requests: [ProofRequest] = []
        let optimistic = Oracle(
            proof: { request in
                requests.append(request)
                return .valid
            }, content: contents.answer)
        let results = run(transactions, areSigned, at: time, oracle: optimistic)
        let verdicts = ProofRequest.verify(requests)
        if verdicts.allSatisfy({ $0 == .valid }) { return results }

        self = before
        let known = Dictionary(
            zip(requests.map(ProofKey.init), verdicts), uniquingKeysWith: { first, _ in first })
        let informed = Oracle(proof: { known[ProofKey($0)] ?? $0.verify() }, content: contents.answer)
        return run(transactions, areSigned, at: time, oracle: informed)
    }

    private mutating func run(
        _ transactions: [SignedTransaction], _ areSigned: [Bool], at time: Timestamp, oracle: Oracle
    ) -> [Result<Receipt, Rejection>] {
        zip(transactions, areSigned).map { transaction, isSigned in
            do throws(Rejection) {
                try admit(transaction, at: time)
                guard isSigned else { throw .badSignature }
                return .success(record(transaction, at: time, oracle: oracle))
            } catch {
                return .failure(error)
            }
        }
    }

    /// All that a verdict depends on.
    private struct ProofKey: Hashable {
        let verifier: Digest
        let statement: ProvenStatement
        let proof: [UInt8]

        init(_ request: ProofRequest) {
            verifier = request.verifier.digest
            statement = request.statement
            proof = request.proof
        }
    }
}

/// Asks a checker each question once, so that a batch that is run twice is told the same twice.
private final class ContentMemory {
    private let checker: (any ContentChecker)?
    private var answers: [ContentQuestion: ContentAnswer] = [:]

    init(_ checker: (any ContentChecker)?) { self.checker = checker }

    func answer(_ question: ContentQuestion) -> ContentAnswer {
        if let known = answers[question] { return known }
        let answer = question.answer(checker)
        answers[question] = answer
        return answer
    }
}
