import EVMAdapter
import Ethereum
import EVMContracts
import Foundation
import Presentation

/// A contract by its address, with the functions it has.
struct ContractOptions: ArgumentGroup {
    @Option("The contract's interface: JSON of a compiler; the registry's unless given.")
    var interface: InputFile?

    init() {}

    /// - Throws: `CommandError` that names the file.
    func load() throws -> ContractInterface {
        guard let interface else { return try CompiledContract("Registry").interface }
        let bytes = try BinaryFile.read(interface)
        return try interface.reading { _ in
            // A file of Contracts/build has the interface under "abi".
            if let whole = try? JSONDecoder().decode(Wrapped.self, from: Data(bytes)) {
                return try ContractInterface(json: JSONEncoder().encode(whole.abi))
            }
            return try ContractInterface(json: Data(bytes))
        }
    }

    private struct Wrapped: Decodable { var abi: [JSONValue] }
}

/// The words after a function's name as its arguments.
enum FunctionArguments {
    /// Numbers, addresses, bytes (0x…), texts, JSON arrays. The name of a task stands for its SHA-256, and that of a role
    /// for its number, where the registry wants these.
    ///
    /// - Throws: `UsageError` that names the argument.
    static func parse(_ words: [String], for function: ContractInterface.Function) throws -> [ABIValue] {
        guard words.count == function.inputs.count else {
            throw UsageError(
                "\(usage(function)) takes \(function.inputs.count) arguments, not \(words.count)")
        }
        return try zip(words, function.inputs).map { word, input in
            if input.name == "task", input.type == .fixedBytes(32),
                !(word.hasPrefix("0x") && word.count == 66)
            {
                return .bytes(RegistryHashes.task(word))
            }
            if input.name == "role", let role = RegistryRole.allCases.first(where: { "\($0)" == word }) {
                return .number(UInt64(role.rawValue))
            }
            do throws(EncodingError) {
                return try input.type.value(word)
            } catch {
                throw UsageError("\(input.name) of \(usage(function)): \(error)")
            }
        }
    }

    /// The function with the names of its arguments: `register(role uint256, amount uint256)`.
    static func usage(_ function: ContractInterface.Function) -> String {
        "\(function.name)(\(function.inputs.map { $0.name.isEmpty ? "\($0.type)" : "\($0.name) \($0.type)" }.joined(separator: ", ")))"
    }

    /// The function of this name.
    ///
    /// - Throws: `UsageError` that lists what there is.
    static func function(_ name: String, of interface: ContractInterface) throws -> ContractInterface.Function
    {
        do throws(EncodingError) {
            return try interface.function(name)
        } catch {
            let names = Set(interface.functions.map(\.name)).sorted().joined(separator: ", ")
            throw UsageError("\(error); it has \(printable(names))")
        }
    }
}
