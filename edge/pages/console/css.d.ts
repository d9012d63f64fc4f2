/** Styles of a page, which Vite fetches with it. */
declare module '*.css';
