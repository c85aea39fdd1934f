// Keeps the public page true: the feed for the map, the list as the server writes it.
/* global netmon */
import { parsed, patch } from "./patch.js";
import { Panel } from "./popups.js";
import { every, Source } from "./poll.js";
import { SpotsOnMap } from "./spots.js";

const NAMED_AT_MOST = 3;
const feed = new Source("/api/v1/spots.geojson");
const list = new Source("/spots");
const news = document.getElementById("news");

const cardOf = (id) => document.getElementById(`spot-${id}`);
const panel = new Panel(netmon.spots.map, cardOf, (id) => spots.drawn.get(id)?.marker);
const spots = new SpotsOnMap(netmon.spots.map, netmon.spots.layer, (id) => panel.open(id));

async function renew() {
  try {
    const [features, text] = await Promise.all([feed.newer(), list.newer()]);
    if (text) patch(document.getElementById("spots"), parsed(text));
    const changed = features ? spots.show(JSON.parse(features).features) : [];
    spots.name((id) => cardOf(id)?.dataset.label);
    panel.refresh();
    announce(changed);
  } catch (error) {
    console.info("netmon:", error.message);
    admitSilence();
  }
}

function announce(changed) {
  if (!changed.length) return;
  const said = changed.slice(0, NAMED_AT_MOST).map(({ properties: p }) => `${p.name}: ${p.status_nl}.`);
  const rest = changed.length - said.length;
  if (rest > 0) said.push(rest === 1 ? "En nog 1 andere plek." : `En nog ${rest} andere plekken.`);
  news.textContent = said.join(" ");
}

/** Nothing new comes in: say how old this is, and keep it. */
function admitSilence() {
  // Half an answer may have come: the next one is to be shown even if it is the same.
  feed.tag = list.tag = null;
  const line = document.getElementById("as-of");
  const { asOf, zone: timeZone } = line.dataset;
  if (!asOf) return;
  const form = { timeZone, hour: "numeric", minute: "2-digit" };
  const time = new Date(asOf).toLocaleTimeString("nl-BE", form).replace(":", ".");
  line.textContent = `Stand van ${time} uur. We krijgen nu geen nieuwe gegevens.`;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-show]");
  const marker = link && spots.drawn.get(link.dataset.show)?.marker;
  if (!marker) return;
  event.preventDefault();
  link.focus();
  document.getElementById("map").scrollIntoView({ block: "nearest" });
  netmon.spots.map.setView(marker.getLatLng(), Math.max(17, netmon.spots.map.getZoom()), { animate: false });
  panel.open(link.dataset.show);
});

document.querySelector(".leaflet-control-layers-toggle").title = "Lagen";
every(Number(document.querySelector("[data-poll-s]").dataset.pollS), renew);
