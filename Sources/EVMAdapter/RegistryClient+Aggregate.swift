import EllipticCurves
import Ethereum
import FieldArithmetic

/// What the end of an order needs to be told: the sum of the survivors' or the accepted models' commitments.
extension RegistryClient {
    /// A participant of an order, as the registry's logs tell.
    public struct Member: Sendable {
        public var account: Address
        /// The last commitment.
        public var commitment: AffinePoint<BN254G1>
        public var hasRevealed = false
        /// The proven numbers of correct samples, by chunk.
        public var claims: [UInt64: UInt64] = [:]
        /// Whether it is one of the survivors on record; `nil` if none are.
        public var isSurvivor: Bool?

        /// Of all chunks.
        public var score: UInt64 { claims.values.reduce(0, &+) }
    }

    /// All who committed to a model, in the order of their first commitments.
    ///
    /// - Parameter block: where the registry's logs begin.
    /// - Throws: `NodeError`, `EncodingError`, `TransactionError`; `PointEncodingError` for a commitment that is none.
    public func members(task: String, round: UInt64, from block: UInt64 = 0) throws -> [Member] {
        var reader = LogReader(of: address, on: contract.node, from: block)
        var logs: [Log] = []
        var last: UInt64?
        while true {
            let batch = try reader.next()
            if let first = batch.forgetFrom { logs.removeAll { $0.blockNumber >= first } }
            logs += batch.logs
            if batch.lastBlock == last && batch.forgetFrom == nil { break }
            last = batch.lastBlock
        }
        let identifier = ABIValue.bytes(RegistryHashes.task(task))
        var members: [Member] = []
        for log in logs {
            guard let event = try contract.interface.decode(topics: log.topics, data: log.data),
                event["task"] == identifier, event["round"]?.integer == UInt256(round)
            else { continue }
            if event.name == "SurvivorsFixed" {
                let survivors = event["survivors"]?.list?.compactMap(\.address) ?? []
                for index in members.indices {
                    members[index].isSurvivor = survivors.contains(members[index].account)
                }
            }
            guard let account = event["participant"]?.address else { continue }
            let index = members.firstIndex { $0.account == account }
            switch event.name {
            case "ModelCommitted":
                let words = event["commitment"]?.list?.compactMap(\.integer) ?? []
                let point = try AffinePoint<BN254G1>(
                    decoding: words.flatMap(\.bigEndianBytes), as: .uncompressed)
                if let index {
                    members[index].commitment = point
                } else {
                    members.append(Member(account: account, commitment: point))
                }
            case "SecretRevealed":
                if let index { members[index].hasRevealed = true }
            case "QualityProven":
                if let index, let chunk = event["chunk"]?.integer?.uint64,
                    let correct = event["correct"]?.integer?.uint64
                {
                    members[index].claims[chunk] = correct
                }
            default: continue
            }
        }
        return members
    }

    /// The call that finalizes an order with the right global model, or without one if nobody is accepted.
    ///
    /// The sum is over the survivors if they are on record, otherwise over the accepted. Which claims are too low to be
    /// accepted, and whether models are weighted, is the task's affair: the registry is asked which of the possible sums
    /// it takes.
    ///
    /// - Parameters:
    ///   - file: SHA-256 of the file that opens the global model.
    ///   - sender: who will finalize.
    /// - Throws: as `members`.
    public func finalizing(
        task: String, round: UInt64, file: [UInt8], sender: Address, from block: UInt64 = 0
    ) throws -> RegistryCall {
        let order = try contract.call("orderOf", [.bytes(RegistryHashes.task(task)), .number(round)])
        // The first word's bits 200 … 207: chunks of the test set (Contracts/registry/state.vy).
        let gate = order.first?.list?.first?.integer?.bigEndianBytes ?? []
        let chunks = gate.count == 32 ? UInt64(gate[6]) : 0
        let complete = try members(task: task, round: round, from: block).filter { member in
            chunks > 0 && member.hasRevealed && member.isSurvivor ?? true
                && (0..<chunks).allSatisfy { member.claims[$0] != nil }
        }
        let none = RegistryCall.finalize(task, round, model: nil)
        var fallback = none
        for least in Set(complete.map(\.score)).sorted() {
            let accepted = complete.filter { $0.score >= least }
            for isWeighted in [false, true] {
                let sum = accepted.reduce(JacobianPoint<BN254G1>(.infinity)) { sum, member in
                    let term = JacobianPoint(member.commitment)
                    return sum + (isWeighted ? term * BN254ScalarField(member.score) : term)
                }
                let call = RegistryCall.finalize(
                    task, round, model: sum.affine, file: file, commitments: accepted.map(\.commitment))
                let refusal = try refusal(of: call, from: sender)
                if refusal == nil { return call }
                // Any other reason has nothing to do with the sum.
                if refusal != "aggregate-mismatch" { return call }
                if fallback.arguments == none.arguments { fallback = call }
            }
        }
        return fallback
    }
}
