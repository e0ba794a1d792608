import Foundation
import TestSupport
import Testing

/// What came of running the program once.
struct Outcome {
    /// The exit code, or minus the signal that ended the program.
    var code: Int32
    var output: String
    var errors: String

    /// Standard output as a JSON object.
    var json: [String: Any] {
        get throws {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }

    /// The last line of standard error as a JSON object.
    var jsonError: [String: Any] {
        get throws {
            let line = try #require(errors.split(separator: "\n").last)
            return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}

/// Runs `zkpot` as a user would, with nothing on standard input.
///
/// - Parameters:
///   - addressSpace: the most kibibytes of memory that the process may map, unlimited if `nil`.
///   - outputPath: where standard output goes instead of into the outcome.
func zkpot(_ arguments: [String], addressSpace: Int? = nil, outputPath: String? = nil) throws -> Outcome {
    let program = try builtExecutable("zkpot")
    guard let addressSpace else { return try spawn(program, arguments, outputPath) }
    let script = "ulimit -v \(addressSpace) && exec \"$0\" \"$@\""
    return try spawn("/bin/sh", ["-c", script, program] + arguments, outputPath)
}

/// The program may think for so long; then it hangs.
private let longestSeconds = 120.0

/// Runs `zkpot`, and kills it as soon as a condition holds; it is an error if it ends before.
func zkpotKilled(_ arguments: [String], when isReached: @escaping () -> Bool) throws {
    let outcome = try spawn(try builtExecutable("zkpot"), arguments, nil, killedWhen: isReached)
    try #require(outcome.code == -SIGKILL, "\(arguments) ends by itself: \(outcome)")
}

/// Runs another program.
func run(_ program: String, _ arguments: [String]) throws -> Outcome { try spawn(program, arguments, nil) }

private func spawn(
    _ program: String, _ arguments: [String], _ outputPath: String?, killedWhen: () -> Bool = { false }
) throws -> Outcome {
    try TestFiles.withTemporaryFolder { folder in
        let streams = [folder.appending(path: "output"), folder.appending(path: "errors")]
        try Data().write(to: streams[0])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (index, stream) in streams.enumerated() {
            posix_spawn_file_actions_addopen(
                &actions, Int32(index + 1), index == 0 ? outputPath ?? stream.path : stream.path,
                O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        // Without the time that a backtrace takes.
        let settings: [String] = ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
        var environment = settings.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process = pid_t()
        try #require(posix_spawn(&process, program, &actions, nil, &words, &environment) == 0)

        var status: Int32 = 0
        let begin = ContinuousClock.now
        while waitpid(process, &status, WNOHANG) == 0 {
            if ContinuousClock.now - begin > .seconds(longestSeconds) || killedWhen() {
                kill(process, SIGKILL)
            }
            usleep(1000)
        }
        let signal = status & 0x7F
        let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(
            code: signal == 0 ? (status >> 8) & 0xFF : -signal, output: texts[0], errors: texts[1])
    }
}

/// Expects exit code 2, nothing on standard output, and an error that names the file and gives a reason.
func expectUnusable(
    _ arguments: [String], naming path: String? = nil, saying reason: String = "",
    addressSpace: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let outcome = try zkpot(arguments, addressSpace: addressSpace)
    let line = outcome.errors.split(separator: "\n").last { !$0.hasPrefix("See ") } ?? ""
    let isExplained =
        path.map { path in
            line.hasPrefix("zkpot: \(path): ") && line.count > "zkpot: \(path): ".count + 5
        } ?? line.contains(": ")
    #expect(
        outcome.code == 2 && outcome.output.isEmpty && isExplained
            && (reason.isEmpty || line.contains(reason)),
        "\(arguments.joined(separator: " ")) gives \(outcome)", sourceLocation: sourceLocation)
}
