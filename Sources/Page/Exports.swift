#if arch(wasm32)
    // The functions that the page's script calls. Text is passed in memory, as UTF-8.

    private nonisolated(unsafe) var page: Page?
    private nonisolated(unsafe) var incoming: [UInt8] = []
    private nonisolated(unsafe) var outgoing: [UInt8] = []
    private nonisolated(unsafe) var pixels: [[UInt8]] = []

    /// Reserves memory for this many bytes of text; returns its address.
    @_expose(wasm, "room") @_cdecl("adjoint_page_room")
    public func room(_ count: Int32) -> UnsafeMutablePointer<UInt8>? {
        incoming = [UInt8](repeating: 0, count: max(1, Int(count)))
        return incoming.withUnsafeMutableBufferPointer { $0.baseAddress }
    }

    /// Begins with the part of the address behind `#`; returns the length of the document's body.
    @_expose(wasm, "begin") @_cdecl("adjoint_page_begin")
    public func begin(_ count: Int32) -> Int32 {
        var opened = Page(hash: text(count))
        let body = opened.body()
        page = opened
        outgoing = Array(body.utf8)
        return Int32(outgoing.count)
    }

    /// Takes this many bytes that were passed as a file, which the next event is about.
    @_expose(wasm, "hold") @_cdecl("adjoint_page_hold")
    public func hold(_ count: Int32) {
        incoming.removeLast(incoming.count - Int(count))
        page?.held = incoming
        incoming = []
    }

    /// Handles the event in that memory; returns the length of the updates.
    @_expose(wasm, "send") @_cdecl("adjoint_page_send")
    public func send(_ count: Int32) -> Int32 {
        guard let updates = page?.handle(text(count)) else { return 0 }
        outgoing = Array(updates.text.utf8)
        pixels = updates.pixels
        return Int32(outgoing.count)
    }

    @_expose(wasm, "result") @_cdecl("adjoint_page_result")
    public func result() -> UnsafeMutablePointer<UInt8>? {
        outgoing.withUnsafeMutableBufferPointer { $0.baseAddress }
    }

    @_expose(wasm, "pixels") @_cdecl("adjoint_page_pixels")
    public func pixels(_ number: Int32) -> UnsafeMutablePointer<UInt8>? {
        pixels[Int(number)].withUnsafeMutableBufferPointer { $0.baseAddress }
    }

    private func text(_ count: Int32) -> String { String(decoding: incoming.prefix(Int(count)), as: UTF8.self) }
#endif
