// Reads a JSON list of formulas and renders each with KaTeX in strict mode; prints what it refuses.
const katex = require("katex");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const refused = [];
for (const formula of formulas) {
  try {
    katex.renderToString(formula, { displayMode: true, strict: "error", throwOnError: true });
  } catch (error) {
    refused.push({ formula, message: String(error.message) });
  }
}
process.stdout.write(JSON.stringify(refused));
