"use strict";
// The page is whole without this. It adds the filter, a walk by keys, and the details of a cell.
(() => {
  const table = document.getElementById("matrix");
  if (!table) return;

  const data = JSON.parse(document.getElementById("data").textContent);
  const body = table.tBodies[0];
  const search = document.getElementById("search");
  const dialog = document.getElementById("details");
  const rows = [...body.rows].map((row, index) => ({
    row,
    index,
    name: row.dataset.name,
    states: new Set([...row.cells].slice(1).filter((c) => !("failed" in c.dataset)).map((c) => c.className)),
  }));
  let shown = rows;
  let current = null;

  // The filter.

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = document.querySelector("input[name=state]:checked").value;
    shown = rows.filter(({ row, name, states }) => {
      const wanted =
        state === "all" || (state === "attention" ? row.dataset.attention === "" : states.has(state));
      row.hidden = !(wanted && words.every((word) => name.includes(word)));
      return !row.hidden;
    });
    document.getElementById("count").textContent = `${shown.length} of ${rows.length} packages`;
    document.getElementById("none-left").hidden = shown.length > 0;
    if (current && current.parentElement.hidden) rove(shown.length ? shown[0].row.cells[0] : null);
    else if (!current && shown.length) rove(shown[0].row.cells[0]);
  }

  // The walk: one cell can be reached by Tab, the keys move on from there.

  function rove(cell) {
    if (cell === current) return; // what loses its tabindex loses the focus
    if (current) current.removeAttribute("tabindex");
    current = cell;
    if (current) current.tabIndex = 0;
  }

  function go(line, column) {
    if (!shown.length) return;
    const cells = shown[Math.min(Math.max(line, 0), shown.length - 1)].row.cells;
    rove(cells[Math.min(Math.max(column, 0), cells.length - 1)]);
    current.focus();
  }

  function walk(event) {
    if (!current || event.altKey || event.metaKey) return;
    const line = shown.findIndex(({ row }) => row === current.parentElement);
    const column = current.cellIndex;
    const whole = event.ctrlKey;
    switch (event.key) {
      case "ArrowUp": go(whole ? 0 : line - 1, column); break;
      case "ArrowDown": go(whole ? Infinity : line + 1, column); break;
      case "ArrowLeft": go(line, whole ? 0 : column - 1); break;
      case "ArrowRight": go(line, whole ? Infinity : column + 1); break;
      case "PageUp": go(line - 10, column); break;
      case "PageDown": go(line + 10, column); break;
      case "Home": go(whole ? 0 : line, 0); break;
      case "End": go(whole ? Infinity : line, Infinity); break;
      case "Enter":
      case " ": open(current); break;
      default: return;
    }
    event.preventDefault();
  }

  // The details: all text is set as text, whatever it holds.

  function element(name, text, className) {
    const made = document.createElement(name);
    if (className) made.className = className;
    // What stands between backticks is a name.
    (text || "").split("`").forEach((piece, index) => {
      if (index % 2) made.appendChild(document.createElement("code")).textContent = piece;
      else made.append(piece);
    });
    return made;
  }

  function sign(state) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "sign");
    svg.setAttribute("aria-hidden", "true");
    svg.appendChild(document.createElementNS(svg.namespaceURI, "use")).setAttribute("href", `#${state}`);
    return svg;
  }

  function open(cell) {
    const row = cell.parentElement;
    const at = rows.findIndex((each) => each.row === row);
    const columns = cell.cellIndex ? [cell.cellIndex - 1] : data.targets.map((_, index) => index);
    const title = document.getElementById("details-title");
    title.replaceChildren(...[...row.cells[0].childNodes].map((node) => node.cloneNode(true)));
    const parts = columns.map((column) => part(data.targets[column], data.details[data.cells[at][column]]));
    document.getElementById("details-body").replaceChildren(...parts);
    dialog.showModal();
    dialog.scrollTop = 0;
  }

  function part(target, { state, told }) {
    const { word, meaning } = data.states[state];
    const section = document.createElement("section");
    section.append(element("h3", target));
    const badge = element("span", "", `state ${state}`);
    badge.append(sign(state), word);
    const list = document.createElement("dl");
    for (const [term, lines] of [["What it means", [meaning]], ...told]) {
      list.append(element("dt", term), ...lines.map((line) => element("dd", line)));
    }
    section.append(badge, list);
    return section;
  }

  table.setAttribute("role", "grid");
  table.setAttribute("aria-describedby", "keys");
  table.parentElement.removeAttribute("tabindex"); // its cells can be reached now
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
  body.addEventListener("keydown", walk);
  body.addEventListener("focusin", (event) => rove(event.target.closest("td, th")));
  body.addEventListener("click", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || !getSelection().isCollapsed) return;
    rove(cell);
    cell.focus();
    open(cell);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.getElementById("close").addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches && event.target.matches("input[type=search]");
    if (event.key !== "/" || typing || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    go(0, 0);
  });
  for (const radio of document.querySelectorAll("input[name=state]")) radio.addEventListener("change", filter);
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
  filter();
})();
