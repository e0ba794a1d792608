/// The candidate nearest to a mistyped word, if any is near enough to be what was meant.
///
/// Near is: at most one edit for each three characters (an edit inserts, deletes, replaces or swaps neighbours), or a
/// candidate that begins with the word.
func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    let ranked = candidates.map { ($0, editDistance(typed, Array($0.lowercased().unicodeScalars))) }
    if let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, typed.count / 3) { return best.0 }
    return typed.count >= 2 ? candidates.first { $0.lowercased().hasPrefix(word.lowercased()) } : nil
}

/// Edits between two words, swaps of neighbours counting as one (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int]()
    var last = Array(0...b.count)
    for i in 1..<(a.count + 1) {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1..<(b.count + 1) {
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], beforeLast[j - 2] + 1)
            }
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
