import FieldArithmetic
import Ledger

/// What the protocol opens: Σ a_i·W_i and Σ a_i·ρ_i over the survivors.
public struct AggregateSum: Sendable, Hashable {
    /// `AggregationSession.digest`.
    public let session: Digest
    /// Numbers of the participants whose models are in the sum, ascending.
    public let survivors: [Int]
    /// Σ a_i·W_i.
    public let weightedSum: [Int64]
    /// Σ a_i·ρ_i.
    public let blinding: Scalar

    package init(session: Digest, survivors: [Int], weightedSum: [Int64], blinding: Scalar) {
        self.session = session
        self.survivors = survivors
        self.weightedSum = weightedSum
        self.blinding = blinding
    }

    /// - Throws: `AggregationError.malformed` if an entry is no integer of 64 bits, which no sum of models in range is.
    init(
        session: AggregationSession, survivors: [Int], vector: UnsafeBufferPointer<Scalar>
    ) throws(AggregationError) {
        var sums = [Int64]()
        sums.reserveCapacity(session.length)
        for entry in vector.dropLast() {
            guard let sum = entry.smallSignedVartime else {
                throw .malformed("entry \(sums.count) of the sum does not fit 64 bits")
            }
            sums.append(sum)
        }
        self.init(
            session: session.digest, survivors: survivors, weightedSum: sums,
            blinding: vector[session.length])
    }

    /// Whether the sum opens Σ a_i·Ĉ_i of its survivors: what anybody checks, knowing the ledger and this alone.
    ///
    /// - Throws: `AggregationError` if the sum is of another session, names nobody or strangers, or has another length.
    public func isOpening(in session: AggregationSession, committer: MaskCommitter) throws -> Bool {
        guard self.session == session.digest else {
            throw AggregationError.malformed("the sum is of another session")
        }
        guard survivors.count >= session.threshold, survivors.allSatisfy(session.indices.contains) else {
            throw AggregationError.malformed(
                "the sum names \(survivors.count) survivors, the threshold is \(session.threshold)")
        }
        let point = try committer.commit(weightedSum.map { Scalar($0) }, blinding: blinding)
        return point == session.weightedCommitment(of: survivors)
    }
}

extension AggregateSum: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(session)
        encoder.encode(list: survivors) { $0.encode(UInt16($1)) }
        encoder.encode(list: weightedSum) { $0.encode(UInt64(bitPattern: $1)) }
        encoder.encode(fixed: blinding.bigEndianBytes)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        session = try decoder.digest("session")
        let start = decoder.offset
        survivors = try decoder.list("survivors", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in try decoder.member("survivor")
        }
        guard zip(survivors, survivors.dropFirst()).allSatisfy(<) else {
            throw decoder.failure("survivors", "are not in ascending order", at: start)
        }
        weightedSum = try decoder.list("sum", maximum: AggregationSession.maximumLength) {
            (decoder) throws(MalformedEncoding) in
            Int64(bitPattern: try decoder.unsigned("entry", as: UInt64.self))
        }
        blinding = try decoder.scalar("blinding")
    }
}
