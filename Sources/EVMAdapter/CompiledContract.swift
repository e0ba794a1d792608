import Ethereum
import EVMContracts
import Foundation

/// A contract of `Contracts/build`: interface and byte code.
public struct CompiledContract: Sendable {
    public let name: String
    public let interface: ContractInterface
    /// Of the constructor.
    public let code: [UInt8]

    private struct File: Decodable {
        var abi: [JSONValue]
        var bytecode: String
    }

    /// - Throws: `ContractFileError` if there is no such contract.
    public init(_ name: String) throws {
        let file = try JSONDecoder().decode(File.self, from: ContractFiles.compiled(name))
        guard let code = Hex.decode(file.bytecode) else {
            throw ContractFileError(description: "the byte code of the contract \(name) is damaged")
        }
        self.name = name
        self.code = code
        interface = try ContractInterface(json: JSONEncoder().encode(file.abi))
    }

    /// What a transaction that creates the contract carries.
    ///
    /// - Throws: `EncodingError` if the arguments are not the constructor's.
    public func creationCode(_ arguments: [ABIValue]) throws(EncodingError) -> [UInt8] {
        code + (try ABIType.encode(arguments, as: interface.constructorInputs.map(\.type)))
    }
}
