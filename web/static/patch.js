// Makes a piece of the page equal to a newer one, touching only what differs: what has the
// focus keeps it, and what a reader opened stays open.

/** Make `old` equal to `fresh`, both elements of one kind; children pair by id, then by place. */
export function patch(old, fresh) {
  copyAttributes(old, fresh);
  const known = new Map([...old.children].filter((c) => c.id).map((c) => [c.id, c]));
  const keep = new Set();
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const match = known.get(next.id) ?? pair(place, next);
    if (match) update(match, next);
    const node = match ?? old.ownerDocument.importNode(next, true);
    keep.add(node);
    if (node === place || hasFocus(node)) place = node.nextSibling;
    else old.insertBefore(node, place);
  }
  for (const node of [...old.childNodes]) if (!keep.has(node)) node.remove();
}

/** Tell whether moving a node would take the focus away: then its neighbours move instead. */
function hasFocus(node) {
  const { activeElement, body } = document;
  return activeElement !== body && node.contains(activeElement);
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
