/// The name of a file that is one of several parts of a model: `model-00001-of-00003.safetensors`.
///
/// So name them transformers (`modeling_utils.py`, the index of sharded weights) and llama.cpp (`gguf-split`).
package struct PartName: Hashable, Sendable {
    /// What the names of all parts of a model have in common.
    package struct Model: Hashable, Sendable {
        /// How many parts there are.
        package let count: Int
        /// What stands before the numbers, with its hyphen.
        fileprivate let head: [UInt8]
        /// What stands behind them, the ending included.
        fileprivate let tail: [UInt8]
        fileprivate let digits: Int
    }

    /// From 1.
    package let index: Int
    package let model: Model

    package var count: Int { model.count }

    /// More parts than this belong to no model.
    private static let maximumCount = 999
    private static let middle = Array("-of-".utf8)

    /// nil for the name of a file that is not a part.
    package init?(_ name: [UInt8]) {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let stem = name[..<dot]
        guard let last = Self.number(endingAt: stem.endIndex, of: stem) else { return nil }
        let between = stem[..<last.start]
        guard between.count > Self.middle.count, between.suffix(Self.middle.count).elementsEqual(Self.middle) else {
            return nil
        }
        let front = between.dropLast(Self.middle.count)
        guard let first = Self.number(endingAt: front.endIndex, of: front), first.digits == last.digits,
            front[..<first.start].last == UInt8(ascii: "-"),
            (2...Self.maximumCount).contains(last.value), (1...last.value).contains(first.value)
        else { return nil }
        index = first.value
        model = Model(
            count: last.value, head: Array(name[..<first.start]), tail: Array(name[dot...]), digits: first.digits)
    }

    /// The number that ends before `end`, in decimal digits.
    private static func number(
        endingAt end: Int, of bytes: ArraySlice<UInt8>
    ) -> (value: Int, start: Int, digits: Int)? {
        var start = end
        while start > bytes.startIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start - 1]) {
            start -= 1
        }
        let digits = end - start
        guard (1...8).contains(digits) else { return nil }
        return (bytes[start..<end].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, start, digits)
    }

    /// The names of all parts, in their order.
    package var allNames: [[UInt8]] {
        (1...count).map { model.head + padded($0) + Self.middle + padded(count) + model.tail }
    }

    private func padded(_ number: Int) -> [UInt8] {
        let text = Array(String(number).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, model.digits - text.count)) + text
    }
}
