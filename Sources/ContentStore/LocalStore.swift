import Glibc

/// A folder of blocks, each a file named by its CID, in subfolders named by the last two letters of the CID.
///
/// A block is complete under its name or not there at all: it is written beside, synced and renamed. Nothing that is
/// read is believed: every read computes the hash again.
public struct LocalStore: Sendable {
    /// The largest block unless another limit is given: room for the opening of a model of a million parameters.
    public static let defaultMaximumBlockByteCount = 64 << 20

    public let folder: String
    public let maximumBlockByteCount: Int

    /// Opens a store; the folder is made if it is missing and its parent is there.
    ///
    /// - Throws: `ContentError.file`.
    public init(folder: String, maximumBlockByteCount: Int = defaultMaximumBlockByteCount)
        throws(ContentError)
    {
        self.folder = folder
        self.maximumBlockByteCount = maximumBlockByteCount
        try Self.makeFolder(folder)
    }

    /// Stores a block. Storing it again changes nothing, or repairs it if it was damaged.
    ///
    /// - Throws: `ContentError.tooLarge`, `ContentError.file`.
    public func put(_ content: [UInt8]) throws(ContentError) -> ContentIdentifier {
        guard content.count <= maximumBlockByteCount else {
            throw .tooLarge(byteCount: content.count, limit: maximumBlockByteCount)
        }
        let identifier = ContentIdentifier(of: content)
        let shard = path(ofShard: identifier)
        try Self.makeFolder(shard)
        if let stored = try? Self.read(path(of: identifier), limit: content.count), stored == content {
            return identifier
        }
        try Self.write(content, to: path(of: identifier), in: shard)
        return identifier
    }

    /// The block of this name.
    ///
    /// - Throws: `ContentError.notFound`; `ContentError.damaged` if the file holds anything else;
    ///   `ContentError.tooLarge`; `ContentError.file`.
    public func get(_ identifier: ContentIdentifier) throws(ContentError) -> [UInt8] {
        guard let content = try Self.read(path(of: identifier), limit: maximumBlockByteCount) else {
            throw .notFound(identifier, place: folder)
        }
        guard identifier.names(content) else { throw .damaged(identifier, place: folder) }
        return content
    }

    /// Whether there is a file of this name; only `get` tells whether it is the block.
    public func holds(_ identifier: ContentIdentifier) -> Bool {
        var status = stat()
        return lstat(path(of: identifier), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Removes a block, if it is there.
    ///
    /// - Throws: `ContentError.file`.
    public func remove(_ identifier: ContentIdentifier) throws(ContentError) {
        let path = path(of: identifier)
        guard unlink(path) == 0 || errno == ENOENT else { throw .file(path: path, reason: words(errno)) }
    }

    /// What is in the folder.
    public struct Report: Sendable, Equatable {
        public var blocks = 0
        public var bytes = 0
        /// Names of blocks whose files hold something else, or cannot be read.
        public var damaged: [ContentIdentifier] = []
        /// Paths, below the folder, of what is no block of this store.
        public var foreign: [String] = []
        public var isSound: Bool { damaged.isEmpty && foreign.isEmpty }
    }

    /// Reads every block again.
    ///
    /// - Throws: `ContentError.file` if a folder cannot be read.
    public func check() throws(ContentError) -> Report {
        var report = Report()
        for shard in try Self.entries(of: folder) {
            let shardPath = folder + "/" + shard
            var status = stat()
            guard shard.utf8.count == 2, lstat(shardPath, &status) == 0, status.st_mode & S_IFMT == S_IFDIR
            else {
                report.foreign.append(shard)
                continue
            }
            for name in try Self.entries(of: shardPath) {
                guard let identifier = try? ContentIdentifier(name), identifier.description == name,
                    Self.shard(identifier) == shard
                else {
                    report.foreign.append(shard + "/" + name)
                    continue
                }
                do throws(ContentError) {
                    let content = try get(identifier)
                    report.blocks += 1
                    report.bytes += content.count
                } catch {
                    report.damaged.append(identifier)
                }
            }
        }
        return report
    }

    // MARK: - Paths

    private static func shard(_ identifier: ContentIdentifier) -> String {
        String(identifier.description.suffix(2))
    }

    private func path(ofShard identifier: ContentIdentifier) -> String {
        folder + "/" + Self.shard(identifier)
    }

    /// Made of the CID's own letters and digits only, so that no name leads out of the folder.
    package func path(of identifier: ContentIdentifier) -> String {
        path(ofShard: identifier) + "/" + identifier.description
    }
}
