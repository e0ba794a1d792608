import Foundation
import TestSupport
import Testing

/// `zkpot audit plan`
@Suite struct AuditPlanTests {
    private static let plan = [
        "audit", "plan", "--stages", "200", "--cost", "1", "--proof-cost", "0.1", "--reward", "260", "--gain",
        "100",
    ]

    @Test func aPlanNamesAuditsStakeAndAssumptions() throws {
        let outcome = try zkpot(Self.plan + ["--stake-limit", "1000"])
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output.hasPrefix("Audit 17 stages and ask for a stake of at least 974.9"))
        for part in ["Assumed:", "rational", "beacon", "one foreign jump", "92.4 %"] {
            #expect(outcome.output.contains(part), "\(part) is not in \(outcome.output)")
        }
        let json = try zkpot(Self.plan + ["--stake-limit", "1000", "--json"]).json
        #expect(json["audits"] as? Int == 17 && json["isEnough"] as? Bool == true)
        #expect(abs((json["stake"] as? Double ?? 0) - 974.9) < 1e-6)
        #expect(abs((json["oneJumpPasses"] as? Double ?? 0) - (1 - 15.0 / 198)) < 1e-9)
        #expect((json["rows"] as? [Any])?.isEmpty == false && (json["assumptions"] as? [Any])?.count == 6)
    }

    @Test func flagsForOpenMode() throws {
        let open = Self.plan + ["--stake-limit", "1000", "--check-cost", "1"]
        let planned = try zkpot(open + ["--flag-reward", "8", "--miss-penalty", "12", "--json"])
        let flags = try #require(try planned.json["openMode"] as? [String: Any])
        #expect(planned.code == 0 && flags["flags"] as? Int == 10)
        let text = try zkpot(open + ["--flag-reward", "8", "--miss-penalty", "12"]).output
        #expect(text.contains("flag 10 inner stages"))
        let hopeless = try zkpot(open + ["--flag-reward", "1"])
        #expect(hopeless.code == 1 && hopeless.output.contains("No number of flags is enough"))
    }

    @Test func noPlanIsAFalseStatement() throws {
        let outcome = try zkpot(
            ["audit", "plan", "--stages", "50", "--cost", "1", "--reward", "10", "--stake-limit", "5"])
        #expect(outcome.code == 1 && outcome.output.contains("does not pay"), "\(outcome)")
        let json = try zkpot(
            [
                "audit", "plan", "--stages", "50", "--cost", "1", "--reward", "10", "--stake-limit", "5",
                "--json",
            ]
        ).json
        #expect(json["isEnough"] as? Bool == false && json["audits"] == nil)
    }

    @Test func thePlotIsAnSVG() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "plan.svg")
            for objective in ["task", "work"] {
                let outcome = try zkpot(
                    Self.plan + ["--stake-limit", "1000", "--objective", objective, "--svg", file.path])
                #expect(outcome.code <= 1, "\(outcome)")
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(text.hasPrefix("<svg") && text.contains("one foreign jump") && !text.contains("nan"))
            }
        }
    }

    @Test(arguments: [
        ("--stages 0", "--stages expects 1 to 10000"), ("--stages 10001", "--stages expects 1 to 10000"),
        ("--cost -1", "the cost is -1.0"), ("--reward nan", "--reward expects a number"),
        ("--fake-cost 1", "made-up stage costs"), ("--noticed 0", "noticed with probability"),
        ("--stake-limit -2", "limit of the stake"), ("--objective x", "--objective expects task, work"),
        ("--gain 1e300", "the gain is"),
    ])
    func impossibleNumbersAreUsage(change: String, reason: String) throws {
        let words = change.split(separator: " ").map(String.init)
        var arguments = Self.plan + ["--stake-limit", "10", "--objective", "task", "--fake-cost", "0"]
        arguments += ["--noticed", "1"]
        let place = try #require(arguments.firstIndex(of: words[0]))
        arguments[place + 1] = words[1]
        let outcome = try zkpot(arguments)
        #expect(outcome.code == 2 && outcome.errors.contains(reason), "\(outcome)")
    }
}
