import Testing

@testable import CivitAIRecords

/// HTML made plain text.
@Suite struct PlainTextTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("  a \n\t b ", "a b"), ("a<b>b</b>c", "abc"), ("a <i> b</i>", "a b"),
        ("<p>one</p><p>two</p>", "one\ntwo"), ("<p>one</p>\n\n<p>two</p>", "one\ntwo"), ("a<br>b<br />c", "a\nb\nc"),
        ("a<br><br><br><br>b", "a\n\nb"), ("<br>a<br>", "a"), ("<P CLASS='x'>a</P><DIV>b</DIV>", "a\nb"),
        ("<h1>T</h1>text", "T\ntext"), ("<p></p><p>a</p><p></p><p></p><p>b</p>", "a\nb"),
        ("<ul><li><p>a</p></li><li>b</li></ul>c", "- a\n- b\nc"),
        ("<ol><li>a</li><li>b<ul><li>x</li></ul></li><li>c</li></ol>", "1. a\n2. b\n  - x\n3. c"),
        ("<li>a</li>", "- a"), ("<ul><li></li><li><ul><li>a</li></ul></li></ul>", "-\n-\n  - a"),
        ("</ul></ol></pre>a", "a"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>c  d", "a\n  b\nc d"),
        ("a<script>if (a < b) { x('</p>') }</script>b", "ab"), ("a<STYLE>p{}</Style >b", "ab"),
        ("a<script>never closed", "a"), ("a<!-- <p>x</p> -->b", "ab"), ("a<!-- never closed", "a"),
        ("<!DOCTYPE html><?xml?>a", "a"), (#"<a title="1 > 0" href='x'>link</a>"#, "link"), ("a <p", "a"),
        ("a<p title=\"never closed>b", "a"),
        ("1 < 2 > 1, <3, a<", "1 < 2 > 1, <3, a<"),
        ("&amp;&lt;b&gt;&quot;&#39;&#x27;&apos;", "&<b>\"'''"), ("a&nbsp;&nbsp;b&#160;c", "a b c"),
        ("&auml;&hellip;&mdash;&#128512;&#x1F600;", "ä…—😀😀"), ("&#0;&#xD800;&#1114112;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("R&D &unknown; &; &#; &#x; &amp", "R&D &unknown; &; &#; &#x; &amp"), ("&amp;lt;p&amp;gt;", "&lt;p&gt;"),
        ("&#99999999999;", "&#99999999999;"), ("漢字<br/>😀", "漢字\n😀"),
    ])
    func htmlBecomesText(_ html: String, _ text: String) {
        #expect(PlainText.of(html) == text)
    }

    @Test func hugeAndHostileHTMLTakesOnePass() {
        #expect(PlainText.of(String(repeating: "a ", count: 1 << 20)).utf8.count == PlainText.limit - 1)
        #expect(PlainText.of(String(repeating: "<", count: 1 << 20)).utf8.count == PlainText.limit)
        #expect(PlainText.of(String(repeating: "<ul><li>", count: 1 << 17)).utf8.count < 1 << 22)
        #expect(PlainText.of(String(repeating: "<script>", count: 1 << 17)) == "")
        #expect(PlainText.of(String(repeating: "<!--", count: 1 << 18)) == "")
        #expect(PlainText.of(String(repeating: "&#", count: 1 << 19)).utf8.count == PlainText.limit)
    }
}
