/** A catalog of another product could not be read, or ours not be written. What was imported before stays; run again, it is there already. */
export class CatalogNotImported extends Error {}
