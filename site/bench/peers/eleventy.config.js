import markdownIt from "markdown-it";

const markdown = markdownIt();
const { viewsOf } = await import(process.env.BENCH_VIEW);

export default function configure(config) {
  config.addFilter("markdown", (text) => markdown.render(text));
  // Read and derived here, as our own site does it.
  config.addGlobalData("views", () => viewsOf(process.env.BENCH_CATALOG));
  return { dir: { output: process.env.BENCH_OUT } };
}
