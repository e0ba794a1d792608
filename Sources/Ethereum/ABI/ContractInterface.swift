import Foundation

/// What a contract can be asked, says and complains about: the JSON that compilers write.
public struct ContractInterface: Sendable {
    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var type: ABIType
        /// In an event: whether it is a topic.
        public var isIndexed: Bool

        public init(name: String, type: ABIType, isIndexed: Bool = false) {
            (self.name, self.type, self.isIndexed) = (name, type, isIndexed)
        }
    }

    public struct Function: Sendable, Hashable {
        public var name: String
        public var inputs: [Parameter]
        public var outputs: [Parameter]
        /// Whether it takes Ether along.
        public var isPayable: Bool
        /// Whether it changes nothing.
        public var isView: Bool

        public init(
            name: String, inputs: [Parameter], outputs: [Parameter] = [], isPayable: Bool = false,
            isView: Bool = false
        ) {
            (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
            (self.isPayable, self.isView) = (isPayable, isView)
        }

        public var signature: String { ContractInterface.signature(name, inputs) }
        /// The first four bytes of the signature's hash.
        public var selector: [UInt8] { Array(Keccak256.hash(Array(signature.utf8)).prefix(4)) }

        /// The data of a call.
        ///
        /// - Throws: `EncodingError` that names the function.
        public func callData(_ arguments: [ABIValue]) throws(EncodingError) -> [UInt8] {
            do throws(EncodingError) {
                return selector + (try ABIType.encode(arguments, as: inputs.map(\.type)))
            } catch {
                throw EncodingError("\(signature): \(error)")
            }
        }

        /// The values that a call returned.
        ///
        /// - Throws: `EncodingError` that names the function.
        public func results(_ data: [UInt8]) throws(EncodingError) -> [ABIValue] {
            do throws(EncodingError) {
                return try ABIType.decode(data, as: outputs.map(\.type))
            } catch {
                throw EncodingError("\(signature) returned something else than its interface says: \(error)")
            }
        }
    }

    public struct Event: Sendable, Hashable {
        public var name: String
        public var parameters: [Parameter]

        public var signature: String { ContractInterface.signature(name, parameters) }
        /// The signature's hash: what the first topic of its logs is.
        public var topic: [UInt8] { Keccak256.hash(Array(signature.utf8)) }
    }

    public struct Failure: Sendable, Hashable {
        public var name: String
        public var parameters: [Parameter]

        public var signature: String { ContractInterface.signature(name, parameters) }
        public var selector: [UInt8] { Array(Keccak256.hash(Array(signature.utf8)).prefix(4)) }
    }

    /// What the constructor takes.
    public var constructorInputs: [Parameter] = []
    public var isConstructorPayable = false
    public var functions: [Function] = []
    public var events: [Event] = []
    public var failures: [Failure] = []

    public init() {}

    static func signature(_ name: String, _ parameters: [Parameter]) -> String {
        "\(name)(\(parameters.map(\.type.description).joined(separator: ",")))"
    }

    /// The function of this name, or of this signature where several share a name.
    ///
    /// - Throws: `EncodingError` if there is none, or more than one.
    public func function(_ name: String) throws(EncodingError) -> Function {
        let found = functions.filter { $0.name == name || $0.signature == name }
        guard found.count == 1 else {
            let reason = found.isEmpty ? "has no" : "has \(found.count) versions of the"
            throw EncodingError("the contract's interface \(reason) function \(name)")
        }
        return found[0]
    }

    /// The event of this name.
    ///
    /// - Throws: `EncodingError` if there is none.
    public func event(_ name: String) throws(EncodingError) -> Event {
        guard let event = events.first(where: { $0.name == name || $0.signature == name }) else {
            throw EncodingError("the contract's interface has no event \(name)")
        }
        return event
    }

    // MARK: - JSON

    private struct Entry: Decodable {
        var type: String
        var name: String?
        var inputs: [JSONParameter]?
        var outputs: [JSONParameter]?
        var stateMutability: String?
        var anonymous: Bool?
    }

    private struct JSONParameter: Decodable {
        var name: String?
        var type: String
        var indexed: Bool?
        var components: [JSONParameter]?

        func parameter() throws -> Parameter {
            let members = try (components ?? []).map { try $0.parameter().type }
            return Parameter(
                name: name ?? "", type: try ABIType(type, components: members), isIndexed: indexed ?? false)
        }
    }

    /// Reads the JSON that compilers write.
    ///
    /// - Throws: `EncodingError`.
    public init(json: Data) throws(EncodingError) {
        do {
            for entry in try JSONDecoder().decode([Entry].self, from: json) {
                let inputs = try (entry.inputs ?? []).map { try $0.parameter() }
                let name = entry.name ?? ""
                switch entry.type {
                case "function":
                    functions.append(
                        Function(
                            name: name, inputs: inputs,
                            outputs: try (entry.outputs ?? []).map { try $0.parameter() },
                            isPayable: entry.stateMutability == "payable",
                            isView: entry.stateMutability == "view" || entry.stateMutability == "pure"))
                case "event" where entry.anonymous != true:
                    events.append(Event(name: name, parameters: inputs))
                case "error": failures.append(Failure(name: name, parameters: inputs))
                case "constructor":
                    constructorInputs = inputs
                    isConstructorPayable = entry.stateMutability == "payable"
                default: continue
                }
            }
        } catch let error as EncodingError {
            throw error
        } catch {
            throw EncodingError("is not the JSON interface of a contract")
        }
    }
}
