import { expect, test } from "vitest";
import { allowOnly, buildxArguments, noBuildx, type Stage } from "./buildx.ts";
import { sandboxArguments } from "./container.ts";
import { deploymentDockerfile } from "./stack.ts";

const stage: Stage = {
  dockerfile: "model/Dockerfile",
  context: "model",
  platforms: ["linux/amd64", "linux/arm64"],
  name: "localhost:5151/build/runtime:in-1",
  args: { BASE_IMAGE: "localhost:5151/build/base@sha256:0" },
  secrets: { ca: "/ca.crt" },
};

test("a stage is built for all platforms, without times in the image, and pushed", () => {
  expect(buildxArguments(stage, "modelhub", "metadata.json").join(" ")).toBe(
    [
      "buildx build --builder modelhub --progress plain",
      "--file model/Dockerfile --platform linux/amd64,linux/arm64",
      "--provenance=false --sbom=false",
      "--build-arg SOURCE_DATE_EPOCH=0 --build-arg BASE_IMAGE=localhost:5151/build/base@sha256:0",
      "--secret id=ca,src=/ca.crt",
      "--output type=image,name=localhost:5151/build/runtime:in-1,push=true,oci-mediatypes=true,rewrite-timestamp=true",
      "--metadata-file metadata.json model",
    ].join(" "),
  );
});

test("a build may read the image below it and nothing else", () => {
  const { rules } = allowOnly("localhost:5151/build/base");
  expect(
    rules.filter(({ action }) => action === "DENY").map(({ selector }) => selector.identifier),
  ).toEqual(["docker-image://*", "http://*", "https://*", "git://*"]);
  expect(rules.at(-1)).toEqual({
    action: "ALLOW",
    selector: { identifier: "docker-image://localhost:5151/build/base*" },
  });
});

test("the deployment image has a linked layer for each weights file and no RUN", () => {
  expect(deploymentDockerfile(["encoder", "decoder"])).toMatchInlineSnapshot(`
    "ARG ENGINE_IMAGE
    FROM \${ENGINE_IMAGE}
    COPY --link --from=weights /encoder/ /opt/modelhub/weights/encoder/
    COPY --link --from=weights /decoder/ /opt/modelhub/weights/decoder/
    COPY --link --from=source / /opt/modelhub/model/
    COPY --link identity.json /opt/modelhub/identity.json
    "
  `);
});

test("on a GPU the sandbox gives the GPUs and takes everything else as before", () => {
  const [limits, gpus] = [{ memoryMB: 512, cpus: 2 }, true];
  expect(sandboxArguments({ ...limits, gpus })).toEqual([
    ...["--gpus", "all"],
    ...sandboxArguments(limits),
  ]);
});

test("the sandbox takes network, rights and a writable root away", () => {
  expect(sandboxArguments({ memoryMB: 512, cpus: 2 }).join(" ")).toBe(
    "--network none --read-only --tmpfs /tmp:rw,nosuid,nodev,size=512m --cap-drop ALL " +
      "--security-opt no-new-privileges --user 65534:65534 --pids-limit 256 " +
      "--memory 512m --memory-swap 512m --cpus 2",
  );
});

test.each([
  ["20.10", "unknown flag: --builder\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]"],
  ["27", "docker: 'buildx' is not a docker command.\nSee 'docker --help'"],
])("a docker %s without buildx is told what installs it", (_, output) => {
  expect(noBuildx(output)?.message).toContain("hint: ./scripts/setup installs it");
});

test("a build that fails by itself keeps its own words", () => {
  expect(noBuildx('ERROR: no builder "modelhub" found')).toBeUndefined();
});
