import Foundation
import Presentation
import Testing

@Suite struct PageTests {
    @Test func pagesAreWellFormedAndEscaped() throws {
        let t = hostileText
        var table = DataTable(t, [DataTable.Column(t), .count(t)])
        table.add(.toned(t, .bad), 3)
        table.total = [.text(t), 3]
        let page = ReportPage(
            kicker: t, t, introduction: t, facts: [t], lead: [.paragraph(t)],
            sections: [
                .init(
                    t, introduction: t,
                    [
                        .tiles([.init(t, t, note: t, tone: .bad)]), .table(table),
                        .callout(.warning, title: t, text: t),
                        .details(t, isOpen: true, [.details(t, [.paragraph(t)])]),
                        .columns([.code(t), .code(t)]),
                        .chain([.init(t, code: t, lines: [t], tooltip: t)]), .chart(Samples.groupedBars),
                    ])
            ], footer: t)
        #expect(xmlError(page.html) == nil)
        #expect(!page.html.contains("<script"))
        #expect(page.html.ranges(of: "</style>").count == 1)
    }

    @Test func elementsThatMayHaveContentAreNotClosedAtOnce() {
        #expect(Markup.element("div").source == "<div></div>")
        #expect(Markup.element("br").source == "<br/>")
        #expect(
            Markup.element("a", ["href": "\"<&>'"], "x").source
                == "<a href=\"&quot;&lt;&amp;&gt;&#39;\">x</a>")
    }

    @Test func xmlCheckerRefuses() {
        #expect(xmlError("<a><b></a>") != nil)
        #expect(xmlError("<a>&nbsp;</a>") != nil)
    }
}

@Suite struct DemoReportTests {
    @Test func pageOfASample() throws {
        let html = Samples.report.html
        try keep(html, as: "report.html")
        #expect(xmlError(html) == nil)
        #expect(html == Samples.report.html)
        for text in [
            "<span class=\"value\">9</span>", "for development only", "Ada", "leads",
            "bound to another participant", "41,873",
            "18.2 MB", "96.0 %",
            "The chain replays",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        // Nothing is loaded: no address but the names of XML's vocabularies, no script.
        let addresses = html.matches(of: /https?:\/\/[^"]*/).map { String($0.0) }
        #expect(Set(addresses) == ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"])
        for word in ["<script", "@import", "url(", "src="] { #expect(!html.contains(word)) }
    }

    @Test func theWarningIsForDevelopmentKeysOnly() {
        var report = Samples.report
        report.keys.isForDevelopment = false
        #expect(!report.html.contains("for development only"))
        report.ledger.isReplayed = false
        #expect(report.html.contains("does not replay"))
    }

    @Test func anEmptyReportIsAPageToo() {
        let report = DemoReport(
            title: "", introduction: "", date: "",
            machine: .init(processor: "", cores: 0, threads: 0, kernel: ""),
            circuit: .init(
                shape: "", testImages: 0, dataset: "", constraints: 0, wires: 0, publicInputs: 0, nonZeros: 0,
                regions: []),
            keys: .init(provingBytes: 0, verifyingBytes: 0, setupSeconds: .nan, isForDevelopment: false))
        #expect(xmlError(report.html) == nil)
    }

    @Test func recordsSurviveJSON() throws {
        let report = Samples.report
        let json = try report.json()
        #expect(try DemoReport(json: json) == report)
        #expect(try DemoReport(json: json).json() == json)
        #expect(throws: CommandError.self) { try DemoReport(json: json.prefix(100)) }
        #expect(throws: CommandError.self) { try DemoReport(json: Data("{}".utf8)) }
    }

    @Test func hostileNamesStayText() {
        var report = Samples.report
        report.title = hostileText
        report.rounds[0].participants[0].name = hostileText
        report.refusals[0].reason = hostileText
        report.ledger.blocks[1].hash = hostileText
        report.circuit.regions[0].constraints = .max
        report.circuit.regions[1].constraints = .min
        report.rounds[2].number = .max
        report.rounds[2].participants[0].proveSeconds = .infinity
        #expect(xmlError(report.html) == nil)
        #expect(!report.html.contains("<script"))
    }
}
