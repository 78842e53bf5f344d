// swift-tools-version: 6.2
import PackageDescription

// Every module is checked as strictly as the language can.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
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
                    swiftSettings: strict + [
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
func module(_ name: String, imports: [String] = [], and others: [Target.Dependency] = []) -> Target {
    .target(
        name: "Adjoint\(name)",
        dependencies: imports.map { .target(name: "Adjoint\($0)") } + others,
        path: "Sources/\(name)",
        swiftSettings: strict)
}

/// The tests of a module, in `Tests/NameTests`.
func tests(
    _ name: String, imports: [String], and others: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: imports.map { .target(name: $0) } + others,
        path: "Tests/\(name)Tests",
        resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "Adjoint",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Adjoint", targets: ["AdjointModels"])
    ],
    targets: [
        module("JSON"),
        module("Graphs"),
        module("Gradients", imports: ["Graphs"]),
        module("KernelTables"),
        module("Kernels", imports: ["KernelTables"]),
        module("Plans", imports: ["Graphs", "KernelTables", "Kernels"], and: wideKernelNames + ["CMachine"]),
        .target(name: "CMachine", path: "Sources/CMachine"),
        module("Models", imports: ["JSON", "Graphs", "Gradients", "Plans"]),
        module("Explanations", imports: ["Graphs", "Gradients"]),
        module("Formats", imports: ["JSON", "Graphs"], and: ["CZlib"]),
        .systemLibrary(
            name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        tests("Graphs", imports: ["AdjointGraphs"]),
        tests("Gradients", imports: ["AdjointGraphs", "AdjointGradients"]),
        tests(
            "Kernels", imports: ["AdjointKernels", "AdjointKernelTables"], and: wideKernelNames + ["CMachine"]),
        tests("Plans", imports: ["AdjointGraphs", "AdjointGradients", "AdjointPlans"]),
    ] + wideKernels
)
