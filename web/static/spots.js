// The spots on the map: a sign for each, and the shape of each street, kept up to date in place.
/* global L, netmon */

const SIZE = 36; // px of a sign

/** Everything drawn for the spots; `onOpen(id)` is called when a reader picks one. */
export class SpotsOnMap {
  constructor(layer, onOpen) {
    this.layer = layer;
    this.onOpen = onOpen;
    this.drawn = new Map();
  }

  /** Show these features; return the ones whose state differs from what was drawn before. */
  show(features) {
    const present = new Set(features.map((feature) => feature.id));
    for (const [id, spot] of this.drawn) if (!present.has(id)) this.forget(id, spot);
    return features.filter((feature) => feature.geometry && this.showOne(feature));
  }

  showOne(feature) {
    const old = this.drawn.get(feature.id);
    const spot = old ?? this.draw(feature);
    const isChanged = Boolean(old) && old.status !== feature.properties.status;
    spot.status = feature.properties.status;
    for (const shape of spot.shapes) tell(shape.getElement(), feature);
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
    return spot;
  }

  forget(id, spot) {
    for (const part of [spot.marker, ...spot.shapes]) this.layer.removeLayer(part);
    this.drawn.delete(id);
  }
}

function drawStreet(feature, layer) {
  const add = (className, extra, interactive) => {
    const options = { pane: "streets", className, interactive, bubblingMouseEvents: false };
    const shape = L.geoJSON(feature, { ...options, style: { weight: 12 + extra, fill: true } });
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
  element.dataset.status = feature.properties.status;
}

function tellSign(sign, feature) {
  const { kind, status, precision_m: precision } = feature.properties;
  tell(sign, feature);
  sign.dataset.kind = kind;
  sign.dataset.spot = feature.id;
  sign.classList.toggle("is-rough", kind === "site" && precision > 100);
  sign.setAttribute("aria-haspopup", "dialog");
  if (!sign.hasAttribute("aria-expanded")) sign.setAttribute("aria-expanded", "false");
  sign.querySelector("use").setAttribute("href", `#shape-${status}`);
}
