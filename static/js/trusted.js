// The only door for HTML that comes as text. The page's policy (require-trusted-types-for 'script')
// closes every other sink, so whoever looks for a way to inject markup has one file to read. What
// passes here comes from our own server, rendered and escaped by the templates of the first load.

const rules = { createHTML: (html) => html };
const policy = window.trustedTypes?.createPolicy("conference", rules) ?? rules;

/** The first element of a piece of HTML, inert until it is put into the page. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content.firstElementChild;
}

/** A whole page, parsed but not shown and not run. */
export function wholePage(html) {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}
