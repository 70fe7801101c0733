// Live parts of a page: an element with data-live-topic receives the fragments of its topic, newest first.
(() => {
  const frame = document.querySelector("[data-live-url]");
  const parts = [...document.querySelectorAll("[data-live-topic]")];
  if (!frame || !parts.length || !window.SharedWorker) return;
  const shown = new Set();
  const worker = new SharedWorker(frame.dataset.liveWorker);
  worker.port.onmessage = ({ data }) => {
    if (shown.has(data.id)) return;
    shown.add(data.id);
    for (const part of parts.filter((part) => part.dataset.liveTopic === data.topic)) {
      part.insertAdjacentHTML("afterbegin", data.fragment);
      if (window.htmx) window.htmx.process(part);
    }
  };
  worker.port.postMessage({
    url: frame.dataset.liveUrl, from: frame.dataset.liveFrom, topics: parts.map((part) => part.dataset.liveTopic),
  });
  addEventListener("pagehide", () => worker.port.postMessage({ leave: true }));
})();
