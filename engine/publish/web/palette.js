/* Colours that differ in lightness, so that they stay apart in grey and for every kind of sight. */
export const ink = '#22303c';
export const quiet = '#5b6875';
export const rule = '#d5dbe1';
export const strong = '#12385f';
export const plain = '#5d8fc2';
export const up = '#1f5a96';
export const down = '#d98a3d';
export const none = '#eceff2';
export const ramp = ['#eff5fb', '#cfe1f2', '#9dc3e3', '#5f9dcf', '#2f72ae', '#12447c'];
export const font = '"黑体", SimHei, "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", Arial, sans-serif';

/* Series of one figure: lightness, dash and symbol differ, not only the hue. */
export const series = [
    { color: strong, dash: 'solid', symbol: 'circle' },
    { color: '#c8641b', dash: 'dashed', symbol: 'rect' },
    { color: '#3d8a7a', dash: [2, 3], symbol: 'triangle' },
    { color: '#7d5ba6', dash: [8, 3, 2, 3], symbol: 'diamond' },
    { color: '#8a94a0', dash: [12, 4], symbol: 'emptyCircle' },
    { color: '#a3423f', dash: [4, 4], symbol: 'emptyRect' },
    { color: '#4f7fb8', dash: [1, 4], symbol: 'emptyTriangle' },
    { color: '#2f5d3a', dash: [6, 2], symbol: 'emptyDiamond' },
    { color: '#b58a1b', dash: [3, 2, 1, 2], symbol: 'pin' },
];

const channels = color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));

/* The colour of a share 0..1 of the ramp. */
export function shade(share) {
    const place = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
    const low = Math.min(Math.floor(place), ramp.length - 2);
    const [from, to] = [channels(ramp[low]), channels(ramp[low + 1])];
    const mixed = from.map((value, i) => Math.round(value + (to[i] - value) * (place - low)));
    return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

/* Black or white, whichever is easier to read on the colour (WCAG relative luminance). */
export function onColor(color) {
    const [r, g, b] = channels(color).map(value => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#0b1116' : '#ffffff';
}
