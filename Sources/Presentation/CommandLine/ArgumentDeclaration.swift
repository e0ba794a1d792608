/// What the parser and `--help` know about one argument.
struct ArgumentDefinition {
    enum Form {
        /// `--name`
        case flag
        /// `--name value`
        case option
        /// A value by its place.
        case positional
    }

    var form: Form
    /// `test-set`, without dashes.
    var name: String
    var short: Character?
    var help: String
    var valueName: String
    var defaultText: String?
    var expectation: String?
    var isRequired: Bool
    /// Further values are added to it, instead of being refused.
    var isRepeatable: Bool

    /// As it is written in messages: `--test-set` or `<proof>`.
    var display: String { form == .positional ? "<\(name)>" : "--\(name)" }
}

/// One argument of a verb while the command line is read.
protocol ParsableArgument: AnyObject {
    var definition: ArgumentDefinition { get set }
    var isGiven: Bool { get }

    /// Takes one value; the text of a flag is empty.
    func accept(_ text: String) throws
}

/// A property wrapper that declares an argument, or several.
protocol ArgumentDeclaration {
    /// The arguments, named after the property if they have no name of their own.
    func arguments(property: String) -> [any ParsableArgument]
}

/// Holds the value of one argument; shared by the copies of the verb that declares it.
final class ArgumentSlot<Value>: ParsableArgument {
    var definition: ArgumentDefinition
    private(set) var isGiven = false
    private var stored: Value?
    private let read: (Value?, String) throws -> Value

    init(
        _ definition: ArgumentDefinition, initial: Value?, read: @escaping (Value?, String) throws -> Value
    ) {
        self.definition = definition
        self.stored = initial
        self.read = read
    }

    /// The parser has refused the command line before a required value could be missing here.
    var value: Value {
        get {
            guard let stored else { preconditionFailure("\(definition.display) is read before it is parsed") }
            return stored
        }
        set { stored = newValue }
    }

    func accept(_ text: String) throws {
        if isGiven && !definition.isRepeatable { throw UsageError("\(definition.display) is given twice") }
        stored = try read(isGiven ? stored : nil, text)
        isGiven = true
    }
}

/// All arguments that a verb or group declares, in order, found by reflection on its properties.
func declaredArguments(of declaring: Any) -> [any ParsableArgument] {
    Mirror(reflecting: declaring).children.flatMap { child -> [any ParsableArgument] in
        guard let declaration = child.value as? any ArgumentDeclaration else { return [] }
        return declaration.arguments(property: String((child.label ?? "").drop { $0 == "_" }))
    }
}

/// `testSet` as `test-set`.
func commandLineName(_ property: String) -> String {
    property.reduce(into: "") { name, character in
        if character.isUppercase && !name.isEmpty { name.append("-") }
        name.append(character.lowercased())
    }
}
