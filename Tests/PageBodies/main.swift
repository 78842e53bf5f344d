import AdjointPage

/// Prints the page's body for each given link, as the native engine writes it, for comparison with a browser's. Bodies end
/// with the byte 30.
for hash in CommandLine.arguments.dropFirst() {
    var page = Page(hash: hash)
    print(page.body(), terminator: "\u{1E}")
}
