import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/lib/free-port.ts";
import { bundle } from "./bundle.ts";
import { models, pythonLack, spawnFront, startServer } from "./tests/server.ts";

const colours = join(models, "colours");

async function outcome(child: ChildProcess, input?: Buffer) {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin?.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

function front(args: string[], env: Record<string, string> = {}, input?: Buffer) {
  return outcome(spawnFront(args, colours, env), input);
}

describe("the command line", () => {
  it("tells on one screen what it can do", async () => {
    const { code, stdout } = await front(["--help"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").length).toBeLessThan(40);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThan(100);
    expect(stdout).toMatchInlineSnapshot(`
      "A model of the ModelHub registry, with everything that it needs.

        docker run --rm -p 8080:8080 IMAGE                          serve it: page, REST API
        docker run --rm -i IMAGE predict - < photo.jpg              predict one file
        docker run --rm -v "$PWD:/in:ro" -v "$PWD/out:/out" --user "$(id -u)" IMAGE \\
          batch /in --out /out                                      predict a folder
        docker run --rm IMAGE samples                               run the model's samples

      Commands
        serve                     answer HTTP requests (default)
        predict FILE …            predict files; - reads from stdin; \`predict --help\` tells more
        batch IN … --out DIR      predict folders, patterns, series; goes on with --resume
        samples                   run the samples and compare with what is expected
        info, licenses, config    say what this model is, and on which terms
        notebook                  open the model's folder in Jupyter, where the image has it
        get [--wait SECONDS] [--accept TYPE] PATH
                                  ask the server in the same container, such as get /health/ready
        bash, sh, python3 …       run that in the image
        exec COMMAND …            run any command in the image

      Environment
        MODELHUB_PORT             port to listen on (8080)
        MODELHUB_HOST             address to listen on (every interface)
        MODELHUB_TIMEOUT          seconds for one prediction (the model's own limit, or 120)
        MODELHUB_QUEUE            predictions that may wait (64)
        MODELHUB_MAX_BODY         bytes of the largest request (268435456)
        MODELHUB_CORS             origins that a browser may call from: a list with commas, or *
        MODELHUB_WORKERS          worker processes (1); gpus: one for each GPU
        MODELHUB_JOB_TIMEOUT      seconds for one job (3600)
        MODELHUB_JOBS             jobs that are kept (1000)
        MODELHUB_JOB_KEEP         seconds that a finished job is kept (900)
        MODELHUB_URL_INPUT        fetch inputs from addresses: off, public or allowlist (off)
        MODELHUB_URL_HOSTS        hosts of the allowlist: a list with commas, HOST or HOST:PORT
        MODELHUB_DETERMINISTIC    1: seed random numbers before each prediction, use one thread
      "
    `);
  });

  it("says which commands there are when it gets another", async () => {
    const { code, stderr } = await front(["sevre"]);
    expect(code).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "modelhub: "sevre" is no command of this image; it has serve, predict, batch, samples, info, licenses, notebook, config, get, exec, bash, sh, python, python3.
        hint: --help says what each does
      "
    `);
  });

  it.skipIf(pythonLack)("has every command of the Python side", async () => {
    const [ours, theirs] = await Promise.all([
      front(["no-such"]),
      front(["exec", process.env["MODELHUB_PYTHON"] ?? "python3", "-m", "modelhub", "no-such"]),
    ]);
    const names = /it is one of (.*)\./.exec(theirs.stderr)?.[1]?.split(", ") ?? [];
    expect(names).toContain("predict");
    for (const name of names) expect(ours.stderr).toMatch(new RegExp(`[ ,]${name}[,.]`));
  });

  it("runs any command with its own stdin and exit code", async () => {
    const { code, stdout } = await front(
      ["exec", "sh", "-c", "cat; exit 7"],
      {},
      Buffer.from("in"),
    );
    expect(code).toBe(7);
    expect(stdout).toBe("in");
    expect((await front(["sh", "-c", "exit 3"])).code).toBe(3);
    expect((await front(["exec", "no-such-command"])).code).toBe(127);
  });

  it.skipIf(pythonLack)(
    "lets the threads of numpy rest while they have nothing to do",
    async () => {
      const others = "time.process_time() - time.thread_time()";
      const code = `import time, numpy; time.sleep(0.2); print(${others})`;
      const { stdout } = await front([
        "exec",
        process.env["MODELHUB_PYTHON"] ?? "python3",
        "-c",
        code,
      ]);
      expect(Number(stdout)).toBeLessThan(0.01);
    },
  );

  it("passes signals on", async () => {
    const child = spawnFront(
      ["exec", "sh", "-c", "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done"],
      colours,
    );
    await once(child.stdout ?? child, "data");
    child.kill("SIGTERM");
    expect((await outcome(child)).code).toBe(5);
  });

  it("says what is wrong with the environment", async () => {
    const { code, stderr } = await front(["serve"], { MODELHUB_TIMEOUT: "soon" });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'modelhub: MODELHUB_TIMEOUT: expected a number greater than 0, got "soon"\n',
    );
    const missing = await outcome(spawnFront(["serve"], "/nonexistent"));
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("/nonexistent/modelhub.json: no such file");
  });

  it("says when the port is taken, and leaves nothing", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "front-taken-"));
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const env = { MODELHUB_PORT: String(port), TMPDIR: temporary };
    const { code, stderr } = await front(["serve"], env);
    other.close();
    expect(code).toBe(2);
    expect(readdirSync(temporary)).toEqual([]);
    expect(stderr).toContain(`can't listen on port ${port}`);
  });

  it.skipIf(pythonLack)("predicts from stdin without a server", async () => {
    const brick = readFileSync(join(colours, "samples/brick.png"));
    const { code, stdout, stderr } = await front(["predict", "-"], {}, brick);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("red");
  });
});

describe("get", () => {
  it("says that no server answers", async () => {
    const { code, stderr } = await front(["get", "/health/ready"], { MODELHUB_PORT: "9" });
    expect(code).toBe(1);
    expect(stderr).toContain("no server answers at 127.0.0.1:9");
    const waited = await front(["get", "--wait", "0.3", "/"], { MODELHUB_PORT: "9" });
    expect(waited.code).toBe(1);
    expect(waited.stderr).toContain("not ready within 0.3 s");
  });

  it("refuses what is no path", async () => {
    expect((await front(["get"])).code).toBe(2);
    expect((await front(["get", "--wait", "soon", "/"])).code).toBe(2);
  });

  it.skipIf(pythonLack)("prints what the server says, and waits until it is ready", async () => {
    const server = startServer(colours);
    const { url, stop } = await server;
    const env = { MODELHUB_PORT: new URL(url).port };
    const ok = await front(["get", "--wait", "60", "/api/predict_sample?filename=brick"], env);
    expect(ok.code).toBe(0);
    expect(JSON.parse(ok.stdout).output[0].name).toBe("colours");
    const missing = await front(["get", "/api/predict_sample?filename=x"], env);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(
      /^\/api\/predict_sample\?filename=x: 404 The model has no sample/,
    );
    await stop();
  });
});

describe("the bundle", () => {
  const file = join(mkdtempSync(join(tmpdir(), "front-bundle-")), "front.mjs");
  beforeAll(() => bundle(file));
  let child: ChildProcess | undefined;
  afterAll(async () => {
    if (child?.kill()) await once(child, "exit");
  });

  it("has less than half a megabyte, of which less than half is read at the start", () => {
    const parts = readdirSync(dirname(file)).filter((name) => name.endsWith(".mjs"));
    const bytes = (names: string[]) =>
      names.reduce((sum, name) => sum + statSync(join(dirname(file), name)).size, 0);
    expect(bytes(parts)).toBeLessThan(500_000);
    expect(bytes(parts.filter((name) => !name.startsWith("front-openapi")))).toBeLessThan(250_000);
  });

  it("serves the page and its description without node_modules", async () => {
    const port = String(await freePort());
    child = spawn(process.execPath, [file, "serve"], {
      cwd: "/",
      env: { ...process.env, MODELHUB_MODEL: colours, MODELHUB_PORT: port },
      stdio: "ignore",
    });
    const page = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
    await expect.poll(page).toContain("<h1");
    const docs = await fetch(`http://127.0.0.1:${port}/docs/swagger-ui.css`);
    expect(docs.headers.get("content-type")).toBe("text/css");
    const description = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    expect((await description.json()) as object).toMatchObject({ openapi: "3.1.0" });
  });
});
