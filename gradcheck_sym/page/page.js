"use strict";
// What is convenient; the page says all without it.
(() => {
  const announce = (button, said) => {
    const before = button.textContent;
    button.textContent = said;
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const selected = (element) => {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  };
  for (const listing of document.querySelectorAll(".listing")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      const code = listing.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        announce(button, "copied");
      } catch {
        announce(button, selected(code) ? "copied" : "select it");
      }
    });
    listing.append(button);
  }

  // What is copied from the page has LaTeX for its formulas.
  document.addEventListener("copy", (event) => {
    const chosen = getSelection();
    if (chosen.rangeCount === 0) return;
    const part = chosen.getRangeAt(0).cloneContents();
    if (!part.querySelector("annotation")) return;
    for (const formula of part.querySelectorAll(".formula, math")) {
      const pieces = [...formula.querySelectorAll("annotation")].map((one) => one.textContent);
      if (pieces.length) formula.replaceWith("$" + pieces.join(" ") + "$");
    }
    event.clipboardData.setData("text/plain", part.textContent);
    event.preventDefault();
  });

  // A formula is selected as a whole.
  document.addEventListener("dblclick", (event) => {
    const math = event.target.closest("math");
    if (!math) return;
    const range = document.createRange();
    range.selectNode(math.closest(".formula") || math);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  });

  // A box that scrolls can be reached by the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll(".wide")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  };
  reach();
  addEventListener("resize", reach);

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.by === undefined ? cell.textContent : Number(cell.dataset.by);
  };
  for (const table of document.querySelectorAll("table.entries")) {
    const body = table.tBodies[0];
    table.querySelectorAll("thead th").forEach((head, column) => {
      const button = document.createElement("button");
      button.textContent = head.textContent;
      head.replaceChildren(button);
      head.setAttribute("aria-sort", column ? "none" : "ascending");
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.querySelectorAll("thead th")) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].filter((row) => row.className !== "hidden");
        rows.sort((one, other) => {
          const [x, y] = [key(one, column), key(other, column)];
          return x < y ? -1 : x > y ? 1 : 0;
        });
        body.prepend(...(down ? rows.reverse() : rows));
      });
    });
  }
})();
