/** Query parameters by name, not yet encoded. */
export type QueryParams = { [queryParam: string]: string };
