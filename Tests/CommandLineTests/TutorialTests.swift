import Foundation
import TestSupport
import Testing

/// `Docs/tutorial.md`: its commands, run as written, in an empty folder.
@Suite struct TutorialTests {
    /// What stands between "```sh" and "```", in order.
    private static func commands(_ page: String) -> [String] {
        var (blocks, isInside): ([String], Bool) = ([], false)
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
                if isInside { blocks.append("") }
            } else if isInside {
                blocks[blocks.count - 1] += line + "\n"
            }
        }
        return blocks
    }

    @Test func everyCommandDoesWhatThePageSays() throws {
        let project = TestFiles.vectors.deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: project.appending(path: "Docs/tutorial.md"), encoding: .utf8)
        let blocks = Self.commands(page)
        #expect(blocks.count >= 9)
        let program = URL(filePath: try builtExecutable("zkpot"))
        try TestFiles.withTemporaryFolder { folder in
            // An error of any command ends the script; each block says that it was reached.
            let script =
                "set -eu\ncd '\(folder.path)'\nPATH='\(program.deletingLastPathComponent().path)':$PATH\n"
                + blocks.enumerated().map { "\($1)echo \"block \($0) done\"\n" }.joined()
            let outcome = try run("/bin/sh", ["-c", script])
            #expect(outcome.code == 0, "\(outcome)")
            for index in blocks.indices { #expect(outcome.output.contains("block \(index) done\n")) }
            #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("VALID") } == 3)
            #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("REFUSED") } == 1)
            #expect(outcome.output.contains("is asked for and not answered"))
            // The files that the page names are there.
            for name in page.matches(of: /`(alice\.[a-z]+)`/).map(\.1) {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appending(path: String(name)).path),
                    "\(name)")
            }
        }
    }
}
