// The panel of one spot: a copy of its card, so that map and list never say different things.
/* global L */
import { patch } from "./patch.js";

/** Opens at most one panel; gives the focus back to whatever opened it. */
export class Panel {
  constructor(map, cardOf, markerOf) {
    Object.assign(this, { map, cardOf, markerOf, id: null, opener: null });
    // Keeps clear of the buttons in the corners.
    const room = { autoPanPaddingTopLeft: [64, 12], autoPanPaddingBottomRight: [12, 12] };
    this.popup = L.popup({ minWidth: 220, maxWidth: 260, ...room });
    this.popup.on("remove", () => this.closed());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.id !== null) map.closePopup(this.popup);
    });
  }

  open(id) {
    const marker = this.markerOf(id);
    const content = this.content(id);
    if (!marker || !content) return;
    const opener = document.activeElement;
    if (this.id !== null) this.map.closePopup(this.popup);
    this.id = id;
    this.opener = opener && opener !== document.body ? opener : marker.getElement();
    const [dx, dy] = marker.moved;
    this.popup.options.offset = [dx, dy - 12];
    this.popup.setLatLng(marker.getLatLng()).setContent(content);
    this.popup.openOn(this.map);
    marker.getElement().setAttribute("aria-expanded", "true");
    this.describe();
    content.querySelector(".card-name").focus();
  }

  /** Bring an open panel up to date without closing it. */
  refresh() {
    const fresh = this.id === null ? null : this.content(this.id);
    if (fresh) patch(this.popup.getContent(), fresh);
  }

  content(id) {
    const card = this.cardOf(id);
    if (!card) return null;
    const box = document.createElement("div");
    box.className = "panel";
    for (const part of card.children) {
      if (!part.matches(".card-show")) box.append(part.cloneNode(true));
    }
    box.querySelector(".card-name").tabIndex = -1;
    return box;
  }

  describe() {
    const dialog = this.popup.getElement();
    dialog.setAttribute("role", "dialog");
    dialog.setAttribute("aria-label", this.popup.getContent().querySelector(".card-name").textContent);
    dialog.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Sluiten");
  }

  closed() {
    const sign = this.markerOf(this.id)?.getElement();
    this.id = null;
    sign?.setAttribute("aria-expanded", "false");
    (this.opener?.isConnected ? this.opener : sign)?.focus({ preventScroll: true });
    this.opener = null;
  }
}
