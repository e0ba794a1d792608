/// One self-contained HTML page: style sheet and pictures inside, no scripts, nothing from the network.
///
/// The HTML is also well-formed XML. The page follows the reader's light or dark setting and prints in light.
public struct ReportPage: Sendable {
    /// A part with a heading, reached from the list at the top.
    public struct Section: Sendable {
        public var title: String
        public var introduction: String
        public var blocks: [Block]

        public init(_ title: String, introduction: String = "", _ blocks: [Block]) {
            self.title = title
            self.introduction = introduction
            self.blocks = blocks
        }
    }

    /// A key figure.
    public struct Tile: Sendable {
        public var label: String
        public var value: String
        /// A smaller line below.
        public var note: String
        public var tone: Tone

        public init(_ label: String, _ value: String, note: String = "", tone: Tone = .neutral) {
            self.label = label
            self.value = value
            self.note = note
            self.tone = tone
        }
    }

    public enum Tone: String, Sendable { case neutral, good, warning, bad }

    /// What a section is made of.
    public indirect enum Block: Sendable {
        case paragraph(String)
        case tiles([Tile])
        case chart(any Chart)
        case table(DataTable)
        /// A box that stands out.
        case callout(Tone, title: String, text: String)
        /// Folded away until it is opened; printed in full.
        case details(String, isOpen: Bool = false, [Block])
        /// Side by side where there is room.
        case columns([Block])
        /// Text in fixed-width type, such as a command line.
        case code(String)
        /// Linked boxes in their order, such as the blocks of a chain.
        case chain([Link])
    }

    /// A box of a chain.
    public struct Link: Sendable {
        public var title: String
        /// Fixed-width, below the title.
        public var code: String
        public var lines: [String]
        public var tooltip: String

        public init(_ title: String, code: String, lines: [String], tooltip: String = "") {
            self.title = title
            self.code = code
            self.lines = lines
            self.tooltip = tooltip
        }
    }

    /// Over the title, such as the product's name.
    public var kicker: String
    public var title: String
    public var introduction: String
    /// Small facts below the title: date, machine.
    public var facts: [String]
    /// Before the first section.
    public var lead: [Block]
    public var sections: [Section]
    public var footer: String

    public init(
        kicker: String = "", _ title: String, introduction: String = "", facts: [String] = [],
        lead: [Block] = [],
        sections: [Section], footer: String = ""
    ) {
        self.kicker = kicker
        self.title = title
        self.introduction = introduction
        self.facts = facts
        self.lead = lead
        self.sections = sections
        self.footer = footer
    }
}
