import CZlib
import Foundation

/// Reads files that may be hostile: regular files only, of a bounded size.
enum FileInput {
    /// The largest file, compressed or not, that is read at all.
    static let maximumBytes = 1 << 29

    /// The bytes of a regular file.
    ///
    /// - Throws: `LearningError.file` where it is missing, unreadable, no regular file or larger than the limit.
    static func read(_ url: URL, maximumBytes: Int = FileInput.maximumBytes) throws(LearningError) -> Data {
        let name = url.lastPathComponent
        func failure(_ reason: String) -> LearningError {
            .file(name: name, position: nil, reason: reason)
        }
        // A pipe must not block and a device must not be read: open without waiting, then look what it is.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("not a regular file") }
        guard status.st_size <= maximumBytes else {
            throw failure("\(status.st_size) bytes, more than the \(maximumBytes) allowed here")
        }
        do {
            return try handle.read(upToCount: Int(status.st_size)) ?? Data()
        } catch {
            throw failure("\(error)")
        }
    }

    /// The bytes of a file, decompressed where it is a gzip file.
    static func readPossiblyCompressed(_ url: URL) throws(LearningError) -> Data {
        let data = try read(url)
        guard data.starts(with: [0x1f, 0x8b]) else { return data }
        return try gunzip(data, name: url.lastPathComponent)
    }

    /// Writes a file so that a reader finds either the old or the new bytes.
    static func write(_ data: Data, to url: URL) throws(LearningError) {
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw .file(name: url.lastPathComponent, position: nil, reason: "cannot be written: \(error)")
        }
    }

    /// Decompresses one gzip member (RFC 1952), whose checksum and length zlib checks.
    ///
    /// Memory grows with the output as it is produced, and a deflate stream expands at most about a thousandfold.
    ///
    /// - Throws: `LearningError.file` for a damaged or truncated stream, bytes after it, or too large an output.
    static func gunzip(
        _ data: Data, name: String, maximumBytes: Int = FileInput.maximumBytes
    ) throws(LearningError) -> Data {
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        var stream = z_stream()
        let gzipWindow = Int32(15 + 16)
        guard inflateInit2_(&stream, gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw failure(0, "zlib could not start") }
        defer { inflateEnd(&stream) }

        var input = [UInt8](data)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var output = Data()
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while status == Z_OK && output.count <= maximumBytes {
                chunk.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                }
                output.append(contentsOf: chunk[0..<chunk.count - Int(stream.avail_out)])
            }
        }
        let consumed = data.count - Int(stream.avail_in)
        guard output.count <= maximumBytes else {
            throw failure(consumed, "expands to more than the \(maximumBytes) bytes allowed here")
        }
        guard status == Z_STREAM_END else {
            throw failure(
                consumed, status == Z_BUF_ERROR ? "gzip stream is truncated" : "gzip stream is damaged")
        }
        guard stream.avail_in == 0 else { throw failure(consumed, "bytes after the gzip stream") }
        return output
    }
}
