/* One profile at a time on the screen, chosen by a list or by the address; paper shows all. */
export function makeProfiles(shown) {
    const form = document.querySelector('form.choose');
    const profiles = [...document.querySelectorAll('.profile')];
    if (!form || !profiles.length)
        return () => {};
    const select = form.querySelector('select');

    function choose(profile) {
        for (const other of profiles)
            other.classList.toggle('off', other !== profile);
        select.value = profile.id;
        shown(profile);
    }

    /* Shows the profile that holds an element, if one does. */
    function reveal(element) {
        const profile = element?.closest('.profile');
        if (profile)
            choose(profile);
        return profile;
    }

    function follow() {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        if (reveal(target))
            target.scrollIntoView();
    }

    choose(profiles[0]);
    follow();
    window.addEventListener('hashchange', follow);
    select.addEventListener('change', () => {
        choose(document.getElementById(select.value));
        history.replaceState(null, '', `#${select.value}`);
    });
    form.addEventListener('submit', event => event.preventDefault());
    form.hidden = false;
    document.querySelector('ul.units').hidden = true;
    return reveal;
}
