import { describe, expect, test } from "vitest";
import { markdown } from "./markdown.ts";

describe("markdown", () => {
  test("renders what authors write", () => {
    expect(
      markdown(
        "**bold** _em_ `a < b`\n\n- one\n- two\n\n> said\n\n[there](https://example.org/?a=1&b=2)",
      ),
    ).toMatchInlineSnapshot(
      `"<p><strong>bold</strong> <em>em</em> <code>a &lt; b</code></p><ul><li><p>one</p></li><li><p>two</p></li></ul><blockquote><p>said</p></blockquote><p><a href="https://example.org/?a=1&amp;b=2" rel="noopener nofollow">there</a></p>"`,
    );
  });

  test.each([
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//example.org)",
    "[x](http://example.org)",
    "![x](https://example.org/pixel.png)",
    '[x](https://example.org/"onmouseover="alert(1))',
    '[x](<https://example.org/" onmouseover="alert(1)>)',
    "[x]\n\n[x]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html onload=alert(1)\n<b>\n```",
    "| <b> |\n|---|\n| <script> |",
    "<!-- --><svg onload=alert(1)>",
    "&lt;script&gt;",
    "[^1]\n\n[^1]: <script>",
  ])("lets nothing of %j become an element, an attribute or an address", (source) => {
    const html = markdown(source);
    const elements = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/g)];
    const known = ["p", "code", "pre", "div", "table", "thead", "tbody", "tr", "th", "td"];
    for (const [, name = "", attributes = ""] of elements) {
      expect(known).toContain(name);
      expect(attributes).toMatch(/^(| tabindex="0"| class="scroll" tabindex="0")$/);
    }
  });

  test("puts headings below the page's own without skipping a level", () => {
    expect(markdown("### A\n\n##### B\n\n# C")).toBe("<h3>A</h3><h4>B</h4><h3>C</h3>");
    expect(markdown("# A\n\n### B\n\n#### C")).toBe("<h3>A</h3><h4>B</h4><h5>C</h5>");
  });
});
