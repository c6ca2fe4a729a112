"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const rising = head.getAttribute("aria-sort") === "none" ? head.classList.contains("number") === false
        : head.getAttribute("aria-sort") === "descending";
      const isNumber = head.classList.contains("number");
      const key = (row) => {
        const value = row.cells[column].dataset.key ?? "";
        return isNumber ? (value === "" ? -Infinity : Number(value)) : value;
      };
      const order = (a, b) => (isNumber ? a - b || 0 : a.localeCompare(b));
      const rows = [...table.tBodies[0].rows].sort((a, b) => (rising ? 1 : -1) * order(key(a), key(b)));
      table.tBodies[0].append(...rows);
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    });
    head.setAttribute("aria-sort", "none");
  });
}
