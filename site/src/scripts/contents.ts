/** Lists the sections of a long page beside it, for those whose window has room for that. */
const place = document.querySelector(".glance");
const headings = document.querySelectorAll<HTMLElement>(".model section[id] > h2");

const links = [...headings].map((heading) => {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${heading.parentElement?.id}`;
  link.textContent = heading.textContent;
  item.append(link);
  return item;
});

if (place && links.length > 3) {
  const nav = document.createElement("nav");
  nav.className = "contents";
  nav.ariaLabel = "On this page";
  const list = document.createElement("ol");
  list.append(...links);
  nav.append(list);
  place.append(nav);
}
