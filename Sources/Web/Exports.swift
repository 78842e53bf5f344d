import AdjointGraphs
import AdjointJSON

/// The answer to a request, both as JSON: the result as member `answer`, or a sentence as member `error`.
package func answer(_ request: String) -> String {
    let answer: JSON
    do throws(JSONError) {
        let asked = try LayerRequest(JSONField(JSON(parsing: Array(request.utf8))))
        do throws(ArgumentError) {
            answer = ["answer": try LayerEngine(asked).answer()]
        } catch {
            answer = ["error": .string("\(error)")]
        }
    } catch {
        answer = ["error": .string("\(error)")]
    }
    return answer.serialized()
}

#if arch(wasm32)
    // The functions that adjoint.mjs calls. Text is passed in memory, as UTF-8.

    private nonisolated(unsafe) var incoming: [UInt8] = []
    private nonisolated(unsafe) var outgoing: [UInt8] = []

    /// Reserves memory for this many bytes of text; returns its address.
    @_expose(wasm, "room") @_cdecl("adjoint_web_room")
    public func room(_ count: Int32) -> UnsafeMutablePointer<UInt8>? {
        incoming = [UInt8](repeating: 0, count: max(1, Int(count)))
        return incoming.withUnsafeMutableBufferPointer { $0.baseAddress }
    }

    /// Answers the request in that memory; returns the length of the answer.
    @_expose(wasm, "ask") @_cdecl("adjoint_web_ask")
    public func ask(_ count: Int32) -> Int32 {
        outgoing = Array(answer(String(decoding: incoming.prefix(Int(count)), as: UTF8.self)).utf8)
        return Int32(outgoing.count)
    }

    @_expose(wasm, "result") @_cdecl("adjoint_web_result")
    public func result() -> UnsafeMutablePointer<UInt8>? {
        outgoing.withUnsafeMutableBufferPointer { $0.baseAddress }
    }
#endif
