import Foundation
import HTTPTransport
import NetworkTestSupport
import Synchronization
import TestSupport
import Testing

import ContentStore

/// A small server that keeps blocks as kubo does, or lies about them.
final class FakeKubo: Sendable {
    let blocks = Mutex<[String: [UInt8]]>([:])
    let paths = Mutex<[String]>([])
    let pinned = Mutex<Set<String>>([])

    func answer(_ request: ServedRequest) -> (Int, [UInt8]) {
        paths.withLock { $0.append(request.path) }
        let parts = request.path.split(separator: "?", maxSplits: 1)
        let query = Dictionary(
            (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
                let words = pair.split(separator: "=", maxSplits: 1).map(String.init)
                return (words[0], words.count > 1 ? words[1] : "")
            }, uniquingKeysWith: { a, _ in a })
        switch parts.first {
        case "/api/v0/block/put":
            guard query["cid-codec"] == "raw", query["mhtype"] == "sha2-256", query["mhlen"] == "32",
                let content = file(of: request)
            else { return (400, Array("bad".utf8)) }
            if content.count > 1 << 20, query["allow-big-block"] != "true" {
                return (500, Array(#"{"Message":"block too big","Code":0,"Type":"error"}"#.utf8))
            }
            let name = ContentIdentifier(of: content).description
            blocks.withLock { $0[name] = content }
            if query["pin"] == "true" { pinned.withLock { _ = $0.insert(name) } }
            return (200, Array(#"{"Key":"\#(name)","Size":\#(content.count)}"#.utf8))
        case "/api/v0/block/get":
            guard let content = blocks.withLock({ $0[query["arg"] ?? ""] }) else {
                return (
                    500, Array(#"{"Message":"block was not found locally","Code":0,"Type":"error"}"#.utf8)
                )
            }
            return (200, content)
        case "/api/v0/pin/add":
            guard let name = query["arg"], blocks.withLock({ $0[name] }) != nil else { return (500, []) }
            pinned.withLock { _ = $0.insert(name) }
            return (200, Array(#"{"Pins":["\#(name)"]}"#.utf8))
        default: return (404, Array("404 page not found".utf8))
        }
    }

    /// The one file of a form.
    private func file(of request: ServedRequest) -> [UInt8]? {
        guard let line = request.head.split(separator: "\r\n").first(where: { $0.contains("boundary=") }),
            let boundary = line.split(separator: "=").last,
            let start = request.body.firstRange(of: [13, 10, 13, 10]),
            let end = request.body[start.upperBound...].firstRange(of: Array("\r\n--\(boundary)--\r\n".utf8)),
            request.body.starts(with: Array("--\(boundary)\r\n".utf8))
        else { return nil }
        return Array(request.body[start.upperBound..<end.lowerBound])
    }
}

@Suite struct KuboClientTests {
    @Test func blocksGoThereAndBack() throws {
        let kubo = FakeKubo()
        let server = try LoopbackServer(answering: kubo.answer)
        let client = try KuboClient(url: server.url, timeout: .seconds(10))
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<5000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let contents = [[], Array("hello world".utf8), Array("\r\n--zkpot\r\n\r\n".utf8), noise]
        for content in contents + [[UInt8](repeating: 7, count: 1 << 20 + 1)] {
            let name = try client.put(content, pin: false)
            #expect(name == ContentIdentifier(of: content))
            #expect(try client.get(name) == content)
            #expect(!kubo.pinned.withLock { $0.contains(name.description) })
            try client.pin(name)
            #expect(kubo.pinned.withLock { $0.contains(name.description) })
        }
        let pinned = try client.put([1], pin: true)
        #expect(kubo.pinned.withLock { $0.contains(pinned.description) })
        let missing = ContentIdentifier(of: [9, 9])
        #expect(throws: ContentError.self) { try client.get(missing) }
        do throws(ContentError) { _ = try client.get(missing) } catch {
            #expect(error.description.contains("block was not found locally"), "\(error)")
        }
        #expect(throws: ContentError.self) { try client.pin(missing) }
    }

    /// Whatever a server answers, nothing but the block itself is handed out.
    @Test(arguments: [
        (200, "another block"), (200, ""), (500, #"{"Message":"no","Code":0}"#), (500, "not JSON"), (404, ""),
        (302, ""), (200, "{}"), (200, #"{"Key":5}"#), (200, "null"),
        (200, #"{"Key":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}"#),
        (200, #"{"Key":"../../etc","Pins":["x"]}"#), (200, #"{"Pins":[]}"#), (200, #"{"Pins":["QmX"]}"#),
        (500, "{\"Message\":\"\\u001b[31m\(String(repeating: "x", count: 500))\"}"),
    ])
    func serversAreNotBelieved(status: Int, body: String) throws {
        let server = try LoopbackServer(answering: { _ in (status, Array(body.utf8)) })
        let client = try KuboClient(url: server.url, timeout: .seconds(10))
        let name = ContentIdentifier(of: Array("the block".utf8))
        for attempt in [
            { try client.put(Array("the block".utf8)) }, { _ = try client.get(name) },
            { try client.pin(name) },
        ] as [() throws -> Void] {
            do {
                try attempt()
                Issue.record("status \(status) with \(body) is believed")
            } catch let error as ContentError {
                #expect(error.description.contains(server.url) && error.description.utf8.count < 600)
                #expect(!error.description.contains("\u{1B}"))
            }
        }
    }

    @Test func damagedBlocksAreNamed() throws {
        let kubo = FakeKubo()
        let server = try LoopbackServer(answering: kubo.answer)
        let client = try KuboClient(url: server.url + "/", timeout: .seconds(10), maximumBlockByteCount: 100)
        let name = try client.put([1, 2, 3])
        kubo.blocks.withLock { $0[name.description] = [1, 2, 4] }
        #expect(throws: ContentError.damaged(name, place: server.url)) { try client.get(name) }
        kubo.blocks.withLock { $0[name.description] = [UInt8](repeating: 0, count: 101) }
        #expect(throws: ContentError.self) { try client.get(name) }
        #expect(throws: ContentError.tooLarge(byteCount: 101, limit: 100)) {
            try client.put([UInt8](repeating: 0, count: 101))
        }
    }

    @Test func serversThatAreNotThere() throws {
        let client = try KuboClient(
            url: "http://127.0.0.1:\(try LoopbackServer.closedPort())", timeout: .seconds(5))
        #expect(throws: ContentError.self) { try client.get(ContentIdentifier(of: [])) }
        #expect(throws: HTTPError.self) { try KuboClient(url: "ipfs://x") }
    }
}
