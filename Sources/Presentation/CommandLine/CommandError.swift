import Foundation

/// Why a verb could not do its work, with the file at fault where there is one.
public struct CommandError: Error, Equatable, CustomStringConvertible {
    public var file: String?
    public var reason: String

    public init(_ reason: String, file: String? = nil) {
        self.reason = reason
        self.file = file
    }

    public var description: String { file.map { "\($0): \(reason)" } ?? reason }
}

/// A command line that makes no sense; shown with a pointer to `--help`.
public struct UsageError: Error, Equatable, CustomStringConvertible {
    public var reason: String
    /// What was probably meant.
    public var suggestion: String?

    public init(_ reason: String, suggestion: String? = nil) {
        self.reason = reason
        self.suggestion = suggestion
    }

    public var description: String {
        suggestion.map { "\(reason); did you mean '\($0)'?" } ?? reason
    }
}

/// Runs `body`; an error that names no file is rethrown as one about `file`.
///
/// - Throws: `CommandError` with the file and the reason that `body` gave.
public func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as CommandError where error.file != nil {
        throw error
    } catch let error as UsageError {
        throw error
    } catch {
        throw CommandError(reason(of: error), file: file)
    }
}

/// One sentence for any error.
func reason(of error: any Error) -> String {
    switch error {
    case let error as CommandError: error.reason
    case let error as LocalizedError: error.errorDescription ?? "\(error)"
    case let error as CocoaError: error.localizedDescription
    default: "\(error)"
    }
}
