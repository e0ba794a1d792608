extension LedgerState {
    /// Applies transactions in order, all at one time, with their proofs checked together.
    ///
    /// The result is that of applying them one by one: first as if every proof were valid; if the check of
    /// all proofs finds one that is not, once more with the true verdicts.
    ///
    /// - Returns: for each a receipt, or the `Rejection` of one that is not to be recorded.
    package mutating func applyBatch(
        _ transactions: [SignedTransaction], at time: Timestamp
    ) -> [Result<Receipt, Rejection>] {
        let before = self
        let areSigned = transactions.map(\.isSigned)
        var requests: [ProofRequest] = []
        let results = run(transactions, areSigned, at: time) { request in
            requests.append(request)
            return .valid
        }
        let verdicts = ProofRequest.verify(requests)
        if verdicts.allSatisfy({ $0 == .valid }) { return results }

        self = before
        let known = Dictionary(
            zip(requests.map(ProofKey.init), verdicts), uniquingKeysWith: { first, _ in first })
        return run(transactions, areSigned, at: time) { known[ProofKey($0)] ?? $0.verify() }
    }

    private mutating func run(
        _ transactions: [SignedTransaction], _ areSigned: [Bool], at time: Timestamp,
        verdict: (ProofRequest) -> ProofVerdict
    ) -> [Result<Receipt, Rejection>] {
        zip(transactions, areSigned).map { transaction, isSigned in
            do throws(Rejection) {
                try admit(transaction, at: time)
                guard isSigned else { throw .badSignature }
                return .success(record(transaction, at: time, verdict: verdict))
            } catch {
                return .failure(error)
            }
        }
    }

    /// All that a verdict depends on.
    private struct ProofKey: Hashable {
        let verifier: Digest
        let statement: QualityStatement
        let proof: [UInt8]

        init(_ request: ProofRequest) {
            verifier = request.verifier.digest
            statement = request.statement
            proof = request.proof
        }
    }
}
