/** bundle.mjs makes the style sheet a string. */

declare module "*.css" {
  const text: string;
  export default text;
}
