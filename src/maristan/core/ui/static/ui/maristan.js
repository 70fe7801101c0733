/* What a page does beyond its links and forms. Every act also works without this file. */
"use strict";
(() => {
  const typing = (target) => target.closest("input,textarea,select,[contenteditable]");
  const lettersAct = () => document.documentElement.dataset.keys !== "off";
  const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); return dialog; };

  /* dialogs: opened by [data-opens], closed by [data-closes] and Esc, never by a click outside */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && !event.ctrlKey && !event.metaKey && document.getElementById(opener.dataset.opens)) { event.preventDefault(); opener.dataset.opens === "m-keys" ? showKeys() : openSearchOr(opener.dataset.opens); }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    for (const panel of document.querySelectorAll("details.m-pop[open]")) if (!panel.contains(event.target)) panel.open = false;
  });
  const openSearchOr = (id) => { const here = document.querySelector("[data-search-here]"), dialog = id === "m-search" && here ? here : open(id); const field = dialog && dialog.querySelector("input[type=search]"); if (field) { field.focus(); field.select(); } };

  /* keys: Ctrl K, /, ?, Ctrl Enter, Ctrl Shift L, and the letters of [data-key] */
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const combined = event.ctrlKey || event.metaKey;
    if (combined && event.key.toLowerCase() === "k") { if (document.getElementById("m-search")) { event.preventDefault(); openSearchOr("m-search"); } return; }
    if (combined && event.shiftKey && event.key.toLowerCase() === "l") return press(event, document.querySelector("[data-lock]"));
    if (combined && event.key === "Enter") return press(event, primary(event.target));
    if (event.key === "Escape" && event.target.closest("dialog")) { event.preventDefault(); return event.target.closest("dialog").close(); }
    if (event.key === "Escape") for (const panel of document.querySelectorAll("details.m-pop[open]")) { panel.open = false; panel.querySelector("summary").focus(); }
    if (combined || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); return showKeys(); }
    if (event.key === "/" && document.getElementById("m-search")) { event.preventDefault(); return openSearchOr("m-search"); }
    if (lettersAct() && event.key.length === 1 && !event.repeat) press(event, document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`));
  });
  const press = (event, control) => { if (control) { event.preventDefault(); control.click(); } };
  const primary = (target) => { const form = target.closest("form"); return (form && form.querySelector(".m-btn.go, .m-btn.crit")) || document.querySelector("main .m-btn.go"); };
  const showKeys = () => {
    const list = document.querySelector("[data-keys-list]");
    if (!list) return;
    for (const row of list.querySelectorAll(".own")) row.remove();
    for (const control of document.querySelectorAll("main [data-key]")) {
      const key = document.createElement("dt"), words = document.createElement("dd"), cap = document.createElement("kbd");
      cap.textContent = control.dataset.key.toUpperCase(); key.append(cap); key.className = words.className = "own";
      words.textContent = control.dataset.keyWords || (control.querySelector("span") || control).textContent.trim(); list.append(key, words);
    }
    open("m-keys");
  };

  /* lists: arrows go from the search field into its results, and along the rows of [data-rows] */
  document.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) || event.ctrlKey || event.altKey) return;
    const finder = event.target.closest("[data-finder]"), rows = event.target.closest("[data-rows]");
    const field = finder && finder.querySelector("input[type=search]");
    if (event.target !== field && typing(event.target)) return;
    const links = finder ? [field, ...finder.querySelectorAll(".m-hits a")] : rows ? [...rows.querySelectorAll("tr a:first-of-type, li > a:first-of-type")] : [];
    if (links.length < 2 || (event.target === field && !event.key.startsWith("Arrow"))) return;
    const here = links.indexOf(event.target.closest("a") || event.target);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: finder ? 1 : 0, End: links.length - 1 }[event.key];
    if (here >= 0 && links[next]) { event.preventDefault(); links[next].focus(); }
  });

  /* what is typed is not lost: leaving a page with a changed form asks first */
  const changed = new Set();
  document.addEventListener("input", (event) => { const form = event.target.closest("form[method=post][data-draft]"); if (form) changed.add(form); });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => { if ([...changed].some((form) => form.isConnected)) event.preventDefault(); });

  /* the network: say that it is lost, and take the words back when it answers */
  const network = document.getElementById("m-net");
  const lost = (isLost) => { if (network) { network.textContent = isLost ? network.dataset.words : ""; network.hidden = !isLost; } };
  document.addEventListener("htmx:sendError", () => lost(true));
  document.addEventListener("htmx:afterOnLoad", () => lost(false));
  window.addEventListener("offline", () => lost(true));
  window.addEventListener("online", () => lost(false));
})();
