// Keeps the desk true: the same table again, put into the page without losing the place.
import { parsed, patch } from "./patch.js";
import { every, Source } from "./poll.js";

const desk = document.getElementById("desk");
const table = new Source(`/ops/table${location.search}`);
const period_s = Number(document.querySelector("[data-poll-s]").dataset.pollS);

async function renew() {
  try {
    const text = await table.newer();
    if (!text) return;
    const before = document.getElementById("incidents-head").textContent;
    patch(desk, parsed(text));
    const after = document.getElementById("incidents-head").textContent;
    if (before !== after) document.getElementById("news").textContent = after;
  } catch (error) {
    document.getElementById("news").textContent = "Er komen nu geen nieuwe gegevens.";
    console.info("netmon:", error.message);
  }
}

every(period_s, renew);
