/// The rule that fixes, before any share is revealed, whose models the global model holds.
extension LedgerState {
    mutating func fixSurvivors(_ body: FixSurvivors, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        let windows = order.opening.windows
        try requireTime(from: windows.voteDeadline)
        guard time < windows.finalizeDeadline else { throw .lateSurvivors }
        guard order.survivors == nil else { throw .survivorsAlreadyFixed }
        let settlement = settlement(task, order)
        guard settlement.unchecked.isEmpty else { throw .checkMissing }
        try requireFreeStake(of: sender, as: .aggregator)
        try checkSurvivors(body.survivors, of: settlement.accepted)
        try checkSignatures(body, accepted: settlement.accepted.count)
        update(body) { $0.survivors = body.survivors }
        return .survivorsFixed(count: UInt64(body.survivors.count))
    }

    private func checkSurvivors(_ survivors: [PublicKey], of accepted: [PublicKey]) throws(Rejection) {
        guard !survivors.isEmpty else { throw .malformedSurvivors("there is none") }
        guard zip(survivors, survivors.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .malformedSurvivors("they are not in the ascending order of their accounts, each once")
        }
        let accepted = Set(accepted)
        for survivor in survivors where !accepted.contains(survivor) {
            throw .survivorNotAccepted(survivor)
        }
    }

    private func checkSignatures(_ body: FixSurvivors, accepted: Int) throws(Rejection) {
        let digest = FixSurvivors.digest(
            ledger: identifier, task: body.task, round: body.round, survivors: body.survivors)
        let survivors = Set(body.survivors)
        var signers: Set<PublicKey> = []
        for signature in body.signatures {
            guard survivors.contains(signature.signer) else {
                throw .unknownSurvivorSigner(signature.signer)
            }
            guard signers.insert(signature.signer).inserted else {
                throw .duplicateSurvivorSigner(signature.signer)
            }
            guard signature.signer.isSignature(signature.signature, of: digest) else {
                throw .badSurvivorSignature(signature.signer)
            }
        }
        guard 2 * signers.count > accepted else {
            throw .survivorSignaturesMissing(has: signers.count, needs: accepted / 2 + 1)
        }
    }
}
