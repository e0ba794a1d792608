import Foundation
import Testing

/// A whole order on a ledger, from the command line alone: keys, ledger, transactions, a real proof, the payout.
struct LedgerStory {
    /// Milliseconds since 1970 of the story's beginning.
    static let start: UInt64 = 4_000_000_000_000
    static var parameters: [String: Any] {
        [
            "minimumStake": [
                "publisher": 10, "participant": 4, "validator": 2, "verifier": 1, "aggregator": 3,
            ],
            "minimumBond": 5, "nonRevealSlash": 2500, "challengerShare": 5000, "voteQuorum": 1,
            "maximumParticipants": 4, "maximumValidators": 4, "recomputesOpenings": false,
        ]
    }

    /// t1 … t7 of an order, `first` seconds after the beginning and then every `step`.
    static func windows(from first: Int, every step: Int) -> [String: UInt64] {
        let names = [
            "commitStart", "commitDeadline", "revealDeadline", "proofDeadline", "validationDeadline",
            "challengeDeadline", "voteDeadline", "finalizeDeadline",
        ]
        return Dictionary(
            uniqueKeysWithValues: names.enumerated().map {
                ($0.element, start + 1000 * UInt64(first + step * $0.offset))
            })
    }

    /// The opening of a test set of one chunk.
    static func testSetOpening(data digest: Any?, samples: Int, commitment: Any?) -> [String: Any] {
        [
            "salt": String(repeating: "5a", count: 32), "dataDigest": digest ?? "", "baseline": 0,
            "chunks": [["samples": samples, "key": 0, "commitment": commitment ?? ""]],
        ]
    }

    let folder: URL
    private(set) var publicKeys: [String: String] = [:]
    private(set) var identifier = ""
    /// What the last `submit` printed.
    private(set) var last: [String: Any] = [:]

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Tells the story beside the files of the other one.
    ///
    /// - Parameter correct: what Alice's model gets right.
    @discardableResult
    static func tell(in folder: URL, correct: Int) throws -> LedgerStory {
        var story = LedgerStory(folder: folder)
        try story.begin()
        try story.openOrder()
        try story.claim(correct)
        try story.end()
        return story
    }

    /// Runs a command that must succeed.
    @discardableResult
    private func run(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try zkpot(arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments) gives \(outcome)")
        return try outcome.json
    }

    /// Writes a transaction's file.
    func write(_ object: [String: Any], _ name: String) throws {
        try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
            .write(to: folder.appending(path: name))
    }

    private mutating func submit(_ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64)
        throws
    {
        var object = fields
        object["kind"] = kind
        try write(object, "\(kind).json")
        try submit("\(kind).json", by: name, at: seconds)
    }

    private mutating func submit(_ file: String, by name: String, at seconds: UInt64) throws {
        last = try run(
            ["ledger", "submit", path("demo.ledger"), path(file), "--key", path("\(name).pem"), "--operator"]
                + [path("operator.pem"), "--at", "\(Self.start + 1000 * seconds)"])
    }

    private mutating func begin() throws {
        for name in ["operator", "pat", "ann", "val"] {
            let made = try run(["key", "--output", path("\(name).pem")])
            publicKeys[name] = try #require(made["publicKey"] as? String)
        }
        try write(Self.parameters, "parameters.json")
        let made = try run(
            ["ledger", "init", path("demo.ledger"), "--name", "demo", "--operator", path("operator.pem")]
                + ["--parameters", path("parameters.json"), "--allow-development-keys"]
                + ["pat", "ann", "val"].flatMap { ["--allocate", "\(publicKeys[$0] ?? "")=1000"] })
        identifier = try #require(made["identifier"] as? String)
        for (name, role, amount) in [
            ("pat", "publisher", 10), ("pat", "aggregator", 3), ("ann", "participant", 4),
            ("val", "validator", 2),
        ] { try submit("register", ["role": role, "amount": amount], by: name, at: 100) }
    }

    private mutating func openOrder() throws {
        let key = try Data(contentsOf: folder.appending(path: "digits.zkvk"))
        try submit(
            "openTask",
            [
                "task": "digits", "description": "digits", "minimumSamples": 10, "weights": "equal",
                "mode": "zk",
                "entryShare": 0,
                "qualityKeys": [
                    ["samples": 10, "verifyingKey": key.map { String(format: "%02x", $0) }.joined()]
                ],
            ], by: "pat", at: 100)
        let testSet = try run(
            ["commit"] + Story.circuit + Story.testSet + ["--output", path("ledger-test.zkc")])
        let opening: [String: Any] = [
            "salt": String(repeating: "5a", count: 32), "dataDigest": String(repeating: "d1", count: 32),
            "chunks": [["samples": 10, "key": 0, "commitment": testSet["commitment"] ?? ""]], "baseline": 1,
        ]
        try write(opening, "opening.json")
        let hash = try run(
            [
                "ledger", "test-set-hash", path("demo.ledger"), path("opening.json"), "--task", "digits",
                "--round", "0",
            ])
        let names = [
            "commitStart", "commitDeadline", "revealDeadline", "proofDeadline", "validationDeadline",
            "challengeDeadline", "voteDeadline", "finalizeDeadline",
        ]
        let times = names.enumerated().map { ($0.element, Self.start + 1000 * UInt64(100 + 100 * $0.offset)) }
        try submit(
            "openOrder",
            [
                "task": "digits", "round": 0, "testSetHash": hash["testSetHash"] ?? "",
                "windows": Dictionary(uniqueKeysWithValues: times), "reward": 100, "bond": 5,
                "split": ["leader": 5000, "participants": 3000, "validators": 1000, "aggregator": 1000],
                "payoutSigners": [publicKeys["pat"] ?? "", publicKeys["val"] ?? ""], "payoutThreshold": 2,
                "start": "",
            ], by: "pat", at: 100)
    }

    private mutating func claim(_ correct: Int) throws {
        let account = publicKeys["ann"] ?? ""
        let model = try run(
            ["commit"] + Story.circuit + ["--model", path("alice.zkm"), "--opening", path("ledger-ann.zko")]
                + ["--output", path("ledger-ann.zkc")])
        let secret = try run(
            ["ledger", "secret", "--account", account, "--task", "digits", "--round", "0", "--output"]
                + [path("secret.json")])
        try submit(
            "commitModel",
            [
                "task": "digits", "round": 0, "commitment": model["commitment"] ?? "",
                "beaconCommitment": secret["beaconCommitment"] ?? "",
            ], by: "ann", at: 150)
        let opening = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appending(path: "opening.json")))
        try submit(
            "revealTestSet", ["task": "digits", "round": 0, "opening": opening], by: "pat", at: 200)
        try submit("secret.json", by: "ann", at: 210)
        try run(
            ["prove", "--key", path("digits.zkpk"), "--model", path("alice.zkm"), "--opening"]
                + [path("ledger-ann.zko")] + Story.testSet
                + ["--ledger", identifier, "--task", "digits", "--round", "0", "--participant", account]
                + ["--output", path("ledger-ann")])
        try run(
            ["ledger", "proof", path("ledger-ann.zkp"), "--claim", path("ledger-ann.claim.json"), "--output"]
                + [path("prove.json")])
        try submit("prove.json", by: "ann", at: 220)
        try submit(
            "validate",
            ["task": "digits", "round": 0, "participant": account, "correct": correct], by: "val", at: 400)
    }

    private mutating func end() throws {
        let order =
            try run(
                ["ledger", "show", path("demo.ledger"), "--task", "digits", "--round", "0"])["order"]
            as? [String: Any]
        let participants = try #require(order?["participants"] as? [[String: Any]])
        // The sum of one model with the weight 1 is the model.
        let global: [String: Any] = [
            "commitment": participants[0]["commitment"] ?? "",
            "openingDigest": String(repeating: "0e", count: 32),
        ]
        try submit("finalize", ["task": "digits", "round": 0, "globalModel": global], by: "pat", at: 700)
        try run(
            [
                "ledger", "sign-payout", path("demo.ledger"), path("pat.pem"), path("val.pem"), "--task",
                "digits",
            ]
                + ["--round", "0", "--output", path("payout.json")])
        try submit("payout.json", by: "ann", at: 800)
    }
}
