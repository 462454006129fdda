import { readFileSync } from "node:fs";
import { models } from "../../tests/server.ts";
import { expect, expectCopied, expectReported, faults, test, view, views } from "./test.ts";

const brick = `${models}colours/samples/brick.png`;

test("predicts a sample, and says what answered", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "A brick" }).click();
  const result = page.getByRole("region", { name: "Result" });
  await expect(result.getByRole("listitem").first()).toContainText("red");
  await expect(result).toContainText(/Colours · engine \S+ · .+ in the model/);
  await expect(page.getByRole("button", { name: "A brick" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});

test("predicts a file that is chosen, and tells the line for it", async ({ page, server }) => {
  await page.goto("/");
  await page.getByLabel(/Choose a file/).setInputFiles(brick);
  await expect(page.getByRole("region", { name: "Result" })).toContainText("red");
  await expect(page.getByRole("img", { name: "brick.png" })).toBeVisible();
  const line = `curl -F 'image=@brick.png;type=image/png' ${server.url}/api/predict`;
  await expectCopied(page, "Copy: curl", line);
  await expect(page.getByText('open("brick.png", "rb")')).toBeVisible();
});

for (const kind of ["drop", "paste"])
  test(`takes a file by ${kind}`, async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Colours");
    await page.locator(".drop").evaluate(
      (area, [bytes, kind]) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
        data.items.add(new File([content], "some.png", { type: "image/png" }));
        area.dispatchEvent(
          kind === "drop"
            ? new DragEvent("drop", { dataTransfer: data, bubbles: true })
            : new ClipboardEvent("paste", { clipboardData: data, bubbles: true }),
        );
      },
      [readFileSync(brick, "base64"), kind] as const,
    );
    await expect(page.getByRole("region", { name: "Result" })).toContainText("red");
  });

test("says in the server's words why a file is refused", async ({ page, complaints }) => {
  await page.goto("/");
  await page.getByLabel(/Choose a file/).setInputFiles({
    name: "broken.png",
    mimeType: "image/png",
    buffer: readFileSync(brick).subarray(0, 40),
  });
  const result = page.getByRole("region", { name: "Result" });
  await expect(result.getByRole("heading", { level: 3 })).toBeVisible();
  await expect(result).toContainText(/image/i);
  await expectReported(complaints, 422);
});

for (const one of views)
  test(`axe finds nothing: labels, ${one.colorScheme}, ${one.width} px`, async ({ page }) => {
    await view(page, one);
    await page.goto("/");
    await page.getByRole("button", { name: "A brick" }).click();
    await expect(page.getByRole("region", { name: "Result" })).toContainText("red");
    expect(await faults(page)).toEqual([]);
  });

test("reads the API's description, and tries it out, without another server", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "API", exact: true }).click();
  await page
    .getByRole("button", { name: /^GET .*live/ })
    .last()
    .click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  await expect(page.getByText('"status": "live"').first()).toBeVisible();
});
