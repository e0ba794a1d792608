extension DataTable: Presentable {
    /// Aligned columns with a heading, numbers to the right.
    public func text(_ style: TextStyle = .plain) -> String {
        let cells = (rows + (total.isEmpty ? [] : [fitted(total)])).map { row in
            zip(row, columns).map { printable(words($0, in: $1)) }
        }
        let headings = columns.map { printable($0.title) }
        let widths = headings.indices.map { index in
            (cells.map { $0[index] } + [headings[index]]).map(displayWidth).max() ?? 0
        }
        let isNumeric = columns.indices.map(isNumeric)
        func line(_ words: [String], _ decorate: (Int, String) -> String) -> String {
            let parts = words.indices.map { index in
                let gap = String(repeating: " ", count: widths[index] - displayWidth(words[index]))
                let word = decorate(index, words[index])
                return isNumeric[index] ? gap + word : word + gap
            }
            return trimmedEnd(parts.joined(separator: "  "))
        }
        let rule = style.faint(widths.map { String(repeating: "─", count: $0) }.joined(separator: "──"))
        var lines = title.isEmpty ? [] : [style.bold(printable(title))]
        lines += [line(headings) { style.bold($1) }, rule]
        for (index, words) in cells.enumerated() {
            let isTotal = index == rows.count
            if isTotal { lines.append(rule) }
            let row = isTotal ? fitted(total) : rows[index]
            lines.append(line(words) { isTotal ? style.bold($1) : style.toned($1, row[$0]) })
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A table for a Markdown document.
    public var markdown: String {
        func line(_ words: [String]) -> String {
            "| " + words.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        let rule = columns.indices.map { isNumeric($0) ? "---:" : ":---" }
        let body = (rows + (total.isEmpty ? [] : [fitted(total)])).map { row in
            line(zip(row, columns).map { printable(words($0, in: $1)) })
        }
        return ([line(columns.map(\.title)), line(rule)] + body).joined(separator: "\n") + "\n"
    }

    /// Rows as objects with the columns' keys; numbers as numbers, in the base unit.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: NameKey.self)
        if !title.isEmpty { try container.encode(title, forKey: NameKey("title")) }
        try container.encode(rows.map(record), forKey: NameKey("rows"))
        if !total.isEmpty { try container.encode(record(fitted(total)), forKey: NameKey("total")) }
    }

    private func record(_ row: [Cell]) -> [String: Cell] {
        Dictionary(zip(columns.map(\.key), row)) { first, _ in first }
    }
}

extension DataTable.Cell: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text), .toned(let text, _): try container.encode(text)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .missing: try container.encodeNil()
        }
    }
}

private struct NameKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension TextStyle {
    fileprivate func toned(_ text: String, _ cell: DataTable.Cell) -> String {
        guard case .toned(_, let tone) = cell else { return text }
        return switch tone {
        case .good: green(text)
        case .bad: red(text)
        case .strong: bold(text)
        }
    }
}

/// Columns of a terminal that `text` takes: wide East Asian characters and emoji take two.
func displayWidth(_ text: String) -> Int {
    text.reduce(0) { width, character in
        let isWide = character.unicodeScalars.contains { scalar in
            scalar.properties.isEmojiPresentation || wideBlocks.contains { $0.contains(scalar.value) }
        }
        return width + (isWide ? 2 : 1)
    }
}

/// Code points that terminals draw over two columns (Unicode's East Asian Width W and F, by block).
private let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0x20000...0x3FFFD,
]

private func trimmedEnd(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
}
