// What both planner's pages draw on the map. Every figure comes from a table of the page, so map
// and table never say different things; every text goes in as text, never as HTML.
/* global L, netmon */
export const { map, layer } = netmon.plan;
const FARTHEST = 11;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const drawn = []; // SVG attributes hold colours, which must follow the scheme

/** Give a shape its style, now and when the colour scheme changes. */
export function styled(shape, style) {
  drawn.push([shape, style]);
  shape.setStyle(style(token));
  return shape;
}

const restyle = () => drawn.forEach(([shape, style]) => shape.setStyle(style(token)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);

/** Return the rows of the page's tables that have an attribute, by its value. */
export function rowsBy(name) {
  const rows = [...document.querySelectorAll(`tr[data-${name}]`)];
  return new Map(rows.map((row) => [row.dataset[name], row.dataset]));
}

export async function shapes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** Draw the features of which `rows` speak; `style(row, token)` says how. */
export async function draw(url, rows, pane, style, onto = layer) {
  const found = L.geoJSON(await shapes(url), {
    pane,
    interactive: false,
    filter: (feature) => rows.has(String(feature.properties.id ?? feature.id)),
  });
  found.eachLayer((shape) => {
    const row = rows.get(String(shape.feature.properties.id ?? shape.feature.id));
    styled(shape, (colour) => style(row, colour));
    const words = netmon.element("span", "", `${row.name} ${row.value}`);
    const place = { permanent: true, direction: "center", className: "label plan-label" };
    shape.bindTooltip(words, place);
  });
  return found.addTo(onto);
}

/** Bring a drawing into view as a whole, at once. */
export function look(found) {
  const bounds = found.getBounds();
  map.setMinZoom(FARTHEST); // a whole city, where residents look at its heart
  if (bounds.isValid()) map.fitBounds(bounds, { animate: false, padding: [24, 24] });
}

/** Put a round sign on the map, deaf to the pointer; the tables hold its words. */
export function sign(lat, lon, { text = "", className = "", size = 16, onto = layer } = {}) {
  const html = netmon.element("span", "", text);
  const icon = L.divIcon({ className: `plan-sign ${className}`, html, iconSize: [size, size] });
  return L.marker([lat, lon], { icon, pane: "groups", interactive: false, keyboard: false }).addTo(onto);
}

/** Return a sentence that the page brought for scripts. */
export const say = (name) => document.querySelector(`[data-said="${name}"]`).textContent;

/** Show a failure where a reader looks for the map. */
export function admit(error) {
  console.info("netmon:", error.message);
  const said = netmon.element("p", "banner", say("map"));
  document.querySelector(".map-frame").after(said);
}
