extension ReportPage {
    /// The whole file.
    public var html: String {
        let head: [Markup] = [
            .element("meta", ["charset": "utf-8"]),
            .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("meta", ["name": "color-scheme", "content": "light dark"]),
            .element("title", [:], title),
            .style(Self.styleSheet + ChartTheme.styleSheet),
        ]
        let main = Markup.element("main", [:], lead.map(\.markup) + sections.enumerated().map(section))
        let end = footer.isEmpty ? [] : [Markup.element("footer", [:], footer)]
        let page = Markup.element(
            "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
            [.element("head", [:], head), .element("body", [:], [header, main] + end)])
        return "<!DOCTYPE html>\n" + page.source + "\n"
    }

    private var header: Markup {
        var parts = [Markup]()
        if !kicker.isEmpty { parts.append(.element("p", ["class": "kicker"], kicker)) }
        parts.append(.element("h1", [:], title))
        if !introduction.isEmpty { parts.append(.element("p", ["class": "introduction"], introduction)) }
        if !facts.isEmpty {
            parts.append(.element("ul", ["class": "facts"], facts.map { .element("li", [:], $0) }))
        }
        if sections.count > 2 {
            let links = sections.enumerated().map {
                Markup.element("a", ["href": "#section-\($0 + 1)"], $1.title)
            }
            parts.append(.element("nav", [:], links))
        }
        return .element("header", [:], parts)
    }

    private func section(_ index: Int, _ section: Section) -> Markup {
        var parts = [Markup.element("h2", [:], section.title)]
        if !section.introduction.isEmpty {
            parts.append(.element("p", ["class": "introduction"], section.introduction))
        }
        return .element("section", ["id": "section-\(index + 1)"], parts + section.blocks.map(\.markup))
    }
}

extension ReportPage.Block {
    var markup: Markup {
        switch self {
        case .paragraph(let text): .element("p", [:], text)
        case .tiles(let tiles): .element("div", ["class": "tiles"], tiles.map(\.markup))
        case .chart(let chart): .element("figure", ["class": "card"], [chart.drawing.markup])
        case .table(let table): .element("div", ["class": "card scroll"], [table.markup])
        case .callout(let tone, let title, let text):
            .element(
                "aside", ["class": "callout \(tone.rawValue)"],
                [.element("strong", [:], title), .element("p", [:], text)])
        case .details(let summary, let isOpen, let blocks):
            isOpen
                ? .element(
                    "details", ["open": "open"], [.element("summary", [:], summary)] + blocks.map(\.markup))
                : .element("details", [:], [.element("summary", [:], summary)] + blocks.map(\.markup))
        case .columns(let blocks): .element("div", ["class": "columns"], blocks.map(\.markup))
        case .code(let text): .element("pre", ["class": "card"], [.element("code", [:], text)])
        case .chain(let links): .element("ol", ["class": "chain"], links.map(\.markup))
        }
    }
}

extension ReportPage.Tile {
    fileprivate var markup: Markup {
        var parts = [Markup.element("span", ["class": "label"], label)]
        parts.append(.element("span", ["class": "value"], value))
        if !note.isEmpty { parts.append(.element("span", ["class": "note"], note)) }
        return .element("div", ["class": "tile \(tone.rawValue)"], parts)
    }
}

extension ReportPage.Link {
    fileprivate var markup: Markup {
        .element(
            "li", ["title": tooltip],
            [.element("strong", [:], title), .element("code", [:], code)]
                + lines.map { .element("span", [:], $0) })
    }
}

extension DataTable {
    /// An HTML table; numbers to the right.
    public var markup: Markup {
        let isNumeric = columns.indices.map(isNumeric)
        func row(_ cells: [Cell]) -> Markup {
            .element(
                "tr", [:],
                cells.indices.map { index in
                    let text = words(cells[index], in: columns[index])
                    guard case .toned(_, let tone) = cells[index] else {
                        return .element("td", isNumeric[index] ? ["class": "number"] : [:], text)
                    }
                    return .element("td", [:], [.element("span", ["class": "tone-\(tone)"], text)])
                })
        }
        let headings = columns.indices.map { index in
            Markup.element(
                "th", isNumeric[index] ? ["scope": "col", "class": "number"] : ["scope": "col"],
                columns[index].title)
        }
        var parts = title.isEmpty ? [] : [Markup.element("caption", [:], title)]
        parts.append(.element("thead", [:], [.element("tr", [:], headings)]))
        parts.append(.element("tbody", [:], rows.map(row)))
        if !total.isEmpty { parts.append(.element("tfoot", [:], [row(fitted(total))])) }
        return .element("table", [:], parts)
    }
}
