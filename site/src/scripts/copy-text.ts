for (const element of document.querySelectorAll<HTMLElement>(".copy-text")) copyOnClick(element);

/** Its button copies the text of the element named by `data-from`, and says so. */
function copyOnClick(element: HTMLElement): void {
  const status = element.querySelector("[role=status]");
  const text = document.getElementById(element.dataset["from"] ?? "")?.textContent ?? "";
  element.querySelector("button")?.addEventListener("click", async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    const word = isCopied ? "Copied" : "Select the text to copy it";
    if (status) status.textContent = word;
    element.toggleAttribute("data-copied", isCopied);
    setTimeout(() => {
      if (status) status.textContent = "";
      element.removeAttribute("data-copied");
    }, 2500);
  });
}
