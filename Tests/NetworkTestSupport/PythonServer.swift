import Foundation
import TestSupport

/// A server that a Python script of the tests is. It prints its port, and ends with this process, or with its holder: the
/// other end of its standard input is here.
public final class PythonServer: Sendable {
    public let port: UInt16
    // Holds the script's standard input open; nobody writes to it.
    private let input: Int32

    static let project = TestFiles.vectors.deletingLastPathComponent().deletingLastPathComponent()

    /// The Python of the project's virtual environment, or that of `ZKPOT_PYTHON`.
    ///
    /// - Throws: what is missing and how to get it.
    public static func python() throws -> String {
        let path =
            ProcessInfo.processInfo.environment["ZKPOT_PYTHON"]
            ?? project.appending(path: ".venv/bin/python").path
        guard access(path, X_OK) == 0 else {
            throw PythonServerError(
                description: """
                    \(path) is missing. It is the Python environment with the EVM that these tests run on; \
                    'make contracts' or 'make test' makes it from Contracts/requirements.txt.
                    """)
        }
        return path
    }

    /// - Parameter script: its path in the project.
    /// - Throws: what is missing and how to get it.
    public init(script name: String) throws {
        let python = try Self.python()
        let script = Self.project.appending(path: name).path
        var (stdin, stdout): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&stdin) == 0, pipe(&stdout) == 0,
            (stdin + stdout).allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 })
        else {
            throw PythonServerError(description: "no pipe")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin[0], 0)
        posix_spawn_file_actions_adddup2(&actions, stdout[1], 1)
        let (arguments, settings): ([String], [String]) = (
            [python, script], ["PATH=/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE=1"]
        )
        var words = arguments.map { strdup($0) } + [nil]
        var environment = settings.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process = pid_t()
        guard posix_spawn(&process, python, &actions, nil, &words, &environment) == 0 else {
            throw PythonServerError(description: "\(python) cannot be started")
        }
        close(stdin[0])
        close(stdout[1])
        defer { close(stdout[0]) }

        var line: [UInt8] = []
        let deadline = ContinuousClock.now + .seconds(90)
        while line.last != 10 {
            var descriptor = pollfd(fd: stdout[0], events: Int16(POLLIN), revents: 0)
            let left = (deadline - .now) / .milliseconds(1)
            var byte: UInt8 = 0
            guard left > 0, poll(&descriptor, 1, Int32(left)) > 0, read(stdout[0], &byte, 1) == 1 else {
                close(stdin[1])
                throw PythonServerError(
                    description: """
                        \(script) does not start with \(python); what it says is on standard error. The packages that it \
                        needs are in Contracts/requirements.txt ('make contracts').
                        """)
            }
            line.append(byte)
        }
        guard let port = UInt16(String(decoding: line.dropLast(), as: UTF8.self)) else {
            close(stdin[1])
            throw PythonServerError(description: "\(script) prints something else than its port")
        }
        self.port = port
        input = stdin[1]
    }

    deinit { close(input) }
}

/// Why there is no server.
public struct PythonServerError: Error, CustomStringConvertible {
    public let description: String
}
