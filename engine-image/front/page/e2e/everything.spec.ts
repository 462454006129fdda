import { expect, faults, own, test, view, views } from "./test.ts";

test.use({ model: `${own}everything` });

test("draws every output over the picture that it lies on", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "A leaf" }).click();
  const result = page.getByRole("region", { name: "Result" });
  // So large that the reply holds its address, not its numbers.
  await expect(result.getByRole("img", { name: /^Mask: bright .+ %, dark .+ %$/ })).toBeVisible();
  await expect(result.getByRole("link", { name: "Download the array" })).toHaveAttribute(
    "href",
    /^api\/output\//,
  );
  await expect(result.getByRole("region", { name: "Things" })).toContainText("middle90.0 %");
  await expect(result.getByRole("img", { name: "Negative" })).toBeVisible();
  await expect(result.getByRole("region", { name: "Shout" })).toContainText("A LEAF, SEEN");
});

test("waits for every input before it predicts", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "“caption”" }).fill("two words");
  await page.getByRole("button", { name: "Use this text" }).click();
  const result = page.getByRole("region", { name: "Result" });
  await expect(result).toContainText("Now choose “picture”.");
  await page.getByLabel(/Choose “picture”/).setInputFiles(`${own}everything/samples/leaf.jpg`);
  await expect(result).toContainText("TWO WORDS");
  await expect(page.getByText(/caption=@text.txt/)).toBeVisible();
});

test("sorts a table by keyboard", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "A leaf" }).click();
  const table = page.getByRole("table", { name: "Words" });
  await table.getByRole("button", { name: "letters" }).press("Enter");
  await expect(table.getByRole("columnheader", { name: "letters" })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
  await expect(table.getByRole("row").nth(1)).toContainText("A1");
});

for (const one of views)
  test(`axe finds nothing: everything, ${one.colorScheme}, ${one.width} px`, async ({ page }) => {
    await view(page, one);
    await page.goto("/");
    await page.getByRole("button", { name: "A leaf" }).click();
    await expect(page.getByRole("region", { name: "Shout" })).toBeVisible();
    expect(await faults(page)).toEqual([]);
  });
