import Foundation
import Presentation
import Testing

@Suite struct FormatTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"),
        (Int.min, "−9,223,372,036,854,775,808"), (Int.max, "9,223,372,036,854,775,807"),
    ])
    func counts(value: Int, text: String) {
        #expect(Format.count(value) == text)
    }

    @Test(arguments: [
        (0, "0 s"), (1.5e-9, "1.50 ns"), (12.34e-6, "12.3 µs"), (0.9994e-3, "999 µs"), (0.9996e-3, "1.00 ms"),
        (0.04567, "45.7 ms"), (1.234, "1.23 s"), (59.9, "59.9 s"), (59.96, "1 min 00 s"), (125, "2 min 05 s"),
        (3599.6, "1 h 00 min"), (11_220, "3 h 07 min"), (-0.5, "−500 ms"), (.infinity, "–"), (.nan, "–"),
        (1e300, "1.00e+300 s"),
    ])
    func seconds(value: Double, text: String) {
        #expect(Format.seconds(value) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (192, "192 B"), (999, "999 B"), (1000, "1.00 kB"), (45_600_000, "45.6 MB"),
        (999_700, "1.00 MB"), (Int.max, "9.22 EB"), (Int.min, "−9.22 EB"), (-1500, "−1.50 kB"),
    ])
    func bytes(value: Int, text: String) {
        #expect(Format.bytes(value) == text)
    }

    @Test(arguments: [
        (0, "0"), (1, "1.00"), (0.001234, "0.00123"), (9.999, "10.0"), (1234.5, "1,234"), (-0.5, "−0.500"),
        (1e-12, "1.00e-12"), (1e20, "1.00e+20"), (.nan, "–"),
    ])
    func numbers(value: Double, text: String) {
        #expect(Format.number(value) == text)
    }

    @Test func smallThings() {
        #expect(Format.percent(0.9722) == "97.2 %")
        #expect(Format.percent(1) == "100.0 %")
        #expect(Format.fixed(-0.0001, decimals: 2) == "0.00")
        #expect(Format.fixed(1234.5, decimals: 2) == "1,234.50")
        #expect(Format.fixed(1e300, decimals: 2) == "1.000e+300")
        #expect(Format.factor(4.2) == "4.20×")
        #expect(Format.shortHash("3f9c2a81deadbeef") == "3f9c2a81…")
        #expect(Format.shortHash("3f9c") == "3f9c")
        #expect(Format.duration(.milliseconds(1500)) == "1.50 s")
        #expect(Quantity.bytes.text(.infinity) == "–")
        #expect(Quantity.count.text(1e17) == "1.00e+17")
    }

    @Test func coloursOnlyOnATerminal() {
        #expect(TextStyle.forTerminal(-1, environment: [:]) == .plain)
        #expect(TextStyle.forTerminal(1, environment: ["NO_COLOR": "1"]) == .plain)
        #expect(TextStyle.plain.red("x") == "x")
        #expect(TextStyle.coloured.red("x") == "\u{1B}[31mx\u{1B}[0m")
    }
}

@Suite struct DataTableTests {
    private var table: DataTable {
        var table = DataTable("Regions", ["Region", .count("Constraints"), .percent("Share"), "State"])
        table.add("matrix product", 72_000, 0.8, .toned("kept", .good))
        table.add("größe 大", 900, 0.01, .toned("refused", .bad))
        table.add("a\u{1B}[2Jb|c", .missing)
        table.total = ["sum", 72_900, 0.81]
        return table
    }

    @Test func columnsAreAligned() {
        #expect(
            table.text() == """
                Regions
                Region          Constraints   Share  State
                ────────────────────────────────────────────
                matrix product       72,000  80.0 %  kept
                größe 大                900   1.0 %  refused
                a�[2Jb|c                  –       –  –
                ────────────────────────────────────────────
                sum                  72,900  81.0 %  –

                """)
    }

    @Test func coloursDoNotDisturbTheColumns() {
        let coloured = table.text(.coloured)
        #expect(coloured.contains("\u{1B}[31mrefused\u{1B}[0m"))
        let plain = coloured.replacing(/\u{1B}\[\d+m/, with: "")
        #expect(plain == table.text())
    }

    @Test func numbersInUntypedColumnsAreSetRight() {
        var table = DataTable(["Name", "Value"])
        table.add("a", 5)
        table.add("bb", 12_345)
        #expect(table.text().hasSuffix("a          5\nbb    12,345\n"))
    }

    @Test func jsonKeepsNumbers() throws {
        let data = try JSONEncoder().encode(table)
        let value = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let rows = try #require(value["rows"] as? [[String: Any]])
        #expect(rows[0]["constraints"] as? Int == 72_000)
        #expect(rows[0]["share"] as? Double == 0.8)
        #expect(rows[1]["state"] as? String == "refused")
        #expect(rows[2]["constraints"] is NSNull)
        #expect((value["total"] as? [String: Any])?["region"] as? String == "sum")
    }

    @Test func markdown() {
        let lines = table.markdown.split(separator: "\n")
        #expect(lines[0] == "| Region | Constraints | Share | State |")
        #expect(lines[1] == "| :--- | ---: | ---: | :--- |")
        #expect(lines[4] == "| a�[2Jb\\|c | – | – | – |")
    }
}
