import EllipticCurves
import FieldArithmetic
import Ledger
import SecureAggregation
import TestSupport
import Testing

/// Courses with several silent participants and liars at once: whatever happens, only liars are named, and what is opened
/// is right.
@Suite struct RandomCourseTests {
    enum Lie: Int, CaseIterable {
        case smallOrderKey, share, complaint, pairCommitment, input, revealedShare
    }

    @Test(arguments: 1...10)
    func onlyLiarsAreNamed(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        let members = 4 + Int(generator.next() % 4)
        let threshold = members / 2 + 1
        var rehearsal = try Rehearsal(members: members, threshold: threshold, length: 3, seed: seed)
        var lies = [Int: Lie]()
        for index in 0..<members {
            switch generator.next() % 5 {
            case 0: rehearsal.silence[index] = Step.allCases[Int(generator.next() % 6)]
            case 1: lies[index] = Lie.allCases[Int(generator.next() % 6)]
            default: break
            }
        }
        tell(lies, &rehearsal)
        var sum: AggregateSum?
        do { sum = try rehearsal.play() } catch let error as AggregationError {
            guard case .tooFew(_, let present, _) = error else { throw error }
            #expect(present < threshold)
        }
        let faults = rehearsal.leader.faults
        #expect(faults.allSatisfy { lies[$0.participant] != nil }, "\(faults), \(lies)")
        guard let sum else { return }
        #expect(try rehearsal.isRight(sum, survivors: sum.survivors))
        for index in 0..<members {
            let isIn = sum.survivors.contains(index)
            if let silence = rehearsal.silence[index] {
                #expect(isIn == (silence > .inputs))
                continue
            }
            switch lies[index] {
            case nil: #expect(isIn)
            case .smallOrderKey, .input: #expect(!isIn && rehearsal.leader.named.contains(index))
            case .revealedShare: #expect(isIn && rehearsal.leader.named.contains(index))
            // These concern a single other one: if that one is not there, nobody was lied to.
            case .share, .complaint, .pairCommitment: #expect(isIn != rehearsal.leader.named.contains(index))
            }
        }
    }

    private func tell(_ lies: [Int: Lie], _ rehearsal: inout Rehearsal) {
        let copy = rehearsal
        let last = copy.session.members.count - 1
        rehearsal.forgeKeys = { index, message in
            guard lies[index] == .smallOrderKey else { return message }
            return try copy.altered(message) { for place in 4..<36 { $0[place] = 0 } }
        }
        rehearsal.forgeShares = { index, message in
            lies[index] == .share ? try copy.altered(message) { $0[$0.count - 1] ^= 1 } : message
        }
        rehearsal.forgeCommitments = { index, message in
            switch lies[index] {
            case .complaint:
                // About the first or the last who shared, with a key that is not the advertised one.
                let dealer = copy.participants[index].shares?.senders.first { $0 != index } ?? last
                return try copy.altered(message) { bytes in
                    let entry = [0, 0, 0, 1, 0, UInt8(dealer)] + [UInt8](repeating: 9, count: 32)
                    if bytes[(bytes.count - 4)...].allSatisfy({ $0 == 0 }) {
                        bytes.replaceSubrange((bytes.count - 4)..., with: entry)
                    }
                }
            case .pairCommitment:
                return try copy.altered(message) {
                    $0.replaceSubrange(68..<100, with: BN254G1.generator.encoded(as: .compressed))
                }
            default: return message
            }
        }
        rehearsal.forgeInput = { index, message in
            lies[index] == .input ? try copy.altered(message) { $0[67] ^= 1 } : message
        }
        rehearsal.forgeRevealed = { index, message in
            lies[index] == .revealedShare
                ? try copy.altered(message) { $0[$0.count - 1] ^= 1 } : message
        }
    }
}
