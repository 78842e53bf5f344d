/// The folders in which Linux's control groups limit a resource of this process, such as `cpu` or `memory`.
///
/// A process is in one group of each hierarchy, and each group from there up to the root may have a limit. In a container,
/// its own group may appear as the root, whatever its path is outside.
///
/// - Parameter text: the content of a file; nil where there is none.
func controlGroups(of controller: String, reading text: (_ path: String) -> String?) -> [String] {
    var folders: [String] = []
    for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
        // "number:controllers:group"; version 2 lists no controllers.
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, fields[1].isEmpty || fields[1].split(separator: ",").contains(controller[...]) else {
            continue
        }
        for root in fields[1].isEmpty ? ["", "/unified"] : ["/" + controller, "/" + fields[1]] {
            var group = "/sys/fs/cgroup" + root
            for name in [Substring()] + fields[2].split(separator: "/") {
                group += name.isEmpty ? "" : "/" + name
                folders.append(group)
            }
        }
    }
    return folders
}
