/// What the order's entry in the state tree covers: everything, in an order that depends on nothing but the content.
extension OrderRecord {
    func encode(to encoder: inout CanonicalEncoder) {
        opening.encode(to: &encoder)
        opened.encode(to: &encoder)
        encodeCommitments(to: &encoder)
        encodeClaims(to: &encoder)
        encodeJudgement(to: &encoder)
        encoder.encode(optional: survivors) { encoder, survivors in
            encoder.encode(list: survivors) { $0.encode($1) }
        }
        encoder.encode(optional: outcome) { $1.encode(to: &$0) }
        encoder.encode(optional: paid) { $1.encode(to: &$0) }
    }

    private func encodeCommitments(to encoder: inout CanonicalEncoder) {
        Self.encode(dataCommitments, to: &encoder) { encoder, data in
            encoder.encode(data.batchRoot)
            encoder.encode(data.batches)
        }
        Self.encode(commitments, to: &encoder) { encoder, commitment in
            encoder.encode(commitment.order)
            encoder.encode(commitment.commitment)
            encoder.encode(optional: commitment.checkpointRoot) { $0.encode($1) }
            encoder.encode(commitment.beaconCommitment)
            commitment.time.encode(to: &encoder)
        }
        encoder.encode(commitmentCount)
        encoder.encode(optional: testSet) { $1.encode(to: &$0) }
        encoder.encode(optional: revealed) { $1.encode(to: &$0) }
        Self.encode(secrets, to: &encoder) { $0.encode($1) }
    }

    private func encodeClaims(to encoder: inout CanonicalEncoder) {
        Self.encode(claims, to: &encoder) { encoder, chunks in
            encoder.encode(list: chunks.sorted { $0.key < $1.key }) { encoder, entry in
                encoder.encode(entry.key)
                encoder.encode(entry.value.correct)
                encoder.encode(entry.value.proofDigest)
                entry.value.time.encode(to: &encoder)
            }
        }
        Self.encode(scoreClaims, to: &encoder) { encoder, claim in
            encoder.encode(claim.correct)
            encoder.encode(claim.opening)
            claim.time.encode(to: &encoder)
        }
        Self.encode(scores, to: &encoder) { $0.encode($1) }
        for stages in [answers, updates] {
            Self.encode(stages, to: &encoder) { encoder, stages in
                encoder.encode(list: stages.sorted()) { $0.encode($1) }
            }
        }
        encoder.encode(list: acceptedProofs.sorted { $0.key < $1.key }) { encoder, entry in
            encoder.encode(entry.key)
            encoder.encode(entry.value)
        }
    }

    private func encodeJudgement(to encoder: inout CanonicalEncoder) {
        Self.encode(validations, to: &encoder) { encoder, byParticipant in
            Self.encode(byParticipant, to: &encoder) { encoder, validation in
                encoder.encode(validation.correct)
                validation.time.encode(to: &encoder)
                encoder.encode(validation.isConfirmed)
            }
        }
        encoder.encode(list: slashedValidators.sorted()) { $0.encode($1) }
        encoder.encode(list: reports) { encoder, report in
            report.subject.encode(to: &encoder)
            report.complaint.encode(to: &encoder)
            encoder.encode(report.reporter)
            report.time.encode(to: &encoder)
            Self.encode(report.votes, to: &encoder) { $0.encode($1) }
            report.decision.encode(to: &encoder)
        }
        Self.encode(verifierLocks, to: &encoder) { $0.encode($1) }
        encoder.encode(list: voters.sorted()) { $0.encode($1) }
    }

    /// A table by account, in the order of the accounts.
    private static func encode<Value>(
        _ table: [PublicKey: Value], to encoder: inout CanonicalEncoder,
        _ body: (inout CanonicalEncoder, Value) -> Void
    ) {
        encoder.encode(list: table.sorted { $0.key < $1.key }) { encoder, entry in
            encoder.encode(entry.key)
            body(&encoder, entry.value)
        }
    }
}
