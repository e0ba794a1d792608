import ConstraintSystem
import FieldArithmetic
import Foundation
import TestSupport
import Testing

@Suite struct FileTests {
    private static func vector(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/snarkjs")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    @Test func circomFilesAreSatisfied() throws {
        let r1cs = try R1CS<Fr>(r1csFile: Self.vector("circuit.r1cs"))
        let assignment = try WitnessFile<Fr>.read(from: Self.vector("witness.wtns"))
        #expect(r1cs.constraintCount == 1000)
        // 1, the output d, and the public inputs a, b, c.
        #expect(r1cs.publicCount == 5 && r1cs.segments.isEmpty && r1cs.challengeCount == 0)
        #expect(try r1cs.check(assignment))
        let nonZeros = [r1cs.a, r1cs.b, r1cs.c].reduce(0) { $0 + $1.nonZeroCount }
        #expect(
            r1cs.statistics() == [
                RegionStatistics(
                    region: "", constraints: 1000, publicWires: 4, privateWires: r1cs.wireCount - 5,
                    nonZeros: nonZeros)
            ])
        for wire in stride(from: 1, to: assignment.count, by: 97) {
            var forged = assignment
            forged[wire] += .one
            #expect(try !r1cs.check(forged))
        }
    }

    @Test func roundTrip() throws {
        let harness = try CircuitHarness<Fr> { builder in
            let x = try builder.wires(try builder.advice, "x", count: 4, integers: [1, -2, 3, 4])
            let s = try builder.wires(.statement, "s", count: 1, integers: [-6])
            let product = try builder.product(x[1], x[2])
            try builder.requireEqual(product, s)
        }
        let (r1cs, assignment) = (harness.r1cs, try harness.assignment())
        let read = try R1CS<Fr>(r1csFile: r1cs.r1csFile())
        #expect(
            read.a == r1cs.a && read.b == r1cs.b && read.c == r1cs.c && read.coefficients == r1cs.coefficients
        )
        #expect(read.publicCount == 2 && read.wireCount == r1cs.wireCount)
        #expect(try WitnessFile<Fr>.read(from: WitnessFile<Fr>.write(assignment)) == assignment)
        // circom's own files come back byte for byte, but for the order of sections and the labels.
        let circom = try R1CS<Fr>(r1csFile: Self.vector("circuit.r1cs"))
        let again = try R1CS<Fr>(r1csFile: circom.r1csFile())
        #expect(again.a == circom.a && again.b == circom.b && again.c == circom.c)
        #expect(
            try WitnessFile<Fr>.write(WitnessFile<Fr>.read(from: Self.vector("witness.wtns")))
                == Self.vector("witness.wtns"))
    }

    // MARK: Hostile files

    private static func reason(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch let error as CircuitError {
            return error.description
        } catch {
            return "another error"
        }
    }

    private static func circuitReason(_ bytes: [UInt8]) -> String {
        reason { _ = try R1CS<Fr>(r1csFile: bytes) }
    }
    private static func witnessReason(_ bytes: [UInt8]) -> String {
        reason { _ = try WitnessFile<Fr>.read(from: bytes) }
    }

    /// A small circuit's file, and the offsets of its parts.
    private static func small() throws -> [UInt8] {
        try R1CS<Fr> { builder in
            let x = try builder.wires(.private, "x", count: 2, integers: nil)
            try builder.constrain(x[0], times: x[0], equals: x[1])
        }.r1csFile()
    }

    private static func changed(_ bytes: [UInt8], at offset: Int, to new: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
        return bytes
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try Self.small()
        #expect(Self.circuitReason(bytes) == "")
        for count in bytes.indices { #expect(Self.circuitReason(Array(bytes[..<count])) != "") }
        #expect(Self.circuitReason(bytes + [0]).contains("too many"))
        let witness = WitnessFile<Fr>.write([Fr.one, Fr(2)])
        for count in witness.indices { #expect(Self.witnessReason(Array(witness[..<count])) != "") }
        #expect(Self.witnessReason(witness + [0]).contains("too many"))
    }

    @Test func flippedBytesNeverTrap() throws {
        let bytes = try Self.small()
        let witness = WitnessFile<Fr>.write([Fr.one, Fr(2), Fr(-3)])
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff] as [UInt8] {
            for offset in bytes.indices {
                let changed = Self.changed(bytes, at: offset, to: [value])
                if let r1cs = try? R1CS<Fr>(r1csFile: changed) { #expect(r1cs.wireCount == 3) }
            }
            for offset in witness.indices {
                let changed = Self.changed(witness, at: offset, to: [value])
                if let read = try? WitnessFile<Fr>.read(from: changed) { #expect(read.count == 3) }
            }
        }
    }

    @Test func reasonsAreNamed() throws {
        let bytes = try Self.small()
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        #expect(Self.circuitReason([]).contains("ends inside"))
        #expect(Self.circuitReason(Array("PK".utf8) + bytes).contains("does not start with \"r1cs\""))
        #expect(
            Self.circuitReason(Self.changed(bytes, at: 4, to: [2])).contains("version 2 is not supported"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 8, to: huge)).contains("ends inside"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 16, to: huge + huge)).contains("claims"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 24, to: [48])).contains("another curve"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 28, to: [7])).contains("prime is another curve's"))
        // Wires, outputs, public inputs, private inputs; labels; constraints.
        #expect(Self.circuitReason(Self.changed(bytes, at: 60, to: huge)).contains("labels for 3"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 64, to: huge)).contains("more inputs and outputs"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 84, to: huge)).contains("do not fit"))
        // The first constraint: its length, its wire, its coefficient.
        #expect(Self.circuitReason(Self.changed(bytes, at: 100, to: huge)).contains("ends inside"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 104, to: [3])).contains("wire 3 of 3"))
        #expect(
            Self.circuitReason(Self.changed(bytes, at: 108, to: Array(repeating: 0xff, count: 32)))
                .contains("not below the prime"))
        #expect(
            Self.circuitReason(Self.changed(bytes, at: 12, to: [9])).contains("header section is missing"))
        #expect(Self.circuitReason(Self.changed(bytes, at: 88, to: [1])).contains("occurs twice"))
        let witness = WitnessFile<Fr>.write([Fr.one, Fr(2)])
        #expect(Self.witnessReason(bytes).contains("does not start with \"wtns\""))
        #expect(Self.witnessReason(Self.changed(witness, at: 4, to: [1])).contains("version 1"))
        #expect(Self.witnessReason(Self.changed(witness, at: 60, to: huge)).contains("values, but 64 bytes"))
        #expect(
            Self.witnessReason(
                Self.changed(witness, at: witness.count - 32, to: Array(repeating: 0xff, count: 32))
            )
            .contains("value 1 is not below the prime"))
        #expect(
            Self.reason { _ = try WitnessFile<BN254BaseField>.read(from: witness) }.contains(
                "another curve's"))
    }

    @Test func customGatesAreRefused() throws {
        var bytes = try Self.small()
        bytes[8] = 4
        bytes += [4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7]
        #expect(Self.circuitReason(bytes).contains("custom gates"))
    }
}
