import AdjointPage

/// Prints the page's body for each link that is given, as the native engine writes it: what a browser shows is compared
/// with it. Bodies end with the byte 30.
for hash in CommandLine.arguments.dropFirst() {
    var page = Page(hash: hash)
    print(page.body(), terminator: "\u{1E}")
}
