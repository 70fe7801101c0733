/* The map of establishments: local outlines, no tiles. All it shows is in the list beside it. */
"use strict";
(async () => {
  const place = document.getElementById("map");
  if (!place || !window.L) return;
  const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { outlines, points } = await answer.json();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, fadeAnimation: !calm, zoomAnimation: !calm, scrollWheelZoom: false });
  L.control.zoom({ position: "topleft", zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  const link = (name, url, words) => {
    const line = document.createElement("div"), anchor = document.createElement("a");
    anchor.href = url; anchor.textContent = name; anchor.dir = "auto";
    line.append(anchor);
    if (words) { const kind = document.createElement("div"); kind.textContent = words; kind.dir = "auto"; line.append(kind); }
    return line;
  };

  const areas = L.featureGroup(outlines.map((outline) => {
    const area = L.geoJSON({ type: "Feature", geometry: outline.geometry }, { style: { className: "t-area" } });
    area.bindTooltip(outline.name, { permanent: outlines.length <= 40, direction: "center" });
    area.bindPopup(() => link(outline.name, outline.url));
    return area;
  })).addTo(map);

  /* several places of one commune often stand on its centre: one circle, with all of them in its list */
  const grouped = new Map();
  for (const point of points) {
    const key = `${point.latitude} ${point.longitude}`;
    grouped.set(key, [...(grouped.get(key) || []), point]);
  }
  const large = new Set(["chu", "ehs", "eph", "hospital"]);
  const circles = [...grouped.values()].sort((one, other) => large.has(one[0].kind) - large.has(other[0].kind)).map((here) => {
    const first = here.find((point) => large.has(point.kind)) || here[0];
    const circle = L.circleMarker([first.latitude, first.longitude], {
      radius: (large.has(first.kind) ? 8 : 5) + Math.min(here.length - 1, 4),
      className: `t-point ${first.kind}${first.exact ? "" : " vague"}`,
    });
    return circle.bindPopup(() => {
      const box = document.createElement("div");
      if (here.length > 1) { const count = document.createElement("p"); count.textContent = `${here.length} ${place.dataset.here}`; count.dir = "auto"; box.append(count); }
      for (const point of here) box.append(link(point.name, point.url, point.label));
      return box;
    });
  });
  const drawn = L.featureGroup(circles).addTo(map);
  const bounds = outlines.length ? areas.getBounds() : drawn.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [8, 8] });
  else map.setView([36.3, 6.6], 8);
  place.dataset.ready = String(circles.length);
})();
