/* The offline web map: shows what the plan says, computes nothing. Every text is set as text, never as markup. */
function showPlan(map, plan) {
  "use strict";
  const words = plan.words;
  map.options.zoomSnap = 0.25;
  const FADED = plan.colours.scattered;
  const make = (tag, kind, text) => {
    const node = document.createElement(tag);
    if (kind) node.className = kind;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const svg = (tag, values) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(values).forEach(([key, value]) => node.setAttribute(key, value));
    return node;
  };

  /* ---- the ground, the neighbourhoods, the areas: from the ground up ---- */
  ["people", "areas", "sites"].forEach((name, k) => { map.createPane(name).style.zIndex = 410 + 10 * k; });
  const canvas = L.canvas({ pane: "people" });
  const areaLines = L.svg({ pane: "areas" });
  plan.ground.forEach((layer) => L.geoJSON(layer.shapes, {
    interactive: false, renderer: canvas, pane: "people",
    style: { color: layer.colour, weight: layer.weight, opacity: 1, fillColor: layer.fill || layer.colour,
      fillOpacity: layer.fill ? 1 : 0, fill: Boolean(layer.fill), dashArray: layer.dash || null },
  }).addTo(map));

  const areaOf = new Map(plan.areas.map((area) => [area.id, area]));
  let theme = plan.themes[0];
  let chosen = null;
  const classOf = (area) => theme.classes[theme.of[area.row]];
  const tip = (lines) => {
    const box = make("div");
    lines.forEach((line, k) => box.appendChild(make("div", "", line)).style.fontWeight = k ? "400" : "700");
    return box;
  };

  const people = L.geoJSON(plan.people, {
    renderer: canvas, pane: "people",
    style: (feature) => {
      const area = areaOf.get(feature.properties.area);
      const look = { color: "#5c5c5c", weight: 0.7, fillOpacity: 0.95, fillColor: FADED };
      if (!area) return { ...look, fillOpacity: 0.6, dashArray: "3 3" };
      return { ...look, fillColor: theme.key === "areas" ? area.colour : classOf(area).colour };
    },
    onEachFeature: (feature, layer) => {
      const item = feature.properties;
      const area = areaOf.get(item.area);
      layer.bindTooltip(tip([item.name, ...item.tip]), { sticky: true });
      layer.on("click", () => { if (area) choose(area); else showOutside(item); });
      item.layer = layer;
    },
  }).addTo(map);

  /* What is renewed, inside the boundaries of the areas: seen from near only. */
  const MEMBERS_ZOOM = 14.5;
  const grounds = L.geoJSON(plan.members, { interactive: false, renderer: canvas, pane: "people",
    style: { color: plan.colours.members, weight: 1.3, dashArray: "5 3", fill: false } });
  const showGrounds = () => { if (map.getZoom() >= MEMBERS_ZOOM) grounds.addTo(map); else grounds.remove(); };
  map.on("zoomend", showGrounds);

  /* Lines get thinner where areas are small on the screen. */
  const middle = plan.areas.length ? plan.areas.map((area) => area.size).sort((a, b) => a - b)[plan.areas.length >> 1] : 1;
  const metresPerPixel = () => 40075016.7 * Math.cos(map.getCenter().lat * Math.PI / 180) / (256 * 2 ** map.getZoom());
  const thin = () => Math.max(0.35, Math.min(1, Math.sqrt(middle) / metresPerPixel() / 90));

  const areas = L.geoJSON(plan.outlines, {
    renderer: areaLines, pane: "areas", interactive: false,
    style: (feature) => {
      const area = areaOf.get(feature.properties.id);
      const picked = chosen === area;
      const known = classOf(area);
      return {
        color: plan.colours.outline, weight: (picked ? 4 : 2) * thin(), dashArray: area.missized ? "2 5" : (picked ? null : "9 3 2 3"),
        fill: true, fillColor: known.hatch ? "url(#unknown-hatch)" : (theme.key === "areas" ? area.colour : known.colour),
        fillOpacity: known.hatch ? 0.9 : 0.28,
      };
    },
    onEachFeature: (feature, layer) => {
      const area = areaOf.get(feature.properties.id);
      area.layer = layer;
      layer.bindTooltip(make("span", "", area.name), { permanent: true, direction: "center", className: "area-label",
        interactive: false, opacity: 1, pane: "tooltipPane" });
    },
  }).addTo(map);
  /* Idle rooms and ground: a sign at each, and what the list says of it. */
  const siteSign = (size) => {
    const box = svg("svg", { width: size, height: size, viewBox: "-1.2 -1.2 2.4 2.4" });
    box.append(svg("path", { d: plan.sites.path, fill: plan.sites.colour, "fill-rule": "evenodd", stroke: "#fff",
      "stroke-width": 0.25, "paint-order": "stroke" }));
    return box;
  };
  (plan.sites ? plan.sites.places : []).forEach((item) => {
    const icon = L.divIcon({ className: "site", html: siteSign(18), iconSize: [18, 18] });
    L.marker(item.at, { icon, pane: "sites", alt: item.name, title: "" }).addTo(map)
      .bindTooltip(tip([item.name]), { direction: "top", offset: [0, -6] })
      .bindPopup(tip([item.name, ...item.lines]), { closeButton: false, autoPan: false, maxWidth: 300 });
  });

  const hatch = svg("pattern", { id: "unknown-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)" });
  hatch.appendChild(svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: "#7a7a7a", "stroke-width": 1.6 }));
  const defs = svg("defs", {});
  defs.appendChild(hatch);
  areaLines._container.appendChild(defs);

  /* Names of areas, larger areas first; where a name has no room its number in the list stands for it, and where
     that has none either it waits for a nearer zoom. Texts are measured once, all together: asking for the size of
     a label after each change would lay out the page each time. */
  const bySize = plan.areas.filter((area) => area.layer).sort((a, b) => b.size - a.size);
  function measureLabels() {
    const bench = make("div", "bench");
    const texts = bySize.map((area) => [area.name, String(area.id)].map((text) => {
      const node = bench.appendChild(make("div", "leaflet-tooltip area-label", text));
      return { text, node };
    }));
    document.body.append(bench);
    texts.forEach((choices, k) => {
      bySize[k].labels = choices.map(({ text, node }) => ({ text, w: node.offsetWidth, h: node.offsetHeight }));
    });
    bench.remove();
  }
  function spreadLabels() {
    const taken = [];
    const clear = (box) => !taken.some((r) => box.left < r.right + 4 && box.right > r.left - 4 &&
      box.top < r.bottom + 2 && box.bottom > r.top - 2);
    bySize.forEach((area) => {
      const tooltip = area.layer.getTooltip();
      const node = tooltip && tooltip.getElement();
      if (!node) return;
      const at = map.latLngToContainerPoint(tooltip.getLatLng());
      const most = 2.2 * Math.sqrt(area.size) / metresPerPixel();
      const boxOf = ({ w, h }) => ({ left: at.x - w / 2, right: at.x + w / 2, top: at.y - h / 2, bottom: at.y + h / 2 });
      const label = area.labels.find((one) => one.w <= most && clear(boxOf(one)));
      node.classList.toggle("hidden", !label);
      if (!label) return;
      taken.push(boxOf(label));
      if (area.told !== label.text) tooltip.setContent(make("span", "", label.text));
      area.told = label.text;
    });
  }
  map.on("moveend", () => { if (bySize.length && bySize[0].labels) spreadLabels(); });
  map.on("zoomend", () => areas.resetStyle());

  /* ---- header and panel ---- */
  const header = make("header");
  header.append(make("h1", "", plan.title), make("span", "sub", plan.subtitle));
  if (plan.mark) header.append(make("span", "mark", plan.mark));
  const aside = make("aside");
  const top = make("div", "top");
  const body = make("div", "body");
  body.setAttribute("aria-live", "polite");
  const select = make("select");
  select.id = "theme";
  plan.themes.forEach((item, k) => { const option = make("option", "", item.title); option.value = k; select.append(option); });
  const search = make("input");
  search.id = "search";
  search.type = "search";
  search.placeholder = words.search;
  const field = (id, text, input) => {
    const box = make("div", "field");
    const label = make("label", "", text);
    label.htmlFor = id;
    box.append(label, input);
    return box;
  };
  const legend = make("div", "legend");
  const fields = make("div", "fields");
  fields.append(field("theme", words.layer, select), field("search", words.search, search));
  /* On a phone the panel is a sheet over the map, as high as its grip was last tapped to. */
  const HEIGHTS = ["half", "full", "low"];
  const grip = make("button", "grip");
  grip.type = "button";
  grip.setAttribute("aria-label", words.sheet);
  const lift = (height) => { HEIGHTS.forEach((one) => aside.classList.toggle(one, one === height)); };
  grip.addEventListener("click", () => {
    lift(HEIGHTS[(HEIGHTS.findIndex((one) => aside.classList.contains(one)) + 1) % HEIGHTS.length]);
  });
  lift("half");
  const content = make("div", "content");
  content.append(legend, body);
  top.append(grip, fields);
  aside.append(top, content, make("footer", "", plan.foot));
  document.body.append(header, aside);

  function swatch(known) {
    const box = svg("svg", { width: 22, height: 14 });
    box.append(svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill: known.colour, stroke: "#777",
      "stroke-dasharray": known.dashed ? "3 2" : "none" }));
    if (known.hatch) box.append(svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill: "url(#unknown-hatch)", stroke: "none" }));
    return box;
  }
  function line(colour, width, dashes) {
    const box = svg("svg", { width: 22, height: 14 });
    box.append(svg("line", { x1: 0, y1: 7, x2: 22, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": dashes }));
    return box;
  }
  function showLegend() {
    legend.replaceChildren();
    if (theme.key !== "areas") { // the list of areas below is the legend of its colours
      legend.append(make("div", "title", theme.legend));
      const used = new Set(theme.of);
      theme.classes.forEach((known, k) => { if (used.has(k)) legend.append(swatch(known), make("div", "", known.text)); });
    }
    if (plan.areas.length) {
      legend.append(line(plan.colours.outline, 2, "9 3 2 3"), make("div", "", words.outline));
      if (plan.areas.some((area) => area.missized)) {
        legend.append(line(plan.colours.outline, 2, "2 5"), make("div", "", words.missized));
      }
      legend.append(line(plan.colours.members, 1.3, "5 3"), make("div", "", words.ground));
    }
    if (plan.outside) legend.append(swatch({ colour: FADED, dashed: true }), make("div", "", words.outside));
    if (plan.sites) legend.append(siteSign(16), make("div", "", plan.sites.text));
    plan.groundKey.forEach((known) => legend.append(
      known.fill ? swatch({ colour: known.fill }) : line(known.colour, Math.max(1, known.weight), known.dash || "none"),
      make("div", "", known.text)));
  }

  function link(title, much, known, act) {
    const item = make("li");
    const button = make("button");
    button.type = "button";
    if (known) {
      const chip = make("span", known.hatch ? "chip hatch" : "chip");
      if (!known.hatch) chip.style.background = known.colour;
      button.append(chip);
    }
    button.append(make("span", "what", title), make("span", "much", much));
    button.addEventListener("click", act);
    item.append(button);
    return item;
  }
  function showAreas(filter) {
    const list = make("ul", "list");
    const wanted = (filter || "").trim().toLowerCase();
    const fits = (text) => !wanted || text.toLowerCase().includes(wanted);
    plan.areas.filter((area) => fits(`${area.id} ${area.name}`)).forEach((area) => {
      list.append(link(`${area.id}  ${area.name}`, theme.key === "areas" ? area.much : theme.figures[area.row], classOf(area), () => choose(area, true)));
    });
    if (wanted) {
      plan.people.features.filter((f) => fits(f.properties.name)).slice(0, 60).forEach((f) => {
        list.append(link(f.properties.name, f.properties.tip[0] || "", null, () => goTo(f.properties)));
      });
    }
    body.replaceChildren(make("p", "remark", words.hint), list);
    if (!wanted) plan.tables.forEach((item) => body.append(make("h3", "", item.title), plainTable(item)));
  }
  /* Rows of two or more columns, each row a block: the panel is too narrow for them side by side. */
  function plainTable(item) {
    const list = make("ul", "list");
    item.rows.forEach((cells) => {
      const row = make("li", "row");
      cells.forEach((text, k) => { if (text) row.append(make("div", k ? "" : "first", k ? `${item.head[k]}: ${text}` : text)); });
      list.append(row);
    });
    return list;
  }
  function facts(pairs) {
    const grid = make("div", "facts");
    pairs.forEach(([name, value]) => {
      const cell = make("div");
      cell.append(make("div", "name", name), make("div", "value", value));
      grid.append(cell);
    });
    return grid;
  }
  function deficits(area) {
    const table = make("table");
    const head = make("tr");
    words.columns.forEach((text, k) => head.append(make("th", k && k < 4 ? "n" : "", text)));
    table.append(head);
    area.deficits.forEach((numbers, k) => {
      const facility = plan.facilities[k];
      const row = make("tr", numbers[4]);
      row.append(make("td", "", facility.name), make("td", "n", numbers[0]), make("td", "n", numbers[1]),
        make("td", "n d", numbers[2]), make("td", "", numbers[3]));
      const under = make("tr", "under");
      const basis = make("td", "basis", `[${numbers[5]}] ${facility.basis}`);
      basis.colSpan = 5;
      under.append(basis);
      table.append(row, under);
    });
    return table;
  }
  function showArea(area) {
    const back = make("button", "", words.close);
    back.type = "button";
    back.addEventListener("click", () => choose(null));
    const list = make("ul", "list");
    plan.people.features.filter((f) => f.properties.area === area.id).forEach((f) => {
      list.append(link(f.properties.name, f.properties.tip[0] || "", null, () => goTo(f.properties)));
    });
    body.replaceChildren(back, make("h2", "", `${area.id}  ${area.name}`));
    if (area.remark) body.append(make("p", area.missized ? "remark bad" : "remark", area.remark));
    body.append(facts(area.figures), make("h3", "", words.bounds), facts(area.bounds), make("h3", "", words.deficits), deficits(area));
    body.append(make("h3", "", words.pooling));
    area.pooling.forEach((text) => body.append(make("p", "", text)));
    body.append(make("h3", "", words.members), list);
    content.scrollTop = 0;
    if (aside.classList.contains("low")) lift("half");
  }
  function showOutside(item) {
    const back = make("button", "", words.close);
    back.type = "button";
    back.addEventListener("click", () => choose(null));
    body.replaceChildren(back, make("h2", "", item.name));
    item.tip.forEach((text) => body.append(make("p", "", text)));
  }
  function goTo(item) {
    if (!item.layer) return;
    fit(item.layer.getBounds(), 60, 18);
    item.layer.openTooltip();
  }
  function restyle() {
    people.resetStyle();
    areas.resetStyle();
    if (chosen && chosen.layer) chosen.layer.bringToFront();
  }
  function choose(area, zoom) {
    chosen = area;
    restyle();
    if (!area) { showAreas(search.value); return; }
    if (zoom && area.layer) fit(area.layer.getBounds(), 40, 17);
    showArea(area);
  }
  select.addEventListener("change", () => { theme = plan.themes[Number(select.value)]; restyle(); showLegend(); if (!chosen) showAreas(search.value); });
  search.addEventListener("input", () => { chosen = null; restyle(); showAreas(search.value); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });

  /* The sheet of a phone covers the lower part of the map. */
  const covered = () => (getComputedStyle(grip).display === "none" ? 0 : aside.offsetHeight);
  function fit(bounds, room, most) {
    map.fitBounds(bounds, { animate: false, maxZoom: most, paddingTopLeft: [room, room],
      paddingBottomRight: [room, room + covered()] });
  }
  function showWhole(room) { fit(plan.bounds, room, 20); }

  const home = L.control({ position: "topleft" });
  home.onAdd = () => {
    const box = make("div", "leaflet-bar leaflet-control");
    const button = make("a", "", "\u2302");
    button.href = "#";
    button.title = words.whole;
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", words.whole);
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); showWhole(0); });
    box.append(button);
    return box;
  };
  home.addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  /* On paper the map has a size of its own, and shows what it shows on the screen. */
  let seen = null;
  window.addEventListener("beforeprint", () => {
    seen = map.getBounds();
    document.body.classList.add("printing");
    map.invalidateSize({ animate: false });
    map.fitBounds(seen, { animate: false });
    // A canvas draws with the next picture of the screen, which is too late for paper.
    canvas._update();
    canvas._draw();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    map.invalidateSize({ animate: false });
    map.fitBounds(seen, { animate: false });
  });
  document.documentElement.lang = plan.lang;
  map.invalidateSize({ animate: false });
  showWhole(16);
  showGrounds();
  showLegend();
  showAreas("");
  measureLabels();
  spreadLabels();
}
