/// The times that the implementation of Proof of Training (Li 2023, arXiv 2307.07066; its package `fpbft`) measured, and
/// the setting that reproduces them.
public struct PublishedMeasurement: Sendable, Hashable {
    public var transactions: Int
    public var nodes: Int
    public var megabits: Double
    /// As published; nil where it gives none.
    public var seconds: Double?

    /// The table, row by row: 0.1, 30 and 125 Mbit/s.
    public static let all: [PublishedMeasurement] = [
        (100, 10, [8.609, 1.494, 1.497]), (100, 30, [8.707, 1.685, 1.755]),
        (1000, 30, [73.536, 1.682, 1.833]), (100, 50, [8.697, 1.842, 1.752]),
        (200, 50, [15.984, 1.908, 1.893]), (5000, 50, [37.532, 1.767, 1.678]),
        (10000, 50, [nil, 7.215, 2.074]),
    ].flatMap { (transactions: Int, nodes: Int, seconds: [Double?]) in
        zip([0.1, 30, 125], seconds).map {
            PublishedMeasurement(transactions: transactions, nodes: nodes, megabits: $0, seconds: $1)
        }
    }

    /// Bytes of a transaction: the slope of the rows at 0.1 Mbit/s, where the transactions cross three links one after the
    /// other (client to primary, primary to backups, and back to the client, as a reply repeats them) in pieces of 1,310
    /// bytes that take a tenth of a second: 7.29 s for 100 more transactions are 24.3 pieces a link.
    public static let transactionBytes = 315

    /// What the implementation does with that many nodes, transactions and that bandwidth: messages are JSON behind a
    /// command of 12 bytes; a pre-prepare carries the request, a digest in hexadecimal and an RSA-1024 signature in Base64;
    /// a reply carries the request's content; latency up to 300 ms.
    public static func setting(transactions: Int, nodes: Int, megabits: Double, latency: Double = 300)
        -> PBFTSimulation
    {
        let request = 12 + 92 + transactions * transactionBytes
        return PBFTSimulation(
            nodes: nodes, requestBytes: request, blockBytes: request + 310, voteBytes: 330,
            replyBytes: 70 + transactions * transactionBytes, megabits: megabits, latency: latency,
            link: .published,
            quorum: .published)
    }
}
