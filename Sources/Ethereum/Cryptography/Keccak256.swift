/// Keccak-256 with the padding of the original submission, which is Ethereum's; SHA3-256 pads otherwise.
///
/// OpenSSL has it from version 3.2 on only, so it is here as a whole. Nothing secret is hashed with it.
///
/// - SeeAlso: Bertoni, Daemen, Peeters, Van Assche, "The Keccak reference" 3.0; FIPS 202.
public enum Keccak256 {
    /// Bytes that each permutation takes in.
    private static let rate = 136

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
        0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]

    /// Where ρ and π move lane `x + 5·y` to, and by how much they rotate it, along π's one cycle from lane 1.
    private static let path: [(lane: Int, rotation: UInt64)] = {
        var (x, y) = (1, 0)
        return (0..<24).map { step in
            (x, y) = (y, (2 * x + 3 * y) % 5)
            return (x + 5 * y, UInt64((step + 1) * (step + 2) / 2 % 64))
        }
    }()

    /// The 32 bytes of a message's hash.
    public static func hash(_ message: some Collection<UInt8>) -> [UInt8] { hash(message, padding: 0x01) }

    /// - Parameter padding: 0x01 for Keccak-256, 0x06 for SHA3-256.
    package static func hash(_ message: some Collection<UInt8>, padding: UInt8) -> [UInt8] {
        var state = [UInt64](repeating: 0, count: 25)
        var position = 0
        for byte in message {
            state[position >> 3] ^= UInt64(byte) << UInt64(8 * (position & 7))
            position += 1
            if position == rate {
                permute(&state)
                position = 0
            }
        }
        state[position >> 3] ^= UInt64(padding) << UInt64(8 * (position & 7))
        state[(rate - 1) >> 3] ^= 0x80 << 56
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 >> 3] >> UInt64(8 * ($0 & 7))) }
    }

    private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
        count == 0 ? value : value << count | value >> (64 - count)
    }

    /// Keccak-f[1600]: 24 rounds of θ, ρ, π, χ, ι.
    private static func permute(_ state: inout [UInt64]) {
        for constant in roundConstants {
            var columns = SIMD8<UInt64>()
            for x in 0..<5 {
                columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
            }
            for x in 0..<5 {
                let change = columns[(x + 4) % 5] ^ rotate(columns[(x + 1) % 5], by: 1)
                for y in stride(from: 0, to: 25, by: 5) { state[x + y] ^= change }
            }
            var moving = state[1]
            for (lane, rotation) in path {
                let next = state[lane]
                state[lane] = rotate(moving, by: rotation)
                moving = next
            }
            for y in stride(from: 0, to: 25, by: 5) {
                let row = (state[y], state[y + 1], state[y + 2], state[y + 3], state[y + 4])
                state[y] = row.0 ^ (~row.1 & row.2)
                state[y + 1] = row.1 ^ (~row.2 & row.3)
                state[y + 2] = row.2 ^ (~row.3 & row.4)
                state[y + 3] = row.3 ^ (~row.4 & row.0)
                state[y + 4] = row.4 ^ (~row.0 & row.1)
            }
            state[0] ^= constant
        }
    }
}
