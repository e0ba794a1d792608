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
        .library(name: "Groth16", targets: ["Groth16"]),
        .library(name: "ProofOfTraining", targets: ["ProofOfTraining"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .executable(name: "zkpot", targets: ["zkpot"]),
        .executable(name: "zkpot-bench", targets: ["zkpot-bench"]),
    ],
    targets: [
        // System libraries and the vector kernels.
        .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
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
        .target(name: "ConstraintSystem", dependencies: ["FieldArithmetic"], exclude: ["README.md"]),
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
        .target(
            name: "ProofOfTraining", dependencies: ["TrainingCircuits", "Groth16"],
            exclude: ["README.md"]),
        .target(
            name: "Ledger",
            dependencies: ["Groth16", "EllipticCurves", "FieldArithmetic", "COpenSSL", "CSQLite"],
            exclude: ["README.md"]),

        // What a person sees.
        .target(name: "Presentation", exclude: ["README.md"]),
        .executableTarget(
            name: "zkpot", dependencies: ["ProofOfTraining", "Ledger", "Presentation"],
            exclude: ["README.md"]),
        .executableTarget(
            name: "zkpot-bench", dependencies: ["ProofOfTraining", "Ledger", "Presentation"],
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
        .testTarget(name: "TrainingCircuitsTests", dependencies: ["TrainingCircuits", "TestSupport"]),
        .testTarget(name: "Groth16Tests", dependencies: ["Groth16", "Gadgets", "TestSupport"]),
        .testTarget(name: "ProofOfTrainingTests", dependencies: ["ProofOfTraining", "TestSupport"]),
        .target(
            name: "LedgerTestSupport", dependencies: ["Ledger"], path: "Tests/LedgerTestSupport"),
        .executableTarget(
            name: "ledger-crash-writer", dependencies: ["LedgerTestSupport", "TestSupport"],
            path: "Tests/LedgerCrashWriter"),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "LedgerTestSupport", "ledger-crash-writer", "TestSupport"]),
        .testTarget(name: "PresentationTests", dependencies: ["Presentation"]),
        .testTarget(name: "CommandLineTests", dependencies: ["zkpot", "TestSupport"]),
    ]
)
