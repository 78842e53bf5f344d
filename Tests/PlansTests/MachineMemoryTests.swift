import AdjointGraphs
import Foundation
import TestSupport
import Testing

@testable import AdjointPlans

/// Linux's limits of the memory of a process, in a folder that is made like the system's.
@Suite struct MachineMemoryTests {
    private let root: TemporaryFolder

    init() throws { root = try TemporaryFolder() }

    private func limit(_ membership: String, _ files: [String: String]) throws -> Int? {
        for (path, text) in files.merging(["/proc/self/cgroup": membership], uniquingKeysWith: { $1 }) {
            let url = URL(fileURLWithPath: root.path + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return memoryLimit { path in try? String(contentsOfFile: root.path + path, encoding: .utf8) }
    }

    @Test(
        arguments: [
            ("max\n", nil), ("1073741824\n", 1 << 30), ("4096", 4096), ("1\n", 1), ("", nil), ("0\n", nil),
            ("-1\n", nil),
            ("99999999999999999999\n", nil), ("9223372036854775807\n", .max), ("4 GiB\n", nil),
        ] as [(String, Int?)])
    func versionTwo(text: String, bytes: Int?) throws {
        #expect(try limit("0::/\n", ["/sys/fs/cgroup/memory.max": text]) == bytes)
    }

    @Test(
        arguments: [
            ("9223372036854771712\n", 9_223_372_036_854_771_712), ("536870912\n", 1 << 29), ("-1\n", nil), ("", nil),
        ] as [(String, Int?)])
    func versionOne(text: String, bytes: Int?) throws {
        #expect(try limit("4:memory:/\n", ["/sys/fs/cgroup/memory/memory.limit_in_bytes": text]) == bytes)
    }

    /// Each group from the process's own to the root counts, and the tightest limit holds; in a container the own is the root.
    @Test func nestedGroups() throws {
        let folder = "/sys/fs/cgroup/memory"
        #expect(
            try limit(
                "4:memory:/pods/one\n0::/\n",
                [
                    folder + "/memory.limit_in_bytes": "9223372036854771712\n",
                    folder + "/pods/memory.limit_in_bytes": "2000000000\n",
                    folder + "/pods/one/memory.limit_in_bytes": "3000000000\n",
                ]) == 2_000_000_000)
        #expect(try limit("4:memory:/elsewhere/two\n", [folder + "/memory.limit_in_bytes": "777216\n"]) == 777_216)
        #expect(
            try limit(
                "4:memory:/pods/one\n0::/user.slice\n",
                ["/sys/fs/cgroup/unified/user.slice/memory.max": "555008\n"]) == 555_008)
    }

    @Test func othersDoNotCount() throws {
        #expect(try limit("5:cpu,cpuacct:/\n", ["/sys/fs/cgroup/memory/memory.limit_in_bytes": "4096\n"]) == nil)
        #expect(try limit("0::/a\n", ["/sys/fs/cgroup/b/memory.max": "4096\n"]) == nil)
    }

    /// A limit on addresses counts too; it is set in a process of its own.
    @Test func limitOfAddresses() async {
        await #expect(processExitsWith: .success) {
            let before = Machine.memory
            #expect(before >= 1 << 28)
            var limit = rlimit(rlim_cur: 1 << 39, rlim_max: 1 << 39)
            #if canImport(Glibc)
                setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                #expect(Machine.memory == min(before, 1 << 39))
                limit.rlim_cur = rlim_t(before / 2)
                setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                #expect(Machine.memory == before / 2)
                let graph = try Graph { g in [("y", g.input("x", [before / 4 / 4 * 3]) + 1)] }
                #expect {
                    try graph.compiled()
                } throws: { error in
                    "\(error)".contains("the memory for its values is ")
                }
            #endif
        }
    }
}
