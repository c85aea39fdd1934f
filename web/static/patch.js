// Makes a piece of the page equal to a newer one, touching only what differs: what has the
// focus keeps it, and what a reader opened stays open. Nodes are never moved.

/** Make `old` equal to `fresh`, both elements of one kind; children pair by id, then by place. */
export function patch(old, fresh) {
  copyAttributes(old, fresh);
  const known = new Map([...old.children].filter((c) => c.id).map((c) => [c.id, c]));
  const wanted = [...fresh.childNodes];
  const keep = new Set(wanted.map((node) => known.get(node.id)).filter(Boolean));
  let place = old.firstChild;
  for (const next of wanted) {
    while (place && keep.has(place) && place !== known.get(next.id)) place = place.nextSibling;
    const match = known.get(next.id) ?? pair(place, next);
    if (match) {
      update(match, next);
      keep.add(match);
      if (match === place) place = place.nextSibling;
    } else {
      keep.add(old.insertBefore(old.ownerDocument.importNode(next, true), place));
    }
  }
  for (const node of [...old.childNodes]) if (!keep.has(node)) node.remove();
}

/** Return `place` where it may become `next`: the same kind of node, and neither has an id. */
function pair(place, next) {
  const isSame = place && place.nodeName === next.nodeName && !place.id && !next.id;
  return isSame ? place : null;
}

function update(old, fresh) {
  if (old.nodeType === Node.ELEMENT_NODE) patch(old, fresh);
  else if (old.data !== fresh.data) old.data = fresh.data;
}

function copyAttributes(old, fresh) {
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    // A reader opens details; the server does not know.
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
}

/** Return the first element of a text of ours; nothing in it runs or loads. */
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}
