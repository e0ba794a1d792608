// swift-tools-version: 6.1
import PackageDescription

// Arrows go downwards only: a target uses targets that stand above it in this list.
let package = Package(
    name: "ZKPoT",
    products: [
        .library(name: "FieldArithmetic", targets: ["FieldArithmetic"]),
        .library(name: "EllipticCurves", targets: ["EllipticCurves"]),
        .library(name: "Polynomials", targets: ["Polynomials"]),
        .library(name: "ConstraintSystem", targets: ["ConstraintSystem"]),
        .library(name: "Gadgets", targets: ["Gadgets"]),
        .library(name: "QuantizedLearning", targets: ["QuantizedLearning"]),
        .library(name: "TrainingCircuits", targets: ["TrainingCircuits"]),
        .library(name: "AuditProtocol", targets: ["AuditProtocol"]),
        .library(name: "Groth16", targets: ["Groth16"]),
        .library(name: "ProofOfTraining", targets: ["ProofOfTraining"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "Simulation", targets: ["Simulation"]),
        .library(name: "SecureAggregation", targets: ["SecureAggregation"]),
        .library(name: "CaptureTheFlag", targets: ["CaptureTheFlag"]),
        .library(name: "Incentives", targets: ["Incentives"]),
        .library(name: "ContentStore", targets: ["ContentStore"]),
        .library(name: "Ethereum", targets: ["Ethereum"]),
        .library(name: "EVMAdapter", targets: ["EVMAdapter"]),
        .executable(name: "zkpot", targets: ["zkpot"]),
        .executable(name: "zkpot-bench", targets: ["zkpot-bench"]),
    ],
    targets: [
        // System libraries and the vector kernels.
        .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenSSLTLS", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CFieldKernels", exclude: ["README.md"]),

        // Mathematics.
        .target(name: "Parallelism", exclude: ["README.md"]),
        .target(
            name: "FieldArithmetic", dependencies: ["CFieldKernels", "CGMP"], exclude: ["README.md"]),
        .target(
            name: "EllipticCurves",
            dependencies: ["FieldArithmetic", "Parallelism", "CFieldKernels", "COpenSSL"],
            exclude: ["README.md"]),
        .target(
            name: "Polynomials", dependencies: ["FieldArithmetic", "Parallelism", "CFieldKernels"],
            exclude: ["README.md"]),

        // Circuits.
        .target(
            name: "ConstraintSystem", dependencies: ["FieldArithmetic", "Parallelism"], exclude: ["README.md"]
        ),
        .target(name: "Gadgets", dependencies: ["ConstraintSystem"], exclude: ["README.md"]),
        .target(
            name: "QuantizedLearning", dependencies: ["Parallelism", "CZlib"],
            exclude: ["README.md", "Resources/README.md"],
            resources: [.copy("Resources/digits.csv")]),
        .target(
            name: "TrainingCircuits", dependencies: ["Gadgets", "QuantizedLearning"], path: "Circuits",
            exclude: ["README.md", "specs"]),

        // Proofs and protocol.
        .target(
            name: "Groth16",
            dependencies: ["ConstraintSystem", "EllipticCurves", "Polynomials", "CFieldKernels", "COpenSSL"],
            exclude: ["README.md"]),
        .target(name: "AuditProtocol", dependencies: ["EllipticCurves"], exclude: ["README.md"]),
        .target(
            name: "ProofOfTraining", dependencies: ["TrainingCircuits", "Groth16", "AuditProtocol"],
            exclude: ["README.md"]),
        .target(
            name: "Ledger",
            dependencies: [
                "AuditProtocol", "Groth16", "EllipticCurves", "FieldArithmetic", "Parallelism", "COpenSSL",
                "CSQLite",
            ],
            exclude: ["README.md"]),
        .target(
            name: "Simulation", dependencies: ["ProofOfTraining", "Ledger", "AuditProtocol"],
            exclude: ["README.md"]),

        .target(
            name: "SecureAggregation",
            dependencies: [
                "Ledger", "Groth16", "EllipticCurves", "FieldArithmetic", "Parallelism", "COpenSSL",
            ],
            exclude: ["README.md"]),
        .target(
            name: "CaptureTheFlag", dependencies: ["Ledger", "COpenSSL"], exclude: ["README.md"]),
        .target(name: "Incentives", exclude: ["README.md"]),

        // Networks.
        .target(name: "HTTPTransport", dependencies: ["COpenSSLTLS"], exclude: ["README.md"]),
        .target(name: "ContentStore", dependencies: ["HTTPTransport", "COpenSSL"], exclude: ["README.md"]),
        .target(
            name: "Ethereum", dependencies: ["HTTPTransport", "COpenSSL", "CSecp256k1"],
            exclude: ["README.md"]),

        .target(
            name: "EVMContracts", path: "Contracts",
            exclude: ["README.md", "registry", "requirements.txt", "tests", "tools"],
            sources: ["ContractFiles.swift"], resources: [.copy("build"), .copy("templates")]),
        .target(
            name: "EVMAdapter",
            dependencies: ["Ethereum", "EVMContracts", "Groth16", "EllipticCurves", "FieldArithmetic"],
            exclude: ["README.md"]),

        // What a person sees.
        .target(name: "Presentation", exclude: ["README.md"]),
        .executableTarget(
            name: "zkpot",
            dependencies: [
                "ProofOfTraining", "Ledger", "SecureAggregation", "Incentives", "Simulation", "ContentStore",
                "EVMAdapter",
                "Presentation",
            ],
            exclude: ["README.md"]),
        .executableTarget(
            name: "zkpot-bench",
            dependencies: ["ProofOfTraining", "Ledger", "SecureAggregation", "Presentation"],
            path: "Benchmarks", exclude: ["README.md"]),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["FieldArithmetic", "ConstraintSystem"],
            path: "Tests/TestSupport"),
        .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
        .testTarget(name: "FieldArithmeticTests", dependencies: ["FieldArithmetic", "TestSupport"]),
        .testTarget(name: "EllipticCurvesTests", dependencies: ["EllipticCurves", "TestSupport"]),
        .testTarget(name: "PolynomialsTests", dependencies: ["Polynomials", "TestSupport"]),
        .testTarget(name: "ConstraintSystemTests", dependencies: ["ConstraintSystem", "TestSupport"]),
        .testTarget(name: "GadgetsTests", dependencies: ["Gadgets", "TestSupport"]),
        .testTarget(name: "QuantizedLearningTests", dependencies: ["QuantizedLearning", "TestSupport"]),
        .testTarget(
            name: "TrainingCircuitsTests", dependencies: ["TrainingCircuits", "Gadgets", "TestSupport"]),
        .testTarget(name: "Groth16Tests", dependencies: ["Groth16", "Gadgets", "TestSupport"]),
        .testTarget(name: "AuditProtocolTests", dependencies: ["AuditProtocol", "TestSupport"]),
        .testTarget(name: "ProofOfTrainingTests", dependencies: ["ProofOfTraining", "TestSupport"]),
        .target(
            name: "LedgerTestSupport", dependencies: ["Ledger", "Groth16", "TestSupport"],
            path: "Tests/LedgerTestSupport"),
        .executableTarget(
            name: "ledger-crash-writer", dependencies: ["LedgerTestSupport", "TestSupport"],
            path: "Tests/LedgerCrashWriter"),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "LedgerTestSupport", "ledger-crash-writer", "AuditProtocol", "Parallelism",
                "TestSupport",
            ]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"]),
        .testTarget(
            name: "SecureAggregationTests",
            dependencies: ["SecureAggregation", "ProofOfTraining", "TestSupport"]),
        .testTarget(
            name: "CaptureTheFlagTests",
            dependencies: ["CaptureTheFlag", "Incentives", "QuantizedLearning", "TestSupport"]),
        .testTarget(name: "IncentivesTests", dependencies: ["Incentives", "TestSupport"]),
        .testTarget(name: "PresentationTests", dependencies: ["Presentation"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "zkpot", "Ledger", "SecureAggregation", "QuantizedLearning", "ContentStore", "EVMAdapter",
                "NetworkTestSupport", "TestSupport",
            ]),
        .target(name: "NetworkTestSupport", dependencies: ["TestSupport"], path: "Tests/NetworkTestSupport"),
        .testTarget(
            name: "HTTPTransportTests", dependencies: ["HTTPTransport", "NetworkTestSupport", "TestSupport"]),
        .testTarget(
            name: "ContentStoreTests", dependencies: ["ContentStore", "NetworkTestSupport", "TestSupport"]),
        .testTarget(
            name: "EthereumTests",
            dependencies: ["Ethereum", "FieldArithmetic", "COpenSSL", "NetworkTestSupport", "TestSupport"]),
        .executableTarget(
            name: "contract-fixtures", dependencies: ["ProofOfTraining", "AuditProtocol"],
            path: "Tests/ContractFixtures"),
        .testTarget(
            name: "EVMAdapterTests",
            dependencies: [
                "EVMAdapter", "Gadgets", "Ledger", "LedgerTestSupport", "NetworkTestSupport", "TestSupport",
            ]),
    ]
)
