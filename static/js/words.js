// The sentences that scripts show. They are written in templates/parts/words.html, where gettext
// finds them, so that no script carries a language of its own.

const list = document.getElementById("words")?.dataset ?? {};

/** The sentence called `name`, its {places} filled; never null, never "undefined" for a reader. */
export function word(name, places = {}) {
  return fill(list[name] ?? name, places);
}

/** Fill "{cast} of {roll}" from an object; an unknown place stays as it is. */
export function fill(text, places) {
  return text.replace(/\{(\w+)\}/g, (all, key) => places[key] ?? all);
}
