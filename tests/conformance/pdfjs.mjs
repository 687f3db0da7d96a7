// The text of PDF files as pdf.js finds it, as JSON: a list a file, in it a string a page.
// usage: node pdfjs.mjs FOLDER_OF_PDFJS_DIST FILE...
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

// Painting needs these of a browser, text does not; and what pdf.js says about them is no part of the answer.
for (const name of ["DOMMatrix", "ImageData", "Path2D"]) globalThis[name] ??= class {};
console.log = console.warn = console.error;

const [folder, ...files] = process.argv.slice(2);
const { getDocument, VerbosityLevel } = await import(pathToFileURL(`${folder}/legacy/build/pdf.mjs`));

const found = [];
for (const file of files) {
  const data = new Uint8Array(await readFile(file));
  const task = getDocument({ data, verbosity: VerbosityLevel.ERRORS, useSystemFonts: false });
  const document = await task.promise;
  const pages = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""));
  }
  found.push(pages);
  await task.destroy();
}
process.stdout.write(JSON.stringify(found));
