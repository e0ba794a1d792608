import Foundation
import Parallelism
import Presentation
import QuantizedLearning

/// `zkpot-bench learning`
struct LearningBench: Verb {
    static let about = About(
        "learning",
        "What integers cost in accuracy: float and integer training side by side, on digits, MNIST and LeNet-5.",
        discussion: """
            Both start from the same weights and see the same batches in the same order, once for each seed; every fifth \
            sample is for the test. MNIST and LeNet-5 need MNIST's files of images and labels; of t10k's 10,000 images 8,000 \
            train and 2,000 test. digits-convolution and lenet-small are measured only where they are named; the latter takes \
            the same images in the middle of 3×32×32. Exit code 1 if integers lose more than one percentage point on average \
            anywhere. Seeds are trained in parallel; times are processor time of one thread.
            """,
        example: """
            zkpot-bench learning --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz
            zkpot-bench learning --networks digits,digits-convolution --seeds 3
            """)

    enum Network: String, CaseIterable, ArgumentValue {
        case digits
        case digitsConvolution = "digits-convolution"
        case mnist
        case lenet5
        case lenetSmall = "lenet-small"

        var spec: ModelSpec {
            switch self {
            case .digits: .digits
            case .digitsConvolution: .digitsConvolution
            case .mnist: .mnist
            case .lenet5: .lenet5
            case .lenetSmall: .lenetSmall
            }
        }

        /// Measured where no networks are named.
        static let usual: [Network] = [.digits, .mnist, .lenet5]

        var isOfMNIST: Bool { self != .digits && self != .digitsConvolution }

        /// The data set that the network takes.
        func adapted(_ data: Dataset) throws -> Dataset {
            self == .lenetSmall ? try data.padded(Extent(28), to: spec.architecture.input) : data
        }

        /// How long and how often it is trained.
        var training: (epochs: Int, seeds: Int) {
            switch self {
            case .digits: (30, 10)
            case .digitsConvolution: (30, 10)
            case .mnist: (15, 5)
            case .lenet5: (10, 3)
            case .lenetSmall: (8, 2)
            }
        }
    }

    @Option("IDX file of MNIST's images; without it, only the digits.") var images: InputFile?
    @Option("IDX file of MNIST's labels.") var labels: InputFile?
    @Option("Networks; otherwise digits, mnist and lenet5 if there are data for them.")
    var networks: [Network]
    @Option("Trainings of each network, with seeds 1, 2, …; its own number otherwise.", check: .in(1...1000))
    var seeds: Int?
    @Option("Passes over the data; each network's own number otherwise.", check: .in(1...1000))
    var epochs: Int?
    @Option("Write the table between the markers of this Markdown document.") var document: InputFile?

    func validate() throws {
        guard (images == nil) == (labels == nil) else {
            throw UsageError("--images and --labels belong together")
        }
        if images == nil, let network = networks.first(where: \.isOfMNIST) {
            throw UsageError("\(network.rawValue) needs MNIST's files: --images and --labels")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let chosen = networks.isEmpty ? Network.usual.filter { images != nil || !$0.isOfMNIST } : networks
        let digits = try Dataset.digits().split()
        var mnist = digits
        if let images, let labels {
            mnist = try images.reading { _ in
                try Dataset.readIDX(images: images.url, labels: labels.url).split()
            }
        }
        let bar = ProgressBar(
            "training", total: chosen.map { seeds ?? $0.training.seeds }.reduce(0, +),
            quiet: console.isQuiet || console.isJSON)
        defer { bar.finish() }
        var result = LearningResult()
        for network in chosen {
            let data = network.isOfMNIST ? mnist : digits
            bar.advance(by: 0, title: network.rawValue)
            let report = try QuantizationReport(
                spec: network.spec, train: network.adapted(data.train), test: network.adapted(data.test),
                epochs: epochs ?? network.training.epochs,
                seeds: (1...UInt64(seeds ?? network.training.seeds)).map { $0 },
                progress: { bar.advance() })
            result.rows.append(LearningResult.Row(report))
        }
        bar.finish()
        if let document {
            try document.reading { _ in
                let text = String(decoding: try Data(contentsOf: document.url), as: UTF8.self)
                let changed = try MarkedText.replacing("learning", in: text, by: result.table.markdown)
                try Data(changed.utf8).write(to: document.url, options: .atomic)
            }
        }
        try console.present(result)
        return result.rows.allSatisfy { $0.loss <= 1 } ? .success : .falseStatement
    }
}

/// Means and spreads over the seeds, a row for each network.
struct LearningResult: Presentable {
    struct Row: Encodable {
        var network: String
        var layers: String
        var trainingSamples: Int
        var testSamples: Int
        var epochs: Int
        var seeds: Int
        /// Accuracies, 0 to 1, and their standard deviations.
        var float: Double
        var floatDeviation: Double
        var integer: Double
        var integerDeviation: Double
        var quantizedAfterwards: Double
        var quantizedAfterwardsDeviation: Double
        /// Percentage points, of the means; and the deviation of the losses of single seeds.
        var loss: Double
        var lossDeviation: Double
        /// Processor time.
        var floatSecondsPerEpoch: Double
        var integerSecondsPerEpoch: Double

        init(_ report: QuantizationReport) {
            network = report.spec.name
            layers = report.spec.architecture.summary
            trainingSamples = report.trainCount
            testSamples = report.testCount
            epochs = report.epochs
            seeds = report.runs.count
            float = report.meanFloat
            floatDeviation = report.deviation(\.float)
            integer = report.meanInteger
            integerDeviation = report.deviation(\.integer)
            quantizedAfterwards = report.meanQuantizedAfterwards
            quantizedAfterwardsDeviation = report.deviation(\.quantizedAfterwards)
            loss = report.lossInPoints
            lossDeviation = report.deviation(\.lossInPoints)
            floatSecondsPerEpoch = report.mean(\.floatSeconds) / Double(max(report.epochs, 1))
            integerSecondsPerEpoch = report.mean(\.integerSeconds) / Double(max(report.epochs, 1))
        }
    }

    var rows: [Row] = []

    var table: DataTable {
        var table = DataTable([
            "network", .count("train"), .count("test"), .count("epochs"), .count("seeds"), "float",
            "integer training",
            "loss (points)", "float, then quantised", "integer epoch",
        ])
        for row in rows {
            func share(_ mean: Double, _ deviation: Double) -> DataTable.Cell {
                .text(
                    "\(Format.fixed(100 * mean, decimals: 2)) ± \(Format.fixed(100 * deviation, decimals: 2)) %"
                )
            }
            table.add(
                .text(row.network), .integer(row.trainingSamples), .integer(row.testSamples),
                .integer(row.epochs), .integer(row.seeds), share(row.float, row.floatDeviation),
                share(row.integer, row.integerDeviation),
                .text(
                    "\(Format.fixed(row.loss, decimals: 2)) ± \(Format.fixed(row.lossDeviation, decimals: 2))"
                ),
                share(row.quantizedAfterwards, row.quantizedAfterwardsDeviation),
                .text(Format.seconds(row.integerSecondsPerEpoch)))
        }
        return table
    }

    func text(_ style: TextStyle) -> String { table.text(style) }
}
