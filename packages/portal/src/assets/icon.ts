/** A place, found: a ring with a mark in it. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="none" stroke="#0b5a8f" stroke-width="4"/><path d="M10 16l5 5 8-9" fill="none" stroke="#0b5a8f" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
