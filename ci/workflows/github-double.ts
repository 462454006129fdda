import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
}

/** As much of GitHub's API as our reports use, on this machine, with one open pull request. */
export class GithubDouble {
  comments: Comment[] = [];
  issues: Issue[] = [];
  /** Releases by tag, with the files that each has. */
  readonly releases = new Map<string, { name: string; bytes: number }[]>();
  /** Head of the only pull request, number 7. */
  head = { sha: "", repo: { full_name: "stranger/modelhub" } };
  /** What it changes. */
  files: { filename: string; previous_filename?: string }[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request).then(
      (body) => response.writeHead(body === undefined ? 404 : 200, json).end(JSON.stringify(body)),
      (error) => response.writeHead(500, json).end(String(error)),
    );
  });

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return this.#origin;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const what = `${request.method} ${pathname.replace("/repos/modelhub-registry/modelhub", "")}`;
    const text = await textOf(request);
    const asset = searchParams.get("name");
    if (what.startsWith("POST /assets/") && asset)
      return this.#attach(what.slice("POST /assets/".length), asset, text.length);
    const sent = JSON.parse(text || "{}");
    if (what.startsWith("GET /releases/tags/")) return this.#release(pathname.split("/").at(-1));
    const [, number] = /\/(\d+)$/.exec(what) ?? [];
    switch (number ? what.replace(number, "N") : what) {
      case "GET /pulls":
        return searchParams.get("head") === "stranger:new-model"
          ? [{ number: 7, head: this.head }]
          : [];
      case "GET /pulls/7/files":
        return this.files;
      case "GET /issues/7/comments":
        return this.comments;
      case "POST /issues/7/comments":
        return this.#add(sent.body);
      case "PATCH /issues/comments/N":
        return this.#edit(Number(number), sent.body);
      case "GET /issues":
        return this.issues.filter(({ state }) => state === "open");
      case "POST /issues":
        this.issues.push({ ...sent, number: this.issues.length + 1, state: "open" });
        return this.issues.at(-1);
      case "PATCH /issues/N":
        return Object.assign(
          this.issues.find((issue) => issue.number === Number(number)) ?? {},
          sent,
        );
      case "POST /releases":
        this.releases.set(sent.tag_name, []);
        return this.#release(sent.tag_name);
      default:
        return undefined;
    }
  }

  #release(tag = ""): object | undefined {
    const assets = this.releases.get(tag);
    return assets && { tag_name: tag, assets, upload_url: `${this.#origin}/assets/${tag}{?name}` };
  }

  #attach(tag: string, name: string, bytes: number): object {
    this.releases.get(tag)?.push({ name, bytes });
    return { name };
  }

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #add(body: string): Comment {
    const comment = { id: this.comments.length + 1, body, user: { login: "github-actions[bot]" } };
    this.comments.push(comment);
    return comment;
  }

  #edit(id: number, body: string): Comment | undefined {
    const comment = this.comments.find((one) => one.id === id);
    if (comment) comment.body = body;
    return comment;
  }
}

const json = { "content-type": "application/json" };

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
