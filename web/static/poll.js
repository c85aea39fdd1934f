// Asks again and again whether something changed, politely: with the tag it has, never
// twice at once, and not at all while nobody looks.

/** A source that is asked with the entity tag of its last answer. */
export class Source {
  constructor(url) {
    this.url = url;
    this.tag = null;
  }

  /** Return the newer text, or null where the old one still holds; rejects on failure. */
  async newer() {
    const headers = this.tag ? { "If-None-Match": this.tag } : {};
    const answer = await fetch(this.url, { headers, cache: "no-store" });
    if (answer.status === 304) return null;
    if (!answer.ok) throw new Error(`${this.url}: ${answer.status}`);
    const text = await answer.text();
    this.tag = answer.headers.get("ETag");
    return text;
  }
}

/** Call `ask` now and every `period_s` seconds while the page is visible. */
export function every(period_s, ask) {
  let timer = null;
  let isAsking = false;
  async function turn() {
    clearTimeout(timer);
    if (document.hidden || isAsking) return;
    isAsking = true;
    await ask();
    isAsking = false;
    timer = setTimeout(turn, period_s * 1000);
  }
  document.addEventListener("visibilitychange", turn);
  turn();
}
