import Foundation

/// Scripts for the Python of the tests.
public enum PythonScript {
    /// Runs `source`, with `input` on its standard input.
    ///
    /// - Returns: what it writes to standard output.
    /// - Throws: `PythonServerError` if there is no Python, or if the script fails.
    public static func run(source: String, input: Data = Data()) throws -> Data {
        try run(arguments: ["-c", source], input: input)
    }

    /// Runs a script of the project.
    public static func run(script: String, _ arguments: [String] = []) throws -> Data {
        try run(arguments: [PythonServer.project.appending(path: script).path] + arguments, input: Data())
    }

    private static func run(arguments: [String], input: Data) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: try PythonServer.python())
        process.arguments = ["-B"] + arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PythonServerError(description: "a Python script ends with \(process.terminationStatus)")
        }
        return output
    }
}
