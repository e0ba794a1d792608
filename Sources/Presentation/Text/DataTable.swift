/// A table of typed cells, for terminals, JSON, Markdown and HTML.
///
///     var table = DataTable(["Region", .count("Constraints"), .percent("Share")])
///     table.add("layer 1", 72_000, 0.8)
///     table.total = ["sum", 90_000, 1.0]
public struct DataTable: Sendable {
    public struct Column: Sendable, ExpressibleByStringLiteral {
        public var title: String
        /// How numbers are written; nil for a column of text.
        public var quantity: Quantity?
        /// Name of the value in JSON; the title in camel case if empty.
        public var key: String

        public init(_ title: String, _ quantity: Quantity? = nil, key: String = "") {
            self.title = title
            self.quantity = quantity
            self.key = key.isEmpty ? camelCase(title) : key
        }

        public init(stringLiteral title: String) { self.init(title) }

        public static func number(_ title: String) -> Column { Column(title, .number) }
        public static func count(_ title: String) -> Column { Column(title, .count) }
        public static func bytes(_ title: String) -> Column { Column(title, .bytes) }
        public static func seconds(_ title: String) -> Column { Column(title, .seconds) }
        public static func percent(_ title: String) -> Column { Column(title, .percent) }
        public static func factor(_ title: String) -> Column { Column(title, .factor) }
    }

    public enum Tone: Sendable { case good, bad, strong }

    public enum Cell: Sendable {
        case text(String)
        case toned(String, Tone)
        case integer(Int)
        case number(Double)
        case missing
    }

    public var title: String
    public var columns: [Column]
    public private(set) var rows: [[Cell]] = []
    /// A last row behind a line, such as sums; empty for none.
    public var total: [Cell] = []

    public init(_ title: String = "", _ columns: [Column]) {
        self.title = title
        self.columns = columns
    }

    public init(_ columns: [Column]) { self.init("", columns) }

    /// Adds a row; cells beyond the columns are dropped, lacking ones are missing.
    public mutating func add(_ cells: Cell...) { add(cells) }

    public mutating func add(_ cells: [Cell]) { rows.append(fitted(cells)) }

    func fitted(_ cells: [Cell]) -> [Cell] {
        Array((cells + [Cell](repeating: .missing, count: columns.count)).prefix(columns.count))
    }

    /// The words of a cell in its column.
    func words(_ cell: Cell, in column: Column) -> String {
        switch cell {
        case .text(let text), .toned(let text, _): text
        case .integer(let value) where column.quantity == .bytes: Format.bytes(value)
        case .integer(let value) where column.quantity == nil || column.quantity == .count:
            Format.count(value)
        case .integer(let value): (column.quantity ?? .number).text(Double(value))
        case .number(let value): (column.quantity ?? .number).text(value)
        case .missing: Format.missing
        }
    }

    /// Whether a column is set to the right: numbers only, and at least one.
    func isNumeric(_ index: Int) -> Bool {
        if columns[index].quantity != nil { return true }
        var hasNumber = false
        for row in rows {
            switch row[index] {
            case .text, .toned: return false
            case .integer, .number: hasNumber = true
            case .missing: continue
            }
        }
        return hasNumber
    }
}

extension DataTable.Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }

    public init(_ text: String) { self = .text(text) }
    public init(_ value: Int) { self = .integer(value) }
    public init(_ value: Double) { self = .number(value) }
    public init(_ value: Int?) { self = value.map { .integer($0) } ?? .missing }
    public init(_ value: Double?) { self = value.map { .number($0) } ?? .missing }
    public init(_ value: Duration) { self = .number(value / .seconds(1)) }
}

/// `Prove time` as `proveTime`.
private func camelCase(_ title: String) -> String {
    let words = title.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
    guard let first = words.first else { return "value" }
    return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}
