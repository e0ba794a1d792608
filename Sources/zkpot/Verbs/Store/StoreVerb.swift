import ContentStore
import Foundation
import HTTPTransport
import Presentation

/// `zkpot store`
struct StoreVerb: VerbGroup {
    static let about = About(
        "store", "Keep files by their content: global models, test sets, reports.",
        discussion: """
            A block is known by its CID (version 1, raw, SHA2-256), which is another way to write the SHA-256 that the \
            ledger records. So whoever has the digest can fetch the file from anybody, and see that it is the right one.

            Blocks lie in a folder (--folder), on a server with kubo's HTTP API (--api), or both. Whatever is read is \
            hashed again before it is handed out.
            """,
        example: "zkpot store put global.zkm --folder blocks",
        verbs: [StorePutVerb.self, StoreGetVerb.self, StoreCheckVerb.self])
}

/// Where blocks are.
struct StoreOptions: ArgumentGroup {
    @Option("Folder of blocks; it is made if it is missing.", valueName: "folder")
    var folder: String?

    @Option(
        "Server with kubo's HTTP API, such as http://127.0.0.1:5001; ZKPOT_IPFS_API otherwise.",
        valueName: "url")
    var api: String?

    @Option("The largest block, in bytes.", check: .in(1...1 << 30))
    var limit: Int = LocalStore.defaultMaximumBlockByteCount

    init() {}

    /// - Throws: `UsageError` if neither is named.
    func validate() throws {
        if folder == nil && serverURL == nil {
            throw UsageError("name a folder with --folder, or a server with --api")
        }
    }

    private var serverURL: String? { api ?? ProcessInfo.processInfo.environment["ZKPOT_IPFS_API"] }

    func local() throws -> LocalStore? {
        try folder.map { try LocalStore(folder: $0, maximumBlockByteCount: limit) }
    }

    func server() throws -> KuboClient? {
        do {
            return try serverURL.map { try KuboClient(url: $0, maximumBlockByteCount: limit) }
        } catch let error as HTTPError {
            throw UsageError("--api: \(error)")
        }
    }
}

/// An identifier on the command line.
extension ContentIdentifier: ArgumentValue {
    public static func parse(_ text: String) throws -> ContentIdentifier {
        do {
            return try ContentIdentifier(text)
        } catch {
            throw UsageError("'\(printable(String(text.prefix(80))))' \(error)")
        }
    }

    public static var valueName: String { "cid" }
    public var argumentText: String { description }
}

/// `zkpot store put`
struct StorePutVerb: Verb {
    static let about = About(
        "put", "Store a file and print its CID.",
        example: "zkpot store put global.zkm --folder blocks")

    @Positional("The file.")
    var file: InputFile

    @Group var store: StoreOptions

    func validate() throws { try store.validate() }

    func run(_ console: Console) throws -> ExitCode {
        let content = try file.reading { path in
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= store.limit else {
                throw ContentError.tooLarge(byteCount: size, limit: store.limit)
            }
            return [UInt8](try Data(contentsOf: file.url))
        }
        let identifier = ContentIdentifier(of: content)
        var places: [String] = []
        if let local = try store.local() {
            _ = try local.put(content)
            places.append(local.folder)
        }
        if let server = try store.server() {
            try server.put(content)
            places.append(server.endpoint.description)
        }
        try console.present(
            Result(
                cid: identifier.description, sha256: identifier.digest.hexadecimal, bytes: content.count,
                places: places))
        return .success
    }

    struct Result: Presentable {
        var cid: String
        var sha256: String
        var bytes: Int
        var places: [String]

        func text(_ style: TextStyle) -> String {
            "\(cid)\nSHA-256 \(sha256), \(Format.bytes(bytes)), in \(printable(places.joined(separator: " and ")))."
        }
    }
}

/// `zkpot store get`
struct StoreGetVerb: Verb {
    static let about = About(
        "get", "Fetch a file by its CID or SHA-256, from the folder first, then from the server.",
        discussion: "What was fetched from a server is kept in the folder, if both are named.",
        example:
            "zkpot store get bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku --folder blocks -o empty"
    )

    @Positional("CID, or the 64 hexadecimal digits of a SHA-256.")
    var cid: ContentIdentifier

    @Group var store: StoreOptions

    @Option("Where the file goes.", short: "o")
    var output: OutputFile

    func validate() throws { try store.validate() }

    func run(_ console: Console) throws -> ExitCode {
        let local = try store.local()
        let server = try store.server()
        var content: [UInt8]?
        var place = ""
        if let local {
            do throws(ContentError) {
                content = try local.get(cid)
                place = local.folder
            } catch {
                guard server != nil else { throw error }
                if case .notFound = error {
                    console.note("\(local.folder) does not have it; asking the server.")
                } else {
                    console.warn("\(error)")
                }
            }
        }
        if content == nil, let server {
            let fetched = try server.get(cid)
            _ = try local?.put(fetched)
            (content, place) = (fetched, server.endpoint.description)
        }
        guard let content else { throw CommandError("there is no block \(cid)") }
        try output.write(Data(content))
        try console.present(
            Result(cid: cid.description, bytes: content.count, place: place, output: output.path))
        return .success
    }

    struct Result: Presentable {
        var cid: String
        var bytes: Int
        var place: String
        var output: String

        func text(_ style: TextStyle) -> String {
            "\(printable(output)): \(Format.bytes(bytes)) from \(printable(place)), and what \(cid) says."
        }
    }
}

/// `zkpot store check`
struct StoreCheckVerb: Verb {
    static let about = About(
        "check", "Read every block of a folder again and compare it with its name.",
        discussion: "Exit code 1 if any block is damaged, or anything else lies in the folder.",
        example: "zkpot store check --folder blocks")

    @Option("Folder of blocks.", valueName: "folder")
    var folder: String

    @Option("The largest block, in bytes.", check: .in(1...1 << 30))
    var limit: Int = LocalStore.defaultMaximumBlockByteCount

    func run(_ console: Console) throws -> ExitCode {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue
        else { throw CommandError("no such folder", file: folder) }
        let report = try LocalStore(folder: folder, maximumBlockByteCount: limit).check()
        try console.present(
            Result(
                blocks: report.blocks, bytes: report.bytes, damaged: report.damaged.map(\.description),
                foreign: report.foreign))
        return report.isSound ? .success : .falseStatement
    }

    struct Result: Presentable {
        var blocks: Int
        var bytes: Int
        var damaged: [String]
        var foreign: [String]

        func text(_ style: TextStyle) -> String {
            var lines = ["\(Format.count(blocks)) blocks are what their names say, \(Format.bytes(bytes))."]
            lines += damaged.map { style.red("DAMAGED") + " \($0)" }
            lines += foreign.map { style.red("NO BLOCK") + " \(printable($0))" }
            return lines.joined(separator: "\n")
        }
    }
}
