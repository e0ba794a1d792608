/// The published table beside what the simulation of the same implementation gives.
public struct AgreementReport: Sendable {
    public struct Row: Sendable {
        public var measurement: PublishedMeasurement
        /// Mean of the runs.
        public var simulated: Double
        /// The number of transactions with which the simulation gives the published time, where the stated number does not.
        public var fittingTransactions: Int?

        /// simulated / published.
        public var ratio: Double? { measurement.seconds.map { simulated / $0 } }
    }

    public var rows: [Row]
    /// A row agrees if the two times are within this share of the published one.
    public static let tolerance = 0.25

    /// Simulates every row.
    public init(runs: Int, seed: UInt64) {
        rows = PublishedMeasurement.all.map { measurement in
            // Nobody is silent in these settings, so every run ends.
            let simulated = Self.seconds(measurement, measurement.transactions, runs, seed)
            var row = Row(measurement: measurement, simulated: simulated)
            if let published = measurement.seconds, abs(simulated - published) > Self.tolerance * published {
                row.fittingTransactions = Self.fit(measurement, published, runs, seed)
            }
            return row
        }
    }

    private static func seconds(
        _ measurement: PublishedMeasurement, _ transactions: Int, _ runs: Int, _ seed: UInt64
    ) -> Double {
        PublishedMeasurement.setting(
            transactions: transactions, nodes: measurement.nodes, megabits: measurement.megabits
        ).meanSeconds(runs: runs, seed: seed) ?? .infinity
    }

    /// Bisection over the number of transactions, in which time does not fall; nil if even one transaction takes longer.
    private static func fit(
        _ measurement: PublishedMeasurement, _ published: Double, _ runs: Int, _ seed: UInt64
    ) -> Int? {
        var least = 1
        var most = 4 * measurement.transactions
        guard seconds(measurement, least, runs, seed) <= published else { return nil }
        while most - least > 1 {
            let middle = (least + most) / 2
            if seconds(measurement, middle, runs, seed) <= published { least = middle } else { most = middle }
        }
        return least
    }
}
