/// Why a contract undid a transaction.
public enum RevertReason: Sendable, Hashable, CustomStringConvertible {
    /// It gave no data: a failed assertion without a message, or a call out of gas.
    case none
    /// `raise "…"`, `require(…, "…")`.
    case message(String)
    /// The compiler's own checks: overflow, a wrong index.
    case panic(UInt256)
    /// An error of the contract's interface.
    case failure(String, [ABIValue])
    case unknown([UInt8])

    /// Reads the data of a revert.
    ///
    /// - Parameter interface: of the contract, for its own errors.
    public init(_ data: [UInt8], interface: ContractInterface? = nil) {
        self = .unknown(data)
        if data.isEmpty {
            self = .none
            return
        }
        let (selector, rest) = (Array(data.prefix(4)), Array(data.dropFirst(4)))
        if selector == [0x08, 0xC3, 0x79, 0xA0] {
            if let text = (try? ABIType.decode(rest, as: [.string]))?.first?.string { self = .message(text) }
        } else if selector == [0x4E, 0x48, 0x7B, 0x71] {
            if let code = (try? ABIType.decode(rest, as: [.uint(256)]))?.first?.integer {
                self = .panic(code)
            }
        } else if let failure = interface?.failures.first(where: { $0.selector == selector }),
            let values = try? ABIType.decode(rest, as: failure.parameters.map(\.type))
        {
            self = .failure(failure.name, values)
        }
    }

    public var description: String {
        switch self {
        case .none: "no reason is given"
        case .message(let text): foreignText(text)
        case .panic(let code):
            switch code.uint64 {
            case 0x01: "an assertion failed (panic 0x01)"
            case 0x11: "an integer overflowed (panic 0x11)"
            case 0x12: "a division by zero (panic 0x12)"
            case 0x32: "an index is out of range (panic 0x32)"
            default: "panic \(code.quantity)"
            }
        case .failure(let name, let values): "\(name)(\(values.map(\.description).joined(separator: ", ")))"
        case .unknown(let data): "data \(Hex.encode(data.prefix(64)))\(data.count > 64 ? "…" : "")"
        }
    }
}
