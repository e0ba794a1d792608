import Foundation

/// What happened in a demonstration: filled while it runs, kept as JSON, shown as a page.
///
/// All times are seconds, all sizes bytes, all accuracies fractions of one.
public struct DemoReport: Codable, Equatable, Sendable {
    public var title: String
    /// One or two sentences on what is shown.
    public var introduction: String
    /// When, in words or ISO 8601.
    public var date: String
    public var elapsedSeconds: Double
    public var machine: Machine
    public var circuit: Circuit
    public var keys: Keys
    public var rounds: [Round] = []
    public var refusals: [Refusal] = []
    public var ledger: LedgerSummary

    public init(
        title: String, introduction: String, date: String, elapsedSeconds: Double = 0, machine: Machine,
        circuit: Circuit, keys: Keys, rounds: [Round] = [], refusals: [Refusal] = [],
        ledger: LedgerSummary = LedgerSummary()
    ) {
        self.title = title
        self.introduction = introduction
        self.date = date
        self.elapsedSeconds = elapsedSeconds
        self.machine = machine
        self.circuit = circuit
        self.keys = keys
        self.rounds = rounds
        self.refusals = refusals
        self.ledger = ledger
    }

    /// Where it ran.
    public struct Machine: Codable, Equatable, Sendable {
        public var processor: String
        public var cores: Int
        public var threads: Int
        /// The arithmetic that ran, such as "AVX-512 IFMA" or "portable".
        public var kernel: String
        public var peakMemoryBytes: Int?

        public init(processor: String, cores: Int, threads: Int, kernel: String, peakMemoryBytes: Int? = nil)
        {
            self.processor = processor
            self.cores = cores
            self.threads = threads
            self.kernel = kernel
            self.peakMemoryBytes = peakMemoryBytes
        }
    }

    public struct Circuit: Codable, Equatable, Sendable {
        /// The model's layers, such as "64-32-10".
        public var shape: String
        /// Images that one proof covers.
        public var testImages: Int
        /// The data set's name and source.
        public var dataset: String
        public var constraints: Int
        public var wires: Int
        public var publicInputs: Int
        public var nonZeros: Int
        public var regions: [Region]

        public init(
            shape: String, testImages: Int, dataset: String, constraints: Int, wires: Int, publicInputs: Int,
            nonZeros: Int, regions: [Region]
        ) {
            self.shape = shape
            self.testImages = testImages
            self.dataset = dataset
            self.constraints = constraints
            self.wires = wires
            self.publicInputs = publicInputs
            self.nonZeros = nonZeros
            self.regions = regions
        }
    }

    public struct Region: Codable, Equatable, Sendable {
        public var name: String
        public var constraints: Int

        public init(_ name: String, constraints: Int) {
            self.name = name
            self.constraints = constraints
        }
    }

    public struct Keys: Codable, Equatable, Sendable {
        public var provingBytes: Int
        public var verifyingBytes: Int
        public var setupSeconds: Double
        /// Made by one party, which could have kept the trapdoor.
        public var isForDevelopment: Bool

        public init(provingBytes: Int, verifyingBytes: Int, setupSeconds: Double, isForDevelopment: Bool) {
            self.provingBytes = provingBytes
            self.verifyingBytes = verifyingBytes
            self.setupSeconds = setupSeconds
            self.isForDevelopment = isForDevelopment
        }
    }

    public struct Round: Codable, Equatable, Sendable {
        public var number: Int
        public var testImages: Int
        public var participants: [Participant] = []
        /// Whether the global model's commitment is the weighted sum of the participants'; nil if it was not checked.
        public var isAggregateConfirmed: Bool?
        public var globalAccuracyBefore: Double?
        public var globalAccuracyAfter: Double?

        public init(
            number: Int, testImages: Int, participants: [Participant] = [], isAggregateConfirmed: Bool? = nil,
            globalAccuracyBefore: Double? = nil, globalAccuracyAfter: Double? = nil
        ) {
            self.number = number
            self.testImages = testImages
            self.participants = participants
            self.isAggregateConfirmed = isAggregateConfirmed
            self.globalAccuracyBefore = globalAccuracyBefore
            self.globalAccuracyAfter = globalAccuracyAfter
        }
    }

    public struct Participant: Codable, Equatable, Sendable {
        public var name: String
        /// Training samples of its own.
        public var shardSize: Int
        /// k of "at least k of N correct".
        public var claimedCorrect: Int
        public var testImages: Int
        public var proofBytes: Int
        public var proveSeconds: Double
        public var verifySeconds: Double
        public var status: Status
        public var isLeader: Bool

        /// The accuracy that its proof shows, or would show.
        public var accuracy: Double { testImages > 0 ? Double(claimedCorrect) / Double(testImages) : .nan }

        public init(
            name: String, shardSize: Int, claimedCorrect: Int, testImages: Int, proofBytes: Int,
            proveSeconds: Double, verifySeconds: Double, status: Status = .accepted, isLeader: Bool = false
        ) {
            self.name = name
            self.shardSize = shardSize
            self.claimedCorrect = claimedCorrect
            self.testImages = testImages
            self.proofBytes = proofBytes
            self.proveSeconds = proveSeconds
            self.verifySeconds = verifySeconds
            self.status = status
            self.isLeader = isLeader
        }
    }

    public enum Status: Codable, Equatable, Sendable {
        case accepted
        case refused(reason: String)
    }

    /// An attempt to cheat that failed.
    public struct Refusal: Codable, Equatable, Sendable {
        public var round: Int
        public var participant: String
        /// What it tried.
        public var attempt: String
        /// Why the ledger said no, in the ledger's words.
        public var reason: String

        public init(round: Int, participant: String, attempt: String, reason: String) {
            self.round = round
            self.participant = participant
            self.attempt = attempt
            self.reason = reason
        }
    }

    public struct LedgerSummary: Codable, Equatable, Sendable {
        public var blocks: [Block]
        /// Whether the whole chain was replayed from its first block and agreed; nil if it was not.
        public var isReplayed: Bool?

        public init(blocks: [Block] = [], isReplayed: Bool? = nil) {
            self.blocks = blocks
            self.isReplayed = isReplayed
        }
    }

    public struct Block: Codable, Equatable, Sendable {
        public var height: Int
        /// Hexadecimal.
        public var hash: String
        public var previousHash: String
        /// Each transaction in a few words, such as "quality proof, Ada".
        public var transactions: [String]

        public init(height: Int, hash: String, previousHash: String, transactions: [String]) {
            self.height = height
            self.hash = hash
            self.previousHash = previousHash
            self.transactions = transactions
        }
    }
}

extension DemoReport {
    /// Reads a record that `json` wrote.
    ///
    /// - Throws: `CommandError` with the reason.
    public init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(DemoReport.self, from: json)
        } catch {
            throw CommandError("is not the record of a demonstration")
        }
    }

    /// The record, keys sorted.
    public func json() throws -> Data { Data((try JSONText.encode(self) + "\n").utf8) }
}
