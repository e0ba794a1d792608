/// Where a section of a proving key's file lies, `nil` if it has none of this tag.
///
/// The table begins at byte 28: for each section its tag (4 bytes), offset and length (8 bytes each).
public func keySection(_ tag: String, of file: [UInt8]) -> Range<Int>? {
    func number(_ range: Range<Int>) -> Int { file[range].reversed().reduce(0) { $0 << 8 | Int($1) } }
    for index in 0..<number(16..<20) {
        let entry = 28 + 20 * index
        if file[entry..<entry + 4].elementsEqual(tag.utf8) {
            let start = number(entry + 4..<entry + 12)
            return start..<start + number(entry + 12..<entry + 20)
        }
    }
    return nil
}
