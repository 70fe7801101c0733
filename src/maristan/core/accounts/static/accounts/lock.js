/* The clock before this screen locks. All tabs of a browser share it: who types in one keeps the others open. */
"use strict";
(() => {
  const button = document.querySelector("[data-lock][data-left]");
  if (!button) return;
  const clock = button.querySelector("[data-lock-clock]"), delay = Number(button.dataset.delay) * 1000;
  const KEY = "maristan-seen", now = () => Date.now();
  const share = (time) => { try { localStorage.setItem(KEY, String(time)); } catch { /* a private window keeps its own time */ } };
  const shared = () => { try { return Number(localStorage.getItem(KEY)) || 0; } catch { return 0; } };
  let seen = now() - (delay - Number(button.dataset.left) * 1000), told = now();
  if (seen > shared()) share(seen);

  const worked = () => {
    seen = now(); share(seen);
    if (seen - told < Math.min(60000, delay / 4)) return;
    told = seen;
    fetch(button.dataset.stay, { method: "POST", headers: { "X-CSRFToken": button.form.elements.csrfmiddlewaretoken.value }, keepalive: true }).catch(() => {});
  };
  for (const kind of ["input", "keydown", "pointerdown"]) document.addEventListener(kind, worked, { passive: true });
  document.addEventListener("htmx:afterOnLoad", () => { seen = told = now(); share(seen); });

  const tick = () => {
    const left = Math.max(seen, shared()) + delay - now();
    if (left <= 0) {
      clearInterval(timer);
      location.replace(`${button.dataset.page}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    const minutes = Math.floor(left / 60000), seconds = String(Math.floor(left / 1000) % 60).padStart(2, "0");
    clock.textContent = `${minutes}:${seconds}`;
    button.classList.toggle("soon", left < 60000);
  };
  const timer = setInterval(tick, 1000);
  tick();
})();
