/* Words that the script says; those of the page itself are written by the program. */
const chinese = {
    sortBy: title => `按“${title}”排序`,
    found: (rows, tables) => (rows ? `${tables} 张表中有 ${rows} 行` : '没有找到'),
    missing: '没有数',
    lower: '较低',
    higher: '较高',
    starts: (unit, low) => `${unit}（横轴自 ${low} 起）`,
};
const english = {
    sortBy: title => `Sort by ${title}`,
    found: (rows, tables) => (rows ? `${rows} row${rows > 1 ? 's' : ''} in ${tables} table${tables > 1 ? 's' : ''}`
                                   : 'Nothing found'),
    missing: 'no number',
    lower: 'lower',
    higher: 'higher',
    starts: (unit, low) => `${unit} (axis starts at ${low})`.trim(),
};
export const words = document.documentElement.lang.startsWith('zh') ? chinese : english;
