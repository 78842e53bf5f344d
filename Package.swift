// swift-tools-version: 6.2
import PackageDescription

// Every module is checked as strictly as the language can.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Kernels are optimized in debug builds too, and whole modules at a time, since they are inlined from file to file: a step of
// LeNet-5 would take 5.5 s there, not 2 ms. Several threads make an object file for each source, as debug builds expect.
let optimized: [SwiftSetting] =
    strict + [
        .unsafeFlags(
            ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
            .when(configuration: .debug))
    ]

// The kernels are one folder of sources. On x86-64 it is built three times (the other two folders are links
// to it), once for each instruction set that `Machine.swift` can choose at run time. The Web page has one.
var wideKernels: [Target] = []
var wideKernelNames: [Target.Dependency] = []
#if arch(x86_64)
    if Context.environment["ADJOINT_WASM"] == nil {
        for (name, cpu) in [("256", "x86-64-v3"), ("512", "x86-64-v4")] {
            wideKernels.append(
                .target(
                    name: "AdjointKernels\(name)",
                    dependencies: ["AdjointKernelTables"],
                    path: "Sources/Kernels\(name)",
                    // Reflection metadata would bring functions that the linker may share with other modules.
                    swiftSettings: optimized + [
                        .define("FMA"), .define("LANES\(name)"),
                        .unsafeFlags([
                            "-Xcc", "-march=\(cpu)", "-Xcc", "-fno-math-errno",
                            "-Xfrontend", "-disable-reflection-metadata",
                        ]),
                    ]))
            wideKernelNames.append(.target(name: "AdjointKernels\(name)"))
        }
    }
#endif

/// A module of this package: target `AdjointName` in `Sources/Name`.
func module(
    _ name: String, imports: [String] = [], and others: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource]? = nil, settings: [SwiftSetting] = strict
) -> Target {
    .target(
        name: "Adjoint\(name)",
        dependencies: imports.map { .target(name: "Adjoint\($0)") } + others,
        path: "Sources/\(name)",
        exclude: exclude,
        resources: resources,
        swiftSettings: settings)
}

/// The tests of a module, in `Tests/NameTests`.
func tests(_ name: String, imports: [String] = [], and others: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: imports.map { .target(name: "Adjoint\($0)") } + others + ["TestSupport"],
        path: "Tests/\(name)Tests",
        swiftSettings: strict)
}

/// libFuzzer's `main` comes with its sanitizer, without which this program has none: `Scripts/fuzz` sets the variable.
let fuzzer: [Target] =
    Context.environment["ADJOINT_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzedReaders"], path: "Tests/Fuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "Adjoint",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Adjoint", targets: ["Adjoint"]),
        .executable(name: "adjoint", targets: ["AdjointCommands"]),
    ],
    targets: [
        module("JSON"),
        module("Graphs"),
        module("Gradients", imports: ["Graphs"]),
        module("KernelTables"),
        module("Kernels", imports: ["KernelTables"], settings: optimized),
        .target(name: "CMachine", path: "Sources/CMachine"),
        module("Plans", imports: ["Graphs", "KernelTables", "Kernels"], and: wideKernelNames + ["CMachine"]),
        module("Models", imports: ["JSON", "Graphs", "Gradients", "Plans"]),
        module("Explanations", imports: ["JSON", "Graphs", "Gradients"]),
        module("Web", imports: ["JSON", "Graphs", "Gradients", "Explanations"], exclude: ["Shell"]),
        .systemLibrary(
            name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        module("Formats", imports: ["JSON", "Graphs"], and: ["CZlib"]),
        module(
            "Page", imports: ["Graphs", "Gradients", "Plans", "Models", "Formats", "Explanations"], exclude: ["Shell"]),
        module(
            "Digits", exclude: ["README.md"],
            resources: ["images-idx3", "labels-idx1"].flatMap { kind in
                ["train", "test"].map { .embedInCode("\($0)-\(kind)-ubyte.gz") }
            }),
        .target(
            name: "Adjoint",
            dependencies: ["Graphs", "Gradients", "Plans", "Models", "Explanations", "Formats"].map {
                .target(name: "Adjoint\($0)")
            },
            path: "Sources/Adjoint", swiftSettings: strict),
        .executableTarget(
            name: "AdjointCommands",
            dependencies: ["JSON", "Graphs", "Gradients", "Plans", "Models", "Explanations", "Formats", "Digits"].map {
                .target(name: "Adjoint\($0)")
            },
            path: "Sources/Commands", swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["AdjointGraphs", "AdjointJSON"], path: "Tests/Support",
            swiftSettings: strict),
        // The readers of files, for the fuzzer and for the tests that read again what it has found.
        .target(
            name: "FuzzedReaders",
            dependencies: ["JSON", "Graphs", "Plans", "Models", "Formats"].map { .target(name: "Adjoint\($0)") },
            path: "Tests/FuzzedReaders", swiftSettings: strict),
        // A program that counts its allocations, which tests run: only a whole program can bring its own malloc.
        .target(name: "CountedAllocation", path: "Tests/CountedAllocation"),
        .executableTarget(
            name: "AllocationCount",
            dependencies: ["AdjointGraphs", "AdjointModels", "AdjointPlans", "CountedAllocation"],
            path: "Tests/AllocationCount", swiftSettings: strict),
        // A program that looks for wrong numbers in random layers, chains and networks.
        .executableTarget(
            name: "differential",
            dependencies: ["AdjointGraphs", "AdjointGradients", "AdjointPlans", "AdjointModels", "TestSupport"],
            path: "Tests/Differential", exclude: ["Faults"], swiftSettings: strict),
        // A program that writes the page's body natively, for the tests in a browser.
        .executableTarget(
            name: "PageBodies", dependencies: ["AdjointPage"], path: "Tests/PageBodies", swiftSettings: strict),
        // One that writes every picture of many layers, whose texts are measured there.
        .executableTarget(
            name: "PictureZoo",
            dependencies: ["AdjointGraphs", "AdjointGradients", "AdjointExplanations", "AdjointPage", "TestSupport"],
            path: "Tests/PictureZoo", swiftSettings: strict),
        tests("JSON", imports: ["JSON"]),
        tests("Graphs", imports: ["Graphs"]),
        tests("Gradients", imports: ["Graphs", "Gradients"]),
        tests("Kernels", imports: ["Kernels", "KernelTables"], and: wideKernelNames + ["CMachine"]),
        tests("Plans", imports: ["Graphs", "Gradients", "Plans"]),
        tests("Models", imports: ["JSON", "Graphs", "Gradients", "Plans", "Models", "Formats"]),
        tests("Explanations", imports: ["Graphs", "Gradients", "Explanations"]),
        tests(
            "Page",
            imports: ["JSON", "Graphs", "Gradients", "Plans", "Models", "Explanations", "Formats", "Digits", "Page"]),
        tests("Web", imports: ["JSON", "Web"]),
        tests("Formats", imports: ["JSON", "Graphs", "Formats", "Digits"], and: ["FuzzedReaders"]),
        tests("Commands", imports: ["Commands", "Graphs", "Gradients", "Plans", "Models", "Formats"]),
    ] + wideKernels + fuzzer
)
