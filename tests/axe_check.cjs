// Opens pages in Chromium, wide and narrow, light and dark, every line open, and prints what
// axe-core finds, and which pages are wider than the window.
const puppeteer = require("puppeteer-core");
const source = require("fs").readFileSync(require.resolve("axe-core"), "utf8");
const [program, ...files] = process.argv.slice(2);
(async () => {
  const browser = await puppeteer.launch({
    executablePath: program, headless: true, args: ["--no-sandbox"],
  });
  const found = [];
  for (const file of files) {
    const page = await browser.newPage();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.setJavaScriptEnabled(false);
    await page.goto("file://" + file);
    await page.setJavaScriptEnabled(true);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    await page.evaluate(source);
    for (const [width, scheme] of [[390, "dark"], [1000, "light"]]) {
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) found.push({ file, width, wide });
      const { violations } = await page.evaluate(() => axe.run(document));
      for (const v of violations) found.push({ file, width, rule: v.id, html: v.nodes[0].html });
    }
    if (asked.length > 1) found.push({ file, asked });
    await page.close();
  }
  await browser.close();
  process.stdout.write(JSON.stringify(found));
})();
