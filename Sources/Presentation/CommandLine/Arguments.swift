/// `--name value`. Required, unless it has a default value, is optional or is an array.
@propertyWrapper
public struct Option<Value> {
    let slot: ArgumentSlot<Value>

    public var wrappedValue: Value {
        get { slot.value }
        nonmutating set { slot.value = newValue }
    }
}

/// A value by its place, in the order of the properties. An array takes all that is left.
@propertyWrapper
public struct Positional<Value> {
    let slot: ArgumentSlot<Value>

    public var wrappedValue: Value {
        get { slot.value }
        nonmutating set { slot.value = newValue }
    }
}

/// `--name`: false unless given.
@propertyWrapper
public struct Flag {
    let slot: ArgumentSlot<Bool>

    public var wrappedValue: Bool {
        get { slot.value }
        nonmutating set { slot.value = newValue }
    }

    public init(_ help: String, name: String = "", short: Character? = nil) {
        let definition = ArgumentDefinition(
            form: .flag, name: name, short: short, help: help, valueName: "", isRequired: false,
            isRepeatable: true)
        slot = ArgumentSlot(definition, initial: false) { _, _ in true }
    }
}

/// Arguments that are declared elsewhere, for several verbs.
@propertyWrapper
public struct Group<Arguments: ArgumentGroup> {
    public let wrappedValue: Arguments

    public init() { wrappedValue = Arguments() }
}

extension Option {
    /// - Parameters:
    ///   - wrappedValue: the value if the option is not given.
    ///   - help: one sentence.
    ///   - name: instead of the property's name.
    ///   - short: one letter, for `-o value`.
    ///   - valueName: instead of the type's own, for `--help`.
    ///   - check: a condition on the value.
    public init(
        wrappedValue: Value, _ help: String, name: String = "", short: Character? = nil,
        valueName: String? = nil, check: ArgumentCheck<Value>? = nil
    ) where Value: ArgumentValue {
        slot = .single(
            .option, help, name, short, valueName, check, initial: wrappedValue,
            defaultText: wrappedValue.argumentText)
    }

    /// A required option.
    public init(
        _ help: String, name: String = "", short: Character? = nil, valueName: String? = nil,
        check: ArgumentCheck<Value>? = nil
    ) where Value: ArgumentValue {
        slot = .single(.option, help, name, short, valueName, check)
    }

    /// An option that is nil if it is not given.
    public init<Wrapped: ArgumentValue>(
        _ help: String, name: String = "", short: Character? = nil, valueName: String? = nil,
        check: ArgumentCheck<Wrapped>? = nil
    ) where Value == Wrapped? {
        slot = .optional(.option, help, name, short, valueName, check)
    }

    /// An option with any number of values: `--sizes 1,2,3`, or given several times.
    public init<Element: ArgumentValue>(
        wrappedValue: [Element] = [], _ help: String, name: String = "", short: Character? = nil,
        valueName: String? = nil, check: ArgumentCheck<Element>? = nil
    ) where Value == [Element] {
        slot = .list(.option, help, name, short, valueName, check, initial: wrappedValue, separator: ",")
    }
}

extension Positional {
    /// A value that must be given.
    public init(_ help: String, name: String = "", check: ArgumentCheck<Value>? = nil)
    where Value: ArgumentValue {
        slot = .single(.positional, help, name, nil, nil, check)
    }

    /// A value that may be left out; then it is nil.
    public init<Wrapped: ArgumentValue>(
        _ help: String, name: String = "", check: ArgumentCheck<Wrapped>? = nil
    )
    where Value == Wrapped? {
        slot = .optional(.positional, help, name, nil, nil, check)
    }

    /// All further values, or none.
    public init<Element: ArgumentValue>(
        wrappedValue: [Element], _ help: String, name: String = "", check: ArgumentCheck<Element>? = nil
    )
    where Value == [Element] {
        slot = .list(.positional, help, name, nil, nil, check, initial: wrappedValue, separator: nil)
    }

    /// All further values, at least one of them.
    public init<Element: ArgumentValue>(
        _ help: String, name: String = "", check: ArgumentCheck<Element>? = nil
    )
    where Value == [Element] {
        slot = .list(.positional, help, name, nil, nil, check, initial: nil, separator: nil)
    }
}

extension ArgumentSlot {
    fileprivate static func single(
        _ form: ArgumentDefinition.Form, _ help: String, _ name: String, _ short: Character?,
        _ valueName: String?, _ check: ArgumentCheck<Value>?, initial: Value? = nil,
        defaultText: String? = nil
    ) -> ArgumentSlot where Value: ArgumentValue {
        let definition = ArgumentDefinition(
            form: form, name: name, short: short, help: help, valueName: valueName ?? Value.valueName,
            defaultText: defaultText, expectation: check?.expectation, isRequired: initial == nil,
            isRepeatable: false)
        return ArgumentSlot(definition, initial: initial) { _, text in try checked(text, check) }
    }

    fileprivate static func optional<Wrapped: ArgumentValue>(
        _ form: ArgumentDefinition.Form, _ help: String, _ name: String, _ short: Character?,
        _ valueName: String?, _ check: ArgumentCheck<Wrapped>?
    ) -> ArgumentSlot where Value == Wrapped? {
        let definition = ArgumentDefinition(
            form: form, name: name, short: short, help: help, valueName: valueName ?? Wrapped.valueName,
            expectation: check?.expectation, isRequired: false, isRepeatable: false)
        return ArgumentSlot(definition, initial: .some(nil)) { _, text in try checked(text, check) }
    }

    fileprivate static func list<Element: ArgumentValue>(
        _ form: ArgumentDefinition.Form, _ help: String, _ name: String, _ short: Character?,
        _ valueName: String?, _ check: ArgumentCheck<Element>?, initial: [Element]?, separator: Character?
    ) -> ArgumentSlot where Value == [Element] {
        let defaultText = initial.flatMap { $0.isEmpty ? nil : $0.map(\.argumentText).joined(separator: ",") }
        let definition = ArgumentDefinition(
            form: form, name: name, short: short, help: help, valueName: valueName ?? Element.valueName,
            defaultText: defaultText, expectation: check?.expectation, isRequired: initial == nil,
            isRepeatable: true)
        return ArgumentSlot(definition, initial: initial) { earlier, text in
            let pieces = separator.map { text.split(separator: $0, omittingEmptySubsequences: false) }
            return try (earlier ?? []) + (pieces?.map(String.init) ?? [text]).map { try checked($0, check) }
        }
    }
}

private func checked<Value: ArgumentValue>(_ text: String, _ check: ArgumentCheck<Value>?) throws -> Value {
    let value = try Value.parse(text)
    if let check, !check.isMet(value) { throw UsageError("expects \(check.expectation), not '\(text)'") }
    return value
}

extension Option: ArgumentDeclaration {
    func arguments(property: String) -> [any ParsableArgument] { slot.named(after: property) }
}

extension Positional: ArgumentDeclaration {
    func arguments(property: String) -> [any ParsableArgument] { slot.named(after: property) }
}

extension Flag: ArgumentDeclaration {
    func arguments(property: String) -> [any ParsableArgument] { slot.named(after: property) }
}

extension Group: ArgumentDeclaration {
    func arguments(property: String) -> [any ParsableArgument] { declaredArguments(of: wrappedValue) }
}

extension ArgumentSlot {
    fileprivate func named(after property: String) -> [any ParsableArgument] {
        if definition.name.isEmpty { definition.name = commandLineName(property) }
        return [self]
    }
}
