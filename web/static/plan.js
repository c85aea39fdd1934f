// The map of figures: one question at a time.
/* global L, netmon */
import { admit, draw, layer, look, map, rowsBy, shapes, styled } from "./planmap.js";

const frame = document.querySelector(".map-frame");
const OPACITY = 0.55;

const shade = (row, colour) => (row.shade === "" ? "transparent" : colour(`--shade-${row.shade}`));

const area = (row, colour) => ({
  color: colour("--map-border"),
  weight: 1.5,
  dashArray: row.shade === "" ? "4 6" : null,
  fillColor: shade(row, colour),
  fillOpacity: row.shade === "" ? 0 : OPACITY,
});

const street = (row, colour) => ({
  color: row.shade === "" ? colour("--edge") : shade(row, colour),
  weight: 12,
  opacity: row.shade === "" ? 0.6 : 0.9,
  dashArray: row.shade === "" ? "2 14" : null,
  fillOpacity: OPACITY,
  fillColor: shade(row, colour),
});

async function now() {
  const { edge, edges } = frame.dataset;
  const [west, south, east, north] = edges.split(",").map(Number);
  const bounds = [[south, west], [north, east]];
  const url = `/plan/coverage.png?edge=${edge}`;
  L.imageOverlay(url, bounds, { pane: "areas", alt: "", interactive: false }).addTo(layer);
  const gaps = L.geoJSON(await shapes(`/plan/gaps.geojson?edge=${edge}`), { pane: "streets", interactive: false });
  const style = (colour) => ({ weight: 1, color: colour("--ink"), fillColor: "url(#gap)", fillOpacity: 1 });
  gaps.eachLayer((shape) => styled(shape, style));
  gaps.addTo(layer);
}

async function areas() {
  look(await draw("/plan/areas.geojson", rowsBy("area"), "areas", area));
}

function places() {
  const drawn = L.featureGroup().addTo(layer);
  for (const row of document.querySelectorAll("tr[data-lon]")) {
    const { lon, lat, name, group } = row.dataset;
    const html = netmon.sign("group", `group-${group}`);
    const icon = L.divIcon({ className: "group-sign", html, iconSize: [16, 16] });
    const options = { icon, pane: "groups", interactive: false, keyboard: false };
    const marker = L.marker([Number(lat), Number(lon)], options).addTo(drawn);
    netmon.label(marker, name, "label-group", "groups");
  }
  look(drawn);
}

const QUESTIONS = {
  now,
  period: () => draw("/plan/streets.geojson", rowsBy("street"), "streets", street),
  gaps: areas,
  areas,
  places,
};

async function show() {
  layer.addTo(map);
  await QUESTIONS[frame.dataset.show]();
  frame.dataset.drawn = "yes"; // for whoever waits
}

// Fields that a question does not use are out of the way.
const USES = { now: ["edge"], period: ["edge"], gaps: ["basis", "service", "group", "edge"], areas: ["basis", "service", "group", "part", "edge"], places: [] };
const chosen = document.getElementById("show");
function only() {
  for (const name of ["basis", "service", "group", "part", "edge"]) {
    document.getElementById(name).parentElement.hidden = !USES[chosen.value].includes(name);
  }
}
chosen.addEventListener("change", only);
only();

show().catch(admit);
