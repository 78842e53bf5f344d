import Foundation
import Testing

/// The promises of the contributors' page about the sources.
@Suite struct SourcesTests {
    /// The files that name a pointwise primitive: its meaning and spelling, its function, its derivative, its name for
    /// kernels, its kernel and that kernel's function. Operations that users compose of it do not count.
    @Test func namingAPrimitiveTakesSixFiles() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var files: [String] = []
        for module in ["Graphs", "Gradients", "Plans", "KernelTables", "Kernels", "Explanations"] {
            let folder = sources.appending(path: module)
            for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)! {
                guard file.pathExtension == "swift", !file.path.contains("/Operations/") else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                let words = text.components(separatedBy: .alphanumerics.inverted)
                if words.contains("tanh") { files.append("\(module)/\(file.lastPathComponent)") }
            }
        }
        #expect(
            files.sorted() == [
                "Gradients/Pointwise.swift", "Graphs/Elementary.swift", "Graphs/Pointwise.swift",
                "KernelTables/Pointwise.swift", "Kernels/Elementary.swift", "Kernels/Pointwise+Instructions.swift",
            ])
    }
}
