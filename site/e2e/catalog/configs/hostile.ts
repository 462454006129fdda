import type { Config } from "#schema/config.ts";
import { classifier } from "./classifier.ts";
import { omit } from "./omit.ts";

/** As hostile as an entry can be while the schema accepts it. */
export const hostile: Config = {
  ...omit(classifier, "provenance", "packagers", "evaluation"),
  id: "cell-counter",
  title: 'Cells <b>counted</b> & "typed"',
  summary:
    "Says which stage of its cycle a cell is in <script>alert(1)</script>, from its nucleus.",
  description: `<script>document.title = "taken"</script>

<img src=x onerror="document.title = 'taken'">

[a link that runs](javascript:alert(1)), [one that is plain http](http://example.org/), [a good one](https://example.org/?a=1&b=2)

![a picture from elsewhere](https://example.org/pixel.png)

| stage | share |
| --- | --- |
| interphase | <b>most</b> |

\`\`\`sh
echo "</code></pre><script>"
\`\`\``,
  domain: "microscopy",
  modality: ["fluorescence microscopy"],
  tags: ["cells", "</script>"],
  authors: [{ given: "Zoë", family: "O'Hara_{}" }],
  licenses: {
    code: "MIT OR Apache-2.0",
    weights: "CC-BY-NC-4.0",
    sampleData: "GPL-2.0-only WITH Classpath-exception-2.0",
  },
  publications: [
    {
      title: "Counting <i>cells</i> & 100% of their stages",
      authors: "O'Hara, Z; Smith, J",
      year: 2025,
      venue: "Journal of Cells",
      doi: "10.1000/182<b>",
      relation: "trainedBy",
    },
  ],
  samples: [
    {
      id: "nuclei",
      title: "Nuclei in <i>blue</i>",
      inputs: { image: "samples/cells.jpg" },
      expected: "samples/nuclei.json",
      credit: "<u>nobody</u>",
    },
  ],
  use: { intended: "Teaching.", notForClinicalUse: true },
};
