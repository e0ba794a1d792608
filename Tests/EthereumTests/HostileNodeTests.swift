import Foundation
import HTTPTransport
import NetworkTestSupport
import Testing

import Ethereum

/// Nodes that answer anything but what was asked: an error that says so, never a trap, never belief.
@Suite struct HostileNodeTests {
    private func node(answering body: String, status: Int = 200) throws -> (EthereumNode, LoopbackServer) {
        let server = try LoopbackServer(answering: { request in
            let object = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            let identifier = object?["id"] as? Int ?? 0
            return (status, Array(body.replacingOccurrences(of: "ID", with: "\(identifier)").utf8))
        })
        return (
            try EthereumNode(url: server.url, timeout: .seconds(10), maximumAnswerByteCount: 100_000), server
        )
    }

    @Test(arguments: [
        ("", "not JSON-RPC"), ("hello", "not JSON-RPC"), ("<html></html>", "not JSON-RPC"), ("null", ""),
        ("[]", ""),
        ("5", ""), ("{", "not JSON-RPC"), ("{}", "JSON-RPC 2.0"),
        (#"{"jsonrpc":"1.0","id":ID,"result":"0x1"}"#, "JSON-RPC 2.0"),
        (#"{"jsonrpc":2.0,"id":ID,"result":"0x1"}"#, "another type"),
        (#"{"jsonrpc":"2.0","result":"0x1"}"#, "another request"),
        (#"{"jsonrpc":"2.0","id":null,"result":"0x1"}"#, "another request"),
        (#"{"jsonrpc":"2.0","id":99,"result":"0x1"}"#, "another request"),
        (#"{"jsonrpc":"2.0","id":"ID","result":"0x1"}"#, "another request"),
        (#"{"jsonrpc":"2.0","id":1e400,"result":"0x1"}"#, ""),
        (#"{"jsonrpc":"2.0","id":123456789012345678901234567890,"result":"0x1"}"#, "another request"),
        (#"{"jsonrpc":"2.0","id":ID}"#, "neither a result nor an error"),
        (#"{"jsonrpc":"2.0","id":ID,"result":null}"#, "null"),
        (#"{"jsonrpc":"2.0","id":ID,"result":1}"#, "another type"),
        (#"{"jsonrpc":"2.0","id":ID,"result":true}"#, "another type"),
        (#"{"jsonrpc":"2.0","id":ID,"result":["0x1"]}"#, "another type"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"1"}"#, "no quantity"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"0x"}"#, "no quantity"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"-0x1"}"#, "no quantity"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"0x1g"}"#, "no quantity"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"0x10000000000000000"}"#, "larger than 63 bits"),
        (#"{"jsonrpc":"2.0","id":ID,"result":"0x8000000000000000"}"#, "larger than 63 bits"),
        (#"{"jsonrpc":"2.0","id":ID,"error":{"code":"x"}}"#, "another type"),
        (#"{"jsonrpc":"2.0","id":ID,"error":{}}"#, "no \"code\""),
        (#"{"jsonrpc":"2.0","id":ID,"error":7}"#, ""),
        (#"{"jsonrpc":"2.0","id":98,"error":{"code":1,"message":"m"}}"#, "another request"),
    ])
    func answersThatCannotBeUsed(body: String, reason: String) throws {
        let (node, server) = try node(answering: body)
        do throws(NodeError) {
            _ = try node.chainID()
            Issue.record("\(body) is believed")
        } catch {
            guard case .malformed(let name, "eth_chainId", let words) = error else {
                Issue.record("\(body) gives \(error)")
                return
            }
            #expect(
                name == server.url && (reason.isEmpty || words.contains(reason)), "\(body) gives \(words)")
        }
    }

    /// Numbers of hundreds of digits, lists nested a hundred thousand times, an answer without end.
    @Test func sizesAreLimited() throws {
        let digits = String(repeating: "f", count: 500)
        let (large, _) = try node(answering: #"{"jsonrpc":"2.0","id":ID,"result":"0x\#(digits)"}"#)
        #expect(throws: NodeError.self) { try large.balance(of: .zero) }
        let (deep, _) = try node(answering: String(repeating: "[", count: 90_000))
        #expect(throws: NodeError.self) { try deep.chainID() }
        let nested = String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000)
        let (data, _) = try node(
            answering: #"{"jsonrpc":"2.0","id":ID,"error":{"code":3,"message":"","data":\#(nested)}}"#)
        #expect(throws: NodeError.self) { try data.chainID() }
        let (long, _) = try node(answering: String(repeating: " ", count: 100_001))
        guard
            case .transport(.tooLarge)? = #expect(throws: NodeError.self, performing: { try long.chainID() })
        else {
            Issue.record("the size is not limited")
            return
        }
    }

    @Test func statusesAndRefusals() throws {
        let (bad, server) = try node(answering: "bad gateway", status: 502)
        #expect(throws: NodeError.status(server: server.url, code: 502)) { try bad.chainID() }
        let (moved, other) = try node(answering: #"{"jsonrpc":"2.0","id":ID,"result":"0x1"}"#, status: 301)
        #expect(throws: NodeError.status(server: other.url, code: 301)) { try moved.chainID() }
        // A refusal counts whatever the status.
        let refusal =
            #"{"jsonrpc":"2.0","id":ID,"error":{"code":-32005,"message":"limit\u001b[31m exceeded"}}"#
        for status in [200, 429] {
            let (node, _) = try node(answering: refusal, status: status)
            do throws(NodeError) {
                _ = try node.chainID()
            } catch {
                #expect(
                    error.description.contains("limit") && !error.description.contains("\u{1B}"), "\(error)")
                guard case .refused("eth_chainId", -32005, _, nil) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        let (unread, _) = try node(
            answering: #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}}"#)
        guard case .refused? = #expect(throws: NodeError.self, performing: { try unread.chainID() }) else {
            return
        }
    }

    private static let hash = "\"0x" + String(repeating: "ab", count: 32) + "\""

    @Test(arguments: [
        "{}", "[]", #"{"number":"0x1"}"#, #"{"number":null,"hash":null}"#,
        #"{"number":"0x1","hash":"0xab","parentHash":"0xab","timestamp":"0x1","gasLimit":"0x1"}"#,
        #"{"number":"0x1","hash":\#(hash),"parentHash":\#(hash),"timestamp":"0x10000000000000000","gasLimit":"0x1"}"#,
        #"{"number":1,"hash":\#(hash),"parentHash":\#(hash),"timestamp":"0x1","gasLimit":"0x1"}"#,
        // Another block than the one that was asked for.
        #"{"number":"0x2","hash":\#(hash),"parentHash":\#(hash),"timestamp":"0x1","gasLimit":"0x1"}"#,
    ])
    func blocks(json: String) throws {
        let (node, _) = try node(answering: #"{"jsonrpc":"2.0","id":ID,"result":\#(json)}"#)
        #expect(throws: NodeError.self) { try node.block(.number(1)) }
    }

    @Test(arguments: ["0x2", "0x", "0x100000000000000000000", "yes"])
    func receipts(status: String) throws {
        func json(_ status: String) -> String {
            #"""
            {"transactionHash":HASH,"blockHash":HASH,"blockNumber":"0x1","status":"\#(status)","gasUsed":"0x1","logs":[]}
            """#.replacingOccurrences(of: "HASH", with: Self.hash)
        }
        let (node, _) = try node(answering: #"{"jsonrpc":"2.0","id":ID,"result":\#(json(status))}"#)
        let hash = try #require(Hash([UInt8](repeating: 0xAB, count: 32)))
        #expect(throws: NodeError.self) { try node.receipt(of: hash) }
        let (fair, _) = try self.node(answering: #"{"jsonrpc":"2.0","id":ID,"result":\#(json("0x1"))}"#)
        #expect(try fair.receipt(of: hash)?.succeeded == true)
        // Of another transaction.
        #expect(throws: NodeError.self) {
            try fair.receipt(of: #require(Hash([UInt8](repeating: 1, count: 32))))
        }
    }

    @Test(arguments: [
        ("address", "0x" + String(repeating: "22", count: 20)), ("address", "0x11"), ("blockNumber", "0x9"),
        ("topics", "0xabcd"), ("data", "0xabc"), ("data", "hello"), ("logIndex", "-0x1"), ("blockHash", "0x"),
    ])
    func logs(field: String, value: String) throws {
        let address = "0x" + String(repeating: "11", count: 20)
        var log: [String: Any] = [
            "address": address, "topics": [String](), "data": "0x", "blockNumber": "0x1", "logIndex": "0x0",
            "blockHash": "0x" + String(repeating: "ab", count: 32),
            "transactionHash": "0x" + String(repeating: "ab", count: 32),
        ]
        func read(_ log: [String: Any]) throws -> [Log] {
            let json = String(decoding: try JSONSerialization.data(withJSONObject: [log]), as: UTF8.self)
            let (node, _) = try node(answering: #"{"jsonrpc":"2.0","id":ID,"result":\#(json)}"#)
            return try node.logs(of: Address(address), in: 1...2)
        }
        #expect(try read(log).count == 1)
        log[field] = field == "topics" ? [value] : value
        #expect(throws: NodeError.self) { try read(log) }
    }

    /// A node that is honest but for one thing.
    private func almostHonest() -> FakeNode {
        let hash = Self.hash
        return FakeNode([
            "eth_chainId": "\"0x5\"", "eth_getTransactionCount": "\"0x0\"",
            "eth_getBalance": "\"0xffffffffffffffffffff\"",
            "eth_getBlockByNumber":
                #"{"number":"0x1","hash":\#(hash),"parentHash":\#(hash),"timestamp":"0x1","gasLimit":"0xffffff","baseFeePerGas":"0x7"}"#,
            "eth_estimateGas": "\"0x5208\"", "eth_blockNumber": "\"0x1\"", "eth_sendRawTransaction": hash,
            "eth_getCode": "\"0x\"", "eth_call": "\"0x\"",
        ])
    }

    @Test func sendersAreNotMisled() throws {
        let fake = almostHonest()
        let server = try LoopbackServer(answering: fake.answer)
        let node = try EthereumNode(url: server.url, timeout: .seconds(10))
        let sender = try TransactionSender(node: node, key: EthereumKey())
        // It names another transaction than the one it was given.
        #expect(throws: NodeError.self) { try sender.send(to: .zero) }
        // It serves another chain all at once: nothing is signed.
        fake["eth_chainId"] = "\"0x1\""
        let before = fake.calls.withLock { $0.count { $0.method == "eth_sendRawTransaction" } }
        #expect(throws: TransactionError.wrongChain(expected: 5, actual: 1)) { try sender.send(to: .zero) }
        #expect(fake.calls.withLock { $0.count { $0.method == "eth_sendRawTransaction" } } == before)
        fake["eth_chainId"] = "\"0x5\""
        // Gas that fits in no block, prices that nobody pays, nonces without end.
        for (method, value) in [
            ("eth_estimateGas", "0xffffffffffffffff"), ("eth_estimateGas", "0x1000000"),
            ("eth_getTransactionCount", "0x10000000000000000"), ("eth_getBalance", "0x0"),
        ] {
            let good = fake[method]
            fake[method] = "\"\(value)\""
            #expect(throws: (any Error).self, "\(method) \(value)") { try sender.send(to: .zero) }
            fake[method] = good
        }
        fake["eth_getBlockByNumber"] = fake["eth_getBlockByNumber"]?.replacingOccurrences(
            of: "\"baseFeePerGas\":\"0x7\"", with: "\"baseFeePerGas\":\"0xffffffffffffffffffffffffffffffff\"")
        #expect(throws: TransactionError.self) { try sender.send(to: .zero) }
    }

    /// A contract that returns other values than its interface says.
    @Test func resultsThatDoNotFitTheirInterface() throws {
        let fake = almostHonest()
        let server = try LoopbackServer(answering: fake.answer)
        let node = try EthereumNode(url: server.url, timeout: .seconds(10))
        fake["eth_getCode"] = "\"0x00\""
        let till = ContractClient(node: node, address: .zero, interface: try Till.interface())
        let ones = String(repeating: "ff", count: 32)
        for data in ["0x", "0x01", "0x" + ones, "0x" + ones + ones] {
            fake["eth_call"] = "\"\(data)\""
            #expect(throws: EncodingError.self, "\(data)") { try till.call("name") }
        }
        // Words of a node about a revert, with its data in the various places where nodes put them.
        let message = try Hex.encode(
            [0x08, 0xC3, 0x79, 0xA0] + ABIType.encode([.string("why")], as: [.string]))
        for (error, reason) in [
            (#"{"code":3,"message":"execution reverted","data":"\#(message)"}"#, RevertReason.message("why")),
            (
                #"{"code":-32015,"message":"VM execution error.","data":"Reverted \#(message)"}"#,
                .message("why")
            ),
            (
                #"{"code":-32000,"message":"x","data":{"0xab":{"error":"revert"},"result":"\#(message)"}}"#,
                .message("why")
            ),
            (#"{"code":-32000,"message":"x","data":{"data":"\#(message)"}}"#, .message("why")),
            (#"{"code":-32000,"message":"execution reverted: why"}"#, .message("why")),
            (#"{"code":3,"message":"execution reverted"}"#, .none),
            (#"{"code":3,"message":"x","data":"0x"}"#, .none),
        ] {
            let (refusing, _) = try self.node(answering: #"{"jsonrpc":"2.0","id":ID,"error":\#(error)}"#)
            let contract = ContractClient(node: refusing, address: .zero, interface: try Till.interface())
            #expect(throws: TransactionError.reverted(reason, transaction: nil), "\(error)") {
                try contract.call("total")
            }
        }
        let (broke, _) = try self.node(
            answering: #"{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"header not found"}}"#)
        let contract = ContractClient(node: broke, address: .zero, interface: try Till.interface())
        #expect(throws: NodeError.self) { try contract.call("total") }
    }
}
