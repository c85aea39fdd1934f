// The spots on the map: a sign for each, and the shape of each street, kept up to date in place.
/* global L, netmon */
import { spread } from "./spread.js";

const SIZE = 36; // px of a sign
const GAP = 44; // px between the middles of two signs, so that a finger hits one
const LABEL = 130; // px that a name may need
const MARGIN = 8; // px between a sign and its name, or the edge of the map
const WIDTHS = [6, 8, 12, 14, 18, 24, 32]; // px of a street at zoom 13 to 19
const EDGE = 4; // px of the edge of a square

/** Everything drawn for the spots; `onOpen(id)` is called when a reader picks one. */
export class SpotsOnMap {
  constructor(map, layer, onOpen) {
    this.map = map;
    this.layer = layer;
    this.onOpen = onOpen;
    this.drawn = new Map();
    map.on("moveend viewreset", () => this.arrange());
    map.on("zoomend", () => this.widen());
  }

  /** Show these features; return the ones whose state differs from what was drawn before. */
  show(features) {
    const present = new Set(features.map((feature) => feature.id));
    for (const [id, spot] of this.drawn) if (!present.has(id)) this.forget(id, spot);
    const changed = features.filter((feature) => feature.geometry && this.showOne(feature));
    this.arrange();
    return changed;
  }

  /** Move signs off each other, and names to the side where there is room. */
  arrange() {
    const markers = [...this.drawn.values()].map((spot) => spot.marker);
    const widths = markers.map((marker) => marker.getTooltip().getElement()?.offsetWidth ?? 0);
    const edge = this.map.containerPointToLayerPoint(this.map.getSize()).x;
    const points = markers.map((marker) => {
      const { x, y } = this.map.latLngToLayerPoint(marker.getLatLng());
      return [x, y];
    });
    const moves = spread(points, GAP);
    const places = points.map(([x, y], i) => [x + moves[i][0], y + moves[i][1]]);
    markers.forEach((marker, i) => {
      const end = places[i][0] + SIZE / 2 + MARGIN + widths[i];
      place(marker, moves[i], end < edge && hasRoom(places[i], places));
    });
  }

  /** Draw streets as wide as the zoom asks. */
  widen() {
    const width = WIDTHS[Math.round(this.map.getZoom()) - 13] ?? WIDTHS[2];
    for (const { shapes } of this.drawn.values()) {
      for (const shape of shapes) {
        const base = shape instanceof L.Polygon ? EDGE : width;
        shape.setStyle({ weight: base + shape.options.extra });
      }
    }
  }

  showOne(feature) {
    const old = this.drawn.get(feature.id);
    const spot = old ?? this.draw(feature);
    const isChanged = Boolean(old) && old.status !== feature.properties.status;
    spot.status = feature.properties.status;
    for (const shape of spot.shapes) {
      tell(shape.getElement(), feature);
      shape.getElement().classList.toggle("is-area", shape instanceof L.Polygon);
    }
    tellSign(spot.marker.getElement(), feature);
    return isChanged;
  }

  /** Give every sign the words that the list has for its spot. */
  name(labelOf) {
    for (const [id, spot] of this.drawn) {
      const words = labelOf(id);
      const sign = spot.marker.getElement();
      if (words && sign.getAttribute("aria-label") !== words) sign.setAttribute("aria-label", words);
    }
  }

  draw(feature) {
    const shapes = feature.geometry.type === "Point" ? [] : drawStreet(feature, this.layer);
    const marker = L.marker(middle(feature, shapes), { icon: icon(feature), riseOnHover: true });
    netmon.label(marker, feature.properties.name, labelClass(feature), "tooltipPane");
    marker.addTo(this.layer);
    const pick = () => this.onOpen(feature.id);
    for (const part of [marker, ...shapes]) part.on("click", pick);
    marker.getElement().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      pick();
    });
    const spot = { marker, shapes, status: null };
    this.drawn.set(feature.id, spot);
    this.widen();
    return spot;
  }

  forget(id, spot) {
    for (const part of [spot.marker, ...spot.shapes]) this.layer.removeLayer(part);
    this.drawn.delete(id);
  }
}

/** Tell whether a name fits to the right of a sign. */
function hasRoom([x, y], places) {
  return !places.some(([ox, oy]) => ox > x && ox - x < LABEL && Math.abs(oy - y) < SIZE / 2 + 8);
}

function place(marker, [dx, dy], isRoomy) {
  const style = marker.getElement().style;
  style.marginLeft = `${dx - SIZE / 2}px`;
  style.marginTop = `${dy - SIZE / 2}px`;
  marker.moved = [dx, dy];
  const name = marker.getTooltip();
  name.options.direction = isRoomy ? "right" : "left";
  name.options.offset = [dx + (isRoomy ? SIZE / 2 : -SIZE / 2), dy];
  name.update();
}

function drawStreet(feature, layer) {
  const add = (className, extra, interactive) => {
    const options = { pane: "streets", className, interactive, bubblingMouseEvents: false, extra };
    const shape = L.geoJSON(feature, options);
    return shape.getLayers().map((part) => part.addTo(layer));
  };
  return [
    ...add("street-casing", 4, false),
    ...add("street-bed", 1, false),
    ...add("street", 0, true),
  ];
}

function middle(feature, shapes) {
  if (shapes.length) return shapes[0].getCenter();
  const [lon, lat] = feature.geometry.coordinates;
  return [lat, lon];
}

const labelClass = (feature) => `label-spot label-${feature.properties.kind}`;

function icon(feature) {
  const shape = netmon.sign("shape", `shape-${feature.properties.status}`);
  return L.divIcon({ className: "pin", html: shape, iconSize: [SIZE, SIZE] });
}

function tell(element, feature) {
  element.dataset.spot = feature.id;
  element.dataset.status = feature.properties.status;
}

function tellSign(sign, feature) {
  const { kind, status, precision_m: precision } = feature.properties;
  tell(sign, feature);
  sign.dataset.kind = kind;
  sign.classList.toggle("is-rough", kind === "site" && precision > 100);
  sign.setAttribute("aria-haspopup", "dialog");
  if (!sign.hasAttribute("aria-expanded")) sign.setAttribute("aria-expanded", "false");
  sign.querySelector("use").setAttribute("href", `#shape-${status}`);
}
