/** What was asked of the server, as far as a program has to say it again. */
export type Asked =
  | { sample: string }
  | { files: readonly { input: string; name: string; mediaType: string }[] };

/** The request as a line of curl and as lines of Python; `base` is the page's address. */
export function linesOf(asked: Asked, base: string): { curl: string; python: string } {
  if ("sample" in asked) {
    const url = new URL(`api/predict_sample?filename=${encodeURIComponent(asked.sample)}`, base);
    return {
      curl: `curl ${quoted(url.href)}`,
      python: python(`reply = requests.get(${JSON.stringify(url.href)})`),
    };
  }
  const url = new URL("api/predict", base).href;
  const fields = asked.files.map(
    ({ input, name, mediaType }) => `-F ${quoted(`${input}=@${name};type=${mediaType}`)}`,
  );
  const parts = asked.files.map(({ input, name, mediaType }) => {
    const [field, file, type] = [input, name, mediaType].map((text) => JSON.stringify(text));
    return `    (${field}, (${file}, open(${file}, "rb"), ${type})),`;
  });
  return {
    curl: ["curl", ...fields, quoted(url)].join(" "),
    python: python(
      `files = [\n${parts.join("\n")}\n]\nreply = requests.post(${JSON.stringify(url)}, files=files)`,
    ),
  };
}

function python(request: string): string {
  return `import requests

${request}
reply.raise_for_status()
for output in reply.json()["output"]:
    print(output["name"], output["prediction"])`;
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
