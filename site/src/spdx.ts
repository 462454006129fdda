export interface SpdxPart {
  text: string;
  href?: string;
}

/** An SPDX expression in parts, each licence with the address of its text. */
export function spdxParts(expression: string): SpdxPart[] {
  return expression
    .split(/(\s+(?:AND|OR|WITH)\s+|[()])/)
    .filter((text) => text !== "")
    .map((text) =>
      /^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/.test(text) && !/^(LicenseRef|DocumentRef)-/.test(text)
        ? { text, href: `https://spdx.org/licenses/${text.replace(/\+$/, "")}.html` }
        : { text },
    );
}
