/** A button that copies the text of the element named by `data-from`, and says so. */
class CopyText extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    const status = this.querySelector("[role=status]");
    const text = document.getElementById(this.dataset["from"] ?? "")?.textContent ?? "";
    button?.addEventListener("click", async () => {
      const isCopied = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
      const word = isCopied ? "Copied" : "Select the text to copy it";
      if (status) status.textContent = word;
      this.toggleAttribute("data-copied", isCopied);
      setTimeout(() => {
        if (status) status.textContent = "";
        this.removeAttribute("data-copied");
      }, 2500);
    });
  }
}

customElements.define("copy-text", CopyText);
