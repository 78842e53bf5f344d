import Testing

@testable import AdjointPlans

/// Linux's limits of the CPU time of a process, in texts as they occur.
@Suite struct AllowedCPUsTests {
    private func quota(_ membership: String?, _ files: [String: String]) -> Int? {
        cpuQuota { path in path == "/proc/self/cgroup" ? membership : files[path] }
    }

    @Test(
        arguments: [
            ("max 100000", nil), ("100000 100000", 1), ("150000 100000", 2), ("200000 100000", 2),
            ("1000 100000", 1), ("6400000 100000", 64), ("50000 1000000", 1), ("9223372036854775807 1", .max),
            ("", nil), ("max", nil), ("100000", nil), ("100000 0", nil), ("0 100000", nil),
            ("-1 100000", nil), ("100000 -1", nil), ("one two", nil), ("100000 100000 100000", nil),
            ("99999999999999999999 100000", nil),
        ] as [(String, Int?)])
    func versionTwo(text: String, cpus: Int?) {
        #expect(quota("0::/\n", ["/sys/fs/cgroup/cpu.max": text + "\n"]) == cpus)
    }

    @Test(
        arguments: [
            ("-1", "100000", nil), ("100000", "100000", 1), ("250000", "100000", 3),
            ("5000", "100000", 1),
            ("100000", nil, nil), (nil, "100000", nil), ("100000", "0", nil), ("", "", nil),
            ("x", "y", nil),
        ] as [(String?, String?, Int?)])
    func versionOne(quota text: String?, period: String?, cpus: Int?) {
        let folder = "/sys/fs/cgroup/cpu"
        #expect(
            quota(
                "2:cpu:/\n",
                [folder + "/cpu.cfs_quota_us": text, folder + "/cpu.cfs_period_us": period]
                    .compactMapValues { $0.map { $0 + "\n" } })
                == cpus)
    }

    /// Each group from the process's own to the root counts, and the tightest limit holds, wherever it is.
    @Test func nestedGroups() {
        let own = "/sys/fs/cgroup/user.slice/user-1000.slice/a:b.scope"
        let membership = "0::/user.slice/user-1000.slice/a:b.scope\n"
        let wide = "800000 100000\n"
        for (tight, other) in [(own, "/sys/fs/cgroup"), ("/sys/fs/cgroup/user.slice", own), ("/sys/fs/cgroup", own)] {
            #expect(quota(membership, [tight + "/cpu.max": "300000 100000\n", other + "/cpu.max": wide]) == 3)
        }
        #expect(quota(membership, [own + "/deeper/cpu.max": "100000 100000\n"]) == nil)
        #expect(quota(membership, ["/sys/fs/cgroup/system.slice/cpu.max": "100000 100000\n"]) == nil)
    }

    /// In a container the own group appears as the root of what is mounted, but its path may be the one outside.
    @Test func containers() {
        let two = "200000 100000\n"
        #expect(quota("0::/\n", ["/sys/fs/cgroup/cpu.max": two]) == 2)
        #expect(quota("0::/../../kubepods/pod1\n", ["/sys/fs/cgroup/cpu.max": two]) == 2)
        #expect(quota("0::/docker/0123abcd\n", ["/sys/fs/cgroup/cpu.max": two]) == 2)
        #expect(
            quota(
                "5:cpuacct,cpu:/docker/0123abcd\n4:memory:/docker/0123abcd\n",
                [
                    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ]) == 2)
    }

    /// Version 1 for some controllers beside version 2 for others, under any of the usual folders.
    @Test func hybridHierarchies() {
        let membership = "12:cpuset:/\n11:cpu,cpuacct:/user.slice\n1:name=systemd:/user.slice\n0::/user.slice\n"
        let first = "/sys/fs/cgroup/cpu,cpuacct/user.slice/cpu.cfs_"
        let quotas = [first + "quota_us": "400000\n", first + "period_us": "100000\n"]
        let unified = "/sys/fs/cgroup/unified/user.slice/cpu.max"
        #expect(quota(membership, quotas) == 4)
        #expect(quota(membership, quotas.merging([unified: "300000 100000\n"]) { $1 }) == 3)
        #expect(quota(membership, quotas.merging([unified: "max 100000\n"]) { $1 }) == 4)
        #expect(quota("3:cpuset:/\n2:cpuacct:/\n", ["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n"]) == nil)
    }

    @Test func noGroups() {
        let files = ["/sys/fs/cgroup/cpu.max": "100000 100000\n"]
        for membership in [nil, "", "\n", "garbage", "::", "0:", ":::::", "0::/\u{FFFD}", "1:name=systemd:/"] {
            // Only a line for version 2 leads to its file, whatever else it contains.
            let isSecond = ["::", ":::::", "0::/\u{FFFD}"].contains(membership)
            #expect(quota(membership, files) == (isSecond ? 1 : nil), "\(membership ?? "none")")
        }
        #expect(quota("0::/a\n", [:]) == nil)
    }

    #if os(Linux)
        /// Read from this system: its file of groups has a line for each hierarchy, and other files do not exist.
        @Test func files() {
            #expect(Machine.text(of: "/proc/self/cgroup")?.contains(":") != false)
            #expect(Machine.text(of: "/proc/self/stat")?.isEmpty == false)
            #expect(Machine.text(of: "/proc/self/maps")?.hasSuffix("\n") == true)
            #expect(Machine.text(of: "/nowhere") == nil)
            #expect(Machine.text(of: "/proc") == nil || Machine.text(of: "/proc") == "")
        }
    #endif

    @Test func thisMachine() { #expect((1...65_536).contains(Machine.cores)) }
}
