// How the layers of the map are drawn; which ones there are is said in mapparts.py. Every
// text goes in as text, never as HTML.
var netmon = (() => {
  "use strict";
  const mayMove = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isNarrow = innerWidth < 900;
  const WALK_M_PER_MIN = 80; // 4.8 km/h
  const restyled = []; // canvas does not follow CSS: told when colours or the zoom change

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function element(tag, className, text = "") {
    const made = L.DomUtil.create(tag, className);
    made.textContent = text;
    return made;
  }

  function ground(map, bounds) {
    for (const [name, level] of [["base", 250], ["areas", 300], ["streets", 400], ["groups", 450]]) {
      map.createPane(name).style.zIndex = level;
    }
    map.getPane("base").style.pointerEvents = "none";
    map.getPane("areas").style.pointerEvents = "none";
    map.setMaxBounds(L.latLngBounds(bounds).pad(0.15));
    L.control.zoom({ zoomInTitle: "Dichterbij", zoomOutTitle: "Verder weg" }).addTo(map);
    new Scale({ position: "bottomleft" }).addTo(map);
    const tellZoom = () => (map.getContainer().dataset.zoom = Math.round(map.getZoom()));
    map.on("zoomend", tellZoom);
    map.on("zoomend", restyle);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
    // Nothing moves of itself: a panel that needs room gets it at once.
    const panBy = map.panBy;
    map.panBy = (offset, options) => panBy.call(map, offset, { ...options, animate: false });
    nameTheMap(map);
    tellZoom();
    return map;
  }

  function nameTheMap(map) {
    const box = map.getContainer();
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Kaart van de plekken. Pijltjes verschuiven, plus en min vergroten.");
  }

  const restyle = () => restyled.forEach((layer) => layer.setStyle(layer.options.style()));

  // A layer that fetches its shapes when it is first shown.
  function fetched(url, options) {
    const layer = L.geoJSON(null, options);
    layer.once("add", async () => {
      const answer = await fetch(url);
      if (answer.ok) layer.addData(await answer.json());
    });
    return layer;
  }

  let canvas = null;

  function baseLines(url, { ink, width }) {
    canvas ??= L.canvas({ pane: "base", padding: 0.5 });
    const style = () => ({
      color: token(ink),
      weight: Math.max(1, width * 1.5 ** ((layer._map?.getZoom() ?? 15) - 15)),
      lineCap: "round",
    });
    const options = { style, pane: "base", renderer: canvas, interactive: false };
    const layer = fetched(url, options);
    restyled.push(layer);
    return layer;
  }

  function outlines(url, { ink, named }) {
    const style = () => ({ color: token(ink), weight: 1.5, dashArray: named ? "2 6" : null, fill: false });
    const onEachFeature = (feature, shape) => {
      if (named) label(shape, feature.properties.name, "label-area", "areas");
    };
    const layer = fetched(url, { style, pane: "areas", interactive: false, onEachFeature });
    restyled.push(layer);
    return layer;
  }

  function groupPlaces(url) {
    const pointToLayer = (feature, at) => {
      const icon = L.divIcon({
        className: "group-sign",
        html: sign("group", `group-${feature.properties.group}`),
        iconSize: [14, 14],
      });
      const options = { icon, pane: "groups", interactive: false, keyboard: false };
      return label(L.marker(at, options), feature.properties.name, "label-group", "groups");
    };
    return fetched(url, { pointToLayer });
  }

  /** Return the drawing of a symbol of the page. */
  function sign(className, symbol) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", className);
    svg.setAttribute("aria-hidden", "true");
    svg.appendChild(document.createElementNS(space, "use")).setAttribute("href", `#${symbol}`);
    return svg;
  }

  /** Write a name beside a layer for good; it is there for eyes only, the sign has its own. */
  function label(layer, text, className, pane) {
    const words = element("span", "", text);
    const middle = className === "label-area";
    return layer.bindTooltip(words, {
      permanent: true,
      direction: middle ? "center" : "right",
      offset: middle ? [0, 0] : [layer.options.icon.options.iconSize[0] / 2, 0],
      className: `label ${className}`,
      pane,
    });
  }

  const Scale = L.Control.extend({
    onAdd(map) {
      this._box = element("div", "scale");
      this._words = this._box.appendChild(element("div", "scale-words"));
      this._bar = this._box.appendChild(element("div", "scale-bar"));
      map.on("move zoomend", this._draw, this);
      map.whenReady(this._draw, this);
      return this._box;
    },
    onRemove(map) {
      map.off("move zoomend", this._draw, this);
    },
    _draw() {
      const map = this._map;
      if (!map) return;
      const y = map.getSize().y / 2;
      const far = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([160, y]));
      if (!far) return;
      const power = 10 ** Math.floor(Math.log10(far));
      const round = [5, 2, 1].find((step) => step * power <= far) * power;
      const length = round < 1000 ? `${round} m` : `${round / 1000} km`;
      const minutes = Math.max(1, Math.round(round / WALK_M_PER_MIN));
      this._bar.style.width = `${Math.round((160 * round) / far)}px`;
      this._words.textContent = `${length} · ${minutes} min stappen`;
    },
  });

  return { mayMove, isNarrow, ground, baseLines, outlines, groupPlaces, sign, label, element };
})();
