import Foundation

/// A NumPy array of 32- or 64-bit little-endian floats, its elements in row-major order.
///
/// The `.npy` format: magic "\x93NUMPY", version, header length (16 bits in version 1, else 32), header as a Python
/// dictionary of `descr`, `fortran_order` and `shape`, then the elements.
struct NumPyArray {
    let shape: [Int]
    let elements: [Float]

    static func read(from url: URL) throws(LearningError) -> NumPyArray {
        try NumPyArray(FileInput.read(url), name: url.lastPathComponent)
    }

    init(_ data: Data, name: String) throws(LearningError) {
        let bytes = [UInt8](data)
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw failure(0, "not a NumPy file")
        }
        guard (1...3).contains(bytes[6]) else { throw failure(6, "version \(bytes[6])") }
        let lengthSize = bytes[6] == 1 ? 2 : 4
        let start = 8 + lengthSize
        let headerLength = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard headerLength <= bytes.count - start else {
            throw failure(8, "a header of \(headerLength) bytes in a file of \(bytes.count)")
        }
        let header = String(decoding: bytes[start..<start + headerLength], as: UTF8.self)
        guard let type = header.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.1,
            let order = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.1,
            let dimensions = header.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/)?.1
        else { throw failure(start, "the header lacks descr, fortran_order or shape") }
        guard type == "<f4" || type == "<f8" else {
            throw failure(start, "elements of type \(type), only <f4 and <f8 are read")
        }
        let size = type == "<f4" ? 4 : 8
        var shape = [Int]()
        var total = 1
        for part in dimensions.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let dimension = Int(part), dimension > 0, total <= bytes.count / dimension else {
                throw failure(start, "shape (\(dimensions)) in a file of \(bytes.count) bytes")
            }
            total *= dimension
            shape.append(dimension)
        }
        let payload = start + headerLength
        guard (1...4).contains(shape.count) else { throw failure(start, "\(shape.count) dimensions") }
        guard bytes.count - payload == total * size else {
            throw failure(payload, "\(bytes.count - payload) bytes of elements instead of \(total * size)")
        }
        let values = bytes.withUnsafeBytes { raw in
            (0..<total).map { index in
                let offset = payload + index * size
                return size == 4
                    ? Float(
                        bitPattern: UInt32(
                            littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                    : Float(
                        Double(
                            bitPattern: UInt64(
                                littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
            }
        }
        self.shape = shape
        elements = order == "True" ? Self.rowMajor(values, shape: shape) : values
    }

    /// Column-major elements, the first index running fastest, in row-major order.
    private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
        var result = [Float]()
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: shape.count)
        for _ in values.indices {
            var offset = 0
            for axis in shape.indices.reversed() { offset = offset * shape[axis] + index[axis] }
            result.append(values[offset])
            for axis in shape.indices.reversed() {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
            }
        }
        return result
    }
}
