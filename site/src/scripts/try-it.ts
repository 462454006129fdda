/** Buttons that run the model; what that takes is loaded only when one of them is pressed. */
class TryIt extends HTMLElement {
  connectedCallback(): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-place]"))
      button.addEventListener("click", () => this.#open(button));
  }

  async #open(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      const { openPanel } = await import("./try/panel.ts");
      await openPanel(this, button.dataset["place"] === "browser" ? "browser" : "container");
    } catch (error) {
      const status = this.querySelector("[role=status]");
      if (status) status.textContent = `This didn't load: ${(error as Error).message}`;
    } finally {
      button.disabled = false;
    }
  }
}

customElements.define("try-it", TryIt);
