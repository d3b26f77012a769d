/* What the page does beyond being read: all numbers and sentences are there without it. */
import { makeCharts } from './charts.js';
import { makeProfiles } from './profiles.js';
import { makeSearch } from './search.js';
import { makeSortable } from './sort.js';

/* Boxes that do not scroll need no stop on the way of the keyboard. */
function watchScrolling() {
    const look = box => {
        if (box.scrollWidth > box.clientWidth + 1)
            box.tabIndex = 0;
        else
            box.removeAttribute('tabindex');
    };
    const observer = new ResizeObserver(entries => entries.forEach(entry => look(entry.target)));
    document.querySelectorAll('.scroll').forEach(box => observer.observe(box));
}

document.documentElement.classList.add('live');
document.querySelectorAll('figure details').forEach(details => (details.open = false));
if (window.matchMedia('(max-width: 60rem)').matches)
    document.querySelectorAll('.toc details').forEach(details => (details.open = false));
document.querySelectorAll('table.sortable').forEach(makeSortable);
const charts = makeCharts();
const reveal = makeProfiles(charts.show);
makeSearch(document.querySelector('form.search'), reveal);
charts.show(document);
watchScrolling();
