import Foundation

/// The bytes of a key, mapped from a file or in memory; sections stay where they are and are used in place.
final class KeyStorage: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    private init(bytes: UnsafeRawBufferPointer, isMapped: Bool) {
        self.bytes = bytes
        self.isMapped = isMapped
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
        } else {
            bytes.deallocate()
        }
    }

    /// Maps a regular file, read only.
    ///
    /// - Throws: `MalformedData` if it is no regular file, empty or cannot be opened.
    static func map(path: String) throws -> KeyStorage {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw MalformedData("cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw MalformedData("is not a regular file")
        }
        guard status.st_size > 0 else { throw MalformedData("is empty") }
        let count = Int(status.st_size)
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
        else {
            throw MalformedData("cannot be mapped: \(String(cString: strerror(errno)))")
        }
        return KeyStorage(bytes: UnsafeRawBufferPointer(start: address, count: count), isMapped: true)
    }

    /// Memory of `count` bytes, zeroed, filled by `fill`.
    static func allocate(count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) -> KeyStorage {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: count, alignment: SectionTable.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        fill(memory)
        return KeyStorage(bytes: UnsafeRawBufferPointer(memory), isMapped: false)
    }
}
