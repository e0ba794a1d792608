/// An event with the values of its parameters.
public struct DecodedEvent: Sendable, Hashable {
    public var name: String
    /// By the parameters' names. Of an indexed value of no fixed size only the hash is known, as 32 bytes.
    public var values: [String: ABIValue]

    public subscript(name: String) -> ABIValue? { values[name] }
}

extension ContractInterface {
    /// The event that a contract's log is, `nil` if it is none of this interface.
    ///
    /// - Parameters:
    ///   - topics: 32 bytes each.
    /// - Throws: `EncodingError` if the topics or data do not fit the event.
    public func decode(topics: [[UInt8]], data: [UInt8]) throws(EncodingError) -> DecodedEvent? {
        guard let first = topics.first, let event = events.first(where: { $0.topic == first }) else {
            return nil
        }
        do throws(EncodingError) {
            return try event.decode(topics: topics, data: data)
        } catch {
            throw EncodingError("a log of \(event.signature): \(error)")
        }
    }
}

extension ContractInterface.Event {
    fileprivate func decode(topics: [[UInt8]], data: [UInt8]) throws(EncodingError) -> DecodedEvent {
        let indexed = parameters.filter(\.isIndexed)
        let others = parameters.filter { !$0.isIndexed }
        guard topics.count == indexed.count + 1 else {
            throw EncodingError("\(topics.count) topics instead of \(indexed.count + 1)")
        }
        var values: [String: ABIValue] = [:]
        for (parameter, topic) in zip(indexed, topics.dropFirst()) {
            switch parameter.type {
            case .bytes, .string, .array, .fixedArray, .tuple: values[parameter.name] = .bytes(topic)
            default: values[parameter.name] = try ABIType.decode(topic, as: [parameter.type])[0]
            }
        }
        for (parameter, value) in zip(others, try ABIType.decode(data, as: others.map(\.type))) {
            values[parameter.name] = value
        }
        return DecodedEvent(name: name, values: values)
    }
}
