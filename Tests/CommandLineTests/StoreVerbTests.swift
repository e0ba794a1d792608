import ContentStore
import Foundation
import NetworkTestSupport
import TestSupport
import Testing

/// `zkpot store` as a user has it.
@Suite struct StoreVerbTests {
    @Test func filesGoThereAndBack() throws {
        try TestFiles.withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path }
            try Data("hello world".utf8).write(to: URL(filePath: path("in")))
            let put = try zkpot(["store", "put", path("in"), "--folder", path("blocks"), "--json"])
            #expect(put.code == 0, "\(put)")
            let name = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
            #expect(try put.json["cid"] as? String == name)
            let digest = try #require(try put.json["sha256"] as? String)
            for key in [name, digest] {
                let get = try zkpot(["store", "get", key, "--folder", path("blocks"), "-o", path("out")])
                #expect(get.code == 0 && get.output.contains(name), "\(get)")
                #expect(try Data(contentsOf: URL(filePath: path("out"))) == Data("hello world".utf8))
            }
            let check = ["store", "check", "--folder", path("blocks")]
            #expect(try zkpot(check).code == 0)

            // A changed block is never handed out.
            let block = path("blocks/5e/\(name)")
            try Data("hello World".utf8).write(to: URL(filePath: block))
            try FileManager.default.removeItem(atPath: path("out"))
            let get = ["store", "get", name, "--folder", path("blocks"), "-o", path("out")]
            try expectUnusable(get, saying: "something else")
            #expect(!FileManager.default.fileExists(atPath: path("out")))
            let damaged = try zkpot(check)
            #expect(damaged.code == 1 && damaged.output.contains("DAMAGED \(name)"), "\(damaged)")
            try expectUnusable(
                [
                    "store", "get", String(repeating: "0", count: 64), "--folder", path("blocks"), "-o",
                    path("out"),
                ],
                saying: "has no block")
            try expectUnusable(["store", "check", "--folder", path("nothing")], saying: "no such folder")
            try expectUnusable(["store", "put", path("in"), "--folder", path("in")], saying: "not a folder")
            try expectUnusable(
                ["store", "put", path("in"), "--folder", path("blocks"), "--limit", "5"], naming: path("in"),
                saying: "more than the 5")
        }
    }

    /// A server that has one block, and one that lies.
    @Test func serversAreChecked() throws {
        try TestFiles.withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path }
            let content = Array("global model".utf8)
            let name = ContentIdentifier(of: content).description
            let honest = try LoopbackServer(answering: { _ in (200, content) })
            let get = ["store", "get", name, "-o", path("out"), "--folder", path("blocks"), "--api"]
            let fetched = try zkpot(get + [honest.url])
            #expect(fetched.code == 0 && fetched.output.contains(honest.url), "\(fetched)")
            #expect(try Data(contentsOf: URL(filePath: path("out"))) == Data(content))
            // It is in the folder now, and no server is asked.
            let closed = "http://127.0.0.1:\(try LoopbackServer.closedPort())"
            #expect(try zkpot(get + [closed]).code == 0)
            let liar = try LoopbackServer(answering: { _ in (200, content + [0]) })
            try expectUnusable(
                ["store", "get", name, "-o", path("other"), "--api", liar.url], saying: "something else")
            try expectUnusable(
                ["store", "get", name, "-o", path("other"), "--api", closed], saying: "refused")
            #expect(!FileManager.default.fileExists(atPath: path("other")))
        }
    }
}
