import Glibc

extension LocalStore {
    /// Makes one folder unless it is there.
    static func makeFolder(_ path: String) throws(ContentError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .file(path: path, reason: "is no folder") }
        if mkdir(path, 0o755) == 0 { return }
        let number = errno
        var status = stat()
        guard number == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .file(path: path, reason: number == EEXIST ? "is not a folder" : words(number))
        }
    }

    /// A regular file of at most `limit` bytes; `nil` if there is none.
    static func read(_ path: String, limit: Int) throws(ContentError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .file(path: path, reason: words(errno))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, reason: "is not a regular file")
        }
        guard status.st_size <= limit else { throw .tooLarge(byteCount: Int(status.st_size), limit: limit) }
        let size = Int(status.st_size)
        var failure: Int32 = 0
        let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(file, buffer.baseAddress! + count, size - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { return }
                count += got
            }
        }
        guard failure == 0 else { throw .file(path: path, reason: words(failure)) }
        return content
    }

    /// Writes beside, syncs, and renames: the file is there as a whole or not at all.
    static func write(_ content: [UInt8], to path: String, in folder: String) throws(ContentError) {
        var template = Array("\(folder)/.partial-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0, fcntl(file, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .file(path: path, reason: words(errno))
        }
        func give(up number: Int32) -> ContentError {
            unlink(template)
            return .file(path: path, reason: words(number))
        }
        do {
            defer { close(file) }
            var done = 0
            while done < content.count {
                let count = content.withUnsafeBytes {
                    Glibc.write(file, $0.baseAddress! + done, content.count - done)
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw give(up: errno) }
                done += count
            }
            guard fchmod(file, 0o644) == 0, fsync(file) == 0 else { throw give(up: errno) }
        }
        guard rename(template, path) == 0 else { throw give(up: errno) }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .file(path: folder, reason: words(errno)) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .file(path: folder, reason: words(errno)) }
    }

    /// Names in a folder, sorted, without `.` and `..`.
    static func entries(of path: String) throws(ContentError) -> [String] {
        guard let directory = opendir(path) else { throw .file(path: path, reason: words(errno)) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// The system's words for an error number.
func words(_ number: Int32) -> String { String(cString: strerror(number)) }
