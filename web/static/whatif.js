// The what-if page: steps are chosen in a form or on the map; the server works out and words all.
/* global L, netmon */
import { parsed, patch } from "./patch.js";
import { admit, draw, layer, map, rowsBy, say, sign } from "./planmap.js";

const page = document.getElementById("whatif");
const form = document.getElementById("step");
const field = (name) => document.getElementById(name);
const outcome = field("outcome");
const news = field("news");
const wrong = field("wrong");
const result = L.layerGroup();
const choice = L.layerGroup();
let steps = JSON.parse(page.dataset.steps);

const needs = (part) => !field(part).closest("[data-for]")?.hidden;

/** Show the fields that an action needs, and what it may be done to. */
function suit() {
  const action = field("action").value;
  for (const each of form.querySelectorAll("[data-for]")) {
    each.hidden = !each.dataset.for.split(" ").includes(action);
  }
  const isSite = ["remove_site", "set_hours"].includes(action) ? "yes" : "no";
  const options = [...field("subject").options];
  for (const option of options) option.hidden = option.disabled = option.dataset.site !== isSite;
  if (field("subject").selectedOptions[0]?.disabled ?? true) {
    field("subject").value = options.find((option) => !option.disabled)?.value ?? "";
  }
  subject();
}

/** Fill in what is known of the chosen device or site. */
function subject() {
  const { hours } = field("subject").selectedOptions[0]?.dataset ?? {};
  if (field("action").value === "set_hours" && hours) field("hours").value = hours;
}

function place(lat, lon) {
  field("lat").value = lat.toFixed(6).replace(".", ",");
  field("lon").value = lon.toFixed(6).replace(".", ",");
  mark();
}

/** Show on the map which place the form names. */
function mark() {
  choice.clearLayers();
  const [lat, lon] = ["lat", "lon"].map((name) => degrees(field(name).value));
  if (Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) < 85) {
    sign(lat, lon, { className: "choice", size: 24, onto: choice });
  }
}

const degrees = (text) => (text.trim() ? Number(text.trim().replace(",", ".")) : NaN);

/** Return the step that the form holds, or throw a sentence. */
function made() {
  const action = field("action").value;
  const step = { action, id: needs("name") ? field("name").value.trim() : field("subject").value };
  if (!step.id) throw new Lacking(needs("name") ? "name" : "subject", say("name"));
  if (needs("lat")) {
    Object.assign(step, { lat: degrees(field("lat").value), lon: degrees(field("lon").value) });
    if (!Number.isFinite(step.lat)) throw new Lacking("lat", say("lat"));
    if (!Number.isFinite(step.lon)) throw new Lacking("lon", say("lon"));
  }
  if (needs("hours")) {
    Object.assign(step, { service: field("service").value, hours: field("hours").value.trim() });
    if (!step.hours) throw new Lacking("hours", say("hours"));
  }
  if (needs("seats")) step.seats = Math.round(Number(field("seats").value)) || 1;
  return step;
}

class Lacking extends Error {
  constructor(name, sentence) {
    super(sentence);
    this.field = field(name);
  }
}

/** Ask the server; what it refuses is an error with its own sentence. */
async function ask(url, body, accept) {
  const headers = { "Content-Type": "application/json", Accept: accept };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.ok) return answer;
  const { detail } = await answer.json().catch(() => ({}));
  throw new Error(detail ?? say("silent"));
}

/** Try other steps: only what the server takes is kept. */
async function become(next, said) {
  const answer = await ask("/plan/whatif", { steps: next }, "text/html");
  const fresh = document.createElement("div");
  fresh.append(parsed(await answer.text()));
  steps = next;
  patch(outcome, Object.assign(fresh, { id: "outcome" }));
  wrong.textContent = "";
  field("saved").textContent = "";
  const problems = outcome.querySelectorAll("[role=alert] li").length;
  news.textContent = problems ? say("wrong") : said;
  await show();
}

function complain(error) {
  wrong.textContent = error.message;
  error.field?.setAttribute("aria-invalid", "true");
  error.field?.focus();
}

const line = (row, colour) => ({
  color: colour(Number(row.gain) < 0 ? "--state-down" : "--state-up"),
  weight: 10,
  opacity: 0.9,
  fillOpacity: 0.3,
  fillColor: colour(Number(row.gain) < 0 ? "--state-down" : "--state-up"),
  dashArray: Number(row.gain) < 0 ? "12 8" : null,
});

/** Draw the steps and what they change; the numbers are those of the table. */
async function show() {
  result.clearLayers();
  for (const item of outcome.querySelectorAll("li[data-lon]")) {
    const { lat, lon, step } = item.dataset;
    sign(Number(lat), Number(lon), { text: step, className: "step", size: 28, onto: result });
  }
  const streets = rowsBy("street");
  if (streets.size) await draw("/plan/streets.geojson", streets, "streets", line, result);
  document.querySelector(".map-frame").dataset.drawn = String(steps.length);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  try {
    await become([...steps, made()], say("added"));
    field("name").value = "";
    choice.clearLayers();
  } catch (error) {
    complain(error);
  }
});

outcome.addEventListener("click", async (event) => {
  const { remove } = event.target.dataset;
  if (remove === undefined) return;
  try {
    await become(steps.toSpliced(Number(remove), 1), say("removed"));
    (outcome.querySelector("[data-remove]") ?? form).focus();
  } catch (error) {
    complain(error);
  }
});

field("save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = field("saved");
  try {
    const name = field("title").value.trim();
    const answer = await ask("/plan/scenarios", { name, steps }, "application/json");
    const { url } = await answer.json();
    const link = netmon.element("a", "", location.origin + url);
    link.href = url;
    said.replaceChildren(say("kept"), link);
  } catch (error) {
    said.textContent = error.message;
  }
});

field("action").addEventListener("change", suit);
field("subject").addEventListener("change", subject);
for (const name of ["lat", "lon"]) field(name).addEventListener("input", mark);
field("street").addEventListener("change", () => {
  const [lon, lat] = field("street").value.split(",").map(Number);
  if (Number.isFinite(lat)) place(lat, lon);
});
map.on("click", ({ latlng }) => {
  if (needs("lat")) place(latlng.lat, latlng.lng);
  else news.textContent = say("placeless");
});

layer.addTo(map);
result.addTo(map);
choice.addTo(map);
for (const { dataset } of field("subject").options) {
  if (dataset.lon) sign(Number(dataset.lat), Number(dataset.lon), { className: "there", size: 12 });
}
suit();
show().catch(admit);
